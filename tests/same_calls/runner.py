"""A tree and a program in, what a run of it did out: a process of clean environment does it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import session_first
from session_first.trace import loads
from tests.same_calls import roles, runs

if TYPE_CHECKING:
    from tests.same_calls.server import Request, Result

SERVER = Path(__file__).with_name("server.py")

SECONDS = 60
"""A run that takes longer is stopped."""

CONFIG = """\
[default]
region = eu-south-1

[profile dev]
region = eu-west-3
aws_access_key_id = AKIADEV0000000000000
aws_secret_access_key = dev

[profile prod]
region = us-east-2
aws_access_key_id = AKIAPROD000000000000
aws_secret_access_key = prod

[profile deploy]
region = us-west-1
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = dev
"""
"""The profiles that a program finds."""


class RunError(Exception):
    """A run that came to no end: too slow, killed, or the harness's own fault."""


class Runner:
    """The server that runs programs; it starts with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[str] | None = None
        self._runs = 0

    def close(self) -> None:
        """Ends the server."""
        if self._server:
            self._server.communicate()

    def run(self, tree: Path, program: Path, *, foreign: bool = False, seconds: int = SECONDS) -> runs.Run:
        """Runs `program`, a `run.py`, in a copy of `tree`.

        Raises:
            RunError: it came to no end.
        """
        self._runs += 1
        folder = self._folder / str(self._runs)
        copy = folder / "tree"
        shutil.copytree(tree, copy, symlinks=True)
        request: Request = {
            "tree": str(copy),
            "program": str(program),
            "foreign": {"access_key": runs.FOREIGN_KEY, "region": runs.FOREIGN_REGION} if foreign else None,
            "result": str(folder / "result.json"),
            "seconds": seconds,
        }
        exit_code = self._ask(request)
        stdout, stderr = (
            runs.repeatable((folder / f"result.{name}").read_text(errors="replace"), str(copy))
            for name in ("stdout", "stderr")
        )
        if exit_code:
            raise RunError(f"{program} in {tree} ended with {exit_code}:\n{stderr}")
        return _run(json.loads((folder / "result.json").read_text()), stdout, stderr, str(copy))

    def _ask(self, request: Request) -> int:
        if not self._server:
            self._server = self._start()
        assert self._server.stdin and self._server.stdout
        print(json.dumps(request), file=self._server.stdin, flush=True)
        return int(self._server.stdout.readline())

    def _start(self) -> subprocess.Popen[str]:
        config = self._folder / "aws_config"
        config.write_text(CONFIG)
        return subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(self._folder, config),
        )


def _environment(home: Path, config: Path) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": runs.AMBIENT_KEY,
        "AWS_SECRET_ACCESS_KEY": "ambient",
        "AWS_DEFAULT_REGION": runs.AMBIENT_REGION,
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "no_credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # sets have the same order in every run
        "PYTHONPATH": str(Path(session_first.__file__).parent.parent),
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }


def _run(result: Result, stdout: str, stderr: str, tree: str) -> runs.Run:
    outcome = result["outcome"]
    trace = roles.Trace(loads(result["calls"]), tuple(result["issued"]))
    return runs.Run(
        raised=outcome["raised"],
        text=runs.repeatable(outcome["text"], tree),
        traceback=outcome["traceback"],
        trace=roles.repeatable(trace) if result["answered_by_moto"] else trace,
        stdout=stdout,
        stderr=stderr,
        network=tuple(result["network"]),
        takes_foreign_session=result["takes_foreign_session"],
        explicit=frozenset(result["explicit"]),
        raises=frozenset(result["raises"]),
        eager=result["eager"],
        unused_roles=result["unused_roles"],
    )
