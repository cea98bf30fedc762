"""A tree in; the real `session-first fix` run in it again and again, and killed while it writes.

One process that has imported everything forks a child for each order, a line of JSON on stdin, and answers with a line how
the child ended. `runner` runs the whole command each time; `writer` has run it up to where it writes, and
each child goes on from there. What they print goes to `output` in the folder `home`.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from session_first.cli import main
from session_first.model import Changed, Failed
from session_first.pipeline import recovery, writing
from session_first.pipeline.recovery import Recovered, Stuck

SYSTEM_CALLS = frozenset(
    {"open", "write", "flush", "close", "fsync", "flock", "link", "chmod", "chown", "replace", "unlink"}
)
"""The functions written in C before which a writing process is worth a kill."""


@dataclass(frozen=True)
class Order:
    """Kill before the call number `at` of these functions, or `after` seconds, counted from where it begins to write."""

    arguments: tuple[str, ...] = ("fix",)
    at: int | None = None
    after: float | None = None


@dataclass(frozen=True)
class Ended:
    """`code` is the exit code, None where the run was killed; `calls` is how many calls there were."""

    code: int | None
    calls: int = 0


def serve(start: Callable[[Order, Watch], int], home: Path) -> None:
    """Carries out orders until there are no more; `start` goes on in the child and gives its exit code."""
    for line in sys.stdin:
        content = json.loads(line)
        order = Order(tuple(content["arguments"]), content["at"], content["after"])
        reading, telling = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _go_on(start, order, telling, home)
        os.close(telling)
        print(json.dumps(asdict(_end(order, child, reading))), flush=True)  # noqa: T201 - the answer


def _end(order: Order, child: int, reading: int) -> Ended:
    with os.fdopen(reading, "rb") as pipe:
        if order.after is not None:
            pipe.read(1)  # it begins to write
            select.select([pipe], [], [], order.after)
            os.kill(child, signal.SIGKILL)
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    calls = int(told.strip(b".") or b"0")
    return Ended(None, calls) if os.WIFSIGNALED(status) else Ended(os.WEXITSTATUS(status), calls)


def _go_on(start: Callable[[Order, Watch], int], order: Order, telling: int, home: Path) -> NoReturn:
    output = os.open(home / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    watch = Watch(order, telling)
    code = 70
    try:
        code = start(order, watch)
    finally:
        sys.setprofile(None)
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(telling, str(watch.calls).encode())
        os._exit(code)


class Watch:
    """Counts the calls, and kills at one of them."""

    def __init__(self, order: Order, telling: int) -> None:
        self.calls = 0
        self._order = order
        self._telling = telling

    def begin(self) -> None:
        """From here on it writes."""
        os.write(self._telling, b".")
        if self._order.at is not None or self._order.after is not None:
            sys.setprofile(self._see)

    def _see(self, _frame: FrameType, event: str, argument: object) -> None:
        if event == "c_call" and getattr(argument, "__name__", "") in SYSTEM_CALLS:
            self.calls += 1
            if self.calls == self._order.at:
                os.kill(os.getpid(), signal.SIGKILL)
            if self._order.after is not None and argument is os.replace:
                time.sleep(0.004)  # the part where a kill does harm takes its time


def run(order: Order, watch: Watch) -> int:
    """The whole command."""
    recover, write = recovery.recover, writing.write

    def watched_recover(path: Path) -> Recovered | Stuck | None:
        watch.begin()
        return recover(path)

    def watched_write(changes: Sequence[Changed], root: Path) -> tuple[Failed, ...]:
        watch.begin()
        return write(changes, root)

    recovery.recover, writing.write = watched_recover, watched_write
    return _exit_code(order.arguments)


def _exit_code(arguments: Sequence[str]) -> int:
    try:
        main(arguments)
    except SystemExit as exited:
        return exited.code if isinstance(exited.code, int) else 70


def stop_at_writing(home: Path) -> None:
    """Runs the command up to where it writes, and serves from there."""
    write = writing.write

    def stopped(changes: Sequence[Changed], root: Path) -> tuple[Failed, ...]:
        def go_on(_order: Order, watch: Watch) -> int:
            watch.begin()
            return len(write(changes, root))

        serve(go_on, home)
        os._exit(0)

    writing.write = stopped
    _exit_code(["fix"])


if __name__ == "__main__":
    importlib.import_module("session_first.rewrite")  # libcst is there now, and no child imports it
    role, tree, home_folder = sys.argv[1:]
    os.chdir(tree)
    if role == "writer":
        stop_at_writing(Path(home_folder))
    else:
        serve(run, Path(home_folder))
