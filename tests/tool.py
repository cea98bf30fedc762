"""A tree and a command line in, what `session-first` prints there and its exit code out."""

from __future__ import annotations

import contextlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

from session_first.cli import main


@dataclass(frozen=True, slots=True)
class Printed:
    """How a command ended, and what it printed."""

    exit_code: int
    stdout: str
    stderr: str


def run(tree: Path, *arguments: str) -> Printed:
    """Runs the command in `tree`, in this process: starting one costs more than most commands."""
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    here = Path.cwd()
    os.chdir(tree)
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            exit_code = _exit_code(arguments)
    finally:
        os.chdir(here)
    return Printed(exit_code, _written(stdout), _written(stderr))


def _exit_code(arguments: tuple[str, ...]) -> int:
    try:
        main(arguments)
    except SystemExit as exited:
        return exited.code if isinstance(exited.code, int) else 1  # a text is printed by Python, which is 1


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
