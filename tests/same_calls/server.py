"""Requests to run a program in, one a line; its outcome and calls out, in a file each.

boto3 is imported once and every run is a fork, so that a run costs little and starts with fresh modules.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import datetime as dt
import importlib
import importlib.util
import inspect
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import NoReturn, TypedDict

import boto3
from botocore.loaders import Loader
from botocore.model import OperationModel

from session_first import trace


class Identity(TypedDict):
    """What the session that is passed to the program is made of."""

    access_key: str
    region: str


class Request(TypedDict):
    """What to run (`program`, a `run.py`), in which tree, and whether with a foreign session."""

    tree: str
    program: str
    foreign: Identity | None
    result: str
    seconds: int


class Outcome(TypedDict):
    """How a run ended: `raised` is the exception's name, `text` the value's repr or the message."""

    raised: str | None
    text: str
    traceback: str


class Result(TypedDict):
    """What the file `Request.result` holds in the end; `calls` as `trace.dumps` writes them.

    `issued` are the access keys that the calls returned, one a call.
    """

    outcome: Outcome
    calls: str
    issued: list[str | None]
    answered_by_moto: bool
    network: list[str]
    takes_foreign_session: bool
    explicit: list[str]
    raises: list[str]
    eager: bool
    unused_roles: bool


_STARTED = dt.datetime.now(dt.timezone.utc)
"""Time stands still for credentials, so that every run has the same expirations and names of role sessions."""

_IDENTITIES = ("aws_access_key_id", "botocore_session", "profile_name")
"""Arguments of `boto3.Session` that say whose it is."""


def main() -> None:
    """Serves standard input until it ends."""
    _list_services_once()
    replies = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        request: Request = json.loads(line)
        child = os.fork()
        if child == 0:
            _run_and_exit(request)
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what the program left running
        print(os.waitstatus_to_exitcode(status), file=replies, flush=True)


def _list_services_once() -> None:
    """Spares every run botocore's walk over its data folders, most of the cost of a client."""
    walk = Loader.list_available_services
    lists: dict[tuple[str, ...], list[str]] = {}

    def list_available_services(loader: Loader, type_name: str) -> list[str]:
        folders = (type_name, *loader.search_paths)
        if folders not in lists:
            lists[folders] = walk(loader, type_name)
        return list(lists[folders])

    Loader.list_available_services = list_available_services  # type: ignore[assignment, method-assign] # on purpose
    session = boto3.Session()
    session.get_available_services()
    session.get_available_resources()


def _run_and_exit(request: Request) -> NoReturn:
    try:
        os.setsid()
        signal.alarm(request["seconds"])
        _run(request)
    except BaseException:  # noqa: BLE001 # nothing may get back into the server's loop
        traceback.print_exc()
        os._exit(1)
    os._exit(0)  # the server's own clean-up is not the run's


def _run(request: Request) -> None:
    result = Path(request["result"])
    attempts = _refuse_network()
    with _captured(result.with_suffix(".stdout"), result.with_suffix(".stderr")):
        os.chdir(request["tree"])
        sys.path.insert(0, request["tree"])
        sys.argv = [request["program"]]
        program = _Program(Path(request["program"]))
        answers = None if program.is_answered_by_moto else program.answer
        with trace.expire_by(lambda: _STARTED), trace.record(answers) as recording:
            outcome = program.outcome(request["foreign"])
    done = Result(
        outcome=outcome,
        calls=trace.dumps(recording.calls),
        issued=list(recording.issued),
        answered_by_moto=program.is_answered_by_moto,
        network=attempts,
        takes_foreign_session=getattr(program.module, "FOREIGN", "all") != "none",
        explicit=sorted(getattr(program.module, "EXPLICIT", ())),
        raises=sorted(getattr(program.module, "RAISES", ())),
        eager=getattr(program.module, "EAGER", False),
        unused_roles=getattr(program.module, "UNUSED_ROLES", False),
    )
    result.write_text(json.dumps(done))


class _Program:
    """A `run.py`, whose `run(**session)` drives the tree as a user would.

    It may define `ANSWERS`: what AWS answers, by `service.Operation` (see `trace.canned`);
    `PARAMETER`: the keyword under which the session is passed; `FOREIGN = "none"`: the tree takes
    none; `FOREIGN = "edge"`: the tree makes its sessions itself, and one that it makes without keys and profile
    is the foreign one; `EXPLICIT`: operations that need not carry it (where AssumeRole need not, nor do the calls of the
    role); `RAISES`: the exceptions that may end it;
    `EAGER = True`: something could catch the failure of an AssumeRole, so that none may come later;
    `UNUSED_ROLES = True`: a role that is assumed and never used need not be.
    Where it imports moto, moto answers.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.module = ModuleType("run")
        self._answers = trace.canned()
        tree = ast.parse(path.read_bytes())
        self.is_answered_by_moto = any(
            name.partition(".")[0] == "moto" for node in ast.walk(tree) for name in _imported_modules(node)
        )
        if self.is_answered_by_moto:
            importlib.import_module("moto")  # it answers the sessions made after this
        self._makes_sessions = any(
            isinstance(node, ast.Assign) and ast.unparse(node) == "FOREIGN = 'edge'" for node in tree.body
        )

    def answer(
        self, call: trace.Call, operation: OperationModel, /
    ) -> Mapping[str, object] | trace.ServiceError | None:
        return self._answers(call, operation)

    def outcome(self, foreign: Identity | None) -> Outcome:
        try:
            if foreign and self._makes_sessions:
                _make_foreign_sessions(foreign)
            self._load()
            value = self.module.run(**(self._session(foreign) if foreign else {}))
            if inspect.iscoroutine(value):
                value = asyncio.run(value)
            return Outcome(raised=None, text=repr(value), traceback="")
        except BaseException as error:  # noqa: BLE001 # whatever a program does is its outcome
            name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
            return Outcome(
                raised=name, text=str(error), traceback=_traceback(error, self._path.parent, Path.cwd())
            )

    def _load(self) -> None:
        spec = importlib.util.spec_from_file_location("same_calls_run", self._path)
        assert spec and spec.loader
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = self.module
        spec.loader.exec_module(self.module)
        self._answers = trace.canned(getattr(self.module, "ANSWERS", None))

    def _session(self, identity: Identity) -> dict[str, boto3.Session]:
        if self._makes_sessions:
            return {}
        session = boto3.Session(
            aws_access_key_id=identity["access_key"],
            aws_secret_access_key="foreign",
            region_name=identity["region"],
        )
        return {getattr(self.module, "PARAMETER", "session"): session}


def _make_foreign_sessions(identity: Identity) -> None:
    """From now on `boto3.Session()` is the foreign session, and the default session what it would have been."""
    boto3.setup_default_session()
    make: Callable[..., None] = boto3.Session.__init__

    def made_of_nothing(session: boto3.Session, *keys: str, **arguments: str | None) -> None:
        if keys or any(arguments.get(name) for name in _IDENTITIES):
            make(session, *keys, **arguments)
        else:
            region = arguments.get("region_name") or identity["region"]
            make(session, identity["access_key"], "foreign", region_name=region)

    boto3.Session.__init__ = made_of_nothing  # type: ignore[method-assign, assignment] # what the program finds


def _traceback(error: BaseException, *folders: Path) -> str:
    """The program's own part of the traceback: neither botocore's nor ours."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if any(Path(frame.filename).is_relative_to(folder) for folder in folders)
    ]
    return "".join(traceback.format_list(own))


def _imported_modules(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []


def _refuse_network() -> list[str]:
    """From now on no connection can be made; the result lists who was to be reached."""
    attempts: list[str] = []

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        match event, arguments:
            case "socket.connect", (socket.socket(family=socket.AF_UNIX), _):
                return
            case ("socket.connect", (_, address)) | ("socket.getaddrinfo", (address, *_)):
                attempts.append(str(address))
                raise ConnectionRefusedError(f"no network here: {address}")
            case _:
                return

    sys.addaudithook(refuse)
    return attempts


@contextlib.contextmanager
def _captured(stdout: Path, stderr: Path) -> Iterator[None]:
    """What is written to the file descriptors goes to the files, subprocesses' output included."""
    sys.stdin.close()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 # open to the end of the run
    for descriptor, path in ((1, stdout), (2, stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    yield
    sys.stdout.flush()
    sys.stderr.flush()


if __name__ == "__main__":
    del sys.path[0]  # this folder's modules are not the program's
    main()
