"""The proof on real suites: what is read from suites.toml, how outcomes are compared, and one suite run for real."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import real_suites
from benchmarks.outcomes import Count, Outcomes, count, lost, read_outcomes
from benchmarks.packages import Pin, read_pins
from benchmarks.proof import Proof, run_tests
from benchmarks.suite import Suite, read_suites, requirements
from benchmarks.table import markdown
from benchmarks.trial import Tally
from session_first.config import read_toml


def test_the_pinned_suites_are_enough() -> None:
    assert len(read_suites(read_toml(real_suites.SUITES))) >= 10


def test_a_suite_is_read() -> None:
    document = {
        "Some_Package": {
            "version": "1.0",
            "requirements": ["moto[s3,sts]==5.1", "pytest==9.0"],
            "pytest": ["tests", "-x"],
            "environment": {"A": "1"},
        },
        "another": {"version": "2"},
    }
    assert read_suites(document) == (
        Suite(Pin("some-package", "1.0"), ("moto[s3,sts]==5.1", "pytest==9.0"), ("tests", "-x"), {"A": "1"}),
        Suite(Pin("another", "2")),
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param("1.0", "a: no version", id="no table"),
        pytest.param({"requirements": []}, "a: no version", id="no version"),
        pytest.param({"version": "1", "tests": []}, "a: unknown: tests", id="unknown key"),
        pytest.param(
            {"version": "1", "requirements": ["moto>=5"]}, "a: not an exact pin: moto>=5", id="not pinned"
        ),
        pytest.param({"version": "1", "pytest": "tests"}, "a: pytest: not a list of strings", id="no list"),
        pytest.param(
            {"version": "1", "environment": {"A": 1}}, "a: environment: not a list of strings", id="a number"
        ),
        pytest.param(
            {"version": "1", "environment": ["A"]}, "a: environment: not a table", id="no variables"
        ),
    ],
)
def test_a_slip_in_the_list_is_an_error(table: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_suites({"a": table})


def test_source_archives_are_asked_for() -> None:
    asked = requirements([Suite(Pin("a-b", "1")), Suite(Pin("c", "2"))])
    assert asked == "--no-binary a-b\na-b==1\n--no-binary c\nc==2\n"
    assert read_pins(asked) == (Pin("a-b", "1"), Pin("c", "2"))


@pytest.mark.parametrize(
    ("cases", "outcomes"),
    [
        pytest.param('<testcase classname="t" name="a"/>', {"t::a": "passed"}, id="passed"),
        pytest.param(
            '<testcase classname="t" name="a"><failure/></testcase>', {"t::a": "failed"}, id="failed"
        ),
        pytest.param(
            '<testcase classname="t" name="a"><error/></testcase>',
            {"t::a": "failed"},
            id="error in a fixture",
        ),
        pytest.param(
            '<testcase classname="" name="t"><error/></testcase>', {"::t": "failed"}, id="not collected"
        ),
        pytest.param(
            '<testcase classname="t" name="a"><skipped/></testcase>', {"t::a": "skipped"}, id="skipped"
        ),
        pytest.param(
            '<testcase classname="t" name="a"><failure/></testcase><testcase classname="t" name="a"/>',
            {"t::a": "failed"},
            id="of two with one name the worse",
        ),
    ],
)
def test_outcomes_are_read(cases: str, outcomes: Outcomes) -> None:
    assert read_outcomes(f"<testsuites><testsuite>{cases}</testsuite></testsuites>") == outcomes


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        pytest.param({"a": "passed"}, {"a": "passed"}, (), id="still passes"),
        pytest.param({"a": "passed"}, {"a": "failed"}, ("a: failed",), id="fails"),
        pytest.param({"a": "passed"}, {"a": "skipped"}, ("a: skipped",), id="is skipped"),
        pytest.param({"a": "passed"}, {}, ("a: not run",), id="is not run"),
        pytest.param({"a": "failed", "b": "skipped"}, {}, (), id="never passed"),
        pytest.param({}, {"a": "failed"}, (), id="comes in"),
    ],
)
def test_which_tests_are_lost(before: Outcomes, after: Outcomes, names: tuple[str, ...]) -> None:
    assert lost(before, after) == names


def test_a_suite_runs_as_it_is_listed(tmp_path: Path) -> None:
    tree = tmp_path / "pkg"
    tree.mkdir()
    (tree / "test_pkg.py").write_text(
        "import os\n"
        "import pytest\n"
        "def test_passes(): assert os.environ['MODE'] == 'test'\n"
        "def test_is_nobody(): assert os.environ['AWS_ACCESS_KEY_ID'] == 'testing'\n"
        "@pytest.mark.parametrize('home', [os.environ['HOME']])\n"
        "def test_is_at_home(home): os.mkdir(os.path.join(home, '.aws'))\n"
        "def test_fails(): assert 'AWS_PROFILE' in os.environ\n"
        "def test_is_skipped(): pytest.skip()\n"
        "def test_is_left_out(): assert False\n",
        encoding="utf-8",
    )
    suite = Suite(Pin("pkg", "1"), arguments=("-k", "not left_out"), environment={"MODE": "test"})
    outcomes = run_tests(Path(sys.executable), tree, suite, tmp_path / "before")
    assert count(outcomes) == Count(passed=3, failed=1, skipped=1)
    assert "1 failed, 3 passed, 1 skipped" in (tmp_path / "before.txt").read_text(encoding="utf-8")
    assert run_tests(Path(sys.executable), tree, suite, tmp_path / "after") == outcomes


def test_a_suite_that_does_not_start_has_no_outcomes(tmp_path: Path) -> None:
    tree = tmp_path / "pkg"
    tree.mkdir()
    suite = Suite(Pin("pkg", "1"), arguments=("--no-such-option",))
    assert run_tests(Path(sys.executable), tree, suite, tmp_path / "before") == {}


def test_the_table_compares() -> None:
    proofs = [
        Proof(Pin("a", "1"), Count(2, 0, 1), Count(2, 0, 1), (), Tally(findings=1, fixed=1), ()),
        Proof(
            Pin("b", "2"),
            Count(1000, 1, 0),
            Count(999, 2, 0),
            ("t::x: failed",),
            Tally(findings=3, unsafe=1, skipped={"fixed-signature": 2}),
            (),
        ),
    ]
    assert markdown(proofs, real_suites.together(proofs), real_suites.COLUMNS) == (
        "| package | tests before | tests after | the same pass | findings | fixed | unsafe | skipped | why skipped |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| a 1 | 2 / 0 / 1 | 2 / 0 / 1 | yes | 1 | 1 | 0 | 0 |  |\n"
        "| b 2 | 1,000 / 1 / 0 | 999 / 2 / 0 | no | 3 | 0 | 1 | 2 | fixed-signature 2 |\n"
        "| **all 2 packages** | **1,002 / 1 / 1** | **1,001 / 2 / 1** | **no** | **4** | **1** | **1** | **2** |"
        " **fixed-signature 2** |"
    )
