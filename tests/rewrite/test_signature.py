"""Where the session parameter goes, and how it is written there."""

from __future__ import annotations

import sys

import pytest

from session_first.model import AddSessionParameter, Position, RenameParameter
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import place, rewritten


def with_parameter(text: str, annotation: str | None = None) -> str:
    """The text whose first function or lambda has taken the parameter."""
    keyword = next(word for word in ("async", "def", "lambda") if word in text)
    return rewritten(text, AddSessionParameter(place(text, keyword), "session", annotation))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("()", "(session=None)", id="no parameter"),
        pytest.param("( )", "(session=None)", id="a space between the brackets"),
        pytest.param("(a)", "(a, session=None)", id="one"),
        pytest.param("(a, b=1)", "(a, b=1, session=None)", id="after a default"),
        pytest.param("(a,b=1)", "(a,b=1,session=None)", id="commas without spaces"),
        pytest.param("( a, b )", "( a, b, session=None )", id="spaces within the brackets"),
        pytest.param("(a , b)", "(a , b , session=None)", id="spaces before the commas"),
        pytest.param("(a, b,)", "(a, b, session=None,)", id="trailing comma"),
        pytest.param("(a, /)", "(a, /, session=None)", id="positional-only stay"),
        pytest.param("(a, b=1, /)", "(a, b=1, /, session=None)", id="positional-only with a default"),
        pytest.param("(a, /, b)", "(a, /, b, session=None)", id="positional-only and another"),
        pytest.param("(a, *, b)", "(a, *, b, session=None)", id="bare star"),
        pytest.param("(a, /, *, b, )", "(a, /, *, b, session=None, )", id="all marks and a trailing comma"),
        pytest.param("(*args)", "(*args, session=None)", id="args"),
        pytest.param("(*args, b)", "(*args, b, session=None)", id="args and keyword-only"),
        pytest.param("(**kw)", "(session=None, **kw)", id="kwargs alone"),
        pytest.param("(a, **kw)", "(a, session=None, **kw)", id="kwargs"),
        pytest.param("(*args, **kw)", "(*args, session=None, **kw)", id="args and kwargs"),
        pytest.param("(*, b, **kw)", "(*, b, session=None, **kw)", id="keyword-only and kwargs"),
        pytest.param("(a, **kw) -> None", "(a, session=None, **kw) -> None", id="returns"),
        pytest.param(
            "(a='é', b=lambda: 1)", "(a='é', b=lambda: 1, session=None)", id="defaults of more than a token"
        ),
    ],
)
def test_one_line(before: str, after: str) -> None:
    assert with_parameter(f"def f{before}:\n    pass\n") == f"def f{after}:\n    pass\n"
    assert with_parameter(f"async  def f {before} : pass") == f"async  def f {after} : pass"
    method = f"class A:\n\tx = 1\n\n\t@deco\n\tdef f{before}:\n\t\tpass\n"
    assert with_parameter(method) == method.replace(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("lambda: x", "lambda session=None: x", id="no parameter"),
        pytest.param("lambda : x", "lambda session=None: x", id="a space before the colon"),
        pytest.param("lambda:x", "lambda session=None:x", id="no space"),
        pytest.param("lambda a: x", "lambda a, session=None: x", id="one"),
        pytest.param("lambda a,b=1:x", "lambda a,b=1,session=None:x", id="commas without spaces"),
        pytest.param("lambda *a: x", "lambda *a, session=None: x", id="args"),
        pytest.param("lambda*a: x", "lambda *a, session=None: x", id="args without a space"),
        pytest.param("lambda**k: x", "lambda session=None, **k: x", id="kwargs without a space"),
        pytest.param("lambda *, a: x", "lambda *, a, session=None: x", id="bare star"),
        pytest.param("lambda a, /: x", "lambda a, /, session=None: x", id="positional-only"),
        pytest.param("[lambda: x for x in y]", "[lambda session=None: x for x in y]", id="in brackets"),
        pytest.param(
            "(lambda a,  # a\n   b: x)", "(lambda a,  # a\n   b,\n   session=None: x)", id="over lines"
        ),
        pytest.param(
            "lambda a, \\\n  b: x",
            "lambda a, \\\n  b, \\\n  session=None: x",
            id="over lines, with a backslash",
        ),
        pytest.param("f'{(lambda: x)()}'", "f'{(lambda session=None: x)()}'", id="in an f-string"),
    ],
)
def test_lambda(before: str, after: str) -> None:
    assert with_parameter(f"y = {before}\n") == f"y = {after}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "(\n    a,\n    b=1,\n)",
            "(\n    a,\n    b=1,\n    session=None,\n)",
            id="trailing comma: black's style",
        ),
        pytest.param(
            "(\n    a,\n    b=1\n)", "(\n    a,\n    b=1,\n    session=None\n)", id="no trailing comma"
        ),
        pytest.param("(\n    a,\n)", "(\n    a,\n    session=None,\n)", id="one with a trailing comma"),
        pytest.param("(a,\n      b)", "(a,\n      b,\n      session=None)", id="aligned with the bracket"),
        pytest.param(
            "(\n        a,\n        b)", "(\n        a,\n        b,\n        session=None)", id="hanging"
        ),
        pytest.param("(a\n     , b)", "(a\n     , b\n     , session=None)", id="commas first"),
        pytest.param(
            "(\n    a,  # the a\n    b,  # the b\n)",
            "(\n    a,  # the a\n    b,  # the b\n    session=None,\n)",
            id="comments stay behind their parameters",
        ),
        pytest.param(
            "(\n    a,  # the a\n    b=1  # the b\n)",
            "(\n    a,  # the a\n    b=1,  # the b\n    session=None\n)",
            id="comments, no trailing comma",
        ),
        pytest.param(
            "(\n    a,\n    # of b\n    b,\n    # c=3,\n)",
            "(\n    a,\n    # of b\n    b,\n    session=None,\n    # c=3,\n)",
            id="comments on lines of their own",
        ),
        pytest.param(
            "(\n    a,  # the a\n\n    # the rest\n    **kw,  # rest\n)",
            "(\n    a,  # the a\n    session=None,\n\n    # the rest\n    **kw,  # rest\n)",
            id="comments around kwargs",
        ),
        pytest.param(
            "(\n    # the rest\n    **kw,\n)",
            "(\n    session=None,\n    # the rest\n    **kw,\n)",
            id="kwargs alone, with a comment",
        ),
        pytest.param("(a\n     , **kw)", "(a\n     , session=None\n     , **kw)", id="commas first, kwargs"),
        pytest.param(
            "(a  # the a\n      )", "(a,  # the a\n      session=None\n      )", id="a comment behind"
        ),
        pytest.param(
            "(self, a,  # the a\n      b=1)",
            "(self, a,  # the a\n      b=1, session=None)",
            id="two on the first line",
        ),
        pytest.param(
            "(\n    # nothing\n)", "(\n    # nothing\n    session=None,\n)", id="a comment, no parameter"
        ),
        pytest.param(
            "(\n    *,\n    a,  # type: int\n)",
            "(\n    *,\n    a,  # type: int\n    session=None,\n)",
            id="type comment",
        ),
        pytest.param(
            "(\n    a,\n    /,\n    *args,\n)",
            "(\n    a,\n    /,\n    *args,\n    session=None,\n)",
            id="marks on lines of their own",
        ),
    ],
)
def test_one_parameter_a_line(before: str, after: str) -> None:
    text = f"def f{before}:\n    pass\n"
    assert with_parameter(text) == f"def f{after}:\n    pass\n"
    assert with_parameter(text.replace("\n", "\r\n")) == f"def f{after}:\n    pass\n".replace("\n", "\r\n")


LONG = "a_long_name_number_one, a_long_name_number_two"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("(a, b,\n      c, d)", "(a, b,\n      c, d, session=None)", id="behind the last"),
        pytest.param(
            f"({LONG},\n      a_long_name_number_three, {LONG})",
            f"({LONG},\n      a_long_name_number_three, {LONG},\n      session=None)",
            id="no room behind the last",
        ),
        pytest.param("(a, b,\n      **kw)", "(a, b,\n      session=None, **kw)", id="before kwargs"),
        pytest.param("(\n    a, b\n)", "(\n    a, b, session=None\n)", id="all on the line between"),
        pytest.param("(\n    a\n)", "(\n    a, session=None\n)", id="the one on the line between"),
        pytest.param("(\n    **kw\n)", "(\n    session=None, **kw\n)", id="kwargs on the line between"),
        pytest.param(
            "(\n    a, b,  # both\n)",
            "(\n    a, b,  # both\n    session=None,\n)",
            id="a comment behind the last",
        ),
        pytest.param(f"({LONG}, a)", f"({LONG}, a, session=None)", id="one line is not broken for itself"),
    ],
)
def test_several_parameters_a_line(before: str, after: str) -> None:
    assert with_parameter(f"def f{before}:\n    pass\n") == f"def f{after}:\n    pass\n"


@pytest.mark.parametrize(
    ("before", "annotation", "after"),
    [
        pytest.param(
            "(a: int)", "boto3.Session | None", "(a: int, session: boto3.Session | None = None)", id="union"
        ),
        pytest.param(
            "(a: int=1)",
            "Optional[boto3.Session]",
            "(a: int=1, session: Optional[boto3.Session] = None)",
            id="Optional",
        ),
        pytest.param(
            "(a: int)",
            '"boto3.Session | None"',
            '(a: int, session: "boto3.Session | None" = None)',
            id="quoted",
        ),
        pytest.param(
            "(\n    a: int,\n    **kw: str,\n)",
            "boto3.Session | None",
            "(\n    a: int,\n    session: boto3.Session | None = None,\n    **kw: str,\n)",
            id="one a line",
        ),
    ],
)
def test_annotated(before: str, annotation: str, after: str) -> None:
    assert with_parameter(f"def f{before}: ...\n", annotation) == f"def f{after}: ...\n"


def test_another_name_and_default() -> None:
    edit = AddSessionParameter(Position(1, 0), "aws_session", default="DEFAULT")
    assert rewritten("def f(a): pass\n", edit) == "def f(a, aws_session=DEFAULT): pass\n"


def test_decorators_over_several_lines() -> None:
    text = code("""
        @first  # one
        @second(
            1,  # two
            lambda: 3,
        )
        def f(a):
            pass
        """)
    edit = AddSessionParameter(place(text, "def f"), "session")
    assert rewritten(text, edit) == text.replace("f(a)", "f(a, session=None)")


def test_nested_functions_take_their_own() -> None:
    text = code("""
        def outer(a):
            def inner(b=lambda c: 1):
                return b
            return inner
        """)
    edits = [
        AddSessionParameter(place(text, "def outer"), "one"),
        AddSessionParameter(place(text, "def inner"), "two"),
        AddSessionParameter(place(text, "lambda"), "three"),
    ]
    assert rewritten(text, *edits) == code("""
        def outer(a, one=None):
            def inner(b=lambda c, three=None: 1, two=None):
                return b
            return inner
        """)


def test_signature_comment_stays() -> None:
    text = "def f(a):\n    # type: (int) -> None\n    pass\n"
    assert with_parameter(text) == text.replace("(a)", "(a, session=None)")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are Python 3.12")
def test_type_parameters() -> None:
    text = "def f[T: int, *Ts, **P](a: T) -> T: ...\n"
    assert with_parameter(text) == text.replace("(a: T)", "(a: T, session=None)")


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        pytest.param(
            "def f(session): pass\n", AddSessionParameter(Position(1, 0), "session"), id="the name is taken"
        ),
        pytest.param("def f(*session): pass\n", AddSessionParameter(Position(1, 0), "session"), id="by args"),
        pytest.param("x = lambda: 1\n", AddSessionParameter(Position(1, 4), "s", "S"), id="annotated lambda"),
        pytest.param(
            "def f(): pass\n", AddSessionParameter(Position(1, 4), "session"), id="no function there"
        ),
        pytest.param("x = 1\n\n", AddSessionParameter(Position(2, 0), "session"), id="no statement there"),
        pytest.param(
            "def f(): pass\n", AddSessionParameter(Position(1, 0), "not a name"), id="no identifier"
        ),
        pytest.param("def f(): pass\n", AddSessionParameter(Position(1, 0), "s", "x y"), id="no annotation"),
    ],
)
def test_not_possible(text: str, edit: AddSessionParameter) -> None:
    with pytest.raises(RewriteError) as caught:
        rewritten(text, edit)
    assert caught.value.position == edit.function


# --- A parameter by another name ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("(c)", "(new)", id="one"),
        pytest.param("( a, /, c = None , *, d )", "( a, /, new = None , *, d )", id="a default, and spaces"),
        pytest.param("(c, /, a)", "(new, /, a)", id="positional-only"),
        pytest.param("(*a, c: dict)", "(*a, new: dict)", id="keyword-only and annotated"),
        pytest.param(
            "(a,\n      c,  # them\n      )", "(a,\n      new,  # them\n      )", id="a line of its own"
        ),
    ],
)
def test_renamed(before: str, after: str) -> None:
    text = f"@deco(c)\nasync def f{before}:\n    pass\n"
    edit = RenameParameter(place(text, "async"), "c", "new")
    assert rewritten(text, edit) == f"@deco(c)\nasync def f{after}:\n    pass\n"


@pytest.mark.parametrize("parameters", ["a", "c, new", ""])
def test_no_parameter_to_rename(parameters: str) -> None:
    with pytest.raises(RewriteError):
        rewritten(f"def f({parameters}): pass\n", RenameParameter(Position(1, 0), "c", "new"))
