"""Calls that pass a session on, in every layout; statements that are put before others."""

from __future__ import annotations

import pytest

from session_first.model import AddSessionParameter, AddStatementBefore, Edit, PassSession, Position
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import change, expression, place, removed, rewritten, use


def passing(text: str, part: str = "f(", *, nth: int = 0, line_length: int | None = None) -> PassSession:
    """The edit by which the call that begins with `part` passes its session."""
    return PassSession(*expression(text, part, nth=nth), "session", "session", line_length)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f()", "f(session=session)", id="no argument"),
        pytest.param("f( )", "f(session=session)", id="nothing but a space"),
        pytest.param("f(a)", "f(a, session=session)", id="one"),
        pytest.param("f(a, b=1)", "f(a, b=1, session=session)", id="after keywords"),
        pytest.param("f(a,)", "f(a, session=session,)", id="comma at the end"),
        pytest.param("f( a )", "f( a, session=session )", id="spaces"),
        pytest.param("f(a, b = 1)", "f(a, b = 1, session = session)", id="spaces around the equal sign"),
        pytest.param("f(x for x in y)", "f((x for x in y), session=session)", id="a generator expression"),
        pytest.param(
            "f((x for x in y))", "f((x for x in y), session=session)", id="a generator expression in brackets"
        ),
        pytest.param("f(x for x in y) (1)", "f((x for x in y), session=session) (1)", id="called again"),
        pytest.param("f(a) \\\n    + 1", "f(a, session=session) \\\n    + 1", id="before a backslash"),
        pytest.param("f(a)  # why", "f(a, session=session)  # why", id="before a comment"),
        pytest.param("x = [f(k) for k in y]", "x = [f(k, session=session) for k in y]", id="comprehension"),
        pytest.param("x = lambda: f()", "x = lambda: f(session=session)", id="lambda"),
        pytest.param('x = "é" + f("é")', 'x = "é" + f("é", session=session)', id="behind non-ASCII"),
        pytest.param("with f(a) as b: pass", "with f(a, session=session) as b: pass", id="with"),
        pytest.param("if f(): pass", "if f(session=session): pass", id="condition"),
        pytest.param("x = (y := f(1))", "x = (y := f(1, session=session))", id="walrus"),
        pytest.param("await_ = f(*a)", "await_ = f(*a, session=session)", id="after *"),
        pytest.param(
            """
            f(
                a,
                b,
            )
            """,
            """
            f(
                a,
                b,
                session=session,
            )
            """,
            id="one a line",
        ),
        pytest.param(
            """
            f(
                a,
                b
            )
            """,
            """
            f(
                a,
                b,
                session=session
            )
            """,
            id="one a line, no comma at the end",
        ),
        pytest.param(
            """
            f(
                a, b
            )
            """,
            """
            f(
                a, b, session=session
            )
            """,
            id="all on a line of their own",
        ),
        pytest.param(
            """
            f(a,
              b)
            """,
            """
            f(a,
              b,
              session=session)
            """,
            id="aligned with the bracket",
        ),
        pytest.param(
            """
            f(a_first_argument, that_is_longer, than_others_are, so_that_the_line_gets_quite_full,
              b, c)
            """,
            """
            f(a_first_argument, that_is_longer, than_others_are, so_that_the_line_gets_quite_full,
              b, c, session=session)
            """,
            id="room on the last line alone",
        ),
        pytest.param(
            """
            f(
                a,  # about a
                # about b
                b  # behind b
                # the end
            )
            """,
            """
            f(
                a,  # about a
                # about b
                b,  # behind b
                session=session
                # the end
            )
            """,
            id="comments",
        ),
        pytest.param(
            """
            f(
                x
                for x in y
            )
            """,
            """
            f(
                (x
                for x in y), session=session
            )
            """,
            id="a generator expression over several lines",
        ),
    ],
)
def test_pass(before: str, after: str) -> None:
    text = code(before).rstrip("\n") + "\n"
    assert rewritten(text, passing(text)) == code(after).rstrip("\n") + "\n"


LONG = ", ".join(["argument_of_17_xx"] * 4)
"""74 characters."""


@pytest.mark.parametrize(
    ("before", "line_length", "after"),
    [
        pytest.param(
            f"result_of_it = f({LONG})\n", 109, f"result_of_it = f({LONG}, session=session)\n", id="fits"
        ),
        pytest.param(
            f"result_of_it = f({LONG})\n",
            108,
            f"result_of_it = f(\n    {LONG}, session=session\n)\n",
            id="on a line of their own",
        ),
        pytest.param(
            f"result_of_it = f({LONG})\n",
            94,
            "result_of_it = f(\n" + "    argument_of_17_xx,\n" * 4 + "    session=session,\n)\n",
            id="one a line",
        ),
        pytest.param(
            f"f({LONG}, a)  # why\n", 88, f"f({LONG}, a, session=session)  # why\n", id="not before a comment"
        ),
        pytest.param(
            f"if f({LONG}, a): pass\n",
            88,
            f"if f({LONG}, a, session=session): pass\n",
            id="not in a compound statement",
        ),
    ],
)
def test_line_length(before: str, line_length: int | None, after: str) -> None:
    assert rewritten(before, passing(before, line_length=line_length)) == after


def test_calls_in_one_another() -> None:
    text = "f(f(1), b=f(f()))\n"
    edits = [passing(text, nth=n) for n in range(4)]
    assert rewritten(text, *edits) == (
        "f(f(1, session=session), b=f(f(session=session), session=session), session=session)\n"
    )


def test_a_call_in_a_statement_that_is_edited_otherwise() -> None:
    text = "x = f(boto3.client(1))\n"
    assert rewritten(text, passing(text), use(text)) == "x = f(session.client(1), session=session)\n"


def test_a_call_that_goes_needs_nothing() -> None:
    text = "x = f(1)\ny = 2\n"
    assert rewritten(text, passing(text), removed(text, "x")) == "y = 2\n"


def test_a_call_within_arguments_that_go() -> None:
    text = "g(a=f(1), b=2)\n"
    assert rewritten(text, change(text, "g(", removed=("a=",)), passing(text)) == "g(b=2)\n"


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(
            PassSession(Position(1, 0), Position(1, 2), "session", "session"), id="not where one ends"
        ),
        pytest.param(PassSession(Position(1, 2), Position(1, 3), "session", "session"), id="no call"),
        pytest.param(PassSession(Position(1, 0), Position(1, 4), "session", "a b"), id="no Python"),
    ],
)
def test_not_possible(edit: Edit) -> None:
    with pytest.raises(RewriteError):
        rewritten("f(a)\n", edit)


# --- Statements before others ---------------------------------------------------------------------


def put(text: str, statement: str, source: str = "new = 1") -> AddStatementBefore:
    """The edit that puts `source` before the statement that begins with `statement`."""
    return AddStatementBefore(place(text, statement), source)


@pytest.mark.parametrize(
    ("text", "statement", "after"),
    [
        pytest.param("x = 1\n", "x =", "new = 1\nx = 1\n", id="the first of the file"),
        pytest.param("a = 1\n\n\nx = 1\n", "x =", "a = 1\n\n\nnew = 1\nx = 1\n", id="after blank lines"),
        pytest.param(
            "def f():\n    x = 1\n", "x =", "def f():\n    new = 1\n    x = 1\n", id="the first of a function"
        ),
        pytest.param(
            'def f():\n    """Doc."""\n    x = 1\n',
            "x =",
            'def f():\n    """Doc."""\n    new = 1\n    x = 1\n',
            id="after a docstring",
        ),
        pytest.param(
            "def f():\n    # why\n    x = 1\n",
            "x =",
            "def f():\n    new = 1\n    # why\n    x = 1\n",
            id="before the comment of the first of a function",
        ),
        pytest.param("def f():\n\tx = 1\n", "x =", "def f():\n\tnew = 1\n\tx = 1\n", id="tabs"),
        pytest.param(
            "def f():\r\n    x = 1\r\n", "x =", "def f():\r\n    new = 1\r\n    x = 1\r\n", id="CRLF"
        ),
        pytest.param(
            "if a:\n    b = 1\n", "if", "new = 1\nif a:\n    b = 1\n", id="before a compound statement"
        ),
        pytest.param(
            "import a\n\n\ndef f():\n    pass\n",
            "def",
            "import a\n\nnew = 1\n\n\ndef f():\n    pass\n",
            id="before a function, with its distance",
        ),
        pytest.param(
            "import a\r\n\r\n\r\ndef f():\r\n    pass\r\n",
            "def",
            "import a\r\n\r\nnew = 1\r\n\r\n\r\ndef f():\r\n    pass\r\n",
            id="before a function, CRLF",
        ),
        pytest.param(
            "import a\n\n# about nothing\n\n\ndef f():\n    pass\n",
            "def",
            "import a\n\n# about nothing\n\nnew = 1\n\n\ndef f():\n    pass\n",
            id="before a function, after a comment that stands apart",
        ),
    ],
)
def test_before(text: str, statement: str, after: str) -> None:
    assert rewritten(text, put(text, statement)) == after


def test_before_a_statement_that_is_edited() -> None:
    text = "def f(a):\n    x = boto3.client(1)\n"
    parameter = AddSessionParameter(place(text, "def"), "session", None, "None", None)
    keep = put(text, "x =", "self.s = session")
    assert rewritten(text, parameter, keep, use(text)) == (
        "def f(a, session=None):\n    self.s = session\n    x = session.client(1)\n"
    )
