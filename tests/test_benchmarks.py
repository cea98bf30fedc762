"""The benchmark's own arithmetic: pins, archives, what counts as a failure, and the table."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from benchmarks import packages, table, trial
from benchmarks.packages import Pin
from benchmarks.trial import Reported, Run, Tally, Trial

REQUIREMENTS = Path(packages.__file__).with_name("packages.txt").read_text(encoding="utf-8")


def test_what_is_pinned_is_enough_and_each_once() -> None:
    pins = packages.read_pins(REQUIREMENTS)
    assert len(pins) >= 25
    assert len({pin.name for pin in pins}) == len(pins)


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        pytest.param("", (), id="empty"),
        pytest.param(
            "a==1\nb==2.0.post1\n", (Pin("a", "1"), Pin("b", "2.0.post1")), id="pins in their order"
        ),
        pytest.param("Foo_Bar.baz==1", (Pin("foo-bar-baz", "1"),), id="names in normal form"),
        pytest.param("# why\na==1  # because\n\n", (Pin("a", "1"),), id="comments and empty lines"),
        pytest.param("--no-binary a\na==1", (Pin("a", "1"),), id="options"),
    ],
)
def test_pins_are_read(text: str, pins: tuple[Pin, ...]) -> None:
    assert packages.read_pins(text) == pins


@pytest.mark.parametrize(
    "line", [pytest.param(line, id=line) for line in ("a", "a>=1", "a==1.*", "a==1; extra == 'b'")]
)
def test_what_is_no_exact_pin_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="not an exact pin"):
        packages.read_pins(line)


@pytest.mark.parametrize(
    ("name", "pin"),
    [
        pytest.param("aws_sam_cli-1.170.0-py3-none-any.whl", Pin("aws-sam-cli", "1.170.0"), id="wheel"),
        pytest.param("a-1-1-py3-none-any.whl", Pin("a", "1"), id="wheel with a build number"),
        pytest.param("dagster_aws-0.29.27.tar.gz", Pin("dagster-aws", "0.29.27"), id="source archive"),
        pytest.param("aws-orgs-0.3.4.tar.gz", Pin("aws-orgs", "0.3.4"), id="source archive of an old name"),
        pytest.param("notes.txt", None, id="another file"),
    ],
)
def test_an_archive_says_what_it_holds(name: str, pin: Pin | None) -> None:
    assert packages.pin_of(Path(name)) == pin


def _wheel(path: Path, source: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(source, "pkg/mod.py")


def _source_archive(path: Path, source: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(source, "pkg-1/pkg/mod.py")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param("pkg-1-py3-none-any.whl", _wheel, id="wheel"),
        pytest.param("pkg-1.tar.gz", _source_archive, id="source archive"),
    ],
)
def test_archives_are_unpacked_once(tmp_path: Path, name: str, make: Callable[[Path, Path], None]) -> None:
    source = tmp_path / "mod.py"
    source.write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "archives").mkdir()
    make(tmp_path / "archives" / name, source)
    for _ in range(2):
        (package,) = packages.fetch(Path("never read"), tmp_path, [Pin("pkg", "1")])
        assert (package.sources / "pkg/mod.py").read_text(encoding="utf-8") == "x = 1\n"


def finding(status: Literal["fixed", "skipped", "failed"] = "fixed", reason: str | None = None) -> Reported:
    return {"code": "BSF101", "filename": "a.py", "status": status, "reason": reason}


@pytest.mark.parametrize(
    ("report", "tally"),
    [
        pytest.param([], Tally(), id="nothing"),
        pytest.param([finding(), finding()], Tally(findings=2, fixed=2), id="fixed"),
        pytest.param(
            [finding("skipped", "cached-client"), finding("skipped", "a"), finding("skipped", "a")],
            Tally(findings=3, skipped={"a": 2, "cached-client": 1}),
            id="skipped, by reason",
        ),
        pytest.param([finding("skipped", "unsafe")], Tally(findings=1, unsafe=1), id="unsafe"),
        pytest.param([finding("failed", "a bug")], Tally(findings=1, failed=1), id="failed"),
        pytest.param(
            [finding("skipped")], Tally(findings=1, skipped={"no reason": 1}), id="skipped without a word"
        ),
    ],
)
def test_findings_are_counted_by_their_end(report: list[Reported], tally: Tally) -> None:
    assert trial.tally_of(report) == tally


def done(status: int = 0, output: str = "", *errors: str) -> Run:
    return Run(status, output, errors, 0.0)


@pytest.mark.parametrize(
    ("run", "failures"),
    [
        pytest.param(done(0), [], id="clean"),
        pytest.param(done(1), [], id="findings"),
        pytest.param(done(2, "", "error: a.py: cannot be parsed"), [], id="a file that is not Python"),
        pytest.param(done(2), ["check: exit 2 without a message"], id="an error without a word"),
        pytest.param(done(-9), ["check: exit -9"], id="killed"),
        pytest.param(
            done(2, "", "Traceback (most recent call last):"),
            ["check: Traceback (most recent call last):"],
            id="crash",
        ),
        pytest.param(
            done(2, "", "error: a.py: internal error, please report it"),
            ["check: error: a.py: internal error, please report it"],
            id="a bug in one file",
        ),
    ],
)
def test_how_a_command_may_end(run: Run, failures: list[str]) -> None:
    assert trial.complaints({"check": run}) == failures


@pytest.mark.parametrize(
    ("tally", "found", "failures"),
    [
        pytest.param(Tally(findings=2, fixed=1, skipped={"a": 1}), 2, [], id="each has its end"),
        pytest.param(Tally(findings=1, fixed=1), 2, ["check found 2, fix reported 1"], id="one is lost"),
        pytest.param(Tally(findings=2, fixed=1), 2, ["2 findings, but 1 ends"], id="one has no end"),
        pytest.param(Tally(findings=1, failed=1), 1, ["1 findings failed"], id="one failed"),
        pytest.param(
            Tally(findings=1, skipped={"no reason": 1}),
            1,
            ["1 findings skipped without a reason"],
            id="no reason",
        ),
    ],
)
def test_no_finding_is_lost(tally: Tally, found: int, failures: list[str]) -> None:
    assert trial.balance(tally, done(1, json.dumps([{}] * found))) == failures


@pytest.mark.parametrize(
    ("before", "after", "failures"),
    [
        pytest.param({"a.py": b"x = 1\n"}, {"a.py": b"x = 2\n"}, [], id="still compiles"),
        pytest.param({"a.py": b"x = 1\n"}, {"a.py": b"x = \n"}, ["a.py: no longer compiles"], id="no longer"),
        pytest.param({"a.py": b"print 1\n"}, {"a.py": b"print 2\n"}, [], id="never did"),
        pytest.param({}, {"a.tmp": b""}, ["a.tmp: left behind"], id="a file is left behind"),
        pytest.param({"a.py": b""}, {}, ["a.py: gone"], id="a file is gone"),
    ],
)
def test_what_fix_may_not_do(
    before: Mapping[str, bytes], after: Mapping[str, bytes], failures: list[str]
) -> None:
    assert trial.uncompilable(_tree(before), _tree(after)) == failures


def test_a_second_fix_changes_nothing() -> None:
    once, twice = _tree({"a.py": b"1", "b.py": b"1"}), _tree({"a.py": b"1", "b.py": b"2"})
    assert trial.unstable(once, once) == []
    assert trial.unstable(once, twice) == ["b.py: changed by a second fix"]


def test_diffs_are_for_people() -> None:
    before, after = (
        _tree({"a.py": "é = 1\nold".encode(), "b.py": b"same"}),
        _tree({"a.py": b"new\n", "b.py": b"same"}),
    )
    assert trial.diff(before, after) == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1 @@\n-é = 1\n-old\n\\ No newline at end of file\n+new\n"
    )


def _tree(files: Mapping[str, bytes]) -> dict[Path, bytes]:
    return {Path(name): data for name, data in files.items()}


def a_trial(name: str, **changes: Any) -> Trial:
    values: dict[str, Any] = {
        "pin": Pin(name, "1"),
        "files": 1000,
        "tally": Tally(findings=3, fixed=1, skipped={"a": 1, "b": 1}),
        "roles": Tally(findings=1, fixed=1),
        "changed": 1,
        "unreadable": (),
        "failures": (),
        "check_seconds": 0.25,
        "fix_seconds": 1.0,
        "diff": "",
    }
    return Trial(**values | changes)


def test_the_table_has_a_row_a_package_and_one_for_all() -> None:
    trials = [a_trial("one"), a_trial("two", tally=Tally(findings=2, skipped={"b": 2}), failures=("a bug",))]
    assert table.table(trials) == (
        "| package | files | findings | fixed | unsafe | skipped | why skipped | roles | rewritten | unsafe roles"
        " | why roles were skipped | unreadable | failures | check, s | fix, s |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| one 1 | 1,000 | 3 | 1 | 0 | 2 | a 1, b 1 | 1 | 1 | 0 |  | 0 | 0 | 0.2 | 1.0 |\n"
        "| two 1 | 1,000 | 2 | 0 | 0 | 2 | b 2 | 1 | 1 | 0 |  | 0 | 1 | 0.2 | 1.0 |\n"
        "| **all 2 packages** | **2,000** | **5** | **1** | **0** | **4** | **b 3, a 1** | **2** | **2** | **0**"
        " |  | **0** | **1** | **0.5** | **2.0** |"
    )


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        pytest.param(Tally(), "No role could be rewritten.", id="none"),
        pytest.param(
            Tally(findings=6, fixed=3, unsafe=1, skipped={"one-time-code": 1, "unclear-flow": 1}),
            "Of 4 assumed roles that can be rewritten, 3 are (75%).",
            id="codes and unsafe fixes do not count",
        ),
    ],
)
def test_the_share_is_of_the_roles_that_can_be_rewritten(roles: Tally, words: str) -> None:
    assert table.share(roles) == words


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        pytest.param([], ["a-b", "c"], id="all"),
        pytest.param(["c"], ["c"], id="one"),
        pytest.param(["A_b"], ["a-b"], id="in any spelling"),
    ],
)
def test_packages_are_chosen_by_name(names: list[str], chosen: list[str]) -> None:
    pins = (Pin("a-b", "1"), Pin("c", "2"))
    assert [pin.name for pin in packages.chosen(pins, names)] == chosen


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(ValueError, match="not pinned"):
        packages.chosen((Pin("a", "1"),), ["b"])
