"""pytest's hooks in; a failure for every test during which boto3's default session is used, with the stack, out."""

from __future__ import annotations

import functools
import linecache
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from unittest import mock

import boto3
import pytest

if TYPE_CHECKING:
    from pluggy import Result

_MARKER = "default_session"
_ADVICE = "Pass the test's own session, or mark the test with @pytest.mark.default_session."

_MACHINERY = frozenset(
    (
        "__channelexec__",
        "_pytest",
        "asyncio",
        "boto3",
        "botocore",
        "concurrent",
        "contextlib",
        "execnet",
        "functools",
        "importlib",
        "moto",
        "pluggy",
        "pytest",
        "runpy",
        "threading",
        "unittest",
        "xdist",
    )
)
"""Packages whose frames say nothing about who used the session."""

_PASSING_ON = ("boto3", "botocore", "moto.core.models")
"""Modules whose functions use the session for their caller."""

_OUTPUT = "session_first_default_session"
"""The key of a worker's output in which uses by imports travel to the controller."""


class DefaultSessionGuard:
    """The part of the plugin that watches boto3's default session, and fails tests."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = config.rootpath
        self._uses: Counter[str] = Counter()
        self._imports: dict[str, list[str]] = {}
        self._lock = threading.Lock()
        self._inside = threading.local()
        self._stack = ExitStack()
        for name in ("_get_default_session", "setup_default_session"):
            replacement = self._noting(getattr(boto3, name))
            self._stack.enter_context(mock.patch.object(boto3, name, replacement))

    def pytest_unconfigure(self) -> None:
        """Stops watching."""
        self._stack.close()

    # --- What is used -----------------------------------------------------------------------------

    def _noting(self, function: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(function)
        def note_and_go_on(*args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            if getattr(self._inside, "busy", False):  # the one calls the other
                return function(*args, **kwargs)
            self._inside.busy = True
            try:
                result = function(*args, **kwargs)
            finally:
                self._inside.busy = False
            if not isinstance(boto3.DEFAULT_SESSION, mock.NonCallableMock):
                self._note(sys._getframe(1))
            return result

        return note_and_go_on

    def _note(self, caller: FrameType) -> None:
        frames: list[FrameType] = []
        frame: FrameType | None = caller
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        users = (name for name in map(_module, frames) if not name.startswith(_PASSING_ON))
        if next(users, "").startswith("moto."):  # it answers calls by making some of its own
            return
        shown = [each for each in frames if _package(each) not in _MACHINERY]
        if any(_package(each) == "_pytest" for each in frames):  # below it is whatever started pytest
            shown = [each for each in shown if _module(each) != "__main__"]
        with self._lock:
            self._uses["".join(map(self._line, reversed(shown or frames)))] += 1

    def _line(self, frame: FrameType) -> str:
        path, number = Path(frame.f_code.co_filename), frame.f_lineno
        shown = path.relative_to(self._root) if path.is_relative_to(self._root) else path
        source = linecache.getline(str(path), number, frame.f_globals).strip()
        return f"  {shown}:{number}: in {frame.f_code.co_name}\n" + (f"    {source}\n" if source else "")

    def _drain(self) -> Counter[str]:
        with self._lock:
            uses, self._uses = self._uses, Counter()
            return uses

    # --- Who fails --------------------------------------------------------------------------------

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, None, None]:
        """An import fails nobody's test: it is only named at the end."""
        self._drain()
        yield
        uses = self._drain()
        if uses:
            self._imports[collector.nodeid] = list(uses)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """What was used between two tests is nobody's."""
        self._drain()

    @pytest.hookimpl(trylast=True, specname="pytest_runtest_setup")
    def pytest_runtest_setup_ended(self, item: pytest.Item) -> None:
        """Fails the setup that used it."""
        self._fail(item)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Fails the test that used it, after the test has passed."""
        self._fail(item)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Fails the teardown that used it."""
        self._fail(item)

    def _fail(self, item: pytest.Item) -> None:
        __tracebackhide__ = True
        uses = self._drain()
        if uses and not item.get_closest_marker(_MARKER):
            pytest.fail(_text(uses), pytrace=False)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, Result[pytest.TestReport], None]:
        """A test that failed by itself keeps its own failure, and shows the use in a section."""
        outcome = yield
        uses = self._drain()
        if uses and not item.get_closest_marker(_MARKER):
            outcome.get_result().sections.append(("Default session", _text(uses)))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker tells the controller of imports."""
        output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = self._imports

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Every worker imports the same."""
        output: dict[str, dict[str, list[str]]] = getattr(node, "workeroutput", None) or {}
        self._imports.update(output.get(_OUTPUT, {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Names the imports that used it."""
        if not self._imports:
            return
        terminalreporter.section("boto3's default session, while tests were collected", sep="=")
        for name, uses in self._imports.items():
            terminalreporter.write_line(name, bold=True)
            terminalreporter.write_line("\n".join(uses))


def _text(uses: Counter[str]) -> str:
    blocks = (
        f"boto3's default session was used{f' {number} times' if number > 1 else ''}:\n{stack}"
        for stack, number in uses.items()
    )
    return "".join((*blocks, _ADVICE))


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _package(frame: FrameType) -> str:
    return _module(frame).partition(".")[0]
