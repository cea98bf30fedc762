"""Expressions that are unwrapped, replaced, or given a name in a statement of their own."""

from __future__ import annotations

import pytest

from session_first.model import Edit, Position, ReplaceExpression, Unwrap
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import (
    change,
    expression,
    file,
    hoist,
    place,
    removed,
    replaced,
    rewritten,
    span,
    unwrap,
    use,
)

EAGER = "assumed_session.get_credentials().get_frozen_credentials()"


@pytest.mark.parametrize(
    ("before", "outer", "inner", "after"),
    [
        pytest.param('x = r["C"]', 'r["C"]', "r", "x = r", id="subscript"),
        pytest.param('x = r.get("C", {})', 'r.get("C", {})', "r", "x = r", id="call"),
        pytest.param('x = f(r["C"], 1)', 'r["C"]', "r", "x = f(r, 1)", id="argument"),
        pytest.param('x = r["C"]["K"]', 'r["C"]', "r", 'x = r["K"]', id="the inner one of two"),
        pytest.param('x = r["C"]["K"]', 'r["C"]["K"]', "r", "x = r", id="both"),
        pytest.param("x = dict(r or {})", "dict(r or {})", "r or {}", "x = r or {}", id="onto an argument"),
        pytest.param(
            "x = dict(r or {}).y", "dict(r or {})", "r or {}", "x = (r or {}).y", id="brackets are needed"
        ),
        pytest.param("x = f((r, s))[0]", "f((r, s))[0]", "(r, s)", "x = r, s", id="onto a tuple"),
        pytest.param("x = y, f((r, s))", "f((r, s))", "(r, s)", "x = y, (r, s)", id="in a tuple"),
        pytest.param('x = (r["C"])', 'r["C"]', "r", "x = (r)", id="in brackets"),
        pytest.param('x = (r)["C"]', '(r)["C"]', "r", "x = r", id="out of brackets"),
        pytest.param('x = (\n    r["C"]\n)', 'r["C"]', "r", "x = (\n    r\n)", id="in brackets over lines"),
        pytest.param('x = (r\n     ["C"])', 'r\n     ["C"]', "r", "x = r", id="brackets are needed no more"),
        pytest.param(
            "x = f(a +\n      b)", "f(a +\n      b)", "a +\n      b", "x = (a +\n    b)", id="a line break"
        ),
        pytest.param("x = [1,r][1]if y else z", "[1,r][1]", "r", "x = (r)if y else z", id="a word behind it"),
        pytest.param('f"{r[1]!r}"', "r[1]", "r", 'f"{r!r}"', id="f-string"),
        pytest.param("lambda: [r[1] for r in s]", "r[1]", "r", "lambda: [r for r in s]", id="comprehension"),
    ],
)
def test_unwrapped(before: str, outer: str, inner: str, after: str) -> None:
    assert rewritten(f"{before}\n", unwrap(before, outer, inner)) == f"{after}\n"


def test_unwrapped_in_steps() -> None:
    text = 'x = r["C"]["K"]  # c\n'
    edits = [unwrap(text, 'r["C"]["K"]', 'r["C"]'), unwrap(text, 'r["C"]', "r")]
    assert rewritten(text, *edits) == rewritten(text, *reversed(edits)) == "x = r  # c\n"


def test_comments_of_what_is_unwrapped() -> None:
    text = code("""
        # above
        x = r[  # one
            # two
            "C"  # three
        ]  # four
        """)
    assert rewritten(text, unwrap(text, text[text.index("r[") : text.index("  # four")], "r")) == code("""
        # above
        # one
        # two
        # three
        x = r  # four
        """)


def test_call_and_what_it_is_unwrapped_from() -> None:
    text = code("""
        creds = sts.assume_role(
            RoleArn=a,  # the spoke
            DurationSeconds=900,  # short
        )["Credentials"]  # behind
        """)
    inner = expression(text, "sts.assume_role(")
    outer_end = span(text, '["Credentials"]')[1]
    edits: list[Edit] = [
        replaced(text, "creds", "assumed_session"),
        change(text, "sts.assume_role(", callee="aws.assume_role", first="s", removed=("Duration",)),
        Unwrap(inner[0], outer_end, *inner),
    ]
    assert rewritten(text, *edits) == code("""
        # short
        assumed_session = aws.assume_role(
            s,
            RoleArn=a,  # the spoke
        )  # behind
        """)


@pytest.mark.parametrize(
    ("before", "part", "after"),
    [
        pytest.param("a = f()", "a", "new = f()", id="target"),
        pytest.param("a, b = f()", "a, b", "new = f()", id="tuple target"),
        pytest.param("a, b, = f()", "a, b,", "new = f()", id="a comma at its end"),
        pytest.param("(a, b) = f()", "(a, b)", "new = f()", id="tuple target in brackets"),
        pytest.param("x = (a, b) = f()", "(a, b)", "x = new = f()", id="second target"),
        pytest.param("for a, b in c: pass", "a, b", "for new in c: pass", id="target of a loop"),
        pytest.param("for(a, b)in c: pass", "(a, b)", "for(new)in c: pass", id="between words"),
        pytest.param("with f() as (a, b): pass", "(a, b)", "with f() as new: pass", id="target of with"),
        pytest.param("return a, b", "a, b", "return new", id="tuple"),
        pytest.param("return (a, b)", "(a, b)", "return new", id="tuple in brackets"),
        pytest.param("return ((a, b))", "(a, b)", "return (new)", id="tuple in two pairs of brackets"),
        pytest.param("return(a, b)", "(a, b)", "return(new)", id="brackets part it from a word"),
        pytest.param("return[a, b]", "[a, b]", "return(new)", id="and square ones"),
        pytest.param("x = f((a, b), c)", "(a, b)", "x = f(new, c)", id="tuple as an argument"),
        pytest.param("x = f(a=(b))", "b", "x = f(a=(new))", id="keyword's value"),
        pytest.param("x = a.b.c", "a.b", "x = new.c", id="attribute"),
        pytest.param("del a, b", "b", "del a, new", id="del"),
        pytest.param("é = 'é', b", "b", "é = 'é', new", id="behind non-ASCII"),
        pytest.param("x = 'a' 'b'", "'a' 'b'", "x = new", id="strings"),
        pytest.param("x = (yield a)", "yield a", "x = (new)", id="yield"),
    ],
)
def test_replaced(before: str, part: str, after: str) -> None:
    assert rewritten(f"{before}\n", replaced(before, part, "new")) == f"{after}\n"


@pytest.mark.parametrize(
    ("before", "source", "after"),
    [
        pytest.param("x = HERE.y", "a or b", "x = (a or b).y", id="before a dot"),
        pytest.param("x = HERE", "a or b", "x = a or b", id="alone"),
        pytest.param("x = f(HERE)", "a, b", "x = f((a, b))", id="tuple"),
        pytest.param("x = HERE", "a, b", "x = a, b", id="tuple alone"),
        pytest.param("x = f(y=HERE)", "a if b else c", "x = f(y=a if b else c)", id="argument"),
        pytest.param("x = not HERE", "(a)", "x = not a", id="brackets that are not needed"),
    ],
)
def test_brackets_of_the_source(before: str, source: str, after: str) -> None:
    assert rewritten(f"{before}\n", replaced(before, "HERE", source)) == f"{after}\n"


def test_comments_of_what_is_replaced() -> None:
    text = code("""
        def f():
            # above
            (
                a,  # one
                # two
                b,
            ) = g()  # three
            return [  # noqa
                a,  # four
            ]
        """)
    edits = [
        replaced(text, text[text.index("(\n") : text.index(" = g")], "new"),
        replaced(text, text[text.index("[") : -1], "new"),
    ]
    assert rewritten(text, *edits) == code("""
        def f():
            # above
            # one
            # two
            new = g()  # three
            # four
            return new
        """)


def test_lines_aligned_behind_what_is_replaced() -> None:
    text = code("""
        response = f(a,
                     b)
        """)
    assert rewritten(text, replaced(text, "response", "assumed_session")) == code("""
        assumed_session = f(a,
                            b)
        """)


@pytest.mark.parametrize(
    ("before", "statement", "part", "after"),
    [
        pytest.param(
            """
            def f():
                # above
                return g()  # behind
            """,
            "return",
            "g()",
            """
            def f():
                # above
                assumed_session = g()
                assumed_session.get_credentials().get_frozen_credentials()
                return assumed_session  # behind
            """,
            id="return",
        ),
        pytest.param(
            """
            def f():
                return(g())
            """,
            "return",
            "g()",
            """
            def f():
                assumed_session = g()
                assumed_session.get_credentials().get_frozen_credentials()
                return(assumed_session)
            """,
            id="brackets part it from a word",
        ),
        pytest.param(
            """
            def f():
                return (
                    # about g
                    g(
                        a,  # the a
                    )  # the g
                )  # behind
            """,
            "return",
            "g(\n            a,  # the a\n        )",
            """
            def f():
                # about g
                # the g
                assumed_session = g(
                    a,  # the a
                )
                assumed_session.get_credentials().get_frozen_credentials()
                return assumed_session  # behind
            """,
            id="out of brackets",
        ),
        pytest.param(
            """
            def f():
                return (
                    g  # the g
                    .h()
                )
            """,
            "return",
            "g  # the g\n        .h()",
            """
            def f():
                assumed_session = (
                    g  # the g
                    .h()
                )
                assumed_session.get_credentials().get_frozen_credentials()
                return assumed_session
            """,
            id="with the brackets that it needs",
        ),
        pytest.param(
            """
            def f():
                return h(g(a,
                           b), (c,
                                d))
            """,
            "return",
            "g(a,\n               b)",
            """
            def f():
                assumed_session = g(a,
                                    b)
                assumed_session.get_credentials().get_frozen_credentials()
                return h(assumed_session, (c,
                                           d))
            """,
            id="aligned",
        ),
        pytest.param(
            """
            def f():
                return h(
                    g(
                        a,
                    ),
                    b,
                )
            """,
            "return",
            "g(\n            a,\n        )",
            """
            def f():
                assumed_session = g(
                    a,
                )
                assumed_session.get_credentials().get_frozen_credentials()
                return h(
                    assumed_session,
                    b,
                )
            """,
            id="from further in",
        ),
        pytest.param(
            """
            # above
            if g(): pass
            """,
            "if",
            "g()",
            """
            # above
            assumed_session = g()
            assumed_session.get_credentials().get_frozen_credentials()
            if assumed_session: pass
            """,
            id="if",
        ),
        pytest.param(
            """
            try:
            \twith open(x), g() as y:
            \t\tpass
            finally: pass
            """,
            "with",
            "g()",
            """
            try:
            \tassumed_session = g()
            \tassumed_session.get_credentials().get_frozen_credentials()
            \twith open(x), assumed_session as y:
            \t\tpass
            finally: pass
            """,
            id="with, and tabs",
        ),
        pytest.param(
            """
            a; x = g(); b  # c
            """,
            "x",
            "g()",
            """
            a; assumed_session = g(); assumed_session.get_credentials().get_frozen_credentials(); x = assumed_session; b  # c
            """,
            id="beside others",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_hoisted(before: str, statement: str, part: str, after: str, newline: str) -> None:
    text, part = code(before).replace("\n", newline), part.replace("\n", newline)
    edit = hoist(text, statement, part, "assumed_session", EAGER)
    assert rewritten(text, edit) == code(after).replace("\n", newline)


def test_hoisted_with_other_edits() -> None:
    text = code("""
        def f():
            sts = boto3.client("sts")  # the hub's

            # take the role
            return sts.assume_role(
                RoleArn=a,  # the spoke
                DurationSeconds=900,  # short
            )["Credentials"]  # behind
        """)
    start, end = expression(text, "sts.assume_role(")
    outer_end = span(text, '["Credentials"]')[1]
    outer = file(text).segment(start, outer_end)
    edits: list[Edit] = [
        removed(text, "sts ="),
        change(text, "sts.assume_role(", callee="aws.assume_role", first="session", removed=("Duration",)),
        Unwrap(start, outer_end, start, end),
        hoist(text, "return", outer, "assumed_session", EAGER),
    ]
    after = code("""
        def f():
            # the hub's

            # take the role
            # short
            assumed_session = aws.assume_role(
                session,
                RoleArn=a,  # the spoke
            )
            assumed_session.get_credentials().get_frozen_credentials()
            return assumed_session  # behind
        """)
    assert rewritten(text, *edits) == after
    assert rewritten(text, *reversed(edits)) == after


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        pytest.param("if x: y\nelif f(): z\n", "elif", id="elif"),
        pytest.param("if x: y\nelif f(): z\n", "if", id="before the if of an elif"),
        pytest.param("if x: y = f()\n", "y", id="one-line suite"),
        pytest.param("while f(): x\n", "while", id="while"),
        pytest.param("if x:\n    y = f()\n", "if", id="in a statement of the statement"),
        pytest.param("x = y; z = f()\n", "x", id="in the statement beside it"),
        pytest.param("z = f()\nx = 1\n", "x", id="before another statement"),
    ],
)
def test_no_place_to_hoist(text: str, statement: str) -> None:
    with pytest.raises(RewriteError):
        rewritten(text, hoist(text, statement, "f()", "name"))


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        pytest.param("x = a.b(c)\n", ["a.b(c)", "c"], id="in what is replaced"),
        pytest.param("x = a.b(c)\n", ["a.b(c)", "a.b"], id="at its start"),
    ],
)
def test_lost_in_what_is_replaced(text: str, edits: list[str]) -> None:
    with pytest.raises(RewriteError, match="lost in another"):
        rewritten(text, *(replaced(text, part, "y") for part in edits))


def test_lost_in_what_is_unwrapped() -> None:
    text = "x = r.get(boto3.client)\n"
    with pytest.raises(RewriteError, match="lost in another"):
        rewritten(text, unwrap(text, "r.get(boto3.client)", "r"), use(text))


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(ReplaceExpression(Position(1, 4), Position(1, 6), "y"), id="not where one ends"),
        pytest.param(ReplaceExpression(Position(1, 4), Position(1, 5), "y z"), id="no expression"),
        pytest.param(
            Unwrap(Position(1, 4), Position(1, 7), Position(1, 0), Position(1, 1)), id="not in the other"
        ),
        pytest.param(
            Unwrap(Position(1, 4), Position(1, 7), Position(1, 4), Position(1, 6)), id="no such part"
        ),
    ],
)
def test_not_possible(edit: Edit) -> None:
    with pytest.raises(RewriteError):
        rewritten("x = a.b\n", edit)


def test_a_word_in_a_string_is_no_expression() -> None:
    text = "x = 'a'\n"
    with pytest.raises(RewriteError, match="nothing to edit") as caught:
        rewritten(text, replaced(text, "a", "y"))
    assert caught.value.position == place(text, "a")
