"""The plugin in the real flake8, which runs as its users run it: as a command of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from session_first import __version__
from tests import tool
from tests.analysis import code

CALL = """
import boto3


def buckets():
    return boto3.client("s3").list_buckets()
"""
IMPORT_TIME = """
import boto3

S3 = boto3.client("s3")
"""
IGNORED = """
import boto3


def buckets(session: boto3.Session):
    return boto3.client("s3").list_buckets()
"""
ALL_THREE = """
import boto3

S3 = boto3.client("s3")


def buckets(session: boto3.Session):
    return boto3.client("s3").list_buckets()


def topics():
    return boto3.client("sns").list_topics()
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What flake8 said: `path:row:column code` a finding."""

    findings: list[str]
    exit_code: int


def flake8(tree: Path, *arguments: str, paths: tuple[str, ...] = (".",), stdin: bytes | None = None) -> Said:
    """Runs flake8 in `tree`."""
    form = "--format=%(path)s:%(row)d:%(col)d %(code)s"
    result = subprocess.run(
        [sys.executable, "-m", "flake8", form, *arguments, *paths],
        cwd=tree,
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert not result.stderr, result.stderr.decode()
    lines = result.stdout.decode().splitlines()
    assert result.returncode == (1 if lines else 0)
    return Said(sorted(line.removeprefix("./") for line in lines if " BSF" in line), result.returncode)


def write(tree: Path, files: dict[str, str]) -> None:
    """Writes the files, dedented, below `tree`."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code(text), encoding="utf-8")


def test_the_plugin_is_listed() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flake8", "--version"], capture_output=True, text=True, check=True
    )
    assert f"session-first: {__version__}" in " ".join(result.stdout.split())


# --- Which rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configuration", "arguments", "expected"),
    [
        pytest.param("", (), ["7:12 BSF102", "11:12 BSF101"], id="default"),
        pytest.param("", ("--select=BSF101",), ["11:12 BSF101"], id="select a code"),
        pytest.param(
            "",
            ("--select=BSF",),
            ["3:6 BSF104", "7:12 BSF102", "11:12 BSF101"],
            id="select all by the prefix",
        ),
        pytest.param(
            "", ("--select=BSF1",), ["3:6 BSF104", "7:12 BSF102", "11:12 BSF101"], id="select by a prefix"
        ),
        pytest.param("", ("--select=E,F",), [], id="select others"),
        pytest.param(
            "", ("--ignore=BSF102",), ["11:12 BSF101"], id="ignore a code keeps the opt-in rule off"
        ),
        pytest.param("", ("--ignore=E501",), ["7:12 BSF102", "11:12 BSF101"], id="ignore something else"),
        pytest.param("", ("--extend-ignore=BSF101",), ["7:12 BSF102"], id="extend-ignore"),
        pytest.param(
            "",
            ("--extend-select=BSF104",),
            ["3:6 BSF104", "7:12 BSF102", "11:12 BSF101"],
            id="extend-select the opt-in rule",
        ),
        pytest.param(
            "",
            ("--extend-select=BSF104", "--ignore=BSF101"),
            ["3:6 BSF104", "7:12 BSF102"],
            id="extend-select and ignore",
        ),
        pytest.param("[flake8]\nselect = BSF102\n", (), ["7:12 BSF102"], id="select in the configuration"),
        pytest.param(
            "[flake8]\nignore = BSF102,E501\n", (), ["11:12 BSF101"], id="ignore in the configuration"
        ),
        pytest.param(
            "[flake8]\nextend-select = BSF104\n",
            (),
            ["3:6 BSF104", "7:12 BSF102", "11:12 BSF101"],
            id="extend-select in the configuration",
        ),
        pytest.param(
            "[flake8]\nignore = E501\nextend-select =\n    BSF104,\n    BSF105\n",
            (),
            ["3:6 BSF104", "7:12 BSF102", "11:12 BSF101"],
            id="extend-select over several lines, and ignore",
        ),
        pytest.param(
            "[flake8]\nper-file-ignores =\n    mod.py: BSF101\n",
            (),
            ["7:12 BSF102"],
            id="per-file-ignores",
        ),
        pytest.param(
            "[flake8]\nper-file-ignores =\n    other.py: BSF101\n",
            (),
            ["7:12 BSF102", "11:12 BSF101"],
            id="per-file-ignores of another file",
        ),
        pytest.param("[flake8]\nexclude = mod.py\n", (), [], id="exclude"),
        pytest.param("", ("--disable-noqa",), ["7:12 BSF102", "11:12 BSF101"], id="disable-noqa"),
    ],
)
def test_selection(
    configuration: str, arguments: tuple[str, ...], expected: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {"mod.py": ALL_THREE, ".flake8": configuration})
    assert flake8(tmp_path, *arguments).findings == sorted(f"mod.py:{line}" for line in expected)


# --- noqa -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "arguments", "found"),
    [
        pytest.param("", (), True, id="none"),
        pytest.param("  # noqa", (), False, id="bare"),
        pytest.param("  # noqa: BSF101", (), False, id="the code"),
        pytest.param("  # noqa: BSF", (), False, id="no code, so that it is a bare one"),
        pytest.param("  # noqa: E501", (), True, id="another code"),
        pytest.param("  # noqa: BSF101", ("--disable-noqa",), True, id="disabled"),
    ],
)
def test_noqa(comment: str, arguments: tuple[str, ...], found: bool, tmp_path: Path) -> None:
    text = f"import boto3\n\n\ndef f():\n    return boto3.client('s3'){comment}\n"
    write(tmp_path, {"mod.py": text})
    assert bool(flake8(tmp_path, *arguments).findings) is found


def test_noqa_of_bsf101_silences_bsf102_too(tmp_path: Path) -> None:
    """What was silenced before there was a session stays silent."""
    write(tmp_path, {"mod.py": IGNORED.replace("list_buckets()", "list_buckets()  # noqa: BSF101")})
    assert flake8(tmp_path).findings == []


# --- Inputs -----------------------------------------------------------------------------------------


def test_several_processes(tmp_path: Path) -> None:
    write(tmp_path, {f"mod_{number}.py": CALL for number in range(8)})
    said = flake8(tmp_path, "--jobs=2")
    assert said.findings == [f"mod_{number}.py:5:12 BSF101" for number in range(8)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param((), ["stdin:5:12 BSF101"], id="without a name"),
        pytest.param(("--stdin-display-name=app/mod.py",), ["app/mod.py:5:12 BSF101"], id="with a name"),
        pytest.param(("--stdin-display-name=tests/test_mod.py",), [], id="with the name of a test"),
    ],
)
def test_stdin(arguments: tuple[str, ...], expected: list[str], tmp_path: Path) -> None:
    said = flake8(tmp_path, *arguments, paths=("-",), stdin=code(CALL).encode())
    assert said.findings == expected


def test_stdin_with_an_absolute_name(tmp_path: Path) -> None:
    """Editors pass it."""
    name = tmp_path / "tests" / "test_mod.py"
    said = flake8(tmp_path, f"--stdin-display-name={name}", paths=("-",), stdin=code(CALL).encode())
    assert said.findings == []


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param((".",), id="the folder"),
        pytest.param(("app",), id="a folder in it"),
        pytest.param(("app/mod.py", "app/tests/test_mod.py"), id="files"),
    ],
)
def test_tests_are_left_out(paths: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, {"app/mod.py": CALL, "app/tests/test_mod.py": CALL, "app/conftest.py": CALL})
    assert flake8(tmp_path, paths=paths).findings == ["app/mod.py:5:12 BSF101"]


def test_tests_are_left_out_by_absolute_paths(tmp_path: Path) -> None:
    write(tmp_path, {"app/mod.py": CALL, "app/tests/helper.py": CALL})
    paths = (str(tmp_path / "app/mod.py"), str(tmp_path / "app/tests/helper.py"))
    assert flake8(tmp_path, paths=paths).findings == [f"{tmp_path}/app/mod.py:5:12 BSF101"]


def test_a_folder_called_tests_above_the_project_says_nothing(tmp_path: Path) -> None:
    project = tmp_path / "tests" / "project"
    write(project, {"mod.py": CALL})
    assert flake8(project).findings == ["mod.py:5:12 BSF101"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("setup.cfg", "[flake8]\nsession-first-tests = checks/\n", id="setup.cfg"),
        pytest.param("tox.ini", "[flake8]\nsession-first-tests = checks/\n", id="tox.ini"),
        pytest.param(".flake8", "[flake8]\nsession-first-tests = checks/\n", id=".flake8"),
        pytest.param(".flake8", "[flake8]\nsession_first_tests = checks/\n", id="with underscores"),
        pytest.param(
            ".flake8",
            "[flake8]\nsession-first-tests =\n    spec_*.py,\n    checks/,\n",
            id="over several lines",
        ),
    ],
)
def test_the_tests_option_in_the_configuration(name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, {"checks/mod.py": CALL, "tests/mod.py": CALL, name: text})
    assert flake8(tmp_path).findings == ["tests/mod.py:5:12 BSF101"]


def test_the_tests_option_on_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, {"checks/mod.py": CALL, "spec_mod.py": CALL, "tests/mod.py": CALL})
    said = flake8(tmp_path, "--session-first-tests=checks/,spec_*.py")
    assert said.findings == ["tests/mod.py:5:12 BSF101"]


# --- Bytes ------------------------------------------------------------------------------------------

RETURN = "def f():\n    x = 'é\U0001d4b3', boto3.client('s3')\n    return x\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(f"import boto3\n\n\n{RETURN}".encode(), "5:15", id="column after non-ASCII"),
        pytest.param(f"import boto3\n\n\n{RETURN}".replace("\n", "\r\n").encode(), "5:15", id="CRLF"),
        pytest.param(f"import boto3\n\n\n{RETURN}".encode("utf-8-sig"), "5:15", id="byte order mark"),
        pytest.param(
            "# coding: latin-1\nimport boto3\n\n\ndef f():\n    return 'é', boto3.client('s3')\n".encode(
                "latin-1"
            ),
            "6:17",
            id="latin-1",
        ),
        pytest.param(
            b"import boto3\n\n\ndef f():\n\treturn boto3.client('s3')\n", "5:9", id="tab, which is one column"
        ),
        pytest.param(
            b"import boto3\n\n\x0c\ndef f():\n    return boto3.client('s3')\n", "5:12", id="form feed"
        ),
        pytest.param(
            b"import boto3\n\n\ndef f():\n    return boto3.client('s3')", "5:12", id="no last newline"
        ),
        pytest.param(
            b"import boto3\n\n\ndef f():\n    return (\n        boto3\n        .client('s3')\n    )\n",
            "6:9",
            id="over several lines",
        ),
    ],
)
def test_positions_are_those_of_the_command(data: bytes, expected: str, tmp_path: Path) -> None:
    """`row:column`, both from 1, the column in characters."""
    (tmp_path / "mod.py").write_bytes(data)
    assert flake8(tmp_path).findings == [f"mod.py:{expected} BSF101"]
    (finding,) = json.loads(tool.run(tmp_path, "check", "--output-format", "json").stdout)
    assert f"{finding['location']['row']}:{finding['location']['column']}" == expected


def test_a_file_that_is_no_python(tmp_path: Path) -> None:
    write(tmp_path, {"mod.py": "import boto3\ndef f(:\n", "other.py": CALL})
    assert flake8(tmp_path).findings == ["other.py:5:12 BSF101"]


def test_an_empty_file(tmp_path: Path) -> None:
    write(tmp_path, {"mod.py": "", "boto3.py": "\n"})
    assert flake8(tmp_path) == Said([], 0)


# --- One analysis -----------------------------------------------------------------------------------

SAME = {
    "alias.py": "import boto3 as b\n\n\ndef f():\n    return b.client('s3')\n",
    "from_import.py": "from boto3 import client as c\n\n\ndef f():\n    return c('s3')\n",
    "nested.py": "import boto3\n\n\ndef f():\n    return [lambda: boto3.client(n) for n in 'ab']\n",
    "two.py": "import boto3\n\n\ndef f():\n    return boto3.client('a'), boto3.client('b')\n",
    "ignored.py": IGNORED,
    "at_import.py": IMPORT_TIME,
    "three.py": ALL_THREE,
    "shadowed.py": "import boto3\n\n\ndef f(boto3):\n    return boto3.client('s3')\n",
    "noqa.py": "import boto3\n\n\ndef f():\n    return boto3.client('s3')  # noqa: BSF101\n",
    "noqa_other.py": "import boto3\n\n\ndef f():\n    return boto3.client('s3')  # noqa: E501\n",
    "noqa_file.py": "# flake8: noqa\nimport boto3\n\n\ndef f():\n    return boto3.client('s3')\n",
    "relative/__init__.py": "from . import aws\n\n\ndef f():\n    return aws.boto3.client('s3')\n",
    "relative/aws.py": "import boto3\n\n\ndef f():\n    return boto3.client('s3')\n",
    "star.py": "from relative.aws import *\n\n\ndef f():\n    return boto3.client('s3')\n",
    "é.py": "import boto3\n\n\ndef f():\n    é = boto3.client('s3')\n    return é\n",
    "tests/test_x.py": CALL,
    "no_boto3.py": "print('hello')\n",
}


def test_flake8_and_the_command_find_the_same(tmp_path: Path) -> None:
    write(tmp_path, SAME)
    said = flake8(tmp_path, "--extend-select=BSF104")
    printed = tool.run(tmp_path, "check", "--extend-select", "BSF104", "--output-format", "json")
    found = [
        f"{Path(f['filename']).relative_to(tmp_path) if Path(f['filename']).is_absolute() else f['filename']}"
        f":{f['location']['row']}:{f['location']['column']} {f['code']}"
        for f in json.loads(printed.stdout)
    ]
    assert sorted(found) == said.findings
    assert len(found) > 12


def test_flake8_and_the_command_say_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"mod.py": ALL_THREE})
    form = "--format=%(code)s %(text)s"
    result = subprocess.run(
        [sys.executable, "-m", "flake8", form, "mod.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = tool.run(tmp_path, "check", "--output-format", "json", "mod.py")
    said = [line for line in result.stdout.splitlines() if line.startswith("BSF")]
    assert said == [f"{f['code']} {f['message']}" for f in json.loads(printed.stdout)]


# --- What is imported -------------------------------------------------------------------------------

PROBE = """
import sys
from flake8.main.cli import main

try:
    main(["--jobs=1", "--isolated", "."])
except SystemExit:
    pass
print("imported:", *sorted(sys.modules))
"""


def imported(tree: Path) -> set[str]:
    """The modules in a process in which flake8 has run."""
    result = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=tree, capture_output=True, text=True, check=True
    )
    (line,) = (line for line in result.stdout.splitlines() if line.startswith("imported:"))
    return set(line.split()[1:])


def test_neither_libcst_nor_boto3_is_imported(tmp_path: Path) -> None:
    write(tmp_path, {"mod.py": ALL_THREE})
    modules = imported(tmp_path)
    assert "session_first.facts.module" in modules
    heavy = {
        "libcst",
        "boto3",
        "botocore",
        "click",
        "rich",
        "packaging",
        "pathspec",
        "asyncio",
        "session_first.cli",
    }
    assert modules & heavy == set()


def test_the_analysis_is_not_imported_where_no_file_names_boto3(tmp_path: Path) -> None:
    write(tmp_path, {"mod.py": "print('hello')\n"})
    modules = imported(tmp_path)
    assert "session_first.flake8_plugin" in modules
    parts = tuple(
        f"session_first.{part}"
        for part in ("facts", "rules", "project", "rewrite", "pipeline", "model", "source", "files", "git")
    )
    assert [name for name in modules if name.startswith(parts)] == []


def test_the_call_graph_is_not_imported_where_no_file_takes_a_session_or_assumes_a_role(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"mod.py": "import boto3\n\n\ndef f():\n    return boto3.client('s3')\n"})
    modules = imported(tmp_path)
    assert "session_first.facts.module" in modules
    unwanted = {"session_first.facts.credentials", "session_first.project.callgraph"}
    assert modules & unwanted == set()
