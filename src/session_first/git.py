"""What git knows of files: which of them it ignores, and which it could not bring back."""
# It is asked for thousands of folders, and strings cost a tenth of what Path objects do:
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitError(Exception):
    """Git could not answer; the message says why, in one line."""


def work_tree(folder: str) -> str | None:
    """The nearest folder upward from `folder` that holds `.git`, None outside any repository."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


@dataclass(frozen=True, slots=True)
class Ignored:
    """What is ignored in a folder and below: as git lists it, or as the .gitignore files say.

    `listed` are real paths, None where git cannot be asked; `patterns` go from the outermost folder inward.
    """

    root: str
    listed: frozenset[str] | None
    patterns: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def has(self, real: str, *, folder: bool) -> bool:
        """Whether the file or folder is ignored, given that the folder around it is not."""
        if self.listed is not None:
            return real in self.listed
        for base, spec in reversed(self.patterns):
            said = spec.check_file(os.path.relpath(real, base) + "/" * folder).include
            if said is not None:
                return said
        return False

    def inside(self, real: str, names: AbstractSet[str]) -> Ignored:
        """What is ignored in the folder `real` below, which holds `names`."""
        if ".git" in names:
            return ignored(real, self.root)
        if self.listed is None and ".gitignore" in names:
            return replace(self, patterns=(*self.patterns, *_read(real, ".gitignore")))
        return self


def ignored(real: str, root: str) -> Ignored:
    """What is ignored in the folder `real`, of a project that starts at `root`."""
    tree = work_tree(real)
    if tree is not None:
        listed = _listed(real)
        if listed is not None:
            return Ignored(root, listed)
    outermost = Path(root if tree is None else tree)
    inward = [*reversed(Path(real).parents)]
    above = Ignored(root, None, _read(str(outermost), ".git/info/exclude"))
    for folder in inward[inward.index(outermost) :] if outermost in inward else ():
        above = replace(above, patterns=(*above.patterns, *_read(str(folder), ".gitignore")))
    if above.has(real, folder=True):  # an ignored folder is walked only if it is named, and then it is meant
        above = Ignored(root, None)
    return replace(above, patterns=(*above.patterns, *_read(real, ".gitignore")))


def patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """The patterns in `lines`, as in a .gitignore file."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms, of no use where git answers

    return GitIgnoreSpec.from_lines(lines)


def _listed(folder: str) -> frozenset[str] | None:
    """The real paths of what git ignores below `folder`; of an ignored folder only the folder itself.

    None if git is missing or does not answer this user, or if all of `folder` is ignored.
    """
    try:
        output = _run(folder, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
    except GitError:
        return None
    names = {name.rstrip("/") for name in output.split("\0") if name}
    return None if "." in names else frozenset(os.path.join(folder, name) for name in names)


def _read(folder: str, name: str) -> tuple[tuple[str, GitIgnoreSpec], ...]:
    try:
        lines = Path(folder, name).read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ()  # git, too, goes on without patterns that it cannot read
    return ((folder, patterns(line for line in lines if line.strip() not in {"!", "\\"})),)


def unsaved(paths: Iterable[Path]) -> dict[Path, str]:
    """Those of `paths` that git could not bring back, each with its state in words.

    That is a file with unstaged changes, or one that is untracked or ignored. A file outside any
    repository is not among them.

    Raises:
        GitError: a file is in a repository, and git cannot tell.
    """
    by_tree: dict[str, list[tuple[Path, str]]] = {}
    for path in paths:
        real = os.path.realpath(path)
        tree = work_tree(os.path.dirname(real))
        if tree is not None:
            by_tree.setdefault(tree, []).append((path, os.path.relpath(real, tree)))
    found: dict[Path, str] = {}
    for tree, members in by_tree.items():
        states = _states(tree)
        for path, name in members:
            state = _state(states, name)
            if state is not None:
                found[path] = state
    return found


_UNTRACKED = {"??": "untracked", "!!": "ignored"}


def _states(tree: str) -> dict[str, str]:
    listing = _run(tree, "status", "--porcelain", "-z", "--ignored=matching", "--untracked-files=normal")
    fields = iter(listing.split("\0"))
    states: dict[str, str] = {}
    for entry in fields:
        code, name = entry[:2], entry[3:]
        if "R" in code or "C" in code:
            next(fields)  # the name it had before
        if code[1:].strip():
            states[name.rstrip("/")] = _UNTRACKED.get(code, "unstaged changes")
    return states


def _state(states: dict[str, str], name: str) -> str | None:
    """The state of `name`, or of the nearest folder around it: git names a wholly unknown folder only once."""
    while name:
        if name in states:
            return states[name]
        name = os.path.dirname(name)
    return None


def _run(folder: str, *arguments: str) -> str:
    # A git hook sets GIT_DIR, GIT_INDEX_FILE and the like for its own repository, not for this folder's.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=folder,
            env={**inherited, **kept, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror or error}") from error
    if done.returncode:
        lines = os.fsdecode(done.stderr).splitlines()
        raise GitError(lines[0] if lines else f"git {arguments[0]} ended with {done.returncode}")
    return os.fsdecode(done.stdout)
