"""A project's root to the line length that its formatter or linter keeps, None where none is set up."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from pathlib import Path

from session_first.config import ConfigError, read_toml

_DEFAULT = 88
"""What black and ruff keep where they are set up and no length is given."""


def line_length(root: Path) -> int | None:
    """The first length that black, ruff, flake8 or pycodestyle is set to below `root`.

    Raises:
        ConfigError: pyproject.toml cannot be read or is not TOML.
    """
    return next(_lengths(root), None)


def _lengths(root: Path) -> Iterator[int]:
    if (root / "pyproject.toml").is_file():
        tool = read_toml(root / "pyproject.toml").get("tool")
        for name in ("black", "ruff"):
            table = tool.get(name) if isinstance(tool, dict) else None
            if isinstance(table, dict):
                yield _length(table)
    for name in ("ruff.toml", ".ruff.toml"):
        if (root / name).is_file():
            try:
                yield _length(read_toml(root / name))
            except ConfigError:
                continue  # ruff itself will say so
    for name in ("setup.cfg", "tox.ini", ".flake8"):
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(root / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # what its reader cannot read sets nothing
        for section in ("flake8", "pycodestyle"):
            for key in ("max-line-length", "max_line_length"):
                stated = parser.get(section, key, fallback="")
                if stated.isdigit():
                    yield int(stated)


def _length(table: dict[str, object]) -> int:
    stated = table.get("line-length")
    return stated if isinstance(stated, int) else _DEFAULT
