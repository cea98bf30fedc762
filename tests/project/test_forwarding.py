"""Which calls pass a session on, and what; which stay as they are, and why; how far a session is lifted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from session_first.config import Settings
from session_first.model import (
    AddSessionParameter,
    Fix,
    Location,
    ModuleFacts,
    PassSession,
    SkipReason,
)
from session_first.project.callgraph import build
from session_first.project.context import Project
from session_first.project.edges import Edges
from session_first.project.forwarding import Forwarding, Planner
from session_first.project.keeping import Keeping
from session_first.project.take_session import Context
from tests.analysis import answers, code, edits_of, facts_of, plan_of

UP = """\
import boto3

def up(key):
    return lambda: boto3.client("s3")

"""
"""A function that gets a session."""

TAKES = """\
import boto3

def up(key, session=None):
    (session or boto3).client("s3")

"""
"""A function that has one already."""

OBJECT = """\
import boto3

class A:
    def __init__(self):
        self.s3 = boto3.client("s3")

"""
"""A class whose constructor gets a session."""

GETS = '    boto3.client("sqs").send()\n'
"""Makes the function around get a session as well."""


def passed(
    files: Mapping[str, str] | str,
    *,
    lift: bool = False,
    unsafe: bool = False,
    stop_at: tuple[str, ...] = (),
    given: list[str] | None = None,
) -> list[str]:
    """What the calls of all files pass, in the order of files and lines: `5 session=self._session`."""
    texts = {"mod.py": files} if isinstance(files, str) else dict(files)
    plan = plan_of(texts, lift=lift, unsafe=unsafe, stop_at=stop_at, given=given)
    found: list[str] = []
    for path in texts:
        edits = [e for e in edits_of(plan, path, unsafe=unsafe) if isinstance(e, PassSession)]
        found.extend(
            f"{edit.position.line} {edit.name}={edit.value}"
            for edit in sorted(edits, key=lambda e: e.position)
        )
    return found


def taking(
    files: Mapping[str, str] | str, *, stop_at: tuple[str, ...] = (), path: str = "mod.py"
) -> list[int]:
    """The lines of the functions that take a session with `lift`."""
    texts = {"mod.py": files} if isinstance(files, str) else files
    edits = edits_of(plan_of(texts, lift=True, stop_at=stop_at), path)
    return sorted(edit.function.line for edit in edits if isinstance(edit, AddSessionParameter))


# --- What is passed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{UP}def f():\n{GETS}    up(1)", ["8 session=session"], id="both get one"),
        pytest.param(
            f"{TAKES}def f():\n{GETS}    up(1)", ["8 session=session"], id="the callee has one already"
        ),
        pytest.param(
            f"{UP}def f():\n{GETS}    return [up(k) for k in ()]",
            ["8 session=session"],
            id="in a comprehension",
        ),
        pytest.param(
            f"{UP}def f():\n{GETS}    return lambda: up(1)", ["8 session=session"], id="in a lambda"
        ),
        pytest.param(
            f"{UP}def f():\n{GETS}    def g():\n        up(1)\n    g()",
            ["9 session=session"],
            id="in a nested function",
        ),
        pytest.param(
            f"{OBJECT}class B(A):\n    def __init__(self, **k):\n    {GETS}        super().__init__(**k)\n",
            ["10 session=boto3_session"],
            id="what a constructor hands to the one above, if both get one",
        ),
        pytest.param(
            f"{OBJECT}class B(A):\n    def __init__(self, **k):\n        super().__init__(**k)\n",
            [],
            id="the one above alone gets one",
        ),
        pytest.param(f"{UP}def f(x=up(1)):\n{GETS}", [], id="not in a default, which is evaluated outside"),
        pytest.param(f"{UP}@deco(up(1))\ndef f():\n{GETS}", [], id="not in a decorator"),
        pytest.param(
            f"{UP}def f(k):\n{GETS}    up(up(k))", ["8 session=session"] * 2, id="two in one another"
        ),
        pytest.param(
            f"{UP}def f(session):\n{GETS}    up(session)",
            ["8 session=boto3_session"],
            id="a name that is free",
        ),
        pytest.param(
            f"{UP.replace('key', 'session')}def f():\n{GETS}    up(1)",
            ["8 boto3_session=session"],
            id="the callee's parameter has another name",
        ),
        pytest.param(f"{UP}def f(n):\n{GETS}    f(n - 1)", ["8 session=session"], id="to itself"),
        pytest.param(f"{UP}def f():\n    up(1)", [], id="not from where there is none"),
        pytest.param(f"{UP}up(1)", [], id="not from module level"),
        pytest.param(f"{UP}class A:\n    x = up(1)", [], id="not from a class body"),
        pytest.param(
            """
            import boto3

            class A:
                def up(self):
                    return lambda: boto3.client("s3")

                def f(self):
                    self.up()
                    return lambda: boto3.client("s3")

                @classmethod
                def g(cls):
                    cls.h()
                    return lambda: boto3.client("s3")

                @staticmethod
                def h():
                    return lambda: boto3.client("s3")
            """,
            ["8 session=session", "13 session=session"],
            id="methods",
        ),
        pytest.param(
            """
            import boto3

            class A:
                def __init__(self):
                    self.s3 = boto3.client("s3")

            def f():
                A()
                return boto3.client("sqs")
            """,
            ["8 session=session"],
            id="a constructor",
        ),
        pytest.param(
            """
            import boto3

            class A:
                def __init__(self):
                    self.x = 1
                    self.f()

                def f(self):
                    up(self.g())
                    boto3.client("s3")

                def g(self):
                    return lambda: up(1)

            def up(key):
                boto3.client("s3")
            """,
            ["9 session=self._session", "13 session=self._session"],
            id="from the methods of a class that keeps one",
        ),
    ],
)
def test_passed(text: str, expected: list[str]) -> None:
    assert passed(text) == expected


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("from mod import up\n", id="imported"),
        pytest.param("from .mod import up\n", id="relative"),
        pytest.param("from mod import *\n", id="starred"),
        pytest.param("import mod\nup = mod.up\n", id="under a name of its own"),
        pytest.param(
            "try:\n    from mod import up\nexcept ImportError:\n    up = None\n", id="perhaps not there"
        ),
    ],
)
def test_passed_to_another_module(head: str) -> None:
    job = f"import boto3\n{head}\ndef f():\n{GETS}    up(1)\n"
    assert len(passed({"mod.py": UP, "jobs.py": job})) == 1


# --- What stays -----------------------------------------------------------------------------------


def decorated(decorator: str) -> str:
    """`up`, behind a decorator."""
    return UP.replace("def up", f"{decorator}\ndef up")


F = f"def f(k):\n{GETS}    "


def context_of(files: Mapping[str, str]) -> tuple[Context, list[ModuleFacts]]:
    modules = [facts_of(text, path) for path, text in files.items()]
    writable = frozenset(module.path for module in modules if not module.is_test)
    return Context(Project(modules), Settings(lift=True), writable, (3, 10), None), modules


def planned(files: Mapping[str, str]) -> Forwarding:
    """The routes of a project in which every function with a site gets a `session`."""
    context, modules = context_of(files)
    graph = build(modules)
    added = {
        Location(module.path, site.outermost): "session"
        for module in modules
        for site in module.sites
        if site.outermost is not None
    }
    edges = Edges(graph, context, frozenset(added))
    return Planner(graph, context, added, Keeping(graph, context), frozenset(), edges=edges, own={}).plan()


def reasons(files: Mapping[str, str]) -> list[str]:
    """Why the calls stay as they are; `made` for those that do not."""
    return [
        "made" if isinstance(route.outcome, Fix) else route.outcome.reason.value
        for route in planned(files).routes
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(f"{UP}{F}up(*k)", SkipReason.UNPACKED_ARGUMENTS, id="* may hold one"),
        pytest.param(f"{UP}{F}up(**k)", SkipReason.UNPACKED_ARGUMENTS, id="** may hold one"),
        pytest.param(
            f"import boto3\ndef up(key, session=None):\n    session = session or boto3.Session(region_name='r')\n{F}up(k)",
            SkipReason.USES_BOTH_SESSIONS,
            id="it makes a session of its own region where it is given none",
        ),
        pytest.param(
            f"import boto3\ndef low(s: boto3.Session = None):\n    return s or boto3.Session(profile_name='p')\n"
            f"def up(key, session=None):\n    low(session)\n{F}up(k)",
            SkipReason.USES_BOTH_SESSIONS,
            id="what it passes the session on to does",
        ),
        pytest.param(
            f"{OBJECT}STORE = None\n{F.replace('(k):', '(k):' + chr(10) + '    global STORE')}STORE = A()",
            SkipReason.CACHED_CLIENT,
            id="what it makes is kept for every caller",
        ),
        pytest.param(f"{UP}{F}up(k)  # noqa: BSF103", SkipReason.NOQA, id="a noqa comment"),
        pytest.param(
            f"{UP}{F}print(f'{{up(k)=}}')", SkipReason.UNCERTAIN_POSITION, id="its source is printed"
        ),
        pytest.param(
            f"def deco(f):\n    def g(x):\n        return f(x)\n    return g\n{decorated('@deco')}{F}up(k)",
            SkipReason.DECORATED,
            id="a decorator of the project that takes no keywords",
        ),
        pytest.param(
            f"import lib\n{decorated('@lib.deco')}{F}up(k)",
            SkipReason.DECORATED,
            id="a decorator that nobody knows",
        ),
        pytest.param(
            f"import functools\n{decorated('@functools.lru_cache')}{F}up(k)",
            SkipReason.MEMOISED,
            id="what it gives is kept",
        ),
        pytest.param(
            f"{TAKES.replace('session=None', 'session=None, /')}{F}up(k)",
            SkipReason.UNSUPPORTED_SYNTAX,
            id="taken by its position only",
        ),
    ],
)
def test_stays(text: str, reason: SkipReason) -> None:
    assert reasons({"mod.py": text}) == [reason.value]


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("from unittest import mock\nmock.patch('mod.up')", id="patched"),
        pytest.param("def test(monkeypatch):\n    monkeypatch.setattr('mod.up', print)", id="monkeypatched"),
        pytest.param("import mod\nmod.up = lambda key: None", id="assigned"),
        pytest.param(
            "def test(up):\n    up.assert_called_once_with(1)\n    m.up.assert_called_with(1)", id="asserted"
        ),
    ],
)
def test_stays_before_what_tests_replace(test: str) -> None:
    assert reasons({"mod.py": f"{UP}{F}up(k)", "tests/test_mod.py": test}) == ["mocked-in-tests"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{UP}{F}up(k, session=None)", id="None is passed: the default one is meant"),
        pytest.param(f"{TAKES}{F}up(k, None)", id="None is passed by position"),
        pytest.param(f"{UP}{F}map(up, k)", id="handed over"),
        pytest.param(f"{UP}{F}k(up)(1)", id="handed over, and what comes back is called"),
        pytest.param(f"{UP}def f(up):\n{GETS}    up(1)", id="a parameter hides it"),
        pytest.param(f"{UP}def f(x):\n{GETS}    up = x\n    up(1)", id="a local hides it"),
        pytest.param(f"{UP}if x:\n    from lib import up\n{F}up(k)", id="one of two functions"),
        pytest.param(f"{UP}globals()['up'] = print\n{F}up(k)", id="bound anew"),
        pytest.param(f"{UP}up = deco(up)\n{F}up(k)", id="wrapped"),
        pytest.param(f"{UP}{F}k.up(1)", id="a method of something"),
    ],
)
def test_no_route(text: str) -> None:
    assert reasons({"mod.py": text}) == []


def test_only_in_files_that_may_be_written() -> None:
    files = {"mod.py": TAKES, "jobs.py": f"import boto3\nfrom mod import up\n{F}up(k)"}
    assert passed(files, given=["jobs.py"]) == ["5 session=session"]
    assert passed(files, given=["mod.py"]) == []


def test_calls_in_tests_stay() -> None:
    assert passed({"mod.py": UP, "tests/test_mod.py": f"import boto3\nfrom mod import up\n{F}up(k)"}) == []


# --- Methods that are overridden ------------------------------------------------------------------

FAMILY = """
import boto3

class A:
    def up(self):
        return lambda: boto3.client("s3")

    def f(self):
        self.up()
        return lambda: boto3.client("s3")

class B(A):
    def up(self{}):
        return 1
"""


def test_an_overridden_method_whose_overrides_all_take_it() -> None:
    assert passed(FAMILY.format("")) == ["8 session=session"]


def test_an_overridden_method_of_which_one_takes_none() -> None:
    assert passed(FAMILY.format(", *, session=1")) == []


# --- The form -------------------------------------------------------------------------------------

SITE = 'import boto3\n\ndef up(key):\n    boto3.client("s3")\n\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"{SITE}def f():\n{GETS}    up(1)", ["article session"], id="to what gets one by this run"
        ),
        pytest.param(
            f"{TAKES}def f():\n{GETS}    up(1)",
            ["inline session"],
            id="to what took one: None must stay None",
        ),
        pytest.param(
            f"{SITE}def f():\n{GETS}    return lambda: up(1)",
            ["article session", "inline session"],
            id="out of a nested function",
        ),
        pytest.param(
            f"{TAKES}def g():\n{GETS}    up(1)\ndef f():\n{GETS}    g()",
            ["inline session"],
            id="to what passes it on to what took one",
        ),
        pytest.param(
            f"{SITE}class A:\n    def __init__(self):\n        self.x = 1\n    def g(self):\n{'    ' + GETS}"
            f"def f():\n{GETS}    A()",
            ["article session", "inline session"],
            id="to an object that keeps it",
        ),
        pytest.param(
            f"{SITE}def f():\n{GETS}    up(1)\ndef s():\n    boto3.setup_default_session()",
            ["article session", "inline session"],
            id="where the default session changes",
        ),
    ],
)
def test_what_is_passed_is_left_as_it_is(text: str, expected: list[str]) -> None:
    assert answers(plan_of({"mod.py": text})) == expected


# --- Sessions that were in scope before -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def f(session: boto3.Session):\n    up(1)", "unsafe pass session=session", id="a parameter"
        ),
        pytest.param(
            "def f():\n    s = boto3.Session()\n    up(1)",
            "unsafe pass session=s",
            id="made by boto3.Session",
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')\n    up(1)",
            "pass session=session",
            id="None unless it is passed, and nobody does",
        ),
        pytest.param(
            "def f(session=None):\n    session = session or boto3._get_default_session()\n    up(1)",
            "pass session=session",
            id="filled from the default session",
        ),
        pytest.param(
            "def f(session=None):\n    session = session or boto3.Session()\n    up(1)",
            "unsafe pass session=session",
            id="filled from a session of its own",
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')\n    up(1)\nf(x)",
            "unsafe pass session=session",
            id="somebody passes something",
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')\n    up(1)\nf(None)",
            "pass session=session",
            id="somebody passes None",
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')\n    up(1)\nf(**x)",
            "unsafe pass session=session",
            id="somebody may pass something",
        ),
        pytest.param(
            "def f(session=None):\n    (session or boto3).client('s3')\n    up(1)\nx(f)",
            "unsafe pass session=session",
            id="handed over",
        ),
        pytest.param(
            "def f(n, session=None):\n    (session or boto3).client('s3')\n    up(1)\n    f(n - 1, session)",
            "pass session=session",
            id="it passes its own to itself",
        ),
        pytest.param(
            "class A:\n    def __init__(self, session=None):\n        self._session = session\n"
            "    def f(self):\n        (self._session or boto3).client('s3')\n        up(1)\nA()",
            "pass session=self._session",
            id="kept on the object, and nobody passes one",
        ),
        pytest.param(
            "class A:\n    def __init__(self, session=None):\n        self._session = session\n"
            "    def f(self):\n        (self._session or boto3).client('s3')\n        up(1)\nA(x)",
            "unsafe pass session=self._session",
            id="kept on the object, and somebody passes something",
        ),
    ],
)
def test_findings(text: str, expected: str) -> None:
    assert answers(plan_of({"mod.py": TAKES + text})) == [expected]


def test_tests_count_among_those_that_pass_sessions() -> None:
    text = f"{TAKES}def f(session=None):\n    (session or boto3).client('s3')\n    up(1)"
    test = "import boto3\nfrom mod import f\nf(session=boto3.Session())"
    assert answers(plan_of({"mod.py": text, "tests/test_mod.py": test})) == ["unsafe pass session=session"]


def test_a_session_before_is_not_passed_to_what_gets_one_by_safe_fixes() -> None:
    text = f"{UP}def f(session: boto3.Session):\n    up(1)"
    assert passed(text) == []
    assert passed(text, unsafe=True) == ["7 session=session"]


# --- Lift -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{UP}def f():\n    up(1)", [3, 6], id="a caller"),
        pytest.param(f"{UP}def f():\n    up(1)\ndef g():\n    f()", [3, 6, 8], id="its caller"),
        pytest.param(f"{UP}def f(n):\n    up(1)\n    f(n)", [3, 6], id="recursion"),
        pytest.param(f"{UP}def f():\n    g()\n    up(1)\ndef g():\n    f()", [3, 6, 9], id="a cycle"),
        pytest.param(f"{TAKES}def f():\n    up(1)", [6], id="of what took one before"),
        pytest.param(f"{UP}def f():\n    return lambda: up(1)", [3, 6], id="out of a lambda"),
        pytest.param(f"{UP}f = lambda: up(1)", [3, 6], id="a lambda with a name"),
        pytest.param(f"{UP}option(default=lambda: up(1))", [3], id="not a lambda that is handed over"),
        pytest.param(f"{UP}def f():\n    up(*x)", [3], id="not where the call stays"),
        pytest.param(f"{UP}def f():\n    x(up)", [3], id="not where it is handed over"),
        pytest.param(f"{UP}def f():\n    up(1, session=None)", [3], id="not where the default one is meant"),
        pytest.param(f"{UP}def f():\n    print(locals())\n    up(1)", [3], id="not what reads its locals"),
        pytest.param(
            f"{UP}def __getattr__(name):\n    up(1)\nclass A:\n    def __len__(self):\n        up(1)",
            [3],
            id="not what Python calls",
        ),
        pytest.param(
            f"from fastapi import FastAPI\napp = FastAPI()\n{UP}@app.get('/')\ndef f():\n    up(1)",
            [5],
            id="not what a framework reads",
        ),
        pytest.param(
            f"{UP}class A:\n    @property\n    def x(self):\n        return up(1)", [3], id="not a property"
        ),
        pytest.param(
            f"{UP}class A:\n    def f(self):\n        up(1)\nclass B(A):\n    def f(self):\n        return 1",
            [3, 7, 10],
            id="a method with its override",
        ),
        pytest.param(
            f"{UP}class A:\n    def f(self):\n        raise NotImplementedError\n"
            "class B(A):\n    def f(self):\n        up(1)\nclass C(A):\n    def f(self):\n        return up(2)",
            [3, 7, 10, 13],
            id="overrides that all pass it on, and what declares them",
        ),
        pytest.param(
            f"{UP}class A:\n    def f(self):\n        raise NotImplementedError\n"
            "class B(A):\n    def f(self):\n        up(1)\nclass C(A):\n    def f(self):\n        return open('x')",
            [3],
            id="not overrides of which one has no use for it",
        ),
        pytest.param(
            f"{UP}class A:\n    def f(self):\n        raise NotImplementedError\n"
            "class B(A):\n    def f(self):\n        g()\nclass C(A):\n    def f(self):\n        return h()\n"
            "def g():\n    up(1)\ndef h():\n    up(2)",
            [3, 7, 10, 13, 15, 17],
            id="overrides that pass it on further down",
        ),
        pytest.param(
            f"{UP}class A:\n    def f(self):\n        g(C())\nclass B(A):\n    def f(self):\n        up(1)\n"
            "class C:\n    def h(self):\n        up(1)\nclass D(C):\n    def h(self):\n        open('x')\n"
            "def g(c: C):\n    c.h()",
            [3],
            id="not what is left with no use for it because of others",
        ),
        pytest.param(
            f"{UP}class A:\n    def __init__(self):\n        self.x = 1\n    def f(self):\n        up(1)",
            [3, 7],
            id="the constructor of a class that keeps it",
        ),
    ],
)
def test_lift(text: str, expected: list[int]) -> None:
    assert taking(text) == expected


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        pytest.param("mod:g", [3, 6], id="a function"),
        pytest.param("mod:f", [3], id="what is further up is not reached"),
        pytest.param("pkg.mod:g", [3, 6], id="the module by a longer name"),
        pytest.param("other:g", [3, 6, 8], id="of another module"),
        pytest.param("mod:g2", [3, 6, 8], id="another function"),
    ],
)
def test_stop_at(stop: str, expected: list[int]) -> None:
    text = f"{UP}def f():\n    up(1)\ndef g():\n    f()"
    assert taking(text, stop_at=(stop,)) == expected


def test_stop_at_a_method() -> None:
    text = f"{UP}class A:\n    def f(self):\n        up(1)\ndef g(a: A):\n    a.f()"
    assert taking(text) == [3, 7, 9]
    assert taking(text, stop_at=("mod:A.f",)) == [3]


def test_ends_say_why() -> None:
    text = f"{UP}def f():\n    up(*x)\ndef g():\n    print(locals())\n    up(1)"
    forwarding = planned({"mod.py": text})
    assert {function.name: skip.reason for function, skip in forwarding.ends} == {
        "g": SkipReason.READS_LOCALS
    }
    assert [skip.reason for _, skip in forwarding.unpassed] == [SkipReason.UNPACKED_ARGUMENTS]


def test_functions_in_tests_take_none() -> None:
    files = {"mod.py": UP, "tests/test_mod.py": "from mod import up\ndef f():\n    up(1)"}
    assert taking(files, path="tests/test_mod.py") == []


def test_a_handler_that_is_called_with_a_session_at_hand_is_an_ordinary_callee() -> None:
    text = code(
        """
        import boto3

        def handler(event, context, session=None):
            return (session or boto3).client("s3").list_buckets()

        def replay(events, session: boto3.Session):
            for event in events:
                handler(event, None)
        """
    )
    assert passed(text, lift=True) == []
    assert passed(text, lift=True, unsafe=True) == ["8 session=session"]
