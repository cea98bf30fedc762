"""A changed file of dependencies to the lock files beside it that no longer fit, and what brings them up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from session_first.dependencies import requirements
from session_first.dependencies.outcome import Advice
from session_first.dependencies.text_file import TextFile, load

_TOOLS = {"poetry.lock": "poetry lock", "pdm.lock": "pdm lock", "pylock.toml": "its tool"}


def stale(changed: Path, root: Path) -> Iterator[Advice]:
    """What is to be done after `changed` got a requirement."""
    upward = [folder for folder in changed.parents if folder.is_relative_to(root)]
    if changed.name == "pyproject.toml":
        for name, tool in _TOOLS.items():
            if (changed.parent / name).is_file():
                yield _again(changed.parent / name, f"lock it again with {tool}", changed)
        workspace = next((lock for folder in upward if (lock := folder / "uv.lock").is_file()), None)
        if workspace is not None:
            yield _again(workspace, "lock it again with uv lock", changed)
    for path in (path for folder in upward for path in sorted(folder.glob("*.txt"))):
        file = load(path) if path != changed else None
        if isinstance(file, TextFile) and requirements.is_compiled(file.text):
            named = requirements.header(file.text).split()
            if path == changed.with_suffix(".txt") or any(
                folder / name == changed for name in named for folder in (path.parent, root)
            ):
                yield _again(path, "compile it again", changed)


def _again(path: Path, todo: str, changed: Path) -> Advice:
    return Advice(path, f"{todo}, since {changed.name} changed")
