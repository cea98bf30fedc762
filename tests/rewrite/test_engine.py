"""All kinds of edits in all kinds of files: what is changed, and that all else stays byte for byte."""

from __future__ import annotations

import pickle

import pytest

from session_first.model import (
    AddImport,
    AddSessionParameter,
    DocumentParameter,
    Edit,
    FillSession,
    Position,
    RemoveImport,
)
from session_first.rewrite import RewriteError, rewrite
from session_first.source import SourceFile
from tests.analysis import code
from tests.rewrite.places import PATH, file, place, rewritten, use

GREET = code('''
    import boto3


    def greet(table_name, user_id):
        """Greets.

        Args:
            table_name: The table.
            user_id: Who.
        """
        ddb = boto3.resource("dynamodb")
        item = ddb.Table(table_name).get_item(Key={"id": user_id})
        print("Hello {}".format(item["Item"]["name"]))
    ''')


def test_greet_in_the_form_of_the_article() -> None:
    function = place(GREET, "def greet")
    edits: list[Edit] = [
        AddSessionParameter(function, "session"),
        DocumentParameter(function, "session", "google"),
        FillSession(place(GREET, "ddb ="), "session", "boto3"),
        use(GREET, "boto3.resource", attribute="resource"),
    ]
    expected = code('''
        import boto3


        def greet(table_name, user_id, session=None):
            """Greets.

            Args:
                table_name: The table.
                user_id: Who.
                session: boto3 session to use; the default session if omitted.
            """
            if not session:
                session = boto3._get_default_session()
            ddb = session.resource("dynamodb")
            item = ddb.Table(table_name).get_item(Key={"id": user_id})
            print("Hello {}".format(item["Item"]["name"]))
        ''')
    assert rewritten(GREET, *edits) == expected
    assert rewritten(GREET, *reversed(edits)) == expected


def test_every_kind_of_edit_in_a_method() -> None:
    text = code("""
        class Store:

            LIMIT = 1

            @deco(  # once
                1)
            def get(self, key: str,  # the key
                    **kw) -> None:
                # late
                from boto3 import client, resource  # both

                # the client
                self.s3 = client("s3"); self.db = resource("é")
        """)
    imported, function = place(text, "from boto3"), place(text, "def get")
    edits: list[Edit] = [
        AddSessionParameter(function, "session", '"boto3.Session | None"'),
        AddImport("boto3", type_checking=True),
        RemoveImport(imported, "client"),
        RemoveImport(imported, "resource"),
        AddImport("boto3", beside=imported),
        FillSession(place(text, "self.s3"), "session", "boto3"),
        use(text, "client", 2),
        use(text, "resource", 1, attribute="resource", receiver="(session or boto3)"),
    ]
    assert rewritten(text, *edits) == code("""
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import boto3


        class Store:

            LIMIT = 1

            @deco(  # once
                1)
            def get(self, key: str,  # the key
                    session: "boto3.Session | None" = None, **kw) -> None:
                # late
                import boto3  # both

                if not session:
                    session = boto3._get_default_session()
                # the client
                self.s3 = session.client("s3"); self.db = (session or boto3).resource("é")
        """)


@pytest.mark.parametrize(
    ("data", "part", "after"),
    [
        pytest.param(
            b"x\r\ny = boto3.client\r\n\r\n", "boto3", b"x\r\ny = session.client\r\n\r\n", id="CRLF"
        ),
        pytest.param(b"x\ry = boto3.client\r", "boto3", b"x\ry = session.client\r", id="CR"),
        pytest.param(b"x\r\ny = boto3.client\rz\n", "boto3", b"x\r\ny = session.client\rz\n", id="mixed"),
        pytest.param(b"y = boto3.client", "boto3", b"y = session.client", id="no last newline"),
        pytest.param(b"y = boto3.client  \n \t\n\n", "boto3", b"y = session.client  \n \t\n\n", id="blanks"),
        pytest.param(
            b"# coding: latin-1\ny = '\xe9', boto3.client\n",
            "boto3",
            b"# coding: latin-1\ny = '\xe9', session.client\n",
            id="latin-1",
        ),
        pytest.param(
            b"\xef\xbb\xbfy = '\xc3\xa9', boto3.client\n",
            "boto3",
            b"\xef\xbb\xbfy = '\xc3\xa9', session.client\n",
            id="byte order mark",
        ),
        pytest.param(
            b"x = 1\r\n\x0cy = boto3.client\r\n\x0c\r\nz\x0c = 3\r\n",
            "boto3",
            b"x = 1\r\n\x0cy = session.client\r\n\x0c\r\nz\x0c = 3\r\n",
            id="form feeds",
        ),
        pytest.param(
            b"if x:\n\x0c\ty\ny = boto3.client\n",
            "boto3",
            b"if x:\n\x0c\ty\ny = session.client\n",
            id="what libcst does not give back beside it",
        ),
        pytest.param(
            b"if x:\n\ty\n\x0c\ty\n\ty = boto3.client\n\x0c\ty\n",
            "boto3",
            b"if x:\n\ty\n\x0c\ty\n\ty = session.client\n\x0c\ty\n",
            id="what libcst does not give back around it",
        ),
        pytest.param(
            b"try: boto3.client\nexcept A : x\nexcept A: x\nexcept A : x\n",
            "boto3",
            b"try: session.client\nexcept A : x\nexcept A: x\nexcept A : x\n",
            id="nor a space before the colon of an except",
        ),
        pytest.param(
            b"class A:\n\n\x0c    def f(c=boto3.client): pass\n\x0c    x = 1\n",
            "boto3",
            b"class A:\n\n\x0c    def f(c=session.client): pass\n\x0c    x = 1\n",
            id="form feeds in a class",
        ),
        pytest.param(
            b"x = 1; y = (boto3.client,\n  2); z = 3;\n",
            "boto3",
            b"x = 1; y = (session.client,\n  2); z = 3;\n",
            id="semicolons over lines",
        ),
        pytest.param(
            b"x = boto3.client \\\n\ny\n",
            "boto3",
            b"x = session.client \\\n\ny\n",
            id="backslash before a blank line",
        ),
        pytest.param(
            b"@ (\n  boto3.client)\n@b\ndef f(): pass\n",
            "boto3",
            b"@ (\n  session.client)\n@b\ndef f(): pass\n",
            id="brackets behind a decorator's @",
        ),
        pytest.param(
            b"class A:\n  @ \\\n  boto3.client\n  def f(): pass\n",
            "boto3",
            b"class A:\n  @ \\\n  session.client\n  def f(): pass\n",
            id="backslash behind a decorator's @",
        ),
        pytest.param(
            b"x = '\\x0c\\r'; y = '''\r\n\x0c\r'''; z = boto3.client\r\n",
            "boto3",
            b"x = '\\x0c\\r'; y = '''\r\n\x0c\r'''; z = session.client\r\n",
            id="strings over lines",
        ),
    ],
)
def test_bytes(data: bytes, part: str, after: bytes) -> None:
    source = file(
        data.decode("latin-1" if b"latin" in data else "utf-8"), "latin-1" if b"latin" in data else "utf-8"
    )
    assert source.data == data
    assert rewrite(source, [use(source.text, f"{part}.client")]) == after


def test_no_edits() -> None:
    data = "# é\r\n\x0cx = (".encode()  # not even Python
    assert rewrite(SourceFile(PATH, data, data.decode(), "utf-8"), []) == data


def test_no_newline_anywhere() -> None:
    text = "def f(x): return x"
    assert (
        rewritten(text, AddSessionParameter(Position(1, 0), "session")) == "def f(x, session=None): return x"
    )


@pytest.mark.parametrize(
    ("source", "edits", "message"),
    [
        pytest.param(
            file("# coding: latin-1\ndef f(): pass\n", "latin-1"),
            [AddSessionParameter(Position(2, 0), "сессия")],
            "cannot be written in iso-8859-1",
            id="the encoding has no such letter",
        ),
        pytest.param(
            file("# coding: utf-7\ndef f(): +AGE-\n", "ascii"),
            [AddSessionParameter(Position(2, 0), "session")],
            "cannot be written back in utf-7",
            id="the encoding has several ways to write it",
        ),
        pytest.param(file("x = (\n"), [AddImport("boto3")], "the file cannot be parsed", id="no Python"),
        pytest.param(
            file("match x:\n  case boto3.client: y\n"),
            [use("match x:\n  case boto3.client", receiver="(session or boto3)")],
            "with the edits, the file cannot be parsed",
            id="no Python any more",
        ),
        pytest.param(
            file("x = 1\n"), [use("x = 1\n\nboto3.client")], "there is no statement here", id="beyond the end"
        ),
        pytest.param(
            file("try: x\nexcept boto3.client.E : y\n"),
            [use("try: x\nexcept boto3.client.E : y\n")],
            "libcst does not give the code back",
            id="on a line that libcst does not give back",
        ),
        pytest.param(
            file("def f(): pass\n"),
            [AddSessionParameter(Position(1, 0), "a"), AddSessionParameter(Position(1, 0), "b")],
            "there are two of AddSessionParameter here",
            id="two of a kind",
        ),
        pytest.param(
            file("x = (lambda: 1).client\n"),
            [
                use("x = (lambda: 1).client", "(lambda: 1).client"),
                AddSessionParameter(Position(1, 5), "session"),
            ],
            "the edit is lost in another one",
            id="one inside another",
        ),
    ],
)
def test_not_possible(source: SourceFile, edits: list[Edit], message: str) -> None:
    with pytest.raises(RewriteError, match=message):
        rewrite(source, edits)


@pytest.mark.parametrize(
    "deep",
    [
        pytest.param("-" * 900 + "x", id="unary"),
        pytest.param("+".join(["x"] * 900), id="binary"),
        pytest.param(" and ".join(["x"] * 20_000), id="boolean"),
        pytest.param("x" + ".x()" * 400, id="calls"),
        pytest.param("x if y else " * 400 + "z", id="conditional"),
        pytest.param("[" * 150 + "]" * 150, id="brackets"),
        pytest.param("[x " + "for x in y " * 5_000 + "]", id="comprehension"),
        pytest.param(" ".join(["'x'"] * 5_000), id="strings"),
        pytest.param("\nif x: y\n" + "elif x: y\n" * 900, id="elif"),
    ],
)
def test_nested_too_deeply(deep: str) -> None:
    text = f"boto3.client; {deep}\n" if not deep.startswith("\n") else f"{deep}else: boto3.client\n"
    with pytest.raises(RewriteError, match=r"nested too deeply|libcst cannot read|the file cannot") as caught:
        rewritten(text, use(text))
    assert caught.value.position == place(text, "boto3")
    beside = f"boto3.client\n{deep}\n"
    assert rewritten(beside, use(beside)) == beside.replace("boto3", "session")


def test_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(RewriteError("why", Position(1, 2))))  # noqa: S301 # our own
    assert (error.message, error.position, str(error)) == ("why", Position(1, 2), "why")
