"""The hooks as their users get them: the real pre-commit installs this repository and runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FINDING = """\
import boto3


def greet(name):
    return boto3.client("s3").get_object(Bucket=name)
"""
CLEAN = """\
import boto3


def greet(name, session=None):
    return (session or boto3).client("s3").get_object(Bucket=name)
"""
FIXED = """\
import boto3


def greet(name, session=None):
    if not session:
        session = boto3._get_default_session()
    return session.client("s3").get_object(Bucket=name)
"""
CONFIGURATION = """\
repos:
  - repo: {source}
    rev: {revision}
    hooks:
      - id: session-first
      - id: session-first-fix
"""


@dataclass(frozen=True)
class Repository:
    """A git repository in which pre-commit can be run."""

    folder: Path
    home: Path

    def git(self, *arguments: str) -> str:
        return self._run("git", "-c", "user.name=test", "-c", "user.email=test@example.com", *arguments)[1]

    def pre_commit(self, *arguments: str) -> tuple[int, str]:
        return self._run(sys.executable, "-m", "pre_commit", "run", "--color=never", *arguments)

    def write(self, **files: str) -> None:
        for name, content in files.items():
            (self.folder / f"{name}.py").write_text(content)

    def read(self, name: str) -> str:
        return (self.folder / f"{name}.py").read_text()

    def _run(self, *command: str) -> tuple[int, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**environment, "PRE_COMMIT_HOME": str(self.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=command[0] == "git",
        )
        return done.returncode, done.stdout


@pytest.fixture
def source(tmp_path: Path) -> Repository:
    """What of this repository an installation needs, as it is now, committed."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    repository = Repository(folder, tmp_path / "home")
    repository.git("init")
    repository.git("add", ".")
    repository.git("commit", "-m", "all")
    return repository


@pytest.fixture
def repository(source: Repository, tmp_path: Path) -> Repository:
    """A project that uses the hooks, with nothing in it yet."""
    folder = tmp_path / "project"
    folder.mkdir()
    repository = Repository(folder, tmp_path / "home")
    repository.git("init")
    configuration = CONFIGURATION.format(
        source=source.folder, revision=source.git("rev-parse", "HEAD").strip()
    )
    (folder / ".pre-commit-config.yaml").write_text(configuration)
    repository.git("add", ".")
    return repository


@pytest.mark.slow
def test_the_hooks(repository: Repository) -> None:
    repository.write(clean=CLEAN)
    repository.git("add", "clean.py")
    code, output = repository.pre_commit()
    assert code == 0, output
    assert re.search(r"^session-first\.+Passed$", output, re.MULTILINE)
    assert "fix" not in output, "it is run by hand only"

    repository.write(one=FINDING, two=FINDING)
    repository.git("add", "one.py")
    code, output = repository.pre_commit()
    assert code == 1
    assert "one.py:5:12: BSF101 " in output
    assert "two.py" not in output, "a file that is not committed is not looked at"

    repository.git("add", "two.py")
    code, output = repository.pre_commit("--hook-stage", "manual", "session-first-fix")
    assert code == 1
    assert "- files were modified by this hook" in output
    assert "one.py: fixed 1 finding" in output
    assert (repository.read("one"), repository.read("two"), repository.read("clean")) == (FIXED, FIXED, CLEAN)

    repository.git("add", ".")
    assert repository.pre_commit()[0] == 0
    assert repository.pre_commit("--hook-stage", "manual", "session-first-fix")[0] == 0

    repository.write(three=FINDING)
    repository.git("add", "three.py")
    repository.write(three=FINDING + "# mine\n")
    code, output = repository.pre_commit(
        "--hook-stage", "manual", "--files", "three.py", "--", "session-first-fix"
    )
    assert code == 1
    assert "nothing written: commit or stash these files first" in output
    assert repository.read("three") == FINDING + "# mine\n"
