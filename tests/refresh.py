"""A situation in; its `after/` and `expected.txt` rewritten to what the tool does now, and what changed out."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import tool
from tests.situations import Situation, files


def refresh(situation: Situation) -> Iterator[str]:
    """Writes what differs from the tool's doing; a unified diff for each file, or why nothing is written."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / situation.name
        shutil.copytree(situation.before, tree)
        checked = tool.run(tree, "check", ".")
        fixed = tool.run(tree, "fix", "--allow-dirty", *situation.options, ".")
        for printed in (checked, fixed):
            if not situation.allows(printed.exit_code):
                yield f"{situation.name}: not refreshed, exit code {printed.exit_code}\n{printed.stderr}"
                return
        wanted = {f"after/{name}": data for name, data in files(tree).items()}
    wanted["expected.txt"] = checked.stdout.encode()
    present = {f"after/{name}": data for name, data in files(situation.after).items()}
    if situation.expected.exists():
        present["expected.txt"] = situation.expected.read_bytes()
    for name in sorted(wanted.keys() | present.keys()):
        if wanted.get(name) != present.get(name):
            yield _diff(f"{situation.name}/{name}", present.get(name, b""), wanted.get(name, b""))
            _put(situation.folder / name, wanted.get(name))


def _diff(name: str, before: bytes, after: bytes) -> str:
    old, new = (
        data.decode(errors="backslashreplace").replace("\r", "\\r").split("\n") for data in (before, after)
    )
    return (
        "\n".join(difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")) or f"{name}: empty"
    )


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
