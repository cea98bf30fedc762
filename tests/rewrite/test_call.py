"""Calls that get another callee, a first argument, fewer arguments and more, and how they are laid out then."""

from __future__ import annotations

import pytest

from session_first.model import ChangeCall, Edit, Position, RenameKeyword
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import change, expression, place, rewritten, use, without_entries

PARENT = "session or boto3._get_default_session()"


def assumed(text: str, *removed: str) -> ChangeCall:
    """The edit of the `assume_role` call that the fix makes."""
    return change(
        text, "sts.assume_role(", callee="aws_assume_role_lib.assume_role", first=PARENT, removed=removed
    )


@pytest.mark.parametrize(
    ("before", "removed", "after"),
    [
        pytest.param("f(a, b, c)", ["b"], "f(a, c)", id="within a line"),
        pytest.param("f(a, b, c)", ["a", "c"], "f(b)", id="first and last"),
        pytest.param("f(a, b, c)", ["a", "b"], "f(c)", id="neighbours"),
        pytest.param("f(a, b, c,)", ["c"], "f(a, b,)", id="comma at the end"),
        pytest.param("f( a, b )", ["b"], "f( a )", id="spaces"),
        pytest.param("f(a, b) . c", ["a", "b"], "f() . c", id="all"),
        pytest.param("f(*a, b=1, **c)", ["*a", "**c"], "f(b=1)", id="unpacked"),
        pytest.param("f(a, (b), c)", ["b"], "f(a, c)", id="in brackets"),
        pytest.param("f(a, (b, c), d)", ["(b, c)"], "f(a, d)", id="tuple"),
        pytest.param("f(a=1, b=(c), d=2)", ["b="], "f(a=1, d=2)", id="keyword"),
        pytest.param("f('é', b=1, c=2)", ["b="], "f('é', c=2)", id="behind non-ASCII"),
        pytest.param("x = lambda: [f(a, b) for a in c]", ["b"], "x = lambda: [f(a) for a in c]", id="lambda"),
        pytest.param("@f(a, b)\nclass A: pass", ["b"], "@f(a)\nclass A: pass", id="decorator"),
        pytest.param("with f(a, b) as c: pass", ["b"], "with f(a) as c: pass", id="with item"),
        pytest.param(
            """
            f(
                a,
                b=1,
                c=2,
            )
            """,
            ["b="],
            """
            f(
                a,
                c=2,
            )
            """,
            id="with its line",
        ),
        pytest.param(
            """
            f(
                a,
                b=1,
                c=2
            )
            """,
            ["c="],
            """
            f(
                a,
                b=1
            )
            """,
            id="last line, without a comma at the end",
        ),
        pytest.param(
            """
            f(
                a,
                b=1,
            )
            """,
            ["a", "b="],
            """
            f()
            """,
            id="all lines",
        ),
        pytest.param(
            """
            f(a,
              b=1,
              c=2)
            """,
            ["b="],
            """
            f(a,
              c=2)
            """,
            id="aligned",
        ),
        pytest.param(
            """
            f(a,
              b=1,
              c=2)
            """,
            ["a"],
            """
            f(b=1,
              c=2)
            """,
            id="aligned, first",
        ),
        pytest.param(
            """
            f(a,
              b=1,
              c=2,
              )
            """,
            ["b=", "c="],
            """
            f(a)
            """,
            id="all lines but the bracket's own",
        ),
        pytest.param(
            """
            f(a, b=1,
              c=2, d=3)
            """,
            ["b=", "d="],
            """
            f(a,
              c=2)
            """,
            id="beside others on their lines",
        ),
        pytest.param(
            """
            f(a
              , b=1
              , c=2)
            """,
            ["b="],
            """
            f(a
              , c=2)
            """,
            id="leading commas",
        ),
        pytest.param(
            """
            f(a, \\
              b=1, \\
              c=2)
            """,
            ["b=", "c="],
            """
            f(a)
            """,
            id="backslashes",
        ),
        pytest.param(
            """
            f(
                a, b=1, c=2
            )
            """,
            ["b="],
            """
            f(a, c=2)
            """,
            id="all on a line of their own, which is needless now",
        ),
    ],
)
def test_removed(before: str, removed: list[str], after: str) -> None:
    text = code(before)
    assert rewritten(text, change(text, "f(", removed=tuple(removed))) == code(after)


@pytest.mark.parametrize(
    ("before", "removed", "after"),
    [
        pytest.param(
            """
            x = f(
                a,  # about a
                # about b
                b=1,  # behind b
                # about c
                c=2,  # behind c
                # the end
            )  # behind
            """,
            ["b="],
            """
            # about b
            # behind b
            x = f(
                a,  # about a
                # about c
                c=2,  # behind c
                # the end
            )  # behind
            """,
            id="one a line",
        ),
        pytest.param(
            """
            x = f(  # opening
                # about a
                a,  # behind a
                b=1,  # behind b
                # about c
                c=2  # behind c
            )
            """,
            ["a,  #", "c="],
            """
            # about a
            # behind a
            # about c
            # behind c
            x = f(  # opening
                b=1  # behind b
            )
            """,
            id="first and last",
        ),
        pytest.param(
            """
            # above
            x = f(a,  # about a
                  b=1)  # behind
            """,
            ["b="],
            """
            # above
            # about a
            x = f(a)  # behind
            """,
            id="no line is left for it",
        ),
        pytest.param(
            """
            x = f(a, b=1,  # the region
                  c=2)
            """,
            ["b="],
            """
            x = f(a,  # the region
                  c=2)
            """,
            id="an argument is left on its line",
        ),
        pytest.param(
            """
            x = f(
                a,
                b=g(
                    1,  # one
                ),
            )
            """,
            ["b="],
            """
            # one
            x = f(a)
            """,
            id="in an argument",
        ),
        pytest.param(
            """
            x = f(
                a,
                b=1,  # noqa: S105
                c=2,  # type: ignore  # a secret  # nosec
            )  # noqa: E1
            """,
            ["b=", "c="],
            """
            # a secret
            x = f(a)  # noqa: E1
            """,
            id="what is said to tools",
        ),
        pytest.param(
            """
            if x:
                pass
            elif f(a,  # c
                   b):
                pass
            """,
            ["b"],
            """
            if x:
                pass
            # c
            elif f(a):
                pass
            """,
            id="elif",
        ),
        pytest.param(
            """
            class A:
                @f(a,  # c
                   b)
                def g(self):
                    pass
            """,
            ["b"],
            """
            class A:
                # c
                @f(a)
                def g(self):
                    pass
            """,
            id="decorator",
        ),
        pytest.param(
            """
            if x: y = f(a,  # c
                        b)
            """,
            ["b"],
            """
            # c
            if x: y = f(a)
            """,
            id="one-line suite",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_of_removed(before: str, removed: list[str], after: str, newline: str) -> None:
    text = code(before).replace("\n", newline)
    edit = change(text, "f(", removed=tuple(removed))
    assert rewritten(text, edit) == code(after).replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f()", "f(first)", id="no arguments"),
        pytest.param("f(a, b=1)", "f(first, a, b=1)", id="within a line"),
        pytest.param(
            """
            f(  # opening
                # about a
                a,
                b=1
            )
            """,
            """
            f(  # opening
                first,
                # about a
                a,
                b=1
            )
            """,
            id="one a line",
        ),
        pytest.param(
            """
            f(
                a,
            )
            """,
            """
            f(
                first,
                a,
            )
            """,
            id="one on a line",
        ),
        pytest.param(
            """
            f(
                a, b
            )
            """,
            """
            f(
                first, a, b
            )
            """,
            id="all on a line of their own",
        ),
        pytest.param(
            """
            f(a,  # about a
              b=1)
            """,
            """
            f(first,
              a,  # about a
              b=1)
            """,
            id="aligned",
        ),
        pytest.param(
            """
            f(a, b,
              c)
            """,
            """
            f(first, a, b,
              c)
            """,
            id="several a line",
        ),
        pytest.param(
            """
            f(a
              , b
              , c)
            """,
            """
            f(first
              , a
              , b
              , c)
            """,
            id="leading commas",
        ),
    ],
)
def test_first(before: str, after: str) -> None:
    text = code(before)
    assert rewritten(text, change(text, "f(", first="first")) == code(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f()", "f(x=1, y=2)", id="no arguments"),
        pytest.param("f(a, b=1)", "f(a, b=1, x=1, y=2)", id="within a line"),
        pytest.param("f(a, b = 1)", "f(a, b = 1, x = 1, y = 2)", id="spaces"),
        pytest.param("f(*a, **b)", "f(*a, x=1, y=2, **b)", id="before an unpacked mapping"),
        pytest.param(
            """
            f(
                a,  # about a
                **b,  # about b
            )
            """,
            """
            f(
                a,  # about a
                x=1,
                y=2,
                **b,  # about b
            )
            """,
            id="one a line",
        ),
        pytest.param(
            """
            f(a,
              b=1)  # end
            """,
            """
            f(a,
              b=1,
              x=1,
              y=2)  # end
            """,
            id="aligned",
        ),
    ],
)
def test_added(before: str, after: str) -> None:
    text = code(before)
    assert rewritten(text, change(text, "f(", added=(("x", "1"), ("y", "2")))) == code(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            x = sts.assume_role(RoleArn=a, DurationSeconds=900)
            """,
            """
            x = aws_assume_role_lib.assume_role(
                session or boto3._get_default_session(), RoleArn=a
            )
            """,
            id="on an indented line",
        ),
        pytest.param(
            """
            def f():
            \tx = sts.assume_role(RoleArn=spoke, DurationSeconds=9, RoleSessionName=the_session_name)
            \treturn x
            """,
            """
            def f():
            \tx = aws_assume_role_lib.assume_role(
            \t\tsession or boto3._get_default_session(),
            \t\tRoleArn=spoke,
            \t\tRoleSessionName=the_session_name,
            \t)
            \treturn x
            """,
            id="one a line",
        ),
        pytest.param(
            """
            x = sts.assume_role(
                RoleArn=a, RoleSessionName=the_session_name, DurationSeconds=900
            )
            """,
            """
            x = aws_assume_role_lib.assume_role(
                session or boto3._get_default_session(),
                RoleArn=a,
                RoleSessionName=the_session_name,
            )
            """,
            id="too long for the line of their own",
        ),
        pytest.param(
            """
            x = sts.assume_role(RoleArn=a, DurationSeconds=900)  # the spoke
            """,
            """
            x = aws_assume_role_lib.assume_role(session or boto3._get_default_session(), RoleArn=a)  # the spoke
            """,
            id="not with a comment behind it",
        ),
        pytest.param(
            """
            x = sts.assume_role(RoleArn=a,
                                RoleSessionName=f(b,
                                                  c),
                                DurationSeconds=900)
            """,
            """
            x = aws_assume_role_lib.assume_role(session or boto3._get_default_session(),
                                                RoleArn=a,
                                                RoleSessionName=f(b,
                                                                  c))
            """,
            id="what is aligned moves",
        ),
        pytest.param(
            """
            x = y(sts.assume_role(RoleArn=a, DurationSeconds=900), g(b,
                                                                     c))
            """,
            """
            x = y(aws_assume_role_lib.assume_role(session or boto3._get_default_session(), RoleArn=a), g(b,
                                                                                                         c))
            """,
            id="so does what is aligned further behind",
        ),
        pytest.param(
            """
            x = (
                sts.assume_role(
                    RoleArn=a,  # the spoke
                    DurationSeconds=900,
                )
            )
            """,
            """
            x = (
                aws_assume_role_lib.assume_role(
                    session or boto3._get_default_session(),
                    RoleArn=a,  # the spoke
                )
            )
            """,
            id="in brackets",
        ),
    ],
)
def test_layout(before: str, after: str) -> None:
    text = code(before)
    assert rewritten(text, assumed(text, "DurationSeconds")) == code(after)


def test_comments_in_the_callee() -> None:
    text = code("""
        x = (boto3  # the default
             .client)(a,
                      b)
        """)
    edit = ChangeCall(place(text, "(boto3"), expression(text, "(boto3")[1], "session.client")
    assert rewritten(text, edit) == code("""
        # the default
        x = session.client(a,
                      b)
        """)


def test_nested() -> None:
    text = "boto3.Session(a=f(b=1), c=dict(boto3.client, d=1, e=2))\n"
    edits: list[Edit] = [
        change(text, "boto3.Session(", callee="Session", removed=("a=",), first="x"),
        change(text, "dict(", removed=("d=",), added=(("g", "h"),)),
        use(text),
    ]
    after = "Session(x, c=dict(session.client, e=2, g=h))\n"
    assert rewritten(text, *edits) == after
    assert rewritten(text, *reversed(edits)) == after


@pytest.mark.parametrize(
    ("before", "entries", "after"),
    [
        pytest.param('{"a": 1, "b": 2}', ['"a"'], '{"b": 2}', id="first"),
        pytest.param('{"a": 1, "b": 2,}', ['"b"'], '{"a": 1,}', id="last"),
        pytest.param('{"a": 1, **b}', ['"a"'], "{**b}", id="unpacked ones stay"),
        pytest.param('{ "a": 1 }', ['"a"'], "{}", id="all"),
        pytest.param(
            """
            {
                # about a
                "a": 1,  # behind a
                # about b
                "b": 2,  # behind b
                "c": 3,
            }
            """,
            ['"a"', '"c"'],
            """
            # about a
            # behind a
            {
                # about b
                "b": 2,  # behind b
            }
            """,
            id="one a line",
        ),
        pytest.param(
            """
            {"a": 1,
             "b": 2,  # behind b
             "c": 3}
            """,
            ['"b"'],
            """
            # behind b
            {"a": 1,
             "c": 3}
            """,
            id="aligned",
        ),
        pytest.param(
            """
            {
                "a": 1,
                "b": 2  # behind b
                # end
            }
            """,
            ['"b"'],
            """
            # behind b
            {
                "a": 1
                # end
            }
            """,
            id="no comma at the end",
        ),
    ],
)
def test_entries(before: str, entries: list[str], after: str) -> None:
    text = code(before).rstrip("\n")
    edit = without_entries(text, text, *entries)
    assert rewritten(text + "\n", edit) == code(after).rstrip("\n") + "\n"


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        pytest.param("f(a)\n", ChangeCall(Position(1, 0), Position(1, 3), "g"), id="not where one ends"),
        pytest.param("f.x\n", ChangeCall(Position(1, 0), Position(1, 3), "g"), id="no call"),
        pytest.param(
            "f(a)\n", ChangeCall(Position(1, 0), Position(1, 4), removed=(Position(1, 3),)), id="no argument"
        ),
        pytest.param(
            "f(a=b)\n", ChangeCall(Position(1, 0), Position(1, 6), removed=(Position(1, 4),)), id="its value"
        ),
        pytest.param("f(a)\n", ChangeCall(Position(1, 0), Position(1, 4), first="a b"), id="no Python"),
        pytest.param("{a: b}\n", without_entries("{a: b}", "{a: b}", "b"), id="no key"),
        pytest.param("{a}\n", without_entries("{a}", "{a}", "a"), id="no dict"),
    ],
)
def test_not_possible(text: str, edit: Edit) -> None:
    with pytest.raises(RewriteError):
        rewritten(text, edit)


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("g(", id="in an argument"),
        pytest.param("f.a(", id="in the callee"),
    ],
)
def test_lost_in_another(inner: str) -> None:
    text = "f.a()(b=g(1), c=2)\n"
    position, end = place(text, "f"), place(text, "\n")
    outer = ChangeCall(position, end, "x", removed=(place(text, "b="),))
    with pytest.raises(RewriteError, match="lost in another"):
        rewritten(text, outer, change(text, inner, callee="y"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f(c=c)", "f(new=c)", id="alone"),
        pytest.param("f(a, c = g(c=1), d=2)", "f(a, new = g(c=1), d=2)", id="of the outer call"),
        pytest.param(
            "f(\n    a=1,\n    c=c,  # it\n)", "f(\n    a=1,\n    new=c,  # it\n)", id="a line of its own"
        ),
    ],
)
def test_another_keyword(before: str, after: str) -> None:
    assert rewritten(before, RenameKeyword(*expression(before, "f("), place(before, "c"), "new")) == after


def test_another_keyword_beside_fewer_arguments() -> None:
    text = "f(a=1, c=c)"
    edits = (
        change(text, "f(", removed=("a=",)),
        RenameKeyword(*expression(text, "f("), place(text, "c"), "new"),
    )
    assert rewritten(text, *edits) == "f(new=c)"


@pytest.mark.parametrize(
    ("before", "removed", "after"),
    [
        pytest.param("x = f(\n    a,\n    b=1,\n)\n", "b=", "x = f(a)\n", id="one is left"),
        pytest.param(
            "x = f(\n    a,\n    b=1,\n    c=2,\n)\n",
            "b=",
            "x = f(\n    a,\n    c=2,\n)\n",
            id="two are left",
        ),
        pytest.param(
            "x = f(\n    a,  # it\n    b=1,\n)\n",
            "b=",
            "x = f(\n    a,  # it\n)\n",
            id="one is left, and a comment",
        ),
        pytest.param(
            "x = f(\n    g(\n        1,\n    ),\n    b=1,\n)\n",
            "b=",
            "x = f(\n    g(\n        1,\n    ),\n)\n",
            id="one is left, on several lines",
        ),
        pytest.param(
            f"x = f(\n    {'a' * 74},\n    b=1,\n)\n",
            "b=",
            f"x = f(\n    {'a' * 74},\n)\n",
            id="one is left, and no room",
        ),
    ],
)
def test_a_call_on_lines_of_its_own(before: str, removed: str, after: str) -> None:
    edit = ChangeCall(*expression(before, "f("), removed=(place(before, removed),))
    assert rewritten(before, edit) == after
