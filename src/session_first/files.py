"""Given paths to the Python files at and below them, and a file's path to its module's name."""
# A tree has thousands of entries, and strings cost a tenth of what Path objects do:
# ruff: noqa: PTH100, PTH109, PTH112, PTH116, PTH119, PTH120, PTH206

from __future__ import annotations

import functools
import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path

from session_first import git
from session_first.model import Failed

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv"})
_BUILD_OUTPUTS = frozenset({"build", "dist"})
_NOT_REGULAR = "cannot be read: not a regular file"
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


@dataclass(frozen=True, slots=True)
class Tree:
    """The Python files of a project: absolute paths in order, each file once.

    `given` are those that the user names or that lie below a folder the user names; `context` are the
    others. `failed` are entries among the given that cannot be looked at, `context_failed` the others.
    """

    given: tuple[Path, ...]
    context: tuple[Path, ...]
    failed: tuple[Failed, ...]
    context_failed: tuple[Failed, ...]


def collect(paths: Sequence[Path], root: Path, exclude: Sequence[str] = ()) -> Tree:
    """The files at and below `paths`, and the other files below `root`.

    `exclude` takes files out of the given ones, not out of the context: a caller or a test counts
    wherever it stands.
    """
    base = os.path.abspath(root)
    context = _walk(base, base)
    given = _Found()
    for path in paths:
        place = os.path.abspath(path)
        if place == base:
            given.add(context)
        elif os.path.isdir(place):
            given.add(_walk(place, base))
        else:
            _take(given, place, os.path.realpath(place))
    # Of a file's names, the one in the project's own tree tells its module best.
    named = {context.files.get(real, place) for real, place in given.files.items()}
    excluded = _matcher(exclude, base)
    chosen = {place for place in named if not excluded(place)}
    return Tree(
        given=_ordered(chosen),
        context=_ordered(set(context.files.values()) - chosen),
        failed=_failures(given.failed.keys(), given, excluded),
        context_failed=_failures(context.failed.keys() - given.failed.keys(), context, excluded),
    )


def project_root(paths: Sequence[Path]) -> Path:
    """The nearest folder upward with a project's file, else the repository, else what `paths` share."""
    shared = shared_folder(paths)
    for folder in (shared, *shared.parents):
        if any((folder / name).is_file() for name in _PROJECT_FILES):
            return folder
    repository = git.work_tree(str(shared))
    return shared if repository is None else Path(repository)


def shared_folder(paths: Sequence[Path]) -> Path:
    """The deepest folder that all of `paths` are, or are in; the current one where there are none."""
    places = [os.path.abspath(path) for path in paths] or [os.getcwd()]
    return Path(
        os.path.commonpath([place if os.path.isdir(place) else os.path.dirname(place) for place in places])
    )


def module_name(path: Path, root: Path) -> str:
    """The dotted name under which `path` is imported.

    It starts below the nearest folder called `src`; where there is none, below the folder that holds
    the outermost package; for a file in no package, below `root`.
    """
    top = path.parent
    while (top / "__init__.py").is_file():
        top = top.parent
    in_package = top != path.parent
    src = next(
        (f for f in (top, *top.parents) if f.name == "src" and f != root and f.is_relative_to(root)), None
    )
    if src is not None and (
        not in_package or all(part.isidentifier() for part in top.relative_to(src).parts)
    ):
        top = src
    elif not in_package and path.is_relative_to(root):
        top = root
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def is_test(path: Path, root: Path, patterns: Sequence[str]) -> bool:
    """Whether one of `patterns` takes in `path`.

    `name/` is any folder of that name below `root`; a pattern with a `/` inside is matched against
    the path from `root`, any other against the file's name.
    """
    relative = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return any(_matches(pattern, relative) for pattern in patterns)


def _matches(pattern: str, relative: Path) -> bool:
    if pattern.endswith("/"):
        wanted = _glob(pattern.rstrip("/"))
        folders = [parent.as_posix() for parent in relative.parents][:-1]
        return any(
            wanted.match(folder if "/" in pattern[:-1] else folder.rpartition("/")[2]) for folder in folders
        )
    return _glob(pattern).match(relative.as_posix() if "/" in pattern else relative.name) is not None


@functools.cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


# --- Walking --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """What a walk has met: names by real path, folders whose own name ends in .py, links not yet followed."""

    files: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    odd_folders: list[str] = field(default_factory=list)
    links: deque[str] = field(default_factory=deque)

    def add(self, other: _Found) -> None:
        for real, place in other.files.items():
            self.files.setdefault(real, place)
        self.failed.update(other.failed)


def _walk(start: str, root: str) -> _Found:
    found = _Found()
    real_start = os.path.realpath(start)
    _descend(found, start, real_start, root)
    while found.links:  # only now, so that a file's own name wins over a link's
        link = found.links.popleft()
        real = os.path.realpath(link)
        if not os.path.isdir(link):
            if real not in found.files:
                _take(found, link, real)
        elif not f"{real_start}{os.sep}".startswith(f"{real.rstrip(os.sep)}{os.sep}"):  # a loop otherwise
            _descend(found, link, real, root)
    for folder in found.odd_folders:
        if not any(place.startswith(folder + os.sep) for place in found.files.values()):
            found.failed[folder] = "is a directory, not a Python file"
    return found


def _descend(found: _Found, start: str, real_start: str, root: str) -> None:
    folders = [(start, real_start, git.ignored(real_start, root))]
    while folders:
        folder, real, ignored = folders.pop()
        if real in found.visited:
            continue
        found.visited.add(real)
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            found.failed[folder] = f"cannot be read: {error.strerror or error}"
            continue
        names = {entry.name for entry in entries}
        if folder != start:
            if _is_generated(folder, names):
                continue
            ignored = ignored.inside(real, names)
        if folder.endswith(".py"):
            found.odd_folders.append(folder)
        for entry in entries:
            real_entry = f"{real.rstrip(os.sep)}{os.sep}{entry.name}"
            python = entry.name.endswith(".py")
            if entry.is_symlink():
                wanted = python or (not _is_skipped(entry.name) and os.path.isdir(entry.path))
                if wanted and not ignored.has(real_entry, folder=False):
                    found.links.append(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                if not _is_skipped(entry.name) and not ignored.has(real_entry, folder=True):
                    folders.append((entry.path, real_entry, ignored))
            elif python and not ignored.has(real_entry, folder=False):
                if entry.is_file(follow_symlinks=False):
                    found.files.setdefault(real_entry, entry.path)
                else:
                    found.failed[entry.path] = _NOT_REGULAR


def _take(found: _Found, place: str, real: str) -> None:
    try:
        regular = stat.S_ISREG(os.stat(place).st_mode)
    except OSError:
        regular = True  # reading it will say what is wrong
    if regular:
        found.files.setdefault(real, place)
    else:
        found.failed[place] = _NOT_REGULAR


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED or name.endswith(".egg-info")


def _is_generated(folder: str, names: set[str]) -> bool:
    """Whether the folder is a virtual environment or a build's output; a package called `build` is neither."""
    return "pyvenv.cfg" in names or (
        os.path.basename(folder) in _BUILD_OUTPUTS and "__init__.py" not in names
    )


def _ordered(places: Iterable[str]) -> tuple[Path, ...]:
    return tuple(Path(place) for place in sorted(places, key=lambda place: place.split(os.sep)))


def _failures(places: Iterable[str], found: _Found, excluded: Callable[[str], bool]) -> tuple[Failed, ...]:
    kept = sorted(place for place in places if not excluded(place))
    return tuple(Failed(Path(place), found.failed[place]) for place in kept)


def _matcher(exclude: Sequence[str], root: str) -> Callable[[str], bool]:
    if not exclude:
        return lambda _: False
    spec = git.patterns(exclude)

    def excluded(place: str) -> bool:
        inside = place.startswith(root.rstrip(os.sep) + os.sep)
        return spec.match_file(os.path.relpath(place, root) if inside else place.lstrip(os.sep))

    return excluded
