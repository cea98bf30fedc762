"""Assumed roles over HTTP: a moto server on loopback, and what programs do with it before and after the fix."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.situations import FIXTURES, Situation

TOPIC = "arn:aws:sns:eu-west-1:111122223333:audit"
"""Made in the role's account; the server takes the caller for 123456789012."""

DRIVER = """
import datetime as dt, json, runpy, sys
from session_first.trace import expire_by, record

tree, program, minutes = sys.argv[1:]
late = dt.timedelta()

def events():
    global late
    yield "at once"
    late = dt.timedelta(minutes=int(minutes))
    yield "later"

sys.path.insert(0, tree)
with expire_by(lambda: dt.datetime.now(dt.timezone.utc) + late), record(None) as recording:
    result = runpy.run_path(program)["run"](events())
keys = list(dict.fromkeys(call.access_key for call in recording.calls))
print(json.dumps([result, [[call.operation, keys.index(call.access_key)] for call in recording.calls]]))
"""
"""Runs a program, and prints what it returns and its calls, with their access keys numbered as they come."""

each_situation = pytest.mark.parametrize(
    ("situation", "roles"),
    [
        pytest.param(Situation(FIXTURES / "refreshed_role"), 1, id="one_role"),
        pytest.param(Situation(FIXTURES / "refreshed_chained_roles"), 2, id="chain"),
    ],
)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a moto server that lives as long as the tests of this module."""
    log = tmp_path_factory.mktemp("moto") / "log"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            yield _address(server, log)
        finally:
            server.kill()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        if address := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            return address.group()
        time.sleep(0.1)
    pytest.fail(f"moto_server did not start:\n{log.read_text()}")


def run(
    situation: Situation, tree: Path, endpoint: str, minutes: int = 0
) -> tuple[str, list[tuple[str, int]]]:
    """What the program returns, and its calls, each with the number of its access key."""
    environment = {
        "AWS_ACCESS_KEY_ID": "AKIAAMBIENT000000000",
        "AWS_SECRET_ACCESS_KEY": "ambient",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": endpoint,
        "HOME": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-c", DRIVER, str(tree), str(situation.program), str(minutes)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    result, calls = json.loads(ran.stdout)
    return result, [(operation, key) for operation, key in calls]


@each_situation
def test_the_fix_changes_nothing_over_http(situation: Situation, roles: int, endpoint: str) -> None:
    before, after = (run(situation, tree, endpoint) for tree in (situation.before, situation.after))
    assert before == after
    assert before == (
        TOPIC,
        [
            *(("AssumeRole", number) for number in range(roles)),
            ("CreateTopic", roles),
            *[("Publish", roles)] * 2,
        ],
    )


@each_situation
def test_credentials_are_refreshed_over_http(situation: Situation, roles: int, endpoint: str) -> None:
    old, new = (run(situation, tree, endpoint, 50)[1] for tree in (situation.before, situation.after))
    assert [key for operation, key in old if operation == "Publish"] == [roles] * 2
    first, second = (key for operation, key in new if operation == "Publish")
    assert first == roles
    assert second > first
