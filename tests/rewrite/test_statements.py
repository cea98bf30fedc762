"""Simple statements that go, and others that come after them."""

from __future__ import annotations

import pytest

from session_first.model import (
    AddSessionParameter,
    AddStatement,
    ChangeCall,
    Edit,
    FillSession,
    Position,
    RemoveStatement,
)
from session_first.rewrite import RewriteError, rewrite
from tests.analysis import code
from tests.rewrite.places import added, change, file, place, removed, replaced, rewritten, use


def test_assumed_role() -> None:
    text = code("""
        def get_client(account, region):
            sts = boto3.client("sts")  # the hub's
            # take the role
            response = sts.assume_role(
                RoleArn=f"arn:aws:iam::{account}:role/x",  # the spoke
                RoleSessionName="x",
                DurationSeconds=900,
            )
            credentials = response["Credentials"]
            return boto3.client(
                "ec2",
                region_name=region,
                aws_access_key_id=credentials["AccessKeyId"],
                aws_secret_access_key=credentials["SecretAccessKey"],
                aws_session_token=credentials["SessionToken"],
            )
        """)
    edits: list[Edit] = [
        AddSessionParameter(place(text, "def"), "session"),
        removed(text, "sts ="),
        replaced(text, "response", "assumed_session"),
        change(
            text,
            "sts.assume_role(",
            callee="aws_assume_role_lib.assume_role",
            first="session or boto3._get_default_session()",
            removed=("DurationSeconds",),
        ),
        added(text, "response =", "assumed_session.get_credentials().get_frozen_credentials()"),
        removed(text, "credentials ="),
        change(
            text,
            "boto3.client(",
            nth=1,
            callee="assumed_session.client",
            removed=("aws_access", "aws_secret", "aws_session"),
        ),
    ]
    expected = code("""
        def get_client(account, region, session=None):
            # the hub's
            # take the role
            assumed_session = aws_assume_role_lib.assume_role(
                session or boto3._get_default_session(),
                RoleArn=f"arn:aws:iam::{account}:role/x",  # the spoke
                RoleSessionName="x",
            )
            assumed_session.get_credentials().get_frozen_credentials()
            return assumed_session.client(
                "ec2",
                region_name=region,
            )
        """)
    assert rewritten(text, *edits) == expected
    assert rewritten(text, *reversed(edits)) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            def f():
                gone = 1
                x
            """,
            """
            def f():
                x
            """,
            id="first",
        ),
        pytest.param(
            """
            def f():
                gone = 1
            """,
            """
            def f():
                pass
            """,
            id="the only one",
        ),
        pytest.param(
            """
            def f():
                gone = 1

                # about it

                gone = 2  # it

                # end
            """,
            """
            def f():
                # about it

                # it
                pass

                # end
            """,
            id="all",
        ),
        pytest.param(
            '''
            def f():
                """Doc."""
                gone = 1

                x
            ''',
            '''
            def f():
                """Doc."""

                x
            ''',
            id="below the docstring",
        ),
        pytest.param(
            """
            def f():
                gone = 1

                x
            """,
            """
            def f():
                x
            """,
            id="first, and a blank line",
        ),
        pytest.param(
            """
            def f():
                x

                gone = 1

                gone = 2
                y
            """,
            """
            def f():
                x

                y
            """,
            id="between blank lines",
        ),
        pytest.param(
            """
            def f():
                x

                gone = 1


            y
            """,
            """
            def f():
                x


            y
            """,
            id="last",
        ),
        pytest.param(
            """
            def f():
                x

                # about it
                gone = f(  # one
                    # two
                    a,  # three
                )  # four
                # about y
                y
            """,
            """
            def f():
                x

                # about it
                # one
                # two
                # three
                # four
                # about y
                y
            """,
            id="comments go to the next one",
        ),
        pytest.param(
            """
            def f():
                x
                # about it
                gone = 1  # one

                # end
            y
            """,
            """
            def f():
                x
                # about it
                # one

                # end
            y
            """,
            id="comments stay at the end of the block",
        ),
        pytest.param(
            """
            def f():
                gone = 1  # noqa: S105
                gone = 2  # type: ignore[misc]
                gone = 3  # pragma: no cover
                gone = 4  # pylint: disable=x  # why
                gone = 5  # nosec B105
                gone = 6  # NOQA
                x  # noqa
            """,
            """
            def f():
                # why
                x  # noqa
            """,
            id="what is said to tools goes",
        ),
        pytest.param(
            """
            if x:
            \ttry:
            \t\tgone = 1  # one
            \texcept E:
            \t\tgone = 2
            \telse: gone = 3  # three
            """,
            """
            if x:
            \ttry:
            \t\t# one
            \t\tpass
            \texcept E:
            \t\tpass
            \telse: pass  # three
            """,
            id="blocks that would be empty",
        ),
        pytest.param("a; gone = 1; b  # c\n", "a; b  # c\n", id="between others on the line"),
        pytest.param("gone = 1; b  # c\n", "b  # c\n", id="first on the line"),
        pytest.param("a; gone = 1  # c\n", "a  # c\n", id="last on the line"),
        pytest.param("a; b; gone = 1;\n", "a; b;\n", id="last, with a semicolon"),
        pytest.param("a; gone = 1; gone = 2; b\n", "a; b\n", id="two on the line"),
        pytest.param("gone = 1; gone = 2  # c\nx\n", "# c\nx\n", id="all on the line"),
        pytest.param("a; gone = f(1,  # one\n  2)  # c\n", "# one\na  # c\n", id="over lines"),
        pytest.param("if x: a; gone = 1\n", "if x: a\n", id="in a one-line suite"),
        pytest.param("class A: gone = 1\n", "class A: pass\n", id="in a class"),
        pytest.param("a\n\n# b\ngone = 1  # c\n\nd\n", "a\n\n# b\n# c\n\nd\n", id="module"),
        pytest.param("a\n\ngone = 1\n\nd\n", "a\n\nd\n", id="module, between blank lines"),
        pytest.param("a\ngone = 1\n\nd\n", "a\n\nd\n", id="module, above a blank line"),
        pytest.param("a\n\ngone = 1\n\ngone = 2\n\nd\n", "a\n\nd\n", id="module, two"),
        pytest.param("a\n\n\ngone = 1\n\nd\n", "a\n\n\nd\n", id="module, more blank lines above"),
        pytest.param("gone = 1\n\n\nd\n", "d\n", id="module, first"),
        pytest.param("a\n\ngone = 1\n", "a\n", id="module, last"),
        pytest.param("a\n\ngone = 1", "a\n", id="module, last, without a newline"),
        pytest.param("a\n\ngone = 1\n\n# b\n", "a\n\n# b\n", id="module, before a comment"),
        pytest.param("gone = 1\n", "", id="module, the only one"),
        pytest.param("gone = 1 \\\n\nx\n", "x\n", id="a backslash"),
        pytest.param("x = 1 \\\n\n\ngone = 1", "x = 1 \\\n\n", id="a backslash above"),
        pytest.param("x = 1\n\x0c\ngone = 1\n\x0cz\n", "x = 1\n\x0c\n\x0cz\n", id="form feeds"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_removed(before: str, after: str, newline: str) -> None:
    text = (code(before) if before.startswith("\n") else before).replace("\n", newline)
    edits = [removed(text, "gone", nth) for nth in range(text.count("gone"))]
    new = code(after) if after.startswith("\n") else after
    assert rewritten(text, *edits) == new.replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            def f():
                x = 1  # c

                y
            """,
            """
            def f():
                x = 1  # c
                new()

                y
            """,
            id="on its own line",
        ),
        pytest.param(
            """
            class A:
            \tdef f():
            \t\tx = (1,
            \t\t\t2)
            \t\t# end
            """,
            """
            class A:
            \tdef f():
            \t\tx = (1,
            \t\t\t2)
            \t\tnew()
            \t\t# end
            """,
            id="over lines, with tabs",
        ),
        pytest.param("x = 1; y  # c\n", "x = 1; new(); y  # c\n", id="beside others"),
        pytest.param("y;x = 1;\n", "y;x = 1; new();\n", id="last beside others"),
        pytest.param("if y: x = 1  # c\n", "if y: x = 1; new()  # c\n", id="one-line suite"),
        pytest.param("x = 1", "x = 1\nnew()", id="no newline at the end"),
        pytest.param("x = 1 \\\n\ny\n", "x = 1 \\\n\nnew()\ny\n", id="a backslash"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_added(before: str, after: str, newline: str) -> None:
    if newline != "\n" and "\n" not in before:
        return
    text = (code(before) if before.startswith("\n") else before).replace("\n", newline)
    new = code(after) if after.startswith("\n") else after
    assert rewritten(text, added(text, "x =", "new()")) == new.replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = 1  # c\n", "# c\nnew()\n", id="on its own line"),
        pytest.param("x = 1; y  # c\n", "new(); y  # c\n", id="beside others"),
        pytest.param("if y: x = 1  # c\n", "if y: new()  # c\n", id="one-line suite"),
    ],
)
def test_added_after_what_goes(before: str, after: str) -> None:
    assert rewritten(before, removed(before, "x"), added(before, "x", "new()")) == after


def test_session_filled_before_what_goes() -> None:
    text = code("""
        def f(session=None):
            # about sts
            sts = boto3.client("sts")  # the hub's
            # about x
            x = 1
        """)
    fill = FillSession(place(text, "sts ="), "session", "boto3")
    assert rewritten(text, fill, removed(text, "sts =")) == code("""
        def f(session=None):
            if not session:
                session = boto3._get_default_session()
            # about sts
            # the hub's
            # about x
            x = 1
        """)


def test_only_what_is_around_changes() -> None:
    data = b"# coding: latin-1\r\nx = '\xe9'\r\n\x0c\r\ngone = 1\r\n\r\n\ty\x0c = 2".replace(b"\ty", b"y")
    source = file(data.decode("latin-1"), "latin-1")
    assert rewrite(source, [removed(source.text, "gone")]) == data.replace(b"gone = 1\r\n", b"")


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(RemoveStatement(Position(1, 0)), id="a compound statement goes"),
        pytest.param(RemoveStatement(Position(2, 8)), id="an expression goes"),
        pytest.param(AddStatement(Position(1, 0), "y"), id="after a compound statement"),
        pytest.param(AddStatement(Position(2, 4), "if y: z"), id="a compound statement comes"),
        pytest.param(AddStatement(Position(2, 4), "y; z"), id="two come"),
        pytest.param(AddStatement(Position(2, 4), "y z"), id="no statement comes"),
    ],
)
def test_not_possible(edit: Edit) -> None:
    with pytest.raises(RewriteError):
        rewritten("if x:\n    y = z()\n", edit)


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(use("x = boto3.client(1)"), id="session"),
        pytest.param(ChangeCall(Position(1, 4), Position(1, 19), "f"), id="call"),
    ],
)
def test_lost_in_what_goes(lost: Edit) -> None:
    text = "x = boto3.client(1)\n"
    with pytest.raises(RewriteError, match="lost in another"):
        rewritten(text, removed(text, "x"), lost)


def test_two_after_one() -> None:
    text = "x = 1\n"
    with pytest.raises(RewriteError, match="there are two of AddStatement here"):
        rewritten(text, added(text, "x", "y"), added(text, "x", "z"))


def test_one_after_each_on_a_line() -> None:
    text = "x = 1; y = 2\n"
    assert rewritten(text, added(text, "x", "a"), added(text, "y", "b")) == "x = 1; a; y = 2; b\n"
