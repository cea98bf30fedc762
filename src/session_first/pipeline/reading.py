"""Paths to the bytes of those files that are worth parsing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from session_first import files
from session_first.model import Failed
from session_first.prefilter import may_decide_form, may_hold_site, may_pass_session
from session_first.project.related import Related
from session_first.source import MAX_BYTES, SourceError, read


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


def holds_site(path: Path, data: bytes) -> bool:  # noqa: ARG001 - a Mark
    """Marks what can hold a finding."""
    return may_hold_site(data) or may_pass_session(data)


def names_boto3(path: Path, data: bytes) -> bool:  # noqa: ARG001 - a Mark
    """Marks what a user would expect to be understood."""
    return b"boto3" in data


def decides_form(path: Path, data: bytes) -> bool:  # noqa: ARG001 - a Mark
    """Marks what can tell how far a finding's fix is to be trusted."""
    return may_decide_form(data)


@dataclass(frozen=True, slots=True)
class IsRelated:
    """Marks what holds no finding and can matter to the plan all the same."""

    root: Path
    tests: tuple[str, ...]
    to: Related

    def __call__(self, path: Path, data: bytes) -> bool:
        """Whether one of its words is the file's, or the file is one of its modules."""
        is_package = path.name == "__init__.py"
        end = path.parent.name if is_package else path.stem
        may_be_module = any(module.rpartition(".")[2] == end for module in self.to.modules)
        if may_be_module and files.module_name(path, self.root) in self.to.modules:
            return True
        if self.to.by_words(data, is_test=lambda: files.is_test(path, self.root, self.tests)):
            return True
        if not self.to.users.names or files.is_test(path, self.root, self.tests):
            return False
        return self.to.users.are(data, files.module_name(path, self.root), is_package=is_package)
