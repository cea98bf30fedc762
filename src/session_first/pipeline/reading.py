"""Paths to the bytes of those files that are worth parsing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from session_first import files
from session_first.model import Failed, ModuleFacts
from session_first.project.context import related_modules, related_words
from session_first.source import MAX_BYTES, SourceError, may_use_boto3, read


class Mark(Protocol):
    """Says by a file's bytes whether the file is worth parsing."""

    def __call__(self, path: Path, data: bytes) -> bool:
        """Whether it is."""


def read_marked(path: Path, mark: Mark) -> bytes | Failed | None:
    """The bytes of a file that has the mark; None for one without, whatever else may be wrong with it."""
    try:
        with path.open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size <= MAX_BYTES:
                data = file.read()
                return data if mark(path, data) else None
            if not any(mark(path, part) for part in iter(lambda: file.read(MAX_BYTES), b"")):
                return None
        return read(path)  # which says that it is too large
    except SourceError as error:
        return error.failed
    except OSError:
        return _unreadable(path)


def _unreadable(path: Path) -> bytes | Failed:
    try:
        return read(path)
    except SourceError as error:
        return error.failed


def names_boto3(path: Path, data: bytes) -> bool:  # noqa: ARG001
    """Marks what can hold a finding."""
    return b"boto3" in data and may_use_boto3(data)


def names_default_session(path: Path, data: bytes) -> bool:
    """Marks what can tell how far a finding's fix is to be trusted."""
    return names_boto3(path, data) or b"setup_default_session" in data or b"DEFAULT_SESSION" in data


_WORDS_ONLY = bytes(c if c >= 0x80 or chr(c).isalnum() or chr(c) == "_" else ord(" ") for c in range(256))


@dataclass(frozen=True, slots=True)
class Related:
    """Marks what does not name boto3 and can matter all the same.

    It may override or hand over a function with a finding, or say what its decorator is.
    """

    root: Path
    words: frozenset[bytes]
    modules: frozenset[str]
    module_ends: frozenset[str]

    @staticmethod
    def to(facts: Sequence[ModuleFacts], root: Path) -> Related:
        """The mark of what is related to the modules of `facts`."""
        modules = related_modules(facts)
        return Related(
            root,
            frozenset(word.encode() for word in related_words(facts)),
            modules,
            frozenset(module.rpartition(".")[2] for module in modules),
        )

    def __call__(self, path: Path, data: bytes) -> bool:
        """Whether one of its words is the file's, or the file is one of its modules."""
        end = path.parent.name if path.name == "__init__.py" else path.stem
        if end in self.module_ends and files.module_name(path, self.root) in self.modules:
            return True
        return not self.words.isdisjoint(data.translate(_WORDS_ONLY).split())
