"""pytest's hooks in; the AWS calls of every test written to a file, or compared with those of one, out."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore import UNSIGNED
from botocore.client import BaseClient
from botocore.model import Shape

from session_first.trace import comparison, run, watch
from session_first.trace.call import Call, Value
from session_first.trace.run import Calls, Run
from session_first.trace.seen import Text, plain_type, seen
from session_first.trace.steady import Memory

if TYPE_CHECKING:
    from pluggy import Result

_PAYLOAD = "session_first_calls"
"""The attribute of a report, and the key of a worker's output, in which calls travel to the controller."""

_INTERRUPTED = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)


class Scope:
    """Where calls are made: a test, one run of a wider fixture, an import."""

    def __init__(self, heading: str, memory: Memory) -> None:
        self.heading = heading
        self.memory = memory
        self._thread = threading.get_ident()
        self._ordered: list[Call] = []
        self._background: list[Call] = []

    @property
    def is_ordered(self) -> bool:
        """Whether this thread is the one that runs the tests."""
        return threading.get_ident() == self._thread

    def add(self, call: Call) -> None:
        """Adds a call that has ended."""
        (self._ordered if self.is_ordered else self._background).append(call)

    @property
    def calls(self) -> Calls:
        """The calls so far."""
        return Calls.of(self._ordered, self._background)


class Scopes:
    """The scopes that are open, and the calls that were made around the tests."""

    def __init__(self) -> None:
        self._outside = Scope("outside the tests", Memory("outside the tests"))
        self._test: Scope | None = None
        self._inner: list[Scope] = []
        self._living: list[Scope] = [self._outside]  # their values may still be in use
        self._around: list[tuple[str, Calls]] = []

    @property
    def current(self) -> Scope:
        """Where a call that begins now belongs."""
        return self._inner[-1] if self._inner else self._test or self._outside

    def outer(self, scope: Scope) -> list[Memory]:
        """What was seen elsewhere and may be used in `scope`."""
        return [each.memory for each in self._living if each is not scope]

    def open_test(self, name: str) -> None:
        """A test begins: for the first time, or once more."""
        self._test = Scope(name, Memory())

    def close_test(self) -> Calls:
        """The test has ended."""
        test, self._test = self._test, None
        return test.calls if test else Calls()

    def live(self, heading: str) -> Scope:
        """A scope around the tests, which lives until it is buried."""
        scope = Scope(heading, Memory(heading))
        self._living.append(scope)
        return scope

    @contextmanager
    def inside(self, scope: Scope) -> Iterator[None]:
        """For as long as the context lasts, calls are those of `scope`."""
        self.enter(scope)
        try:
            yield
        finally:
            self.leave(scope)

    def enter(self, scope: Scope) -> None:
        """From now on, calls are those of `scope`."""
        self._inner.append(scope)

    def leave(self, scope: Scope) -> None:
        """Calls are no longer those of `scope`."""
        if scope in self._inner:
            self._inner.remove(scope)

    def bury(self, scope: Scope) -> None:
        """What was made in `scope` is gone."""
        self.leave(scope)
        if scope in self._living:
            self._living.remove(scope)
            self._tell(scope)

    def around(self) -> list[tuple[str, Calls]]:
        """The calls around the tests that were not given out yet."""
        told, self._around = self._around, []
        return told

    def rest(self) -> list[tuple[str, Calls]]:
        """Likewise, at the end, with those of scopes that still live."""
        for scope in self._living:
            self._tell(scope)
        self._living = []
        return self.around()

    def _tell(self, scope: Scope) -> None:
        if len(scope.calls):
            self._around.append((scope.heading, scope.calls))


@dataclass(frozen=True, slots=True)
class _Begun:
    scope: Scope
    client: BaseClient
    call: Call


class Recorder:
    """Puts every call into the scope that is current when it begins, in the order in which calls end.

    A call that had to fetch its credentials ends after the calls that fetched them.
    """

    def __init__(self, scopes: Scopes, vary: Sequence[re.Pattern[str]]) -> None:
        self._scopes = scopes
        self._vary = vary
        self._roles: dict[str, str] = {}
        self._lock = threading.RLock()

    def begin(self, client: BaseClient, operation: str, parameters: Mapping[str, object], /) -> _Begun:
        """A call is about to be made."""
        with self._lock:
            scope = self._scopes.current
            call = Call(
                service=client.meta.service_model.service_name,
                operation=operation,
                region=client.meta.region_name,
                endpoint=self._text(scope, re.sub(r"(?<=//)[^/@]*@", "", client.meta.endpoint_url)),
                access_key=None,
                parameters=self._parameters(scope, client, operation, parameters),
            )
            return _Begun(scope, client, call)

    def end(self, begun: object, answer: object, /) -> None:
        """It has ended."""
        assert isinstance(begun, _Begun)
        with self._lock:
            identity = self._identity(begun)
            begun.scope.add(replace(begun.call, access_key=identity))
            begun.scope.memory.learn(begun.call.name, answer, is_ordered=begun.scope.is_ordered)
            match answer:
                case {"Credentials": {"AccessKeyId": str(key)}} if "RoleArn" in begun.call.parameters:
                    self._roles[key] = f"{begun.call.parameters['RoleArn']}, assumed by {identity}"
                case _:
                    pass

    def drawn(self, text: str) -> None:
        """The program drew this at random."""
        with self._lock:
            self._scopes.current.memory.made(text)

    def _parameters(
        self, scope: Scope, client: BaseClient, operation: str, parameters: Mapping[str, object]
    ) -> Mapping[str, Value]:
        shape = client.meta.service_model.operation_model(operation).input_shape
        members = shape.members if shape else {}
        text = partial(self._text, scope)
        return {name: _recorded(value, members.get(name), text, name) for name, value in parameters.items()}

    def _text(self, scope: Scope, text: str) -> str:
        outer = self._scopes.outer(scope)
        return scope.memory.steady(text, outer, self._vary, is_ordered=scope.is_ordered)

    def _identity(self, begun: _Begun) -> str | None:
        """Who signs: read as it is now, for asking could fetch credentials that nobody else asks for."""
        client = begun.client
        operation = client.meta.service_model.operation_model(begun.call.operation)
        signature: object = client.meta.config.signature_version  # type: ignore[attr-defined] # not in the stubs
        signer: object = getattr(client, "_request_signer", None)
        credentials: object = getattr(signer, "_credentials", None)
        if operation.auth_type == "none" or signature is UNSIGNED or credentials is None:
            return None
        held = getattr(credentials, "__dict__", {})
        key: object = held.get("_access_key", held.get("access_key"))
        if key is None:
            return f"credentials not fetched ({held.get('method')})"
        if key in self._roles:
            return self._roles[str(key)]
        return self._text(begun.scope, str(key))


def _recorded(value: object, shape: Shape | None, text: Text, name: str) -> Value:
    try:
        return seen(value, shape, text, name)
    except Exception:  # noqa: BLE001 # whatever a test passes, recording must not fail it
        return plain_type(value)


@dataclass
class _Output:
    """What the controller has gathered of the run."""

    tests: dict[str, Calls] = field(default_factory=dict)
    around: dict[str, list[Calls]] = field(default_factory=dict)

    def add(self, payload: str) -> None:
        """Adds what `_payload` gave. Of a test that ran again, the last run counts."""
        tests, around = json.loads(payload)
        for name, fields in tests.items():
            self.tests[name] = run.calls_from(fields)
        for heading, fields in around:
            calls, known = run.calls_from(fields), self.around.setdefault(heading, [])
            if calls not in known:
                known.append(calls)

    @property
    def run(self) -> Run:
        """The run so far."""
        return Run(self.tests, {heading: run.in_order(each) for heading, each in self.around.items()})


def _payload(tests: Mapping[str, Calls], around: Sequence[tuple[str, Calls]]) -> str:
    named = {name: asdict(calls) for name, calls in tests.items()}
    return json.dumps((named, [(heading, asdict(calls)) for heading, calls in around]))


class SuiteCalls:
    """The part of the plugin that records, in every worker, and compares, in the controller."""

    def __init__(
        self, config: pytest.Config, record: str | None, against: str | None, vary: Sequence[str]
    ) -> None:
        self._is_worker = hasattr(config, "workerinput")
        folder = config.invocation_params.dir
        self._record = folder / record if record else None
        self._against = folder / against if against else None
        self._before = Run()
        self._output = _Output()
        self._lines: list[str] = []
        self._blocks: tuple[comparison.Block, ...] = ()
        self._scopes = Scopes()
        self._recorder = Recorder(self._scopes, [re.compile(pattern) for pattern in vary])
        self._stack = ExitStack()
        self._stack.enter_context(watch.watched(self._recorder))
        self._stack.enter_context(watch.drawn(self._recorder.drawn))

    def pytest_configure(self) -> None:
        """Reads what is compared with.

        Raises:
            pytest.UsageError: that cannot be read, or what is recorded could not be written.
        """
        if self._is_worker:
            return
        if self._record and not self._record.parent.is_dir():
            raise pytest.UsageError(f"--aws-calls: there is no folder {self._record.parent}")
        if self._against:
            try:
                self._before = run.load(self._against.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise pytest.UsageError(
                    f"--aws-calls-against: cannot read {self._against}: {error}"
                ) from error

    def pytest_unconfigure(self) -> None:
        """Stops watching."""
        self._stack.close()

    # --- What is current --------------------------------------------------------------------------

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, None, None]:
        """Calls of an import are those of what is imported."""
        scope = self._scopes.live(f"while collecting {collector.nodeid}")
        with self._scopes.inside(scope):
            yield
        if scope.memory.is_empty:
            self._scopes.bury(scope)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins."""
        self._scopes.open_test(item.nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, None, None]:
        """Calls of a fixture that several tests share are its own, until it is torn down."""
        if fixturedef.scope == "function":
            yield
            return
        scope = self._scopes.live(_heading(fixturedef, request))
        fixturedef.addfinalizer(partial(self._scopes.bury, scope))  # the first to be added is the last to run
        with self._scopes.inside(scope):
            yield
        fixturedef.addfinalizer(partial(self._scopes.enter, scope))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, Result[pytest.TestReport], None]:
        """A test has ended when it is torn down."""
        outcome = yield
        report = outcome.get_result()
        if report.when == "teardown":
            tests = {report.nodeid: self._scopes.close_test()}
            setattr(report, _PAYLOAD, _payload(tests, self._scopes.around()))

    # --- On the way to the controller -------------------------------------------------------------

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test's calls have come to the controller, or were here all along."""
        payload: str | None = getattr(report, _PAYLOAD, None)
        if payload and not self._is_worker:
            self._output.add(payload)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """So have a worker's calls around the tests."""
        output: dict[str, str] = getattr(node, "workeroutput", None) or {}  # one that crashed has none
        if _PAYLOAD in output:
            self._output.add(output[_PAYLOAD])

    # --- The end ----------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)  # fixtures may still have to be torn down
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Writes, compares, and fails the run where something differs."""
        rest = _payload({}, self._scopes.rest())
        if self._is_worker:
            session.config.workeroutput[_PAYLOAD] = rest  # type: ignore[attr-defined] # a worker has it
            return
        self._output.add(rest)
        if session.config.getoption("collectonly"):
            return
        if exitstatus in _INTERRUPTED:
            self._lines = ["the run was broken off: nothing was written or compared"]
            return
        self._finish(self._output.run)
        if any(block.differs for block in self._blocks) and exitstatus in {
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        }:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _finish(self, now: Run) -> None:
        counted = f"{len(now)} calls in {len(now.tests)} tests"
        if self._record:
            self._record.write_text(run.dump(now), encoding="utf-8")
            self._lines.append(f"{counted} written to {_shown(self._record)}")
        if self._against:
            self._blocks = comparison.compare(self._before, now)
            differing = sum(block.differs for block in self._blocks)
            verdict = f"{differing} differ{'s' * (differing == 1)} from" if differing else "the same as in"
            self._lines.append(f"{counted}: {verdict} {_shown(self._against)}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The blocks, and a line that sums up."""
        if not self._lines:
            return
        terminalreporter.section("AWS calls", sep="=")
        for block in self._blocks:
            terminalreporter.write_line(block.heading, bold=True)
            for line in block.lines:
                colour = {"-": {"red": True}, "+": {"green": True}}.get(line[2], {})
                terminalreporter.write_line(line, **colour)
            terminalreporter.write_line("")
        for line in self._lines:
            terminalreporter.write_line(line, red=any(block.differs for block in self._blocks))


def _heading(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> str:
    """The name of a fixture as its author knows it, and of what shares it."""
    written = re.sub(r"^_(?:unittest|xunit)_(\w+?)_fixture_.*$", r"\1", fixturedef.argname)
    place = f" of {request.node.nodeid}" if request.node.nodeid else ""
    parameter = f"[{vars(request)['param_index']}]" if hasattr(request, "param") else ""
    return f"{fixturedef.scope} fixture {written}{parameter}{place}"


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
