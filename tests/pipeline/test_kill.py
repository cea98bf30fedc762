"""A fix that is killed while it writes: the next one makes every file new, and leaves nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from session_first.pipeline.journal import NAME
from tests.pipeline import killer
from tests.pipeline.killer import Ended, Order

ENOUGH = 10**9
"""More calls than any run makes."""

CODE = """\
import boto3


def send_{number}(queue):
    return boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{number}")
"""
ROLE = """\
import boto3


def topics(role_arn):
    sts = boto3.client("sts")
    credentials = sts.assume_role(RoleArn=role_arn, RoleSessionName="topics")["Credentials"]
    member = boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    return member.client("sns").list_topics()
"""

Content = dict[str, tuple[bytes, int]]
"""What the files of a tree hold, and their modes."""


class Served:
    """A process that runs the command, or (`writer`) the part of it that writes, as often as it is told to."""

    def __init__(self, role: str, root: Path, home: Path) -> None:
        self._output = home / "output"
        self._process = subprocess.Popen(
            [sys.executable, "-m", killer.__name__, role, str(root), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def run(self, order: Order) -> Ended:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def output(self) -> str:
        return self._output.read_text()

    def close(self) -> None:
        self._process.communicate()


@dataclass(frozen=True)
class Project:
    """A tree before a fix (`old`) and after it (`new`), and what runs the command, or its writing, in it."""

    root: Path
    runner: Served
    writer: Served
    old: Content
    new: Content

    def reset(self, to: Content | None = None) -> None:
        wanted = self.old if to is None else to
        for name in content(self.root).keys() - wanted.keys():
            (self.root / name).unlink()
        for name, (data, mode) in wanted.items():
            (self.root / name).write_bytes(data)
            (self.root / name).chmod(mode)

    def kind(self) -> str:
        """What a kill left, in words. Every single file is whole, and a tree that is not has a journal."""
        now = content(self.root)
        named = {name: now[name] for name in self.old}
        assert all(value in (self.old[name], self.new[name]) for name, value in named.items())
        if named not in (self.old, self.new):
            assert NAME in now, "nothing says that some files are new and others old"
            return "mixed"
        return f"{'old' if named == self.old else 'new'}{'' if now == named else ', with litter'}"

    def mend(self) -> None:
        """The next fix makes the tree new, and leaves nothing else."""
        ended = self.runner.run(Order())
        assert ended.code == 0, self.runner.output()
        assert content(self.root) == self.new


def content(root: Path) -> Content:
    paths = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return {str(p.relative_to(root)): (p.read_bytes(), p.stat().st_mode & 0o7777) for p in paths}


def make_tree(root: Path, files: int) -> None:
    for number in range(files):
        path = root / f"pkg{number % 4}" / f"m{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(CODE.format(number=number))
        path.chmod((0o644, 0o755, 0o600)[number % 3])
    (root / "role.py").write_text(ROLE)
    (root / "requirements.txt").write_text("boto3\n")
    (root / "pyproject.toml").write_text("")


def project(home: Path, files: int) -> Iterator[Project]:
    root = home / "project"
    root.mkdir()
    make_tree(root, files)
    old = content(root)
    with contextlib.closing(Served("writer", root, home)) as writer:
        assert writer.run(Order()).code == 0
        new = content(root)
        assert all((old[name] != new[name]) == (name != "pyproject.toml") for name in old | new)
        assert all(old[name][1] == new[name][1] for name in old)
        with contextlib.closing(Served("runner", root, home)) as runner:
            yield Project(root, runner, writer, old, new)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder in memory where there is one: the disk is waited for in case the power fails, which no test brings about."""
    memory = Path("/dev/shm")  # noqa: S108 - as it is meant
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def small(home: Path) -> Iterator[Project]:
    yield from project(home, 2)


@pytest.fixture
def large(home: Path) -> Iterator[Project]:
    yield from project(home, 40)


def test_killed_before_every_call(small: Project) -> None:
    small.reset()
    calls = small.writer.run(Order(at=ENOUGH)).calls
    found: Counter[str] = Counter()
    for at in range(1, calls + 1):
        small.reset()
        assert small.writer.run(Order(at=at)).code is None
        found[small.kind()] += 1
        small.mend()
    assert found.keys() == {"old", "old, with litter", "mixed", "new, with litter", "new"}, found


def test_killed_while_it_completes_what_was_killed(small: Project) -> None:
    small.reset()
    calls = small.writer.run(Order(at=ENOUGH)).calls
    mixed = next(at for at in range(calls, 0, -1) if half_way(small, at))
    left = content(small.root)
    calls = small.runner.run(Order(at=ENOUGH)).calls
    for at in range(1, calls + 1):
        small.reset(left)
        assert small.runner.run(Order(at=at)).code is None, mixed
        small.kind()
        small.mend()


def half_way(made: Project, at: int) -> bool:
    made.reset()
    made.writer.run(Order(at=at))
    return made.kind() == "mixed" and content(made.root)["role.py"] == made.old["role.py"]


@pytest.mark.slow
def test_killed_a_hundred_times_at_random(large: Project) -> None:
    large.reset()
    start = time.perf_counter()
    large.writer.run(Order(after=60))  # it ends long before
    span = time.perf_counter() - start
    moments = random.Random(4)
    found: Counter[str] = Counter()
    for _ in range(100):
        large.reset()
        large.writer.run(Order(after=moments.uniform(0, span)))
        found[large.kind()] += 1
        large.mend()
    assert found["mixed"] >= 20, found
