"""What one file says of its calls: what each calls, from where, with what, and whether a failure may be caught."""

from __future__ import annotations

import pytest

from session_first.model import CallSite, Position, Reference
from tests.analysis import facts_of

METHODS = """
class A:
    def m(self):
        {self}

    @classmethod
    def of(cls):
        {cls}

    @staticmethod
    def static(self):
        {static}
"""


def call_of(text: str, path: str = "pkg/mod.py") -> CallSite:
    """The call that ends in `probe(...)`."""
    (call,) = (c for c in facts_of(text, path).calls if c.callee.endswith("probe"))
    return call


def shown(call: CallSite) -> str:
    """`pkg.f`, `~f` where that is not certain with the doubt, `self A: self.m` for a method."""
    if call.through is not None:
        return f"{call.through} {call.receiver_class}: {call.callee}"
    return call.callee if call.certain else f"~{call.callee} {call.doubt}"


def mentioned(text: str, path: str = "pkg/mod.py") -> list[str]:
    """What a file mentions, `~name` where it is not certain, `Class.name` for what is got from `self`."""
    return [_shown_reference(reference) for reference in facts_of(text, path).references]


def _shown_reference(reference: Reference) -> str:
    owner = f"{reference.receiver_class}." if reference.receiver_class is not None else ""
    return reference.name if reference.certain else f"~{owner}{reference.name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def probe(): ...\nprobe()", ".probe", id="function of the module"),
        pytest.param("from a.b import probe\nprobe()", "a.b.probe", id="imported"),
        pytest.param("from .other import probe\nprobe()", "pkg.other.probe", id="imported relatively"),
        pytest.param("import a.b as c\nc.probe()", "a.b.probe", id="module under another name"),
        pytest.param("import a\nx = a\nx.probe()", "a.probe", id="alias"),
        pytest.param("class C: ...\nx = C()\nx.probe()", ".C().probe", id="object of a class"),
        pytest.param("def f():\n    def probe(): ...\n    probe()", ".f.probe", id="nested function"),
        pytest.param("probe()", "probe", id="builtin"),
        pytest.param("from a import *\nprobe()", "~probe star", id="by a starred import, perhaps"),
        pytest.param("from a import *\nimport b\nb.probe()", "b.probe", id="beside a starred import"),
        pytest.param("def f(probe):\n    probe()", "~probe variable", id="parameter"),
        pytest.param("for probe in x:\n    probe()", "~probe variable", id="loop variable"),
        pytest.param("def f(x):\n    x.probe()", "~x.probe receiver", id="method of a parameter"),
        pytest.param("def f(x):\n    x\\\n  .probe()", "~x.probe receiver", id="on two lines"),
        pytest.param("x[0].probe()", "~x[0].probe receiver", id="method of an item"),
        pytest.param(
            "try:\n    from a import probe\nexcept ImportError:\n    from b import probe\nprobe()",
            "~probe several",
            id="imported from one place or the other",
        ),
        pytest.param(
            "from a import probe\ndef probe(): ...\nprobe()", "~probe several", id="imported and defined"
        ),
        pytest.param(
            "if x:\n    import a as m\nelse:\n    import b as m\nm.probe()",
            "~m.probe several",
            id="one module or the other",
        ),
        pytest.param(
            "from a import probe\ndef f(probe):\n    probe()", "~probe variable", id="shadowed by a parameter"
        ),
        pytest.param(
            "from a import probe\ndef f():\n    probe = x[0]\n    probe()",
            "~probe variable",
            id="shadowed by a local",
        ),
        pytest.param(
            "try:\n    from a import probe\nexcept ImportError:\n    probe = None\nprobe()",
            "a.probe",
            id="None where the import fails",
        ),
    ],
)
def test_callee(text: str, expected: str) -> None:
    assert shown(call_of(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param({"self": "self.probe()"}, "self A: self.probe", id="self"),
        pytest.param(
            {"self": "def inner():\n            self.probe()"},
            "self A: self.probe",
            id="self, in a nested function",
        ),
        pytest.param(
            {"self": "[self.probe() for _ in x]"}, "self A: self.probe", id="self, in a comprehension"
        ),
        pytest.param({"self": "super().probe()"}, "super A: super().probe", id="super"),
        pytest.param(
            {"self": "super(A, self).probe()"}, "super A: super(A, self).probe", id="super, in full"
        ),
        pytest.param({"self": "type(self).probe()"}, "cls A: type(self).probe", id="type of self"),
        pytest.param({"self": "self.__class__.probe()"}, "cls A: self.__class__.probe", id="class of self"),
        pytest.param({"cls": "cls.probe()"}, "cls A: cls.probe", id="cls"),
        pytest.param({"self": "A.probe()"}, ".A.probe", id="class by its name"),
        pytest.param(
            {"self": "self = x[0]\n        self.probe()"}, "~self.probe receiver", id="self, bound anew"
        ),
        pytest.param({"self": "self.x.probe()"}, "~self.x.probe receiver", id="attribute of self"),
        pytest.param(
            {"self": "super(B, self).probe()"}, "~super(B, self).probe receiver", id="super of another class"
        ),
        pytest.param({"static": "self.probe()"}, "~self.probe receiver", id="static method"),
    ],
)
def test_method(text: dict[str, str], expected: str) -> None:
    rest = {"self": "...", "cls": "...", "static": "..."}
    assert shown(call_of(METHODS.format(**{**rest, **text}))) == expected


def test_class_of_a_class_method() -> None:
    (call,) = facts_of(METHODS.format(self="...", cls="cls()", static="...")).calls
    assert shown(call) == "cls A: cls"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("probe()", None, id="module"),
        pytest.param("class C:\n    probe()", None, id="class"),
        pytest.param("def f():\n    if x:\n        probe()", "f", id="function"),
        pytest.param("def f():\n    class C:\n        probe()", "f", id="class in a function"),
        pytest.param("def f():\n    def g():\n        probe()", "f.g", id="nested function"),
        pytest.param("def f():\n    return lambda: probe()", "f.<lambda>", id="lambda"),
        pytest.param("def f():\n    return lambda x=probe(): x", "f", id="default of a lambda"),
        pytest.param("def f(x=probe()): ...", None, id="default"),
        pytest.param("@probe()\ndef f(): ...", None, id="decorator"),
        pytest.param(
            "class C:\n    def m(self):\n        return [probe() for _ in x]", "C.m", id="comprehension"
        ),
        pytest.param("async def f():\n    await probe()", "f", id="coroutine"),
    ],
)
def test_caller(text: str, expected: str | None) -> None:
    call = call_of(text)
    assert call.caller_name == expected
    assert (call.caller is None) == (expected is None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("try:\n    probe()\nexcept E: ...", True, id="try"),
        pytest.param(
            "try:\n    if x:\n        with y:\n            probe()\nexcept E: ...", True, id="deep in a try"
        ),
        pytest.param("try: ...\nexcept E:\n    probe()", False, id="handler"),
        pytest.param("try: ...\nexcept E: ...\nelse:\n    probe()", False, id="else"),
        pytest.param("try: ...\nexcept E: ...\nfinally:\n    probe()", False, id="finally"),
        pytest.param("try:\n    probe()\nfinally: ...", False, id="try without handlers"),
        pytest.param(
            "try:\n    try: ...\n    except E:\n        probe()\nexcept F: ...", True, id="handler in a try"
        ),
        pytest.param("with contextlib.suppress(E):\n    probe()", True, id="suppress"),
        pytest.param("with pytest.raises(E):\n    probe()", True, id="raises"),
        pytest.param("with open(x) as y:\n    probe()", False, id="another context"),
        pytest.param(
            "try:\n    def f():\n        probe()\nexcept E: ...", False, id="function defined in a try"
        ),
        pytest.param("try:\n    f = lambda: probe()\nexcept E: ...", False, id="lambda made in a try"),
        pytest.param("try:\n    class C:\n        probe()\nexcept E: ...", True, id="class in a try"),
        pytest.param("x = (probe() for _ in y)", True, id="generator expression that is kept"),
        pytest.param("x = list(probe() for _ in y)", False, id="generator expression that is used up"),
    ],
)
def test_caught(text: str, expected: bool) -> None:
    assert call_of(text).caught is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("async def f():\n    await probe()", True, id="awaited"),
        pytest.param("asyncio.run(probe())", True, id="run"),
        pytest.param("for x in probe(): ...", True, id="loop"),
        pytest.param("with probe(): ...", True, id="context"),
        pytest.param("def f():\n    yield from probe()", True, id="passed on"),
        pytest.param("x = [y for y in probe()]", True, id="comprehension"),
        pytest.param("x = probe()", False, id="kept"),
        pytest.param("asyncio.create_task(probe())", False, id="handed over"),
    ],
)
def test_awaited(text: str, expected: bool) -> None:
    assert call_of(f"import asyncio\n{text}").awaited is expected


def test_arguments() -> None:
    call = call_of("é = 'é'; probe(1, *a, k=2,\n  **b)")
    assert (call.position, call.end) == (Position(1, 9), Position(2, 6))
    assert [(a.position, a.end, a.keyword, a.starred) for a in call.arguments] == [
        (Position(1, 15), Position(1, 16), None, False),
        (Position(1, 18), Position(1, 20), None, True),
        (Position(1, 22), Position(1, 25), "k", False),
        (Position(2, 2), Position(2, 5), None, True),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def f(): ...\npool.map(f)", [".f"], id="argument"),
        pytest.param("def f(): ...\nx = {'a': f}", [".f"], id="stored"),
        pytest.param("def f(): ...\n@f\ndef g(): ...", [".f"], id="decorator"),
        pytest.param("import a\nx = a.b.f", ["a.b.f"], id="of a module"),
        pytest.param("def f(): ...\nf()", [], id="called"),
        pytest.param("from a import f\n__all__ = ['f']", [], id="imported and exported"),
        pytest.param("class C: ...\ndef f(x: C) -> C: ...", [], id="annotation"),
        pytest.param("class C: ...\nclass D(C): ...", [], id="base class"),
        pytest.param("class C: ...\nisinstance(x, (C,))", [], id="isinstance"),
        pytest.param("class E: ...\ntry: ...\nexcept E: ...", [], id="exception type"),
        pytest.param("getattr(x, 'f')", ["~f"], id="getattr"),
        pytest.param("globals()['f']", ["~f"], id="globals"),
        pytest.param("def f(x):\n    return x.m, x.m", ["~m"], id="unknown object, the first mention"),
        pytest.param("class C:\n    def m(self):\n        return self.n", ["~C.n"], id="through self"),
        pytest.param("class C:\n    def m(self):\n        return super().n", ["~n"], id="through super"),
        pytest.param("def f(x):\n    return x", [], id="parameter"),
        pytest.param("print(len)", [], id="builtin"),
        pytest.param(
            "def f():\n    if x:\n        from a import g\n    else:\n        from b import h as g\n    g()",
            ["a.g", "b.h"],
            id="one of two is called",
        ),
        pytest.param(
            "try:\n    from a import g\nexcept ImportError:\n    from b import h as g",
            ["a.g", "b.h"],
            id="one of two is given to whoever imports it",
        ),
    ],
)
def test_references(text: str, expected: list[str]) -> None:
    assert mentioned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def f(): ...\ndef g(): ...", set(), id="each once"),
        pytest.param("from a import f\ndef f(): ...", {".f"}, id="imported and defined"),
        pytest.param("def f(): ...\nf = x[0]", {".f"}, id="assigned to"),
        pytest.param("f = None\ndef f(): ...", set(), id="None first"),
        pytest.param("def f(): ...\ndef g():\n    global f\n    f = 1", {".f"}, id="global"),
        pytest.param("class C:\n    m = x", {".C.m"}, id="class attribute"),
        pytest.param("class C:\n    def m(self):\n        self.m = 1", {".C.m"}, id="attribute of self"),
        pytest.param("import a\na.f = 1", {"a.f"}, id="attribute of a module"),
        pytest.param("def f(x):\n    x.m = 1", {"*.m"}, id="attribute of an unknown object"),
        pytest.param("import a\nsetattr(a, 'f', 1)", {"a.f"}, id="setattr"),
    ],
)
def test_rebound(text: str, expected: set[str]) -> None:
    assert facts_of(text).rebound == expected


def test_definitions() -> None:
    definitions = facts_of(
        """
        class C:
            @property
            def m(self):
                def inner(*, k=1):
                    yield
                return lambda x: (yield)

        async def f(): ...
        """
    ).definitions
    assert [(d.name, d.position, d.class_name, d.deferred) for d in definitions] == [
        ("C.m", Position(3, 4), "C", False),
        ("C.m.inner", Position(4, 8), None, True),
        ("C.m.<lambda>", Position(6, 15), None, True),
        ("f", Position(8, 0), None, True),
    ]
    assert [[p.name for p in d.parameters] for d in definitions] == [["self"], ["k"], ["x"], []]
    assert definitions[0].decorators[0].name == "property"
