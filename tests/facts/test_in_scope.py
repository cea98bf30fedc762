"""Which functions take a session already, and which session is in scope at a call."""

from __future__ import annotations

import pytest

from session_first.model import SessionParameter
from tests.analysis import code, facts_of

HEAD = "import boto3\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def f(s: boto3.Session = None): ...", SessionParameter("s", fills_default=True), id="annotated"
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')",
            SessionParameter("session", fills_default=True),
            id="the inline form",
        ),
        pytest.param(
            "def f(session=None):\n    if not session:\n        session = boto3._get_default_session()",
            SessionParameter("session", fills_default=True),
            id="the article's form",
        ),
        pytest.param(
            "def f(session=None):\n    session = session or boto3.Session()",
            SessionParameter("session", fills_default=False),
            id="filled with a session of its own",
        ),
        pytest.param(
            "class A:\n    def __init__(self, session=None):\n        self.s = session or boto3.Session()",
            SessionParameter("session", fills_default=False),
            id="kept, or a session of its own is",
        ),
        pytest.param(
            "def f(s=None):\n    other = boto3.Session() if s is None else s",
            SessionParameter("s", fills_default=False),
            id="another variable has it, or a session of its own",
        ),
        pytest.param(
            "def f(session=None):\n    s = session or requests.Session()",
            None,
            id="or a session of something else",
        ),
        pytest.param(
            "def f(session=None):\n    s = name or boto3.Session()", None, id="another name or a session"
        ),
        pytest.param(
            "def f(session=None):\n    def g():\n        (session or boto3).client('s3')",
            SessionParameter("session", fills_default=True),
            id="used in a nested function",
        ),
        pytest.param("def f(s: boto3.Session): ...", None, id="one that must be given"),
        pytest.param("def f(s: boto3.Session = S): ...", None, id="another default"),
        pytest.param("def f(session=None): ...", None, id="nothing but a name"),
        pytest.param(
            "def f(session=None):\n    session = requests.Session()", None, id="a session of something else"
        ),
        pytest.param(
            "class A:\n    def __init__(self, session=None):\n        self.s = session\n"
            "    def m(self):\n        (self.s or boto3).client('s3')",
            SessionParameter("session", fills_default=True),
            id="kept, and used in the inline form",
        ),
        pytest.param(
            "class A:\n    def __init__(self, session=None):\n        self.s = session\n"
            "    def m(self):\n        self.s.get('url')",
            None,
            id="kept, and used otherwise",
        ),
        pytest.param(
            "class A:\n    def __init__(self, session=None):\n        self.s = session\n"
            "class B:\n    def m(self):\n        (self.s or boto3).client('s3')",
            None,
            id="kept, and another class uses its own",
        ),
    ],
)
def test_taking(text: str, expected: SessionParameter | None) -> None:
    assert next(iter(facts_of(HEAD + text).taking.values()), None) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "s = s or boto3.Session(region_name=r)", "boto3.Session(region_name=r)", id="filled with"
        ),
        pytest.param("x = s or boto3.Session(r)", "boto3.Session(r)", id="the alternative"),
        pytest.param("if not s:\n    s = boto3.Session(r)", "boto3.Session(r)", id="filled on a branch"),
        pytest.param(
            "if s:\n    return s.client('s3')\nreturn boto3.client('s3', r)",
            "boto3.client('s3', r)",
            id="a client",
        ),
        pytest.param(
            "if s is None:\n    return boto3.Session(r).client('s3')", "boto3.Session(r)", id="on a branch"
        ),
        pytest.param("s = s or boto3.Session()", None, id="a plain session"),
        pytest.param("s = s or boto3._get_default_session()", None, id="the default session"),
        pytest.param("return (s or boto3).client('s3', r)", None, id="the inline form"),
        pytest.param(
            "return s.client('s3', r) if s else boto3.client('s3', r)", None, id="just such a client"
        ),
        pytest.param("x = boto3.Session(r)", None, id="beside it, in any case"),
    ],
)
def test_own(body: str, expected: str | None) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    taken = facts_of(f"{HEAD}def f(r, s: boto3.Session = None):\n{lines}").taking
    assert [parameter.own for parameter in taken.values()] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def f(session=None): ...", ("session",), id="called so, None by default"),
        pytest.param("def f(aws_session=None): ...", ("aws_session",), id="a longer name"),
        pytest.param("def f(*, session=None): ...", ("session",), id="keyword-only"),
        pytest.param("def f(session): ...", None, id="one that must be given"),
        pytest.param("def f(session=None):\n    session = x", None, id="bound anew"),
        pytest.param("def f(s=None): ...", None, id="another name"),
    ],
)
def test_may_take(text: str, expected: tuple[str, ...] | None) -> None:
    assert next(iter(facts_of(text).may_take.values()), None) == expected


def in_scope(text: str) -> str | None:
    """The session in scope at the call of `up`; `?` behind it where it may be None."""
    facts = facts_of(HEAD + code(text))
    (call,) = (c for c in facts.calls if c.callee.lstrip(".") == "up")
    found = facts.in_scope.get((call.position, call.end))
    return None if found is None else f"{found.expression}{'?' if found.optional else ''}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def f(s: boto3.Session):\n    up()", "s", id="a parameter"),
        pytest.param("def f(s: boto3.Session = None):\n    up()", "s?", id="an optional one"),
        pytest.param("def f():\n    s = boto3.Session()\n    up()", "s", id="a local"),
        pytest.param("def f():\n    up()\n    s = boto3.Session()", None, id="a local that is made later"),
        pytest.param(
            "def f():\n    if x:\n        s = boto3.Session()\n    up()",
            None,
            id="a local that may not be made",
        ),
        pytest.param("def f(s: boto3.Session):\n    return lambda: up()", "s", id="of the function around"),
        pytest.param("def f(s: boto3.Session):\n    return lambda s: up()", None, id="hidden by a parameter"),
        pytest.param(
            "def f(s: boto3.Session):\n    return [up() for s in ()]", None, id="hidden in a comprehension"
        ),
        pytest.param("def f(a: boto3.Session, b: boto3.Session):\n    up()", None, id="two"),
        pytest.param(
            "def f(s: boto3.Session = None):\n    if s:\n        up()", None, id="a test of it decides"
        ),
        pytest.param(
            "class A:\n    def __init__(self, s: boto3.Session):\n        self.s = s\n"
            "    def m(self):\n        up()",
            "self.s",
            id="on self",
        ),
        pytest.param(
            "class A:\n    def __init__(self, s: boto3.Session):\n        self.s = s\n"
            "    def m(self, t: boto3.Session):\n        up()",
            "t",
            id="the method's own comes first",
        ),
        pytest.param(
            "class A:\n    def __init__(self, s: boto3.Session):\n        self.s = s\n"
            "    @staticmethod\n    def m(self):\n        up()",
            None,
            id="a static method has no self",
        ),
        pytest.param("S = boto3.Session()\ndef f():\n    up()", None, id="of the module"),
        pytest.param("def f(s: boto3.Session, x=up()): ...", None, id="in a default"),
    ],
)
def test_in_scope(text: str, expected: str | None) -> None:
    assert in_scope(text) == expected
