"""What a fix imports is declared along with it: shown, guarded, and written whole or not at all."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from session_first import cli
from session_first.config import Settings
from session_first.model import (
    AddImport,
    AddSessionParameter,
    Applicability,
    Fix,
    Plan,
    Position,
    Resolution,
    Status,
)
from session_first.pipeline.check import Checked, Track, check
from session_first.pipeline.fix import fix, write
from session_first.pipeline.workers import Workers
from tests import tool

CODE = 'import boto3\n\n\ndef f():\n    return boto3.client("s3")\n'
NOWHERE = AddSessionParameter(Position(999, 0), "session")
NEEDED = "aws-assume-role-lib>=2.10"


def importing(found: Checked, applicability: Applicability = Applicability.SAFE) -> Checked:
    """`found` with fixes that import the library as well."""
    resolutions = []
    for resolution in found.plan.resolutions:
        outcome = resolution.outcome
        assert isinstance(outcome, Fix)
        edit = (resolution.finding.location.path, AddImport("aws_assume_role_lib"))
        outcome = replace(outcome, applicability=applicability, edits=(*outcome.edits, edit))
        resolutions.append(Resolution(resolution.finding, outcome))
    return replace(found, plan=Plan(tuple(resolutions)))


def write_tree(root: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two files with a finding each, and what they are installed with."""
    write_tree(
        tmp_path, {"pyproject.toml": "", "a.py": CODE, "pkg/b.py": CODE, "requirements.txt": "boto3\n"}
    )
    return tmp_path


def test_the_requirement_is_a_change_like_others(project: Path) -> None:
    fixed = fix(importing(check([project], Settings())), unsafe=False)
    assert [change.path.name for change in fixed.changes] == ["a.py", "b.py", "requirements.txt"]
    assert fixed.declaring == {project / "requirements.txt"}
    assert fixed.advice == ()
    assert (project / "requirements.txt").read_text() == "boto3\n"
    assert write(fixed) == fixed
    assert (project / "requirements.txt").read_text() == f"{NEEDED}\nboto3\n"


def test_a_single_file_that_is_given(project: Path) -> None:
    fixed = fix(importing(check([project / "pkg/b.py"], Settings())), unsafe=False)
    assert [change.path.name for change in fixed.changes] == ["b.py", "requirements.txt"]


def test_no_import_no_requirement(project: Path) -> None:
    fixed = fix(check([project], Settings()), unsafe=False)
    assert [change.path.name for change in fixed.changes] == ["a.py", "b.py"]


def test_an_unsafe_fix_that_is_not_made_declares_nothing(project: Path) -> None:
    found = importing(check([project], Settings()), Applicability.UNSAFE)
    assert fix(found, unsafe=False).changes == ()
    assert fix(found, unsafe=True).declaring == {project / "requirements.txt"}


def test_a_fix_that_fails_declares_nothing(project: Path) -> None:
    found = importing(check([project / "a.py"], Settings()))
    (resolution,) = found.plan.resolutions
    assert isinstance(resolution.outcome, Fix)
    bad = replace(resolution.outcome, edits=(*resolution.outcome.edits, (project / "a.py", NOWHERE)))
    fixed = fix(replace(found, plan=Plan((Resolution(resolution.finding, bad),))), unsafe=False)
    assert (fixed.changes, fixed.declaring) == ((), frozenset())


def test_a_requirement_that_cannot_be_written_holds_the_code_back(project: Path) -> None:
    fixed = fix(importing(check([project], Settings())), unsafe=False)
    (project / "requirements.txt").write_text("boto3\nclick\n")
    written = write(fixed)
    assert written.changes == ()
    assert {item.status for item in written.settled} == {Status.FAILED}
    assert (project / "a.py").read_text() == CODE


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture
def _imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fix of the command imports the library as well."""

    def checked(
        paths: Sequence[Path], settings: Settings, *, unsafe: bool = False, workers: Workers, track: Track
    ) -> Checked:
        return importing(check(paths, settings, unsafe=unsafe, workers=workers, track=track))

    monkeypatch.setattr(cli, "check", checked)


@pytest.mark.usefixtures("_imports")
def test_the_command_writes_it(project: Path) -> None:
    printed = tool.run(project, "fix", "a.py")
    assert printed.exit_code == 0
    assert printed.stdout == f"a.py: fixed 1 finding\nrequirements.txt: added {NEEDED}\n"
    assert (project / "requirements.txt").read_text() == f"{NEEDED}\nboto3\n"
    assert tool.run(project, "fix", "pkg").stdout == "pkg/b.py: fixed 1 finding\n"


@pytest.mark.usefixtures("_imports")
def test_the_diff_shows_it(project: Path) -> None:
    printed = tool.run(project, "fix", "--diff", "a.py")
    assert printed.stdout.endswith(
        f"--- a/requirements.txt\n+++ b/requirements.txt\n@@ -1 +1,2 @@\n+{NEEDED}\n boto3\n"
    )
    assert (project / "requirements.txt").read_text() == "boto3\n"


@pytest.mark.usefixtures("_imports")
def test_it_can_be_left_alone(project: Path) -> None:
    printed = tool.run(project, "fix", "--no-add-dependency")
    assert printed.stdout == "a.py: fixed 1 finding\npkg/b.py: fixed 1 finding\n"
    assert printed.stderr.endswith(f"to do: {NEEDED} is needed by 2 files\n")
    assert (project / "requirements.txt").read_text() == "boto3\n"


@pytest.mark.usefixtures("_imports")
def test_what_is_left_to_people_is_told(project: Path) -> None:
    (project / "requirements.txt").unlink()
    (project / "setup.py").write_text('setup(install_requires=["boto3"])\n')
    printed = tool.run(project, "fix", "a.py")
    assert printed.exit_code == 0
    assert printed.stderr.endswith(
        f"to do: setup.py: add {NEEDED} to install_requires; a program is not edited\n"
    )


@pytest.mark.usefixtures("_imports")
def test_unsaved_work_in_it_is_guarded(project: Path) -> None:
    for command in (["init"], ["add", "a.py", "pkg", "pyproject.toml"]):
        subprocess.run(["git", *command], cwd=project, check=True, capture_output=True)
    printed = tool.run(project, "fix", "a.py")
    assert printed.exit_code == 2
    assert "requirements.txt: untracked" in printed.stderr
    assert (project / "a.py").read_text() == CODE
    assert tool.run(project, "fix", "--allow-dirty", "a.py").exit_code == 0
