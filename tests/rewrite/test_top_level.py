"""A statement that is put before one of the module's own: before what is above that, at the right distance."""

from __future__ import annotations

import pytest

from session_first.model import AddClickOption, AddStatementBefore
from session_first.rewrite import RewriteError
from tests.rewrite.places import place, rewritten

NEW = "session = boto3.Session()"
DEF = "def handler(event, context):\n    pass\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            f"import boto3\n\n\n{DEF}", f"import boto3\n\n{NEW}\n\n\n{DEF}", id="behind the imports"
        ),
        pytest.param(
            f"def f():\n    pass\n\n\n{DEF}",
            f"def f():\n    pass\n\n\n{NEW}\n\n\n{DEF}",
            id="between two functions",
        ),
        pytest.param(
            f"import boto3\n\n\n# its comment\n# goes on\n@a\n@b(\n    1)\n{DEF}",
            f"import boto3\n\n{NEW}\n\n\n# its comment\n# goes on\n@a\n@b(\n    1)\n{DEF}",
            id="before comments and decorators",
        ),
        pytest.param(
            f"import boto3\n\n# a chapter\n\n\n{DEF}",
            f"import boto3\n\n# a chapter\n\n{NEW}\n\n\n{DEF}",
            id="behind a comment that stands for itself",
        ),
        pytest.param(f"import boto3\n{DEF}", f"import boto3\n{NEW}\n{DEF}", id="where nothing is between"),
        pytest.param(
            f"#!/bin/python\n{DEF}", f"#!/bin/python\n{NEW}\n{DEF}", id="what the file begins with stays"
        ),
        pytest.param(
            f"import boto3\r\n\r\n\r\n{DEF}".replace("\n    ", "\r\n    "),
            f"import boto3\r\n\r\n{NEW}\r\n\r\n\r\n{DEF}".replace("\n    ", "\r\n    "),
            id="the file's line ends",
        ),
    ],
)
def test_before_a_function(before: str, after: str) -> None:
    assert rewritten(before, AddStatementBefore(place(before, "def handler"), NEW)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "import boto3\n\nhandler = lambda event, context: 1\n",
            f"import boto3\n\n{NEW}\nhandler = lambda event, context: 1\n",
            id="an assignment",
        ),
    ],
)
def test_before_another_statement(before: str, after: str) -> None:
    assert rewritten(before, AddStatementBefore(place(before, "handler ="), NEW)) == after


OPTION = 'click.option("--profile")'


@pytest.mark.parametrize(
    ("before", "annotation", "default", "after"),
    [
        pytest.param(
            "@click.command()\ndef main(a):\n    pass\n",
            None,
            None,
            f"@click.command()\n@{OPTION}\ndef main(a, profile):\n    pass\n",
            id="plain",
        ),
        pytest.param(
            "@click.command()  # c\n# d\nasync def main() -> None: pass\n",
            "str | None",
            None,
            f"@click.command()  # c\n@{OPTION}\n# d\nasync def main(profile: str | None) -> None: pass\n",
            id="annotated",
        ),
        pytest.param(
            "@click.command()\ndef main(a=1, **k):\n    pass\n",
            None,
            "None",
            f"@click.command()\n@{OPTION}\ndef main(a=1, profile=None, **k):\n    pass\n",
            id="with a default",
        ),
    ],
)
def test_an_option_of_click(before: str, annotation: str | None, default: str | None, after: str) -> None:
    at = place(before, "async def" if "async" in before else "def")
    assert rewritten(before, AddClickOption(at, OPTION, "profile", annotation, default)) == after


def test_two_statements_in_one_place() -> None:
    at = place(DEF, "def")
    with pytest.raises(RewriteError, match="two"):
        rewritten(DEF, AddStatementBefore(at, NEW), AddStatementBefore(at, "x = 1"))
