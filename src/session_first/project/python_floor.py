"""A project's root to the oldest Python it says it supports, None where it says nothing that can be read."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from session_first.config import read_toml
from session_first.source import SourceError, decode, parse, read

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_VERSIONS = [(2, 7), *((3, minor) for minor in range(50))]
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (\d+)\.(\d+)")
_MICROS = [*range(30), 99]


def python_floor(root: Path) -> tuple[int, int] | None:
    """The oldest (major, minor) that pyproject.toml, setup.cfg or setup.py below `root` allows.

    What is required counts before what the classifiers name. The first of them that says something counts. setup.py is read, never run.

    Raises:
        ConfigError: pyproject.toml cannot be read or is not TOML.
    """
    said = (floor for stated in _stated(root) if (floor := lowest(stated)) is not None)
    return next(said, None)


def lowest(requirement: str) -> tuple[int, int] | None:
    """The oldest (major, minor) of which a release meets `requirement`.

    Poetry's `^3.8`, `~3.8` and `||` are understood besides the standard's operators.
    """
    floors = [_lowest(part) for part in requirement.split("|") if part.strip()]
    known = [floor for floor in floors if floor is not None]
    return min(known) if known and len(known) == len(floors) else None


def _lowest(requirement: str) -> tuple[int, int] | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - of no use to a clean run

    try:
        specifiers = SpecifierSet(
            ",".join(_standard(part) for part in requirement.split(",") if part.strip())
        )
    except InvalidSpecifier:
        return None
    allowed = (
        version
        for version in _VERSIONS
        if any(specifiers.contains(f"{version[0]}.{version[1]}.{micro}") for micro in _MICROS)
    )
    floor = next(allowed, None)
    return None if floor == _VERSIONS[0] and not _has_lower_bound(specifiers) else floor


def _standard(part: str) -> str:
    part = part.strip()
    if part.startswith("^") or (part.startswith("~") and not part.startswith("~=")):
        return ">=" + part[1:]
    if part[0].isdigit():
        return "==" + part
    return "" if part == "*" else part


def _has_lower_bound(specifiers: SpecifierSet) -> bool:
    return any(specifier.operator in {">=", ">", "==", "~=", "==="} for specifier in specifiers)


def _stated(root: Path) -> Iterator[str]:
    if (root / "pyproject.toml").is_file():
        document = read_toml(root / "pyproject.toml")
        yield from _strings(document, "project", "requires-python")
        yield from _strings(document, "tool", "poetry", "dependencies", "python")
        yield from _classified(str(document.get("project")) + str(document.get("tool")))
    if (root / "setup.cfg").is_file():
        yield from _in_setup_cfg(root / "setup.cfg")
    if (root / "setup.py").is_file():
        yield from _in_setup_py(root / "setup.py")


def _strings(document: object, *keys: str) -> Iterator[str]:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    if isinstance(document, str):
        yield document


def _in_setup_cfg(path: Path) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return  # what setuptools cannot read states nothing
    stated = parser.get("options", "python_requires", fallback="")
    if stated:
        yield stated
    yield from _classified(parser.get("metadata", "classifiers", fallback=""))


def _classified(text: str) -> Iterator[str]:
    """The oldest version among the classifiers in `text`, as a requirement."""
    versions = [(int(major), int(minor)) for major, minor in _CLASSIFIER.findall(text)]
    if versions:
        yield ">={}.{}".format(*min(versions))


def _in_setup_py(path: Path) -> Iterator[str]:
    try:
        tree = parse(decode(path, read(path)))
    except SourceError:
        return  # it is reported as a file of the project, if it matters there
    constants = {
        target.id: statement.value.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "python_requires":
            value = node.value
            stated = value.value if isinstance(value, ast.Constant) else None
            if isinstance(value, ast.Name):
                stated = constants.get(value.id)
            if isinstance(stated, str):
                yield stated
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    yield from _classified("\n".join(word for word in words if isinstance(word, str)))
