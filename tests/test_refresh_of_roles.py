"""Programs that outlive the credentials of their role: before the fix they fail, after it they go on."""

from __future__ import annotations

import datetime as dt
import runpy
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationModel

from session_first.trace import Call, ServiceError, canned, expire_by, record
from tests.situations import FIXTURES, Situation

Program: TypeAlias = Callable[[Iterator[str]], str]
Load: TypeAlias = Callable[[Situation, Path], Program]

ONE_ROLE = Situation(FIXTURES / "refreshed_role")
CHAIN = Situation(FIXTURES / "refreshed_chained_roles")

each_situation = pytest.mark.parametrize(
    ("situation", "roles"), [pytest.param(ONE_ROLE, 1, id="one_role"), pytest.param(CHAIN, 2, id="chain")]
)


class Clock:
    """A clock that goes on only between the events."""

    def __init__(self) -> None:
        self._time = dt.datetime(2030, 1, 1, tzinfo=dt.timezone.utc)

    def now(self) -> dt.datetime:
        return self._time

    def events(self, *minutes: int) -> Iterator[str]:
        """Events, each so many minutes after the one before."""
        for each in minutes:
            self._time += dt.timedelta(minutes=each)
            yield f"after {each} minutes"


class Aws:
    """Answers as AWS does: new credentials for every AssumeRole, and an error to those that have expired."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._derived = canned()
        self._expirations: dict[str | None, dt.datetime] = {}

    def __call__(
        self, call: Call, operation: OperationModel, /
    ) -> Mapping[str, object] | ServiceError | None:
        expiration = self._expirations.get(call.access_key)
        if expiration and expiration <= self._clock.now():
            return ServiceError("ExpiredToken", "The security token included in the request is expired", 403)
        answer = self._derived(call, operation)
        match answer:
            case {"Credentials": {"Expiration": dt.datetime() as expires, **others}}:
                key = f"ASIA{len(self._expirations):016}"
                self._expirations[key] = expires
                return {"Credentials": {**others, "AccessKeyId": key, "Expiration": expires}}
            case _:
                return answer


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock by which credentials expire."""
    clock = Clock()
    with expire_by(clock.now):
        yield clock


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials that never expire, a region, and nothing of the machine's own."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAAMBIENT000000000",
        "AWS_SECRET_ACCESS_KEY": "ambient",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Gives what drives a situation's tree."""

    def _load(situation: Situation, tree: Path) -> Program:
        copy = shutil.copytree(tree, tmp_path / "tree")
        monkeypatch.syspath_prepend(copy)
        program: Program = runpy.run_path(str(situation.program))["run"]
        for path in copy.glob("*.py"):
            sys.modules.pop(path.stem, None)  # the next tree has one of the same name
        return program

    return _load


@each_situation
def test_copied_credentials_fail_after_an_hour(
    situation: Situation, roles: int, load: Load, clock: Clock
) -> None:
    program = load(situation, situation.before)
    with record(Aws(clock)) as recording, pytest.raises(ClientError, match=r"\(ExpiredToken\).* Publish "):
        program(clock.events(0, 59, 1, 1))
    assert [call.operation for call in recording.calls] == [
        *["AssumeRole"] * roles,
        "CreateTopic",
        *["Publish"] * 3,
    ]


@each_situation
def test_assumed_roles_are_assumed_again_and_the_program_goes_on(
    situation: Situation, roles: int, load: Load, clock: Clock
) -> None:
    program = load(situation, situation.after)
    with record(Aws(clock)) as recording:
        program(clock.events(0, 60, 1, 60))
    assert [call.operation for call in recording.calls] == [
        *["AssumeRole"] * roles,
        "CreateTopic",
        "Publish",
        *["AssumeRole"] * roles,
        *["Publish"] * 2,
        *["AssumeRole"] * roles,
        "Publish",
    ]
    assumed = [call.parameters for call in recording.calls if call.operation == "AssumeRole"]
    assert assumed == assumed[:roles] * 3


@each_situation
def test_every_call_is_signed_with_the_newest_credentials(
    situation: Situation, roles: int, load: Load, clock: Clock
) -> None:
    program = load(situation, situation.after)
    with record(Aws(clock)) as recording:
        program(clock.events(0, 60))
    callers = [call.access_key for call in recording.calls if call.operation == "AssumeRole"]
    issued = [key for key in recording.issued if key]
    ambient = "AKIAAMBIENT000000000"
    assert callers == [ambient, *issued[: roles - 1], ambient, *issued[roles : 2 * roles - 1]]
    publishers = [call.access_key for call in recording.calls if call.operation == "Publish"]
    assert publishers == [issued[roles - 1], issued[-1]]


@pytest.mark.parametrize(
    ("minutes", "assumed"),
    [
        pytest.param(44, 1, id="before"),
        pytest.param(46, 2, id="advisory"),
        pytest.param(51, 2, id="mandatory"),
        pytest.param(60, 2, id="expired"),
    ],
)
def test_a_role_is_assumed_again_in_the_last_quarter_of_an_hour(
    minutes: int, assumed: int, load: Load, clock: Clock
) -> None:
    program = load(ONE_ROLE, ONE_ROLE.after)
    with record(Aws(clock)) as recording:
        program(clock.events(0, minutes))
    assert [call.operation for call in recording.calls].count("AssumeRole") == assumed
