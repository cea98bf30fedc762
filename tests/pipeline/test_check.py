"""A check sees the whole project, reads what can matter, and parses no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from session_first.config import Settings
from session_first.model import Applicability, Fix, Position, Skip
from session_first.pipeline.check import Checked, check
from session_first.pipeline.workers import Workers

GREET = """\
import boto3


def greet(name):
    name = name.strip()
    return boto3.client("s3").get_object(Bucket=name)
"""
BROKEN = "import boto3; boto3.client('s3'); boto3.setup_default_session()\ndef broken(:\n"
PATCH = 'from unittest.mock import patch\n\n@patch("{}")\ndef test_it(mock): ...\n'


def make(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(content)
    return root


def outcomes(checked: Checked) -> list[str]:
    """How each finding ends: `fill` and `inline` are the two forms of a safe fix."""
    found = []
    for resolution in checked.plan.resolutions:
        outcome = resolution.outcome
        if isinstance(outcome, Skip):
            found.append(outcome.reason.value)
        elif outcome.applicability is Applicability.UNSAFE:
            found.append("unsafe")
        else:
            found.append(
                "fill" if any(type(edit).__name__ == "FillSession" for _, edit in outcome.edits) else "inline"
            )
    return found


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        pytest.param({}, "fill", id="nothing around it"),
        pytest.param(
            {"tests/test_a.py": PATCH.format("boto3.client")},
            "inline",
            id="a test that replaces boto3.client",
        ),
        pytest.param(
            {"other/b.py": "import boto3\n\ndef f():\n    boto3.setup_default_session()\n"},
            "inline",
            id="code that sets the default session",
        ),
        pytest.param(
            {"other/b.py": "from aws import setup_default_session\n\nsetup_default_session()\n"},
            "inline",
            id="the same without naming boto3",
        ),
        pytest.param(
            {"tests/test_a.py": "import boto3\nboto3.setup_default_session()\n"},
            "fill",
            id="a test that sets it",
        ),
        pytest.param({"other/b.py": "def broken(:\n"}, "fill", id="a broken file that says nothing of boto3"),
    ],
)
def test_what_is_around_the_given_files_counts(tmp_path: Path, around: dict[str, str], expected: str) -> None:
    make(tmp_path, {"setup.cfg": "", "pkg/a.py": GREET, **around})
    for paths in (["pkg"], ["."], ["pkg/a.py"]):
        checked = check([tmp_path / path for path in paths], Settings())
        assert (outcomes(checked), checked.failed, checked.warnings) == ([expected], (), ())


METHOD = """\
import boto3


class Store:
    def load(self, key):
        key = key.strip()
        return boto3.client("s3").get_object(Key=key)
"""
OVERRIDE = "from pkg.a import Store\n\n\nclass Other(Store):\n    def load(self, key):\n        return key\n"


def test_an_override_that_does_not_name_boto3_is_edited_too(tmp_path: Path) -> None:
    make(tmp_path, {"setup.cfg": "", "pkg/__init__.py": "", "pkg/a.py": METHOD, "pkg/b.py": OVERRIDE})
    (resolution,) = check([tmp_path], Settings()).plan.resolutions
    assert isinstance(resolution.outcome, Fix)
    assert {path.name for path, _ in resolution.outcome.edits} == {"a.py", "b.py"}


def test_an_override_outside_the_given_paths_is_in_the_way(tmp_path: Path) -> None:
    make(tmp_path, {"setup.cfg": "", "pkg/__init__.py": "", "pkg/a.py": METHOD, "pkg/b.py": OVERRIDE})
    assert outcomes(check([tmp_path / "pkg/a.py"], Settings())) == ["needs-edit-outside-paths"]


def test_a_decorator_made_in_a_file_that_does_not_name_boto3(tmp_path: Path) -> None:
    route = '\nfrom pkg.web import app\n\n\n@app.get("/")\n'
    files = {
        "setup.cfg": "",
        "pkg/__init__.py": "",
        "pkg/web.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
        "pkg/a.py": "import boto3\n" + route + "def read():\n    return boto3.client('s3').list_buckets()\n",
    }
    assert outcomes(check([make(tmp_path, files)], Settings())) == ["framework-signature"]


def test_a_broken_file_around_the_given_ones_is_a_warning(tmp_path: Path) -> None:
    make(tmp_path, {"setup.cfg": "", "pkg/a.py": GREET, "other/b.py": BROKEN})
    checked = check([tmp_path / "pkg"], Settings())
    assert checked.failed == ()
    assert [(failed.path.name, failed.position) for failed in checked.warnings] == [("b.py", Position(2, 11))]


def test_nothing_around_the_given_files_is_read_where_they_are_clean(tmp_path: Path) -> None:
    make(
        tmp_path,
        {"setup.cfg": "", "pkg/a.py": "import boto3\n", "other/b.py": BROKEN},
    )
    checked = check([tmp_path / "pkg"], Settings())
    assert (checked.failed, checked.warnings) == ((), ())


def test_a_broken_file_that_does_not_name_boto3_is_no_failure_whatever_it_overrides(tmp_path: Path) -> None:
    make(tmp_path, {"setup.cfg": "", "pkg/a.py": METHOD, "pkg/b.py": OVERRIDE + "def broken(:\n"})
    checked = check([tmp_path], Settings())
    assert checked.failed == ()
    assert [failed.path.name for failed in checked.warnings] == ["b.py"]


def test_tests_are_read_but_have_no_findings(tmp_path: Path) -> None:
    make(tmp_path, {"setup.cfg": "", "tests/a.py": GREET, "pkg/test_b.py": GREET})
    assert check([tmp_path], Settings()).plan.resolutions == ()


def test_findings_come_in_the_order_of_path_and_place(tmp_path: Path) -> None:
    two = GREET + "\n\ndef more():\n    return boto3.client('sns')\n"
    make(tmp_path, {"setup.cfg": "", "b.py": GREET, "a/c.py": two, "a.py": GREET})
    places = [
        (str(finding.location.path.relative_to(tmp_path)), finding.location.position.line)
        for finding in (resolution.finding for resolution in check([tmp_path], Settings()).plan.resolutions)
    ]
    assert places == [("a/c.py", 6), ("a/c.py", 10), ("a.py", 6), ("b.py", 6)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_processes_make_no_difference(tmp_path: Path, jobs: int) -> None:
    make(
        tmp_path,
        {"setup.cfg": "", **{f"a{n}.py": GREET for n in range(9)}, "bad.py": BROKEN},
    )
    here = check([tmp_path], Settings())
    assert check([tmp_path], Settings(), workers=Workers(jobs=jobs)) == here
    with ThreadPoolExecutor(2) as executor:
        assert check([tmp_path], Settings(), workers=Workers(executor)) == here


def test_the_stages_can_be_watched(tmp_path: Path) -> None:
    make(tmp_path, {"setup.cfg": "", "a.py": GREET, "b.py": "x = 1\n"})
    seen: list[tuple[str, int]] = []

    def track(items, label, total):  # type: ignore[no-untyped-def]
        seen.append((label, total))
        yield from items

    check([tmp_path], Settings(), track=track)
    assert seen[:2] == [("Reading", 2), ("Analysing", 1)]


THREADS = {
    "setup.cfg": "",
    "pkg/__init__.py": "",
    "pkg/greet.py": GREET,
    "pkg/middle.py": "from .steps import step\n\n\ndef work(name):\n    step(name)\n",
    "pkg/steps.py": "from .greet import greet\n\n\ndef step(name):\n    greet(name)\n",
    "pkg/start.py": "from threading import Thread\n\nfrom pkg import middle\n\nThread(target=middle.work).start()\n",
}
"""A thread, and files between it and a site, none of which names boto3."""


@pytest.mark.parametrize(
    ("without", "given", "expected"),
    [
        pytest.param("", ".", ["BSF101 6", "BSF105 6"], id="with all between them"),
        pytest.param("", "pkg/greet.py", ["BSF101 6", "BSF105 6"], id="outside the given paths"),
        pytest.param("pkg/steps.py", ".", ["BSF101 6"], id="with a step missing"),
        pytest.param("", "pkg/start.py", [], id="the thread's file alone"),
    ],
)
def test_a_thread_that_files_without_boto3_lead_from(
    tmp_path: Path, without: str, given: str, expected: list[str]
) -> None:
    make(tmp_path, {name: text for name, text in THREADS.items() if name != without})
    plan = check([tmp_path / given], Settings()).plan
    assert [f"{r.finding.code} {r.finding.location.position.line}" for r in plan.resolutions] == expected
