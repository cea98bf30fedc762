"""What would get longer than the project's lines is laid out as black does it."""

from __future__ import annotations

import pytest

from session_first.model import AddImport, AddSessionParameter, Edit, UseSession
from tests.analysis import code
from tests.rewrite.places import place, rewritten


def within(text: str, line_length: int | None) -> str:
    """The text whose function has taken the parameter, in a project of that line length."""
    text = code(text)
    edit = AddSessionParameter(place(text, "def"), "session", "boto3.Session | None", line_length=line_length)
    return rewritten(text, edit)


@pytest.mark.parametrize(
    ("before", "line_length", "after"),
    [
        pytest.param(
            """
            def upload(bucket: str, key: str) -> None:
                pass
            """,
            63,
            """
            def upload(
                bucket: str, key: str, session: boto3.Session | None = None
            ) -> None:
                pass
            """,
            id="all on an indented line",
        ),
        pytest.param(
            """
            def upload(bucket: str, *parts: str, **extra: str):
                pass
            """,
            63,
            """
            def upload(
                bucket: str,
                *parts: str,
                session: boto3.Session | None = None,
                **extra: str,
            ):
                pass
            """,
            id="each on its own",
        ),
        pytest.param(
            """
            class Store:
            \tdef upload(self, bucket: str, key: str, /) -> None:
            \t\tpass
            """,
            63,
            """
            class Store:
            \tdef upload(
            \t\tself,
            \t\tbucket: str,
            \t\tkey: str,
            \t\t/,
            \t\tsession: boto3.Session | None = None,
            \t) -> None:
            \t\tpass
            """,
            id="a method, with tabs",
        ),
    ],
)
def test_laid_out(before: str, line_length: int, after: str) -> None:
    assert within(before, line_length) == code(after)


@pytest.mark.parametrize(
    ("text", "line_length"),
    [
        pytest.param("def f(bucket: str):\n    pass\n", 88, id="short enough"),
        pytest.param("def f(bucket: str):\n    pass\n", None, id="no length is set up"),
        pytest.param("def f(bucket: str, key: str):\n    pass\n", 20, id="too long already"),
        pytest.param("def f(bucket: str):  # noqa: D103\n    pass\n", 40, id="a comment on the line"),
    ],
)
def test_stays_on_its_line(text: str, line_length: int | None) -> None:
    assert within(text, line_length) == text.replace("):", ", session: boto3.Session | None = None):")


def test_a_use_of_the_session() -> None:
    text = code(
        """
        def upload(bucket):
            client = boto3.client("s3", region_name=REGION)
            return client.upload(bucket)
        """
    )
    start, end = place(text, "boto3.client"), place(text, '("s3"')
    edits: list[Edit] = [
        AddSessionParameter(place(text, "def"), "session", line_length=60),
        UseSession(start, end, "(session or boto3)", "client"),
    ]
    assert rewritten(text, *edits) == code(
        """
        def upload(bucket, session=None):
            client = (session or boto3).client(
                "s3", region_name=REGION
            )
            return client.upload(bucket)
        """
    )


def test_an_import() -> None:
    text = "from typing import Any, Iterator\n\n\ndef f(a):\n    pass\n"
    edits: list[Edit] = [
        AddSessionParameter(place(text, "def"), "session", line_length=40),
        AddImport("typing", "Optional"),
    ]
    assert rewritten(text, *edits) == (
        "from typing import (\n    Any,\n    Iterator,\n    Optional,\n)\n\n\n"
        "def f(a, session=None):\n    pass\n"
    )


def test_no_line_of_a_project_without_a_length_gets_too_long() -> None:
    text = f"def f({', '.join(f'parameter_{n}' for n in range(8))}):\n    pass\n"
    assert within(text, None).splitlines()[-3:] == [
        "    session: boto3.Session | None = None,",
        "):",
        "    pass",
    ]


@pytest.mark.parametrize(
    ("lengths", "is_laid_out"),
    [
        pytest.param([88, 85, 83, 87, 80], True, id="several lines near to a usual length"),
        pytest.param([88, 85, 60, 60, 60], False, id="two lines near to it"),
        pytest.param([88] * 10 + [150], True, id="one in ten is longer"),
        pytest.param([88, 85, 83, 87, 80, 95], False, id="more than one in ten are longer"),
    ],
)
def test_a_file_shows_its_line_length(lengths: list[int], is_laid_out: bool) -> None:
    text = "def f(bucket: str, key: str, version: int) -> None:\n    pass\n"
    new = within(text + "".join(f"#{'x' * (length - 1)}\n" for length in lengths), None)
    assert ("\n    bucket: str, key: str, version: int, session" in new) is is_laid_out
