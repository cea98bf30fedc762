"""`noqa` means here what it means to flake8: both are asked about the same texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from session_first.facts.module import analyse
from session_first.facts.suppressions import is_suppressed, suppressions
from session_first.project.view import alone
from session_first.rules import check
from session_first.source import decode, parse
from tests.analysis import DEFAULT

HEAD = "import boto3\n\n\ndef f(x):\n"

CASES = {
    "no comment": "    return boto3.client('s3')\n",
    "bare": "    return boto3.client('s3')  # noqa\n",
    "code": "    return boto3.client('s3')  # noqa: BSF101\n",
    "code without a space": "    return boto3.client('s3')  # noqa:BSF101\n",
    "two spaces before the code": "    return boto3.client('s3')  # noqa:  BSF101\n",
    "space before the colon": "    return boto3.client('s3')  # noqa : E501\n",
    "prefix": "    return boto3.client('s3')  # noqa: BSF\n",
    "prefix with a digit": "    return boto3.client('s3')  # noqa: BSF1\n",
    "another code": "    return boto3.client('s3')  # noqa: E501\n",
    "a longer code": "    return boto3.client('s3')  # noqa: BSF1011\n",
    "several codes": "    return boto3.client('s3')  # noqa: E501,BSF101\n",
    "several codes, comma and space": "    return boto3.client('s3')  # noqa: E501, BSF101\n",
    "several codes, space": "    return boto3.client('s3')  # noqa: E501 BSF101\n",
    "lower case": "    return boto3.client('s3')  # NoQA: bsf101\n",
    "upper case": "    return boto3.client('s3')  # NOQA\n",
    "no space after the hash": "    return boto3.client('s3')  #noqa\n",
    "two spaces after the hash": "    return boto3.client('s3')  #  noqa\n",
    "an explanation": "    return boto3.client('s3')  # noqa: BSF101 - our own account\n",
    "an explanation without a code": "    return boto3.client('s3')  # noqa - our own account\n",
    "an explanation, colon": "    return boto3.client('s3')  # noqa: our own account\n",
    "another comment before": "    return boto3.client('s3')  # type: ignore  # noqa: BSF101\n",
    "another comment after": "    return boto3.client('s3')  # noqa: BSF101  # type: ignore\n",
    "in a string of the line": "    return boto3.client('# noqa')\n",
    "code in a string of the line": "    return boto3.client('# noqa: BSF101')\n",
    "noqa as a word": "    return boto3.client('s3')  # this is no noqa\n",
    "line before": "    # noqa\n    return boto3.client('s3')\n",
    "line after": "    return boto3.client('s3')\n    # noqa\n",
    "first line of a call": "    return boto3.client(  # noqa: BSF101\n        's3'\n    )\n",
    "middle line of a call": "    return boto3.client(\n        's3'  # noqa: BSF101\n    )\n",
    "last line of a call": "    return boto3.client(\n        's3'\n    )  # noqa: BSF101\n",
    "call on the second line": "    return (\n        boto3.client('s3')  # noqa\n    )\n",
    "call on the second line, noqa on the first": "    return (  # noqa\n        boto3.client('s3')\n    )\n",
    "joined by a backslash": "    x = 1 + \\\n        boto3.client('s3')  # noqa: BSF101\n",
    "joined by a backslash, comment after": "    x = boto3.client('s3') + \\\n        1  # noqa: BSF101\n",
    "end of a long string": '    boto3.client("""\n    s3""")  # noqa: BSF101\n',
    "in a long string": '    boto3.client("""\n    # noqa\n    s3""")\n',
    "after a long string": '    boto3.client("""\n    s3""")\n    # noqa: BSF101\n',
    "two calls in a line": "    return boto3.client('s3'), boto3.client('sqs')  # noqa: BSF101\n",
    "separators doubled": "    return boto3.client('s3')  # noqa: E501,,BSF101\n",
    "trailing comma": "    return boto3.client('s3')  # noqa: BSF101,\n",
    "semicolon between": "    return boto3.client('s3')  # noqa: E501;BSF101\n",
    "tab before the code": "    return boto3.client('s3')  # noqa:\tBSF101\n",
    "whole file": "    return boto3.client('s3')\n\n\n# flake8: noqa\n",
    "whole file, equals sign": "    return boto3.client('s3')\n\n\n# flake8=noqa\n",
    "whole file, a code": "    return boto3.client('s3')\n\n\n# flake8: noqa: BSF101\n",
    "whole file, another code": "    return boto3.client('s3')\n\n\n# flake8: noqa: E501\n",
    "whole file, lower case code": "    return boto3.client('s3')\n\n\n# flake8: NOQA: bsf101\n",
    "whole file, twice": "    return boto3.client('s3')\n\n\n# flake8: noqa: BSF101\n# flake8: noqa: E501\n",
    "whole file, twice, the other way": (
        "    return boto3.client('s3')\n\n\n# flake8: noqa: E501\n# flake8: noqa: BSF101\n"
    ),
    "whole file, after code": "    return boto3.client('s3')  # flake8: noqa\n",
    "whole file, after code, a code": "    return boto3.client('s3')  # flake8: noqa: BSF101\n",
    "whole file, an explanation": "    return boto3.client('s3')\n\n\n# flake8: noqa because\n",
    "whole file, indented": "    return boto3.client('s3')\n    # flake8: noqa\n",
    "whole file, in a string": '    """\n    # flake8: noqa\n    """\n    return boto3.client("s3")\n',
    "ruff's file comment": "    return boto3.client('s3')\n\n\n# ruff: noqa\n",
    "non-ASCII": "    return boto3.client('é')  # noqa: BSF101 é\n",
    "form feed": "    return boto3.client('s3')\n\f\n# noqa\n",
    "at the last line without an end": "    return boto3.client('s3')  # noqa",
    "CRLF": "    return boto3.client('s3')  # noqa: BSF101\r\n",
    "decorated function inside": "    @deco  # noqa\n    def g(c=boto3.client('s3')):\n        pass\n",
    "f-string": "    return f'''\n    {boto3.client('s3')}\n    '''  # noqa: BSF101\n",
}


def _text(body: str) -> str:
    text = HEAD + body
    return text.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in body else text


@pytest.fixture(scope="module")
def said_by_flake8(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What flake8 reports of each case."""
    folder = tmp_path_factory.mktemp("noqa")
    names = {f"case_{number}.py": case for number, case in enumerate(CASES)}
    for name, case in names.items():
        (folder / name).write_bytes(_text(CASES[case]).encode())
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "flake8",
            "--isolated",
            "--select=BSF",
            "--format=%(path)s:%(row)d %(code)s",
            ".",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert not result.stderr
    said: dict[str, list[str]] = {case: [] for case in CASES}
    for line in result.stdout.splitlines():
        path, _, rest = line.partition(":")
        said[names[Path(path).name]].append(rest)
    return said


@pytest.mark.parametrize("case", [pytest.param(case, id=case) for case in CASES])
def test_same_answers_as_flake8(case: str, said_by_flake8: dict[str, list[str]]) -> None:
    source = decode(Path("mod.py"), _text(CASES[case]).encode())
    facts = analyse(source, parse(source), "mod", is_test=False)
    ours = [f"{f.location.position.line} {f.code}" for f in check(alone(facts), DEFAULT)]
    assert ours == said_by_flake8[case]


@pytest.mark.parametrize(
    ("body", "line", "expected"),
    [
        pytest.param("x = 1\n", 1, False, id="nothing"),
        pytest.param("x = 1  # noqa\n", 1, True, id="all codes"),
        pytest.param("x = 1  # noqa\n", 2, False, id="another line"),
        pytest.param("x = 1  # noqa: BSF1\n", 1, True, id="prefix"),
        pytest.param("x = 1  # noqa: E501\n", 1, False, id="another code"),
        pytest.param("x = 1\n# flake8: noqa\n", 1, True, id="whole file"),
        pytest.param("x = 1\n# flake8: noqa\n", 0, True, id="whole file, any line"),
    ],
)
def test_lookup(body: str, line: int, expected: bool) -> None:
    source = decode(Path("mod.py"), body.encode())
    assert is_suppressed(suppressions(source), line, "BSF101") is expected
