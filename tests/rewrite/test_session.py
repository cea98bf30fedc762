"""What uses the default session, and what uses the parameter instead."""

from __future__ import annotations

import pytest

from session_first.model import FillSession, Position, UseSession
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import file, place, rewritten, span, use

EITHER = "(session or boto3)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('boto3.client("s3")', '{}.client("s3")', id="call"),
        pytest.param("x = partial(boto3.client, 's3')", "x = partial({}.client, 's3')", id="reference"),
        pytest.param('é = "é", boto3.client("ü")', 'é = "é", {}.client("ü")', id="non-ASCII before it"),
        pytest.param('x = 1; c = boto3.client("s3"); y', 'x = 1; c = {}.client("s3"); y', id="semicolons"),
        pytest.param("if (c := boto3.client('s3')): pass", "if (c := {}.client('s3')): pass", id="walrus"),
        pytest.param('f"{boto3.client(1)!r:>{w}}"', 'f"{{{}.client(1)!r:>{{w}}}}"', id="f-string"),
        pytest.param("x = 1if y else boto3.client", "x = 1if y else {}.client", id="a keyword before it"),
        pytest.param("x = [boto3.client(s)for s in y]", "x = [{}.client(s)for s in y]", id="comprehension"),
        pytest.param("with boto3.client('s3') as c: pass", "with {}.client('s3') as c: pass", id="with item"),
        pytest.param("@boto3.client\ndef f(): pass", "@{}.client\ndef f(): pass", id="decorator"),
        pytest.param("def f(c=boto3.client): pass", "def f(c={}.client): pass", id="default"),
        pytest.param("def f(c: boto3.client): pass", "def f(c: {}.client): pass", id="annotation"),
        pytest.param("class A(boto3.client): pass", "class A({}.client): pass", id="base"),
        pytest.param("x = lambda:boto3.client", "x = lambda:{}.client", id="lambda"),
        pytest.param(
            "try: pass\nexcept boto3.client('s3').exceptions.X: pass",
            "try: pass\nexcept {}.client('s3').exceptions.X: pass",
            id="except",
        ),
        pytest.param("match boto3.client: \n  case _: pass", "match {}.client: \n  case _: pass", id="match"),
        pytest.param("x[boto3.client:1]", "x[{}.client:1]", id="slice"),
        pytest.param("boto3.client # c", "{}.client # c", id="comment behind"),
    ],
)
@pytest.mark.parametrize("receiver", ["session", EITHER])
def test_attribute(before: str, after: str, receiver: str) -> None:
    assert rewritten(f"{before}\n", use(before, receiver=receiver)) == after.format(receiver) + "\n"


@pytest.mark.parametrize(
    ("before", "part", "after"),
    [
        pytest.param("boto3 \\\n  .client(1)", "boto3 \\\n  .client", "{} \\\n  .client(1)", id="backslash"),
        pytest.param(
            "(boto3  # a\n  # b\n  .client)(1)",
            "boto3  # a\n  # b\n  .client",
            "({}  # a\n  # b\n  .client)(1)",
            id="comments before the dot",
        ),
        pytest.param("x = (boto3 . client)(1)", "boto3 . client", "x = ({} . client)(1)", id="spaces"),
        pytest.param("aws.boto3.client(1)", "aws.boto3.client", "{}.client(1)", id="longer module"),
        pytest.param(
            "return_ = not(boto3.client)", "boto3.client", "return_ = not({}.client)", id="brackets"
        ),
        pytest.param(
            "boto3.client(\n    's3',  # service\n    region,\n)",
            "boto3.client",
            "{}.client(\n    's3',  # service\n    region,\n)",
            id="comments in the argument list",
        ),
    ],
)
@pytest.mark.parametrize("receiver", ["session", EITHER])
def test_what_is_written_around_stays(before: str, part: str, after: str, receiver: str) -> None:
    assert rewritten(f"{before}\n", use(before, part, receiver=receiver)) == after.format(receiver) + "\n"


@pytest.mark.parametrize(
    ("receiver", "after"),
    [
        pytest.param("session", "x = (session  # a\n).client(1)\n", id="name"),
        pytest.param(EITHER, "x = (session or boto3  # a\n).client(1)\n", id="no second pair of brackets"),
    ],
)
def test_module_in_brackets(receiver: str, after: str) -> None:
    text = "x = (boto3  # a\n).client(1)\n"
    assert rewritten(text, use(text, "(boto3  # a\n).client", receiver=receiver)) == after


def test_comment_in_the_module() -> None:
    text = "x = (aws  # a\n  .boto3.client)(1)\n"
    edit = use(text, "aws  # a\n  .boto3.client")
    assert rewritten(text, edit) == "# a\nx = (session.client)(1)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = make('s3')\n", "x = {}.client('s3')\n", id="call"),
        pytest.param("x = not(make)\n", "x = not({}.client)\n", id="in brackets"),
        pytest.param("@make\ndef f(): pass\n", "@{}.client\ndef f(): pass\n", id="decorator"),
        pytest.param("f'{make}'\n", "f'{{{}.client}}'\n", id="f-string"),
        pytest.param("await_(x)if make else y\n", "await_(x)if {}.client else y\n", id="between keywords"),
    ],
)
@pytest.mark.parametrize("receiver", ["session", EITHER])
def test_name(before: str, after: str, receiver: str) -> None:
    assert rewritten(before, use(before, "make", receiver=receiver)) == after.format(receiver)


def test_two_on_one_line() -> None:
    text = 'a, b = boto3.client("é"), boto3.resource(f"{boto3.client}")\n'
    edits = [use(text), use(text, nth=1), use(text, "boto3.resource", receiver=EITHER, attribute="resource")]
    assert rewritten(text, *edits) == (
        'a, b = session.client("é"), (session or boto3).resource(f"{session.client}")\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            def f():
                c = site
            """,
            """
            def f():
                if not session:
                    session = boto3._get_default_session()
                c = site
            """,
            id="first",
        ),
        pytest.param(
            '''
            def f():
                """Doc."""

                c = site
            ''',
            '''
            def f():
                """Doc."""

                if not session:
                    session = boto3._get_default_session()
                c = site
            ''',
            id="after the docstring and a blank line",
        ),
        pytest.param(
            """
            def f():
                x = 1

                # about x

                # about c
                # and more
                c = site
            """,
            """
            def f():
                x = 1

                # about x

                if not session:
                    session = boto3._get_default_session()
                # about c
                # and more
                c = site
            """,
            id="comments stay with their statement",
        ),
        pytest.param(
            """
            def f(a):
                # type: (str) -> None
                # about c
                c = site
            """,
            """
            def f(a):
                # type: (str) -> None
                if not session:
                    session = boto3._get_default_session()
                # about c
                c = site
            """,
            id="a signature's comment stays first",
        ),
        pytest.param(
            """
            def f():
              with x:
                try:
                      c = site  # here
                finally: pass
            """,
            """
            def f():
              with x:
                try:
                      if not session:
                            session = boto3._get_default_session()
                      c = site  # here
                finally: pass
            """,
            id="in its block, with that block's indentation",
        ),
        pytest.param(
            """
            class A:
            \tdef f():
            \t\tc = site
            """,
            """
            class A:
            \tdef f():
            \t\tif not session:
            \t\t\tsession = boto3._get_default_session()
            \t\tc = site
            """,
            id="tabs",
        ),
        pytest.param(
            """
            class A:
                def f():
                  c = site; d = 1
            """,
            """
            class A:
                def f():
                  if not session:
                    session = boto3._get_default_session()
                  c = site; d = 1
            """,
            id="first of several on the line",
        ),
        pytest.param(
            """
            def f():

                # about
                @site
                def g(): pass
            """,
            """
            def f():

                if not session:
                    session = boto3._get_default_session()
                # about
                @site
                def g(): pass
            """,
            id="decorated definition",
        ),
        pytest.param(
            """
            def f():
                if x:
                    pass
                else:
                    while site:
                        pass
            """,
            """
            def f():
                if x:
                    pass
                else:
                    if not session:
                        session = boto3._get_default_session()
                    while site:
                        pass
            """,
            id="compound statement",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_fill(before: str, after: str, newline: str) -> None:
    text = code(before).replace("\n", newline)
    statement = "c = site" if "c = site" in text else "while site" if "while site" in text else "def g"
    edit = FillSession(place(text, statement), "session", "boto3")
    assert rewritten(text, edit) == code(after).replace("\n", newline)


def test_fill_by_other_names() -> None:
    text = "def f():\n    return site"
    assert rewritten(text, FillSession(place(text, "return"), "aws_session", "aws.boto3")) == (
        "def f():\n"
        "    if not aws_session:\n"
        "        aws_session = aws.boto3._get_default_session()\n"
        "    return site"
    )


def test_fill_and_use_at_one_place() -> None:
    text = "def f():\n    boto3.client('s3').upload()\n"
    fill = FillSession(place(text, "boto3"), "session", "boto3")
    assert rewritten(text, use(text), fill) == (
        "def f():\n"
        "    if not session:\n"
        "        session = boto3._get_default_session()\n"
        "    session.client('s3').upload()\n"
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("def f(): return site\n", "return", id="one-line body"),
        pytest.param("def f():\n    x = 1; c = site\n", "c =", id="not the first on its line"),
        pytest.param("def f():\n    if x: pass\n    elif site: pass\n", "elif", id="elif"),
        pytest.param("def f():\n    c = site\n", "site", id="an expression"),
    ],
)
def test_no_place_for_a_fill(text: str, part: str) -> None:
    edit = FillSession(place(text, part), "session", "boto3")
    with pytest.raises(RewriteError, match="nothing to edit") as caught:
        rewritten(text, edit)
    assert caught.value.position == edit.statement


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        pytest.param(
            "x = boto3.client\n", [UseSession(Position(1, 4), Position(1, 15), "s", "client")], id="end"
        ),
        pytest.param("x = 'boto3.client'\n", [use("x = 'boto3.client'")], id="in a string"),
        pytest.param("x = boto3.client\n", [use("x = boto3.client", receiver="a b")], id="receiver"),
        pytest.param(
            "match x:\n    case boto3.client: pass\n",
            [use("match x:\n    case boto3.client", receiver=EITHER)],
            id="a pattern that cannot be written",
        ),
        pytest.param(
            "x = boto3.client.client\n",
            [use("x = boto3.client.client"), use("x = boto3.client.client", "boto3.client.client")],
            id="one inside the other",
        ),
        pytest.param(
            "x = boto3.client\n",
            [use("x = boto3.client"), use("x = boto3.client", receiver=EITHER)],
            id="two at one place",
        ),
    ],
)
def test_not_possible(text: str, edits: list[UseSession]) -> None:
    with pytest.raises(RewriteError) as caught:
        rewritten(text, *edits)
    assert caught.value.position == edits[0].callee


def test_the_same_edit_twice_is_one() -> None:
    text = "x = boto3.client\n"
    assert rewritten(text, use(text), use(text)) == "x = session.client\n"


def test_positions_are_those_of_the_file() -> None:
    text = '"""é"""; x = boto3 .client\n'
    start, end = span(text, "boto3 .client")
    assert file(text).segment(start, end) == "boto3 .client"
    assert rewritten(text, UseSession(start, end, "s", "client")) == '"""é"""; x = s .client\n'
