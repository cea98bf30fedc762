"""The command line as scripts know it: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from session_first import __version__

COMMAND = (sys.executable, "-m", "session_first")

GREET = """\
import boto3


def greet(table_name, user_id):
    ddb = boto3.resource("dynamodb")
    return ddb.Table(table_name).get_item(Key={"id": user_id})
"""
GREETED = """\
import boto3


def greet(table_name, user_id, session=None):
    if not session:
        session = boto3._get_default_session()
    ddb = session.resource("dynamodb")
    return ddb.Table(table_name).get_item(Key={"id": user_id})
"""
CLEAN = """\
import boto3


def greet(table_name, session=None):
    return (session or boto3).resource("dynamodb").Table(table_name)
"""
UNSAFE = """\
import boto3


def copy(session: boto3.Session):
    return boto3.client("s3")
"""
SKIPPED = """\
import boto3


class Store:
    @property
    def table(self):
        return boto3.resource("dynamodb").Table("t")
"""
PATCHED = """\
from unittest.mock import patch


@patch("boto3.resource")
def test_it(resource): ...
"""
USES = 'import boto3; boto3.client("s3"); boto3.setup_default_session()\n'
"""What makes a file worth parsing, whether it is given or around what is given."""
BROKEN = USES + "\ndef broken(:\n"


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


def run(folder: Path, *arguments: str, **environment: str) -> Ended:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    assert "Traceback" not in err, err
    return Ended(done.returncode, out, err)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder that is a project of its own."""
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(content)


def places(out: str) -> list[str]:
    """`path:line:column: code` of each line."""
    return [" ".join(line.split(" ")[:2]) for line in out.splitlines()]


# --- check ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "code", "found", "summary"),
    [
        pytest.param({}, 0, [], "No findings in 0 files.", id="nothing"),
        pytest.param({"a": CLEAN, "b": "x = 1\n"}, 0, [], "No findings in 2 files.", id="clean"),
        pytest.param(
            {"a": GREET},
            1,
            ["a.py:5:11: BSF101"],
            "Found 1 finding (1 fixable with session-first fix).",
            id="a finding",
        ),
        pytest.param(
            {"pkg__b": GREET, "a": SKIPPED, "c": UNSAFE},
            1,
            ["a.py:7:16: BSF101", "c.py:5:12: BSF102", "pkg/b.py:5:11: BSF101"],
            "Found 3 findings (1 fixable with session-first fix, 1 with --unsafe-fixes, 1 skipped).",
            id="one of each kind",
        ),
    ],
)
def test_check(project: Path, files: dict[str, str], code: int, found: list[str], summary: str) -> None:
    write(project, **files)
    ended = run(project, "check")
    assert (ended.code, places(ended.out), ended.err) == (code, found, f"{summary}\n")


def test_a_finding_is_one_line_for_people(project: Path) -> None:
    write(project, a=GREET)
    (line,) = run(project, "check").out.splitlines()
    assert re.fullmatch(r"a\.py:5:11: BSF101 boto3\.resource\('dynamodb'\) .+", line)


def test_columns_count_letters_from_one(project: Path) -> None:
    write(project, a='import boto3\n\ndef f():\n    "é"; boto3.client("s3")\n')
    assert places(run(project, "check").out) == ["a.py:4:10: BSF101"]


@pytest.mark.parametrize(
    ("folder", "argument", "shown"),
    [
        pytest.param(".", "pkg/a.py", "pkg/a.py", id="from above"),
        pytest.param("pkg", "a.py", "a.py", id="from its folder"),
        pytest.param("pkg", "..", "a.py", id="by a folder above"),
        pytest.param("other", "../pkg/a.py", "{root}/pkg/a.py", id="from elsewhere"),
        pytest.param(".", "{root}/pkg", "pkg/a.py", id="by an absolute path"),
    ],
)
def test_paths_are_shown_from_here(project: Path, folder: str, argument: str, shown: str) -> None:
    write(project, pkg__a=GREET, other__b=CLEAN)
    ended = run(project / folder, "check", argument.format(root=project))
    assert places(ended.out) == [f"{shown.format(root=project)}:5:11: BSF101"]


def test_a_file_that_is_named_need_not_be_called_py(project: Path) -> None:
    (project / "tool").write_text(GREET)
    assert run(project, "check").code == 0
    assert places(run(project, "check", "tool").out) == ["tool:5:11: BSF101"]


def test_a_file_named_twice_is_checked_once(project: Path) -> None:
    write(project, a=GREET)
    assert places(run(project, "check", "a.py", ".", "a.py").out) == ["a.py:5:11: BSF101"]


def test_json_has_the_keys_of_ruff_and_ours(project: Path) -> None:
    write(project, a=GREET, b=SKIPPED, c=UNSAFE)
    ended = run(project, "check", "--output-format", "json")
    assert ended.code == 1
    first, second, third = json.loads(ended.out)
    assert first == {
        "code": "BSF101",
        "name": "default-session-call",
        "message": first["message"],
        "filename": str(project / "a.py"),
        "location": {"row": 5, "column": 11},
        "end_location": {"row": 5, "column": 37},
        "function": "greet",
        "fix": {"applicability": "safe", "message": first["fix"]["message"]},
        "skip": None,
    }
    assert first["message"].startswith("boto3.resource('dynamodb')")
    assert second["function"] == "Store.table"
    assert (second["fix"], second["skip"]["reason"]) == (None, "fixed-signature")
    assert second["skip"]["detail"]
    assert (third["code"], third["fix"]["applicability"], third["skip"]) == ("BSF102", "unsafe", None)


def test_json_of_nothing_is_an_empty_list(project: Path) -> None:
    ended = run(project, "check", "--output-format", "json")
    assert (ended.code, json.loads(ended.out)) == (0, [])


def test_a_finding_in_no_function_has_none(project: Path) -> None:
    write(project, a='import boto3\n\ns3 = boto3.client("s3")\n')
    (finding,) = json.loads(run(project, "check", "--select", "BSF104", "--output-format", "json").out)
    assert (finding["code"], finding["function"], finding["skip"]["reason"]) == ("BSF104", None, "no-fix")


# --- Settings -------------------------------------------------------------------------------------

EVERYTHING = {"a": GREET, "c": UNSAFE, "d": 'import boto3\n\ns3 = boto3.client("s3")\n'}


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        pytest.param([], {"BSF101", "BSF102"}, id="default"),
        pytest.param(["--select", "BSF101"], {"BSF101"}, id="select"),
        pytest.param(["--select", "BSF"], {"BSF101", "BSF102", "BSF104"}, id="select by prefix"),
        pytest.param(["--select", "BSF101,BSF104"], {"BSF101", "BSF104"}, id="select two"),
        pytest.param(["--select", "BSF101", "--select", "BSF104"], {"BSF101", "BSF104"}, id="select twice"),
        pytest.param(["--ignore", "BSF102"], {"BSF101"}, id="ignore"),
        pytest.param(["--extend-select", "BSF104"], {"BSF101", "BSF102", "BSF104"}, id="extend-select"),
        pytest.param(["--exclude", "c.py"], {"BSF101"}, id="exclude"),
        pytest.param(["--exclude", "a.py,c.py"], set(), id="exclude two"),
        pytest.param(["--jobs", "2"], {"BSF101", "BSF102"}, id="jobs"),
    ],
)
def test_what_is_checked(project: Path, arguments: list[str], codes: set[str]) -> None:
    write(project, **EVERYTHING)
    ended = run(project, "check", *arguments)
    assert {line.split(" ")[1] for line in ended.out.splitlines()} == codes
    assert ended.code == bool(codes)


@pytest.mark.parametrize(
    ("toml", "arguments", "codes"),
    [
        pytest.param('select = ["BSF104"]', [], {"BSF104"}, id="pyproject.toml is read"),
        pytest.param('select = ["BSF104"]', ["--select", "BSF101"], {"BSF101"}, id="a flag wins"),
        pytest.param(
            'ignore = ["BSF102"]', ["--extend-select", "BSF104"], {"BSF101", "BSF104"}, id="together"
        ),
        pytest.param('exclude = ["a.py", "d.py"]', [], {"BSF102"}, id="exclude"),
        pytest.param('tests = ["[acd].py"]', [], set(), id="tests"),
    ],
)
def test_settings_of_the_project(project: Path, toml: str, arguments: list[str], codes: set[str]) -> None:
    write(project, **EVERYTHING)
    (project / "pyproject.toml").write_text(f"[tool.session-first]\n{toml}\n")
    assert {line.split(" ")[1] for line in run(project, "check", *arguments).out.splitlines()} == codes


def test_the_form_is_a_setting(project: Path) -> None:
    write(project, a=GREET)
    (project / "pyproject.toml").write_text('[tool.session-first]\nform = "inline"\n')
    assert '+    ddb = (session or boto3).resource("dynamodb")' in run(project, "fix", "--diff").out


def test_settings_come_from_the_nearest_pyproject_upward(project: Path) -> None:
    write(project, pkg__deep__a=GREET)
    (project / "pyproject.toml").write_text('[tool.session-first]\nselect = ["BSF104"]\n')
    assert run(project / "pkg/deep", "check").code == 0
    assert run(project.parent, "check", str(project / "pkg/deep/a.py")).code == 0
    (project / "pkg/pyproject.toml").write_text("")
    assert run(project / "pkg/deep", "check").code == 1


def test_the_project_s_root_can_be_told(tmp_path: Path) -> None:
    write(tmp_path, pkg__setup="", pkg__a=GREET, tests__test_a=PATCHED)
    assert "if not session:" in run(tmp_path, "fix", "--diff", "pkg").out
    assert "(session or boto3)" in run(tmp_path, "fix", "--diff", "pkg", "--project-root", ".").out


@pytest.mark.parametrize(
    ("toml", "arguments", "error"),
    [
        pytest.param(
            'slect = ["BSF1"]',
            [],
            "pyproject.toml: tool.session-first.slect: unknown key; known are",
            id="key",
        ),
        pytest.param(
            "jobs = 0", [], "tool.session-first.jobs: must be a whole number from 1, not 0", id="value"
        ),
        pytest.param("jobs = ", [], "pyproject.toml: is not valid TOML", id="no TOML"),
        pytest.param("", ["--select", "E501"], "--select: 'E501' is no rule's code", id="unknown code"),
        pytest.param("", ["--ignore", "BSF1,X"], "--ignore: 'X' is no rule's code", id="one unknown of two"),
        pytest.param("", ["--exclude", "!"], "--exclude: not a pattern as in .gitignore", id="pattern"),
        pytest.param("", ["--jobs", "0"], "Invalid value for '--jobs'", id="jobs"),
        pytest.param("", ["--jobs", "many"], "Invalid value for '--jobs'", id="jobs in words"),
        pytest.param("", ["--output-format", "xml"], "Invalid value for '--output-format'", id="format"),
        pytest.param("", ["--colour"], "No such option", id="unknown option"),
        pytest.param("", ["nowhere"], "there is no file or folder 'nowhere'", id="a path that is not there"),
        pytest.param(
            "", ["a.py", "nowhere.py"], "there is no file or folder 'nowhere.py'", id="one of two paths"
        ),
        pytest.param("", ["--project-root", "nowhere"], "Invalid value for '--project-root'", id="root"),
    ],
)
@pytest.mark.parametrize("command", ["check", "fix"])
def test_bad_usage_ends_with_2(
    project: Path, command: str, toml: str, arguments: list[str], error: str
) -> None:
    write(project, a=GREET)
    if toml:
        (project / "pyproject.toml").write_text(f"[tool.session-first]\n{toml}\n")
    ended = run(project, command, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert error in ended.err
    assert (project / "a.py").read_text() == GREET


# --- fix ------------------------------------------------------------------------------------------


def test_fix_writes_the_safe_fixes(project: Path) -> None:
    write(project, a=GREET, b=CLEAN)
    ended = run(project, "fix")
    assert ended == Ended(0, "a.py: fixed 1 finding\n", "Fixed 1 finding in 1 file.\n")
    assert ((project / "a.py").read_text(), (project / "b.py").read_text()) == (GREETED, CLEAN)
    assert run(project, "check").code == 0
    assert run(project, "fix") == Ended(0, "", "Nothing to fix.\n")


def test_fix_tells_what_is_left_and_why(project: Path) -> None:
    write(project, a=GREET, b=SKIPPED, c=UNSAFE)
    ended = run(project, "fix")
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[0] == "a.py: fixed 1 finding"
    assert lines[1] == "Not fixed, fixed-signature (1):"
    assert lines[2].startswith("  b.py:7:16: BSF101 ")
    assert lines[3] == "Not fixed, unsafe (1); --unsafe-fixes would fix them:"
    assert lines[4].startswith("  c.py:5:12: BSF102 ")
    assert ended.err == "Fixed 1 finding in 1 file (2 skipped).\n"
    assert (project / "c.py").read_text() == UNSAFE


def test_unsafe_fixes_are_made_when_asked_for(project: Path) -> None:
    write(project, c=UNSAFE)
    assert run(project, "fix", "--unsafe-fixes") == Ended(
        0, "c.py: fixed 1 finding\n", "Fixed 1 finding in 1 file.\n"
    )
    assert 'return session.client("s3")' in (project / "c.py").read_text()


def test_only_given_files_are_written(project: Path) -> None:
    write(project, a=GREET, b=GREET)
    assert run(project, "fix", "a.py").out == "a.py: fixed 1 finding\n"
    assert (project / "b.py").read_text() == GREET


def test_the_whole_project_is_considered(project: Path) -> None:
    write(project, pkg__a=GREET, tests__test_a=PATCHED)
    run(project, "fix", "pkg")
    assert "(session or boto3).resource" in (project / "pkg/a.py").read_text()


def test_json_of_a_fix(project: Path) -> None:
    write(project, a=GREET, c=UNSAFE)
    ended = run(project, "fix", "--output-format", "json")
    assert [(item["status"], item["reason"]) for item in json.loads(ended.out)] == [
        ("fixed", None),
        ("skipped", "unsafe"),
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([], [("fixed", None), ("skipped", "fixed-signature"), ("skipped", "unsafe")], id="safe"),
        pytest.param(
            ["--unsafe-fixes"],
            [("fixed", None), ("skipped", "fixed-signature"), ("fixed", None)],
            id="unsafe",
        ),
        pytest.param(
            ["--diff"], [("fixed", None), ("skipped", "fixed-signature"), ("skipped", "unsafe")], id="diff"
        ),
    ],
)
def test_report(project: Path, arguments: list[str], expected: list[tuple[str, str | None]]) -> None:
    write(project, a=GREET, b=SKIPPED, c=UNSAFE)
    assert run(project, "fix", "--report", "report.json", *arguments).code == 1
    report: list[dict[str, Any]] = json.loads((project / "report.json").read_text())
    assert [(item["status"], item["reason"]) for item in report] == expected
    assert set(report[0]) == {
        "code", "name", "message", "filename", "location", "end_location", "function", "fix", "skip",
        "status", "reason", "detail",
    }  # fmt: skip


@pytest.mark.parametrize("place", ["nowhere/report.json", "."])
def test_a_report_that_cannot_be_written_is_told_before_anything_is(project: Path, place: str) -> None:
    write(project, a=GREET)
    ended = run(project, "fix", "--report", place)
    assert (ended.code, ended.out) == (2, "")
    assert "--report" in ended.err
    assert (project / "a.py").read_text() == GREET


# --- fix --diff -----------------------------------------------------------------------------------

ODD = {
    "plain": GREET.encode(),
    "crlf": GREET.replace("\n", "\r\n").encode(),
    "old macintosh line in a string": GREET.replace('"id"', '"""i\rd"""').encode(),
    "no last newline": GREET.encode().rstrip(b"\n"),
    "latin-1": b"# -*- coding: latin-1 -*-\n" + GREET.replace("user_id", "us\xe9r").encode("latin-1"),
    "mark": b"\xef\xbb\xbf" + GREET.encode(),
    "form feed": GREET.replace("\n\n\n", "\n\x0c\n\n").encode(),
}


def test_a_diff_writes_nothing_and_ends_with_1(project: Path) -> None:
    write(project, a=GREET, b=SKIPPED)
    ended = run(project, "fix", "--diff")
    assert ended.code == 1
    assert ended.out.startswith("--- a/a.py\n+++ b/a.py\n@@ -1,6 +1,8 @@\n")
    assert ended.err.endswith("Would fix 1 finding in 1 file (1 skipped).\n")
    assert (project / "a.py").read_text() == GREET


def test_an_empty_diff_ends_with_0(project: Path) -> None:
    write(project, b=SKIPPED)
    ended = run(project, "fix", "--diff")
    assert (ended.code, ended.out) == (0, "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(pytest.param("pkg/a.py", content, id=kind) for kind, content in ODD.items()),
        *(
            pytest.param(name, GREET.encode(), id=name)
            for name in ("with space.py", "ü.py", 'quo"te.py', "tab\t.py", "back\\slash.py")
        ),
    ],
)
def test_a_diff_can_be_applied(project: Path, name: str, content: bytes) -> None:
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    diff = subprocess.run([*COMMAND, "fix", "--diff"], cwd=project, capture_output=True, check=False)
    assert diff.returncode == 1
    assert path.read_bytes() == content
    run(project, "fix")
    fixed = path.read_bytes()
    assert fixed != content
    for tool in (("git", "apply"), ("patch", "-p1", "--binary")):
        path.write_bytes(content)
        subprocess.run(tool, cwd=project, input=diff.stdout, capture_output=True, check=True)
        assert path.read_bytes() == fixed


def test_a_diff_cannot_be_json(project: Path) -> None:
    ended = run(project, "fix", "--diff", "--output-format", "json")
    assert (ended.code, ended.out) == (2, "")


def test_a_dirty_file_is_no_reason_not_to_show_a_diff(project: Path) -> None:
    git(project, "init")
    write(project, a=GREET)
    assert run(project, "fix", "--diff").code == 1


# --- On a terminal --------------------------------------------------------------------------------


def on_a_terminal(folder: Path, *command: str, **environment: str) -> str:
    parent, child = pty.openpty()
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "TERM": "xterm", **environment},
        stdin=child,
        stdout=child,
        stderr=child,
    ):
        os.close(child)
        seen = b""
        while part := read_terminal(parent):
            seen += part
    os.close(parent)
    return seen.decode()


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux tells that the other side is gone
        return b""


def test_a_diff_on_a_terminal_is_in_colour(project: Path) -> None:
    write(project, a=GREET)
    green = "\x1b[32m+def greet(table_name, user_id, session=None):\x1b[0m"
    assert green in on_a_terminal(project, *COMMAND, "fix", "--diff")
    assert "\x1b[" not in on_a_terminal(project, *COMMAND, "fix", "--diff", NO_COLOR="1")
    assert "\x1b[" not in run(project, "fix", "--diff").out


@pytest.mark.parametrize(
    ("seconds", "bars"),
    [
        pytest.param((0.1, 0.1), [], id="quick"),
        pytest.param((1.5, 0.0), ["One"], id="a slow stage"),
        pytest.param((0.7, 0.7), ["Two"], id="two stages that are slow together"),
    ],
)
def test_a_bar_is_drawn_on_a_terminal_when_it_takes_long(
    tmp_path: Path, seconds: tuple[float, float], bars: list[str]
) -> None:
    program = (
        "import time; from session_first.cli.progress import tracker; track = tracker()\n"
        f"for _ in track(range(10), 'One', 10): time.sleep({seconds[0]} / 10)\n"
        f"for _ in track(range(10), 'Two', 10): time.sleep({seconds[1]} / 10)"
    )
    seen = on_a_terminal(tmp_path, sys.executable, "-c", program)
    assert [label for label in ("One", "Two") if label in seen] == bars


def test_no_bar_where_there_is_no_terminal(project: Path) -> None:
    assert run(project, "check").err == "No findings in 0 files.\n"


# --- What is imported -----------------------------------------------------------------------------

LOADED = """
import sys
from session_first.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    print(sorted(set(sys.modules) & {"libcst", "rich", "boto3", "flake8", "pathspec"}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        pytest.param(["--version"], [], id="version"),
        pytest.param(["check"], [], id="check"),
        pytest.param(["fix", "--diff", "clean.py"], [], id="fix with nothing to do"),
        pytest.param(["fix", "--diff"], ["libcst"], id="fix"),
        pytest.param(["check", "--exclude", "legacy/"], ["pathspec"], id="exclude"),
    ],
)
def test_what_a_run_does_not_need_is_not_imported(
    project: Path, arguments: list[str], loaded: list[str]
) -> None:
    write(project, a=GREET, clean=CLEAN)
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=project, capture_output=True, check=True, text=True
    )
    assert done.stderr.splitlines()[-1] == str(loaded)


# --- git ------------------------------------------------------------------------------------------


@pytest.fixture
def repository(project: Path) -> Path:
    """A repository in which `a.py` is committed and has a finding."""
    git(project, "init")
    write(project, a=GREET)
    git(project, "add", ".")
    git(project, "commit", "-m", "all")
    return project


def test_a_committed_file_is_fixed(repository: Path) -> None:
    assert run(repository, "fix").code == 0
    assert (repository / "a.py").read_text() == GREETED


@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param("a.py", "unstaged changes", id="changed"),
        pytest.param("new.py", "untracked", id="untracked"),
        pytest.param("new file\nof ü.py", "untracked", id="untracked, of an odd name"),
    ],
)
def test_unsaved_work_is_not_touched(repository: Path, name: str, state: str) -> None:
    write(repository, b=GREET)
    git(repository, "add", "b.py")
    (repository / name).write_text(GREET + "# mine\n")
    ended = run(repository, "fix")
    assert (ended.code, ended.out) == (2, "")
    assert "nothing written: commit or stash these files first, or use --allow-dirty" in ended.err
    shown = name.replace("\n", r"\n")
    assert ended.err.splitlines()[-1] == f"  {shown}: {state}"
    assert (repository / "b.py").read_text() == GREET
    assert (repository / name).read_text() == GREET + "# mine\n"
    assert run(repository, "fix", "--allow-dirty").code == 0
    assert (repository / "b.py").read_text() == GREETED
    assert (repository / name).read_text() == GREETED + "# mine\n"


def test_an_ignored_file_is_not_touched(repository: Path) -> None:
    (repository / ".gitignore").write_text("local.py\n")
    write(repository, local=GREET)
    ended = run(repository, "fix", "local.py")
    assert ended.code == 2
    assert "  local.py: ignored\n" in ended.err


def test_only_files_that_would_change_count(repository: Path) -> None:
    write(repository, new=CLEAN, skipped=SKIPPED)
    assert run(repository, "fix").code == 1
    assert (repository / "a.py").read_text() == GREETED


def test_git_that_cannot_be_run(repository: Path) -> None:
    ended = run(repository, "fix", PATH="")
    assert ended.code == 2
    assert "nothing written: git cannot tell" in ended.err
    assert (repository / "a.py").read_text() == GREET
    assert run(repository, "fix", "--allow-dirty", PATH="").code == 0


# --- explain, rules, version ----------------------------------------------------------------------


def test_explain(tmp_path: Path) -> None:
    ended = run(tmp_path, "explain", "BSF101")
    assert ended.code == 0
    assert ended.out.startswith("# default-session-call (BSF101)\n")
    assert "## Fix safety" in ended.out
    assert run(tmp_path, "explain", "default-session-call") == ended


@pytest.mark.parametrize("code", ["BSF999", "BSF1", "E501"])
def test_explain_what_is_no_rule(tmp_path: Path, code: str) -> None:
    ended = run(tmp_path, "explain", code)
    assert (ended.code, ended.out) == (2, "")
    assert f"no rule '{code}'; rules are BSF101, BSF102, " in ended.err


def test_rules(tmp_path: Path) -> None:
    ended = run(tmp_path, "rules")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert re.fullmatch(r"BSF101  default-session-call +default  safe fix +boto3\.client .+", lines[0])
    (opt_in,) = [line for line in lines if line.startswith("BSF104")]
    assert re.fullmatch(r"BSF104  default-session-at-import +opt-in +no fix .+", opt_in)


def test_version(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").out == f"session-first, version {__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["fix", "-h"], ["rules", "-h"]])
def test_help(tmp_path: Path, arguments: list[str]) -> None:
    ended = run(tmp_path, *arguments)
    assert ended.code == 0
    assert ended.out.startswith("Usage: session-first")


# --- Bad input ------------------------------------------------------------------------------------

GOOD = ["good.py:5:11: BSF101"]


def broken(folder: Path, kind: str) -> str:
    """Makes `bad.py`, broken in one way; the line that tells of it, as a pattern."""
    path = folder / "bad.py"
    match kind:
        case "syntax":
            path.write_text(BROKEN)
            return r"error: bad\.py:3:12: cannot be parsed: .+"
        case "null byte":
            path.write_bytes(USES.encode() + b"\0\n")
            return r"error: bad\.py:2:1: cannot be parsed: it contains a null byte"
        case "encoding":
            path.write_bytes(USES.encode() + b"# \xff\n")
            return r"error: bad\.py: cannot be decoded: .+"
        case "cookie":
            path.write_bytes(b"# coding: klingon\n" + USES.encode())
            return r"error: bad\.py: cannot be decoded: unknown encoding.*"
        case "parentheses":
            path.write_text(USES + "x = " + "(" * 5000 + ")" * 5000 + "\n")
            return r"error: bad\.py(:2:\d+)?: cannot be parsed: .+"
        case "operators":
            path.write_text(USES + "x = " + " + ".join(["1"] * 20_000) + "\n")
            return r"error: bad\.py: cannot be (parsed|analysed): nested too deeply"
        case "attributes":
            path.write_text(USES + "x = a" + ".b" * 20_000 + "\n")
            return r"error: bad\.py: cannot be (parsed|analysed): nested too deeply"
        case "50 MB":
            path.write_bytes(USES.encode() + b"x = 1  # " + b"#" * 50_000_000 + b"\n")
            return r"error: bad\.py: too large: more than 32 MiB; exclude it"
        case "dangling link":
            path.symlink_to("nowhere.py")
            return r"error: bad\.py: cannot be read: dangling symlink: No such file or directory"
        case "links to one another":
            path.symlink_to("bad.py")
            return r"error: bad\.py: cannot be read: .*Too many levels of symbolic links"
        case "unreadable":
            path.symlink_to("/proc/self/mem")
            return r"error: bad\.py: cannot be read: Input/output error"
        case "folder":
            path.mkdir()
            return r"error: bad\.py: is a directory, not a Python file"
        case "pipe":
            os.mkfifo(path)
            return r"error: bad\.py: cannot be read: not a regular file"
        case _:
            raise AssertionError(kind)


KINDS = [
    "syntax", "null byte", "encoding", "cookie", "parentheses", "operators", "attributes", "50 MB",
    "unreadable", "dangling link", "links to one another", "folder", "pipe",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "jobs"),
    [
        *(pytest.param(kind, "1", id=kind) for kind in KINDS),
        pytest.param("operators", "2", id="in another process"),
    ],
)
def test_a_bad_file_is_reported_and_the_others_are_checked(project: Path, kind: str, jobs: str) -> None:
    line = broken(project, kind)
    write(project, good=GREET)
    ended = run(project, "check", "--jobs", jobs)
    assert (ended.code, places(ended.out)) == (2, GOOD)
    assert re.fullmatch(line + r"\nFound 1 finding \(1 fixable with session-first fix\)\.\n", ended.err)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_that_is_named(project: Path, kind: str) -> None:
    line = broken(project, kind)
    ended = run(project, "check", "bad.py")
    assert (ended.code, ended.out) == (2, "")
    assert re.fullmatch(line, ended.err.splitlines()[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_is_reported_and_the_others_are_fixed(project: Path, kind: str) -> None:
    line = broken(project, kind)
    write(project, good=GREET)
    bad = project / "bad.py"
    before = bad.lstat()
    ended = run(project, "fix")
    assert (ended.code, ended.out) == (2, "good.py: fixed 1 finding\n")
    assert re.fullmatch(line, ended.err.splitlines()[0])
    assert (project / "good.py").read_text() == GREETED
    assert (bad.lstat().st_ino, bad.lstat().st_mtime) == (before.st_ino, before.st_mtime)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_around_the_given_ones_is_a_warning(project: Path, kind: str) -> None:
    line = broken(project, kind).replace("error: ", "warning: ")
    write(project, pkg__good=GREET)
    ended = run(project, "check", "pkg")
    assert (ended.code, places(ended.out)) == (1, ["pkg/good.py:5:11: BSF101"])
    assert re.fullmatch(line + "; what it says was not considered", ended.err.splitlines()[0])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"def broken(:\n", id="syntax"),
        pytest.param(b"# \xff\n", id="encoding"),
        pytest.param(b"\0", id="null byte"),
        pytest.param(b"#" * 40_000_000, id="large"),
    ],
)
def test_a_file_without_boto3_may_be_as_bad_as_it_likes(project: Path, content: bytes) -> None:
    (project / "bad.py").write_bytes(content)
    write(project, good=GREET)
    ended = run(project, "check")
    assert (ended.code, places(ended.out)) == (1, GOOD)
    assert "bad.py" not in ended.err


def test_a_disk_that_is_full(project: Path) -> None:
    write(project, a=GREET, b=GREET + "# long\n" * 500)
    limited = ["bash", "-c", 'ulimit -f 3; exec "$@"', "-", *COMMAND, "fix", "--report", "report.json"]
    done = subprocess.run(limited, cwd=project, capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: b.py: cannot be written: File too large",
        "error: a.py: not written, as b.py could not be",
        "Fixed 0 findings in 0 files (2 failed).",
    ]
    assert (project / "a.py").read_text() == GREET
    report = json.loads((project / "report.json").read_text())
    assert [(item["status"], item["reason"], item["detail"]) for item in report] == [
        ("failed", "error", "not written, as b.py could not be"),
        ("failed", "error", "cannot be written: File too large"),
    ]
    assert sorted(path.name for path in project.iterdir()) == [
        "a.py",
        "b.py",
        "pyproject.toml",
        "report.json",
    ]


def test_json_stays_json_when_a_file_is_bad(project: Path) -> None:
    write(project, bad=BROKEN, good=GREET)
    ended = run(project, "check", "--output-format", "json")
    assert ended.code == 2
    assert [item["filename"] for item in json.loads(ended.out)] == [str(project / "good.py")]
    assert ended.err.startswith("error: bad.py:3:12: ")


def test_a_name_that_is_no_text(project: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (project / name).write_text(GREET)
    assert places(run(project, "check").out) == [f"{name}:5:11: BSF101"]
    assert places(run(project, "check", PYTHONIOENCODING="ascii").out) == ["caf\\udce9.py:5:11: BSF101"]
    (finding,) = json.loads(run(project, "check", "--output-format", "json").out)
    assert finding["filename"] == str(project / name)
    assert run(project, "fix").code == 0
    assert (project / name).read_text() == GREETED


def test_a_name_of_two_lines(project: Path) -> None:
    (project / "two\nlines.py").write_text(GREET)
    assert places(run(project, "check").out) == ["two\\nlines.py:5:11: BSF101"]


# --- Ends that nobody wants -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--output-format", "json"],
        ["fix", "--diff"],
        ["explain", "BSF101"],
        ["rules"],
        ["--help"],
    ],
)
def test_a_reader_who_leaves_early(project: Path, arguments: list[str]) -> None:
    write(project, **{f"a{number}": GREET for number in range(20)})
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=project, stdout=writing, stderr=subprocess.PIPE
    ) as process:
        os.close(writing)
        _, err = process.communicate()
    assert b"Traceback" not in err
    assert b"Exception" not in err


def wait_until_at_work(process: int) -> None:
    """Waits until it has had a second of a processor's time, its children included: it has begun by then."""
    if not Path("/proc/self/stat").exists():
        time.sleep(1)
        return
    while True:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        times = [
            Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in (process, *children)
        ]
        if sum(int(fields[11]) + int(fields[12]) for fields in times) >= os.sysconf("SC_CLK_TCK"):
            return
        time.sleep(0.05)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_interrupt(project: Path, command: str, jobs: str) -> None:
    long = "import boto3\n" + "\n".join(
        f"def f{n}(x):\n    return boto3.client('s{n}')\n" for n in range(400)
    )
    write(project, **{f"a{number}": long for number in range(40)})
    process = subprocess.Popen(
        [*COMMAND, command, "--jobs", jobs], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_until_at_work(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert {path.read_text() for path in project.glob("*.py")} == {long}
    assert len(list(project.iterdir())) == 41
