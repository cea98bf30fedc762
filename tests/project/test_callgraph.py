"""Which function each call of a project runs; what must stay open, and why; who may catch a failure."""

from __future__ import annotations

import pickle
from collections.abc import Mapping

import pytest

from session_first.facts.module import analyse
from session_first.files import module_name
from session_first.model import ModuleFacts
from session_first.project.callgraph import CallGraph, Edge, Function, Unresolved, build
from session_first.source import parse
from tests.analysis import ROOT, source_of

Files = Mapping[str, str]

F = "def f(): ...\n"


def graph_of(files: Files) -> CallGraph:
    """The call graph of a project of these files, in which a folder is a package if it has an `__init__.py`."""
    return build([_facts(text, path, files) for path, text in files.items()])


def _facts(text: str, path: str, files: Files) -> ModuleFacts:
    source = source_of(text, path)
    return analyse(source, parse(source), _module(path, files), is_test=path.startswith("tests/"))


def _module(path: str, files: Files) -> str:
    """The name that `files.module_name` gives, which asks the disk for packages."""
    folders = path.split("/")[:-1]
    top = len(folders)
    while top and "/".join([*folders[:top], "__init__.py"]) in files:
        top -= 1
    if top == len(folders):  # in no package
        return module_name(ROOT / path, ROOT)
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts[top:])


def answer(graph: CallGraph, path: str, line: int | None = None) -> str:
    """What the last call of a file (of its line) runs: `a/b.py:Class.m`, or `reason: candidates`."""
    places: list[Edge | Unresolved] = [*graph.edges, *graph.unresolved]
    here = [p for p in places if p.path == ROOT / path and (line is None or p.call.position.line == line)]
    last = max(here, key=lambda p: (p.call.position.line, p.call.end))
    if isinstance(last, Edge):
        return _name(last.target)
    candidates = ", ".join(sorted(_name(f) for f in last.candidates))
    return f"{last.reason.value}: {candidates}".removesuffix(": ")


def _name(function: Function) -> str:
    return f"{function.path.relative_to(ROOT).as_posix()}:{function.name}"


def named(graph: CallGraph, name: str) -> Function:
    """The function of that qualified name."""
    (function,) = (f for f in graph.functions if f.name == name)
    return function


# --- Functions across files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": f"{F}f()"}, "a.py:f", id="the module's own"),
        pytest.param({"a.py": f"def g():\n    f()\n{F}"}, "a.py:f", id="defined below"),
        pytest.param({"a.py": "def g():\n    def f(): ...\n    f()"}, "a.py:g.f", id="nested"),
        pytest.param({"a.py": "async def f(): ...\nasync def g():\n    await f()"}, "a.py:f", id="coroutine"),
        pytest.param({"a.py": f"@deco\n{F}f()"}, "a.py:f", id="decorated"),
        pytest.param({"a.py": f"{F}x = f\nx()"}, "a.py:f", id="alias"),
        pytest.param(
            {"p/__init__.py": "", "p/b.py": F, "p/a.py": "from p.b import f\nf()"},
            "p/b.py:f",
            id="absolute import",
        ),
        pytest.param(
            {"p/__init__.py": "", "p/b.py": F, "p/a.py": "from .b import f\nf()"},
            "p/b.py:f",
            id="relative import",
        ),
        pytest.param(
            {
                "p/__init__.py": "",
                "p/q/__init__.py": "",
                "p/b.py": F,
                "p/q/a.py": "from ..b import f as g\ng()",
            },
            "p/b.py:f",
            id="from the package above, under another name",
        ),
        pytest.param(
            {"p/__init__.py": "", "p/b.py": F, "p/a.py": "from . import b\nb.f()"},
            "p/b.py:f",
            id="relative module",
        ),
        pytest.param(
            {"p/__init__.py": F, "p/a.py": "from . import f\nf()"},
            "p/__init__.py:f",
            id="defined in the package",
        ),
        pytest.param(
            {"p/__init__.py": "", "p/b.py": F, "a.py": "import p.b as c\nc.f()"}, "p/b.py:f", id="import as"
        ),
        pytest.param(
            {"p/__init__.py": "", "p/b.py": F, "a.py": "import p.b\np.b.f()"}, "p/b.py:f", id="import"
        ),
        pytest.param(
            {"p/__init__.py": "", "p/b.py": F, "a.py": "def g():\n    from p import b\n    b.f()"},
            "p/b.py:f",
            id="import in a function",
        ),
        pytest.param({"b.py": F, "a.py": "from b import *\nf()"}, "b.py:f", id="starred import"),
        pytest.param(
            {"c.py": F, "b.py": "from c import *", "a.py": "from b import *\nf()"},
            "c.py:f",
            id="starred twice",
        ),
        pytest.param(
            {"c.py": "", "b.py": F, "a.py": "from b import *\nfrom c import *\nf()"},
            "b.py:f",
            id="one of two starred imports has it",
        ),
        pytest.param(
            {"p/__init__.py": "from .b import f", "p/b.py": F, "a.py": "from p import f\nf()"},
            "p/b.py:f",
            id="re-exported",
        ),
        pytest.param(
            {"p/__init__.py": "from .b import *", "p/b.py": F, "a.py": "import p\np.f()"},
            "p/b.py:f",
            id="re-exported by a star",
        ),
        pytest.param(
            {
                "p/__init__.py": "from .q import g as h",
                "p/q/__init__.py": "from .b import f as g",
                "p/q/b.py": F,
                "a.py": "from p import h\nh()",
            },
            "p/q/b.py:f",
            id="re-exported twice under other names",
        ),
        pytest.param(
            {"p/__init__.py": "from .f import f", "p/f.py": F, "a.py": "from p import f\nf()"},
            "p/f.py:f",
            id="re-exported under the name of its module",
        ),
        pytest.param(
            {"p/__init__.py": "from .f import f", "p/f.py": F, "a.py": "from p.f import f\nf()"},
            "p/f.py:f",
            id="from a module that the package hides by its function",
        ),
        pytest.param(
            {"c.py": F, "b.py": "import c", "a.py": "import b\nb.c.f()"}, "c.py:f", id="module of a module"
        ),
        pytest.param(
            {"fn/one/helper.py": F, "fn/two/helper.py": F, "fn/two/a.py": "import helper\nhelper.f()"},
            "fn/two/helper.py:f",
            id="flat Lambda folders",
        ),
        pytest.param(
            {"fn/one/helper.py": F, "fn/one/a.py": "from helper import f\nf()"},
            "fn/one/helper.py:f",
            id="flat Lambda folder, from import",
        ),
        pytest.param(
            {"src/p/__init__.py": "", "src/p/b.py": F, "tests/test_a.py": "from p.b import f\nf()"},
            "src/p/b.py:f",
            id="src layout",
        ),
        pytest.param(
            {"src/b.py": F, "src/a.py": "from src.b import f\nf()"},
            "src/b.py:f",
            id="src as a namespace package",
        ),
        pytest.param(
            {"ns/p/__init__.py": "", "ns/p/b.py": F, "ns/q/a.py": "from ns.p.b import f\nf()"},
            "ns/p/b.py:f",
            id="package in a namespace package",
        ),
        pytest.param(
            {"ns/b.py": F, "ns/a.py": "from . import b\nb.f()"}, "ns/b.py:f", id="namespace package, relative"
        ),
        pytest.param(
            {
                "one/p/__init__.py": "",
                "one/p/b.py": F,
                "two/p/__init__.py": "",
                "two/p/b.py": F,
                "two/p/a.py": "from p.b import f\nf()",
            },
            "two/p/b.py:f",
            id="two packages of one name: the importer's own",
        ),
        pytest.param(
            {
                "one/p/__init__.py": "",
                "one/p/b.py": F,
                "two/p/__init__.py": "",
                "two/p/b.py": F,
                "two/tests/a.py": "from p.b import f\nf()",
            },
            "two/p/b.py:f",
            id="two packages of one name: the one beside the tests",
        ),
        pytest.param(
            {
                "libs/p/src/p/__init__.py": "",
                "libs/p/src/p/b.py": F,
                "app/q/__init__.py": "",
                "app/q/a.py": "from p.b import f\nf()",
            },
            "libs/p/src/p/b.py:f",
            id="another package of the repository",
        ),
        pytest.param(
            {
                "b.py": f"from typing import overload\n@overload\ndef f(x: int): ...\n{F}",
                "a.py": "import b\nb.f()",
            },
            "b.py:f",
            id="overloads",
        ),
    ],
)
def test_function(files: Files, expected: str) -> None:
    name = next(path for path in files if path.endswith("a.py"))
    assert answer(graph_of(files), name) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": "print()"}, "external", id="builtin"),
        pytest.param({"a.py": "import os\nos.getcwd()"}, "external", id="library"),
        pytest.param(
            {"a.py": "import boto3\nboto3.client('s3').f()", "b.py": F}, "external", id="library's object"
        ),
        pytest.param(
            {"a.py": "def g(x):\n    x.f()", "b.py": F}, "unknown-receiver", id="method of a parameter"
        ),
        pytest.param({"a.py": "def g(f):\n    f()", "b.py": F}, "variable", id="parameter"),
        pytest.param({"a.py": f"{F}def g(f):\n    f()"}, "variable", id="shadowed by a parameter"),
        pytest.param({"a.py": f"{F}def g():\n    f = x[0]\n    f()"}, "variable", id="shadowed by a local"),
        pytest.param({"a.py": f"{F}f()()"}, "result", id="result of a call"),
        pytest.param({"a.py": "x[0]()"}, "result", id="item"),
        pytest.param(
            {"a.py": "if x:\n    def f(): ...\nelse:\n    def f(): ...\nf()"},
            "several-definitions: a.py:f, a.py:f",
            id="defined in two branches",
        ),
        pytest.param(
            {
                "b.py": f"try:\n    from c import f\nexcept ImportError:\n    {F}",
                "a.py": "from b import f\nf()",
            },
            "several-definitions: b.py:f",
            id="imported, else defined",
        ),
        pytest.param(
            {"b.py": f"{F}f = x[0]", "a.py": "from b import f\nf()"},
            "several-definitions: b.py:f",
            id="bound anew by its module",
        ),
        pytest.param(
            {"b.py": F, "c.py": "import b\nb.f = 1", "a.py": "from b import f\nf()"},
            "several-definitions: b.py:f",
            id="bound anew by another module",
        ),
        pytest.param(
            {"b.py": F, "c.py": F, "a.py": "from b import *\nfrom c import *\nf()"},
            "star-imports: b.py:f, c.py:f",
            id="two starred imports have it",
        ),
        pytest.param(
            {"b.py": F, "a.py": "from b import *\nfrom tkinter import *\nf()"},
            "star-imports: b.py:f",
            id="a starred import of a library may have it",
        ),
        pytest.param(
            {"b.py": f"{F}from c import *", "c.py": F, "a.py": "from b import f\nf()"},
            "several-definitions: b.py:f, c.py:f",
            id="defined, and by a starred import",
        ),
        pytest.param(
            {
                "one/p/__init__.py": "",
                "one/p/b.py": F,
                "two/p/__init__.py": "",
                "two/p/b.py": F,
                "a.py": "from p.b import f\nf()",
            },
            "ambiguous-module: one/p/b.py:f, two/p/b.py:f",
            id="two packages of one name",
        ),
        pytest.param(
            {"helper.py": F, "fn/helper.py": F, "fn/a.py": "import helper\nhelper.f()"},
            "ambiguous-module: fn/helper.py:f, helper.py:f",
            id="in the folder and above it",
        ),
        pytest.param(
            {"layer/python/helper.py": F, "fn/a.py": "import helper\nhelper.f()"},
            "ambiguous-module: layer/python/helper.py:f",
            id="in a folder that need not be on the path",
        ),
        pytest.param(
            {"p/__init__.py": "", "p/logging.py": F, "p/a.py": "import logging\nlogging.f()"},
            "ambiguous-module: p/logging.py:f",
            id="a module of the package, by a library's name",
        ),
        pytest.param(
            {"p/__init__.py": "", "p/logging.py": F, "p/a.py": "import logging\nlogging.info()"},
            "external",
            id="a library's module, by the name of one of the package",
        ),
        pytest.param(
            {
                "p/__init__.py": "from .c import b",
                "p/c.py": f"class B:\n    {F}b = B()",
                "p/b.py": F,
                "a.py": "from p import b\nb.f()",
            },
            "several-definitions: p/b.py:f",
            id="a module that the package hides by an object",
        ),
        pytest.param(
            {"b.py": F, "c.py": F, "a.py": "from b import f\nfrom c import *\nf()"},
            "several-definitions: b.py:f, c.py:f",
            id="imported, and by a starred import",
        ),
        pytest.param(
            {"a.py": f"{F}globals()['f'] = x\nf()"}, "several-definitions: a.py:f", id="in globals()"
        ),
        pytest.param(
            {"a.py": f"{F}globals().update(f=x)\nf()"},
            "several-definitions: a.py:f",
            id="by an update of globals()",
        ),
        pytest.param(
            {"b.py": F, "c.py": "import b\nvars(b)['f'] = 1", "a.py": "from b import f\nf()"},
            "several-definitions: b.py:f",
            id="in the vars() of the module",
        ),
        pytest.param(
            {"b.py": F, "c.py": "import b\nb.__dict__['f'] = 1", "a.py": "from b import f\nf()"},
            "several-definitions: b.py:f",
            id="in the __dict__ of the module",
        ),
        pytest.param({"b.py": "", "a.py": "import b\nb.f()"}, "not-defined", id="not defined"),
        pytest.param(
            {"b.py": "from a import f", "a.py": "from b import f\nf()"}, "not-defined", id="in a circle"
        ),
        pytest.param({"a.py": f"{F}f.delay()"}, "unknown-receiver", id="attribute of a function"),
    ],
)
def test_no_function(files: Files, expected: str) -> None:
    name = next(path for path in files if path.endswith("a.py"))
    assert answer(graph_of(files), name) == expected


# --- Methods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("class A:\n    def m(self): ...\n    def z(self):\n        self.m()", "A.m", id="self"),
        pytest.param(
            "class A:\n    @classmethod\n    def m(cls): ...\n    @classmethod\n    def z(cls):\n        cls.m()",
            "A.m",
            id="cls",
        ),
        pytest.param("class A:\n    @staticmethod\n    def m(): ...\nA.m()", "A.m", id="class name"),
        pytest.param("class A:\n    def m(self): ...\nA().m()", "A.m", id="object made there"),
        pytest.param("class A:\n    def m(self): ...\nx = A()\nx.m()", "A.m", id="object in a variable"),
        pytest.param(
            "class A:\n    def m(self): ...\nclass B(A):\n    def z(self):\n        self.m()",
            "A.m",
            id="inherited",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\nclass B(A):\n    def m(self):\n        super().m()",
            "A.m",
            id="super",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\nclass B(A):\n    def m(self): ...\nB().m()",
            "B.m",
            id="override, of an object made there",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\nclass B(A):\n    def m(self): ...\nA().m()",
            "A.m",
            id="overridden, of an object made there",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\nclass B: ...\nclass C(B, A):\n    def z(self):\n        self.m()",
            "A.m",
            id="of the second base",
        ),
        pytest.param(
            "class O:\n    def m(self): ...\nclass A(O): ...\nclass B(O):\n    def m(self): ...\n"
            "class C(A, B):\n    def z(self):\n        self.m()",
            "B.m",
            id="diamond",
        ),
        pytest.param(
            "class A:\n    def __m(self): ...\n    def z(self):\n        self.__m()\n"
            "class B(A):\n    def __m(self): ...",
            "A.__m",
            id="private, which is not overridden",
        ),
        pytest.param("class A:\n    def __init__(self): ...\nA()", "A.__init__", id="constructor"),
        pytest.param(
            "class A:\n    def __init__(self): ...\nclass B(A): ...\nB()",
            "A.__init__",
            id="inherited constructor",
        ),
        pytest.param(
            "class A:\n    def __init__(self): ...\n    @classmethod\n    def z(cls):\n        cls()",
            "A.__init__",
            id="constructor by cls",
        ),
        pytest.param(
            "class A:\n    def __init__(self): ...\nclass B(A):\n    def __init__(self):\n"
            "        super().__init__()",
            "A.__init__",
            id="constructor by super",
        ),
        pytest.param(
            "class A:\n    def __call__(self): ...\nx = A()\nx()", "A.__call__", id="object that is called"
        ),
        pytest.param(
            "class A:\n    class B:\n        def m(self): ...\nA.B().m()", "A.B.m", id="nested class"
        ),
        pytest.param(
            "import requests\nclass A(requests.Session):\n    def m(self): ...\n    def z(self):\n        self.m()",
            "A.m",
            id="own, before a library's base",
        ),
        pytest.param(
            "from typing import Generic, T\nclass A:\n    def m(self): ...\nclass B(Generic[T], A):\n"
            "    def z(self):\n        self.m()",
            "A.m",
            id="behind Generic",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self):\n        return [lambda: self.m() for _ in x]",
            "A.m",
            id="self, from a lambda",
        ),
    ],
)
def test_method(text: str, expected: str) -> None:
    assert answer(graph_of({"a.py": text}), "a.py", _last_call(text)) == f"a.py:{expected}"


def _last_call(text: str) -> int:
    """The line of the last call in which something of the text's own may be run."""
    lines = text.splitlines()
    return max(
        n for n, line in enumerate(lines, 1) if "(" in line and not line.lstrip().startswith(("class", "def"))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self):\n        self.m()\nclass B(A):\n    def m(self): ...",
            "overridden: a.py:A.m, a.py:B.m",
            id="overridden",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self):\n        self.m()\n"
            "class M:\n    def m(self): ...\nclass B(M, A): ...",
            "overridden: a.py:A.m, a.py:M.m",
            id="overridden by a class beside it",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self):\n        self.m()\nclass B(A):\n    m = x",
            "overridden: a.py:A.m",
            id="overridden by an assignment",
        ),
        pytest.param(
            "class O:\n    def m(self): ...\nclass A(O):\n    def m(self):\n        super().m()\n"
            "class B(O):\n    def m(self): ...\nclass C(A, B): ...",
            "overridden: a.py:B.m, a.py:O.m",
            id="super, where a subclass puts another class between",
        ),
        pytest.param(
            "class A:\n    def __init__(self): ...\n    @classmethod\n    def z(cls):\n        cls()\n"
            "class B(A):\n    def __init__(self): ...",
            "overridden: a.py:A.__init__, a.py:B.__init__",
            id="overridden constructor by cls",
        ),
        pytest.param(
            "import requests\nclass A(requests.Session):\n    def z(self):\n        self.m()",
            "external-base",
            id="of a library's base",
        ),
        pytest.param(
            "import requests\nclass M:\n    def m(self): ...\nclass A(requests.Session, M):\n"
            "    def z(self):\n        self.m()",
            "external-base: a.py:M.m",
            id="behind a library's base",
        ),
        pytest.param("class A:\n    def z(self):\n        self.m()", "not-defined", id="mixin"),
        pytest.param("class A: ...\nA()", "no-init", id="no constructor"),
        pytest.param("import enum\nclass A(enum.Enum): ...\nA(1)", "no-init", id="a library's constructor"),
        pytest.param(
            "class A:\n    def __new__(cls): ...\n    def __init__(self): ...\nA()",
            "several-definitions: a.py:A.__init__, a.py:A.__new__",
            id="made otherwise",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self):\n        self.m()\n    def y(self):\n        self.m = 1",
            "several-definitions: a.py:A.m",
            id="replaced in the object",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self):\n        self.m()\ndef y(x):\n    x.m = 1",
            "several-definitions: a.py:A.m",
            id="replaced from outside, perhaps",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self, x):\n        a = A()\n        a.m = x\n        self.m()",
            "several-definitions: a.py:A.m",
            id="replaced in one object",
        ),
        pytest.param(
            "class A:\n    def y(self):\n        self.m = x[0]\n    def z(self):\n        self.m()",
            "variable",
            id="value of an attribute",
        ),
        pytest.param(
            "class A:\n    @property\n    def m(self): ...\n    def z(self):\n        self.m()",
            "result",
            id="value of a property",
        ),
        pytest.param(
            "class A:\n    if x:\n        def m(self): ...\n    else:\n        def m(self): ...\n"
            "    def z(self):\n        self.m()",
            "several-definitions: a.py:A.m, a.py:A.m",
            id="defined in two branches",
        ),
        pytest.param(
            "if x:\n    class A:\n        def m(self): ...\nelse:\n    class A: ...\nA().m()",
            "unknown-receiver",
            id="class defined in two branches",
        ),
        pytest.param(
            "def f():\n    class A:\n        def m(self): ...\n        def z(self):\n            self.m()",
            "unknown-receiver",
            id="class in a function",
        ),
        pytest.param(
            "class A:\n    def m(self): ...\n    def z(self, other):\n        other.m()",
            "unknown-receiver",
            id="another object",
        ),
    ],
)
def test_no_method(text: str, expected: str) -> None:
    assert answer(graph_of({"a.py": text}), "a.py", _last_call(text)) == expected


# --- Methods of objects whose class is known ------------------------------------------------------

A = "class A:\n    def m(self): ...\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def g(a: A):\n    a.m()", id="an annotated parameter"),
        pytest.param("def g(a: 'A'):\n    a.m()", id="in quotes"),
        pytest.param("def g(a: A | None):\n    a.m()", id="or None"),
        pytest.param("from typing import Optional\ndef g(a: Optional[A]):\n    a.m()", id="Optional"),
        pytest.param("def g(a: A):\n    def h():\n        a.m()", id="of the function around"),
        pytest.param("def g():\n    a = A()\n    a.m()", id="a local that was made"),
        pytest.param("class B(A): ...\ndef g(b: B):\n    b.m()", id="inherited"),
        pytest.param("class B(A): ...\ndef g(a: A):\n    a.m()", id="inherited by a class below"),
        pytest.param(
            "class Z:\n    def __init__(self):\n        self.a = A()\n    def z(self):\n        self.a.m()",
            id="kept on self, made there",
        ),
        pytest.param(
            "class Z:\n    def __init__(self, a: A):\n        self.a = a\n    def z(self):\n        self.a.m()",
            id="kept on self, given there",
        ),
    ],
)
def test_method_of_a_known_object(text: str) -> None:
    assert answer(graph_of({"a.py": A + text}), "a.py", _last_call(A + text)) == "a.py:A.m"


KEPT = "class Z:\n    def __init__(self):\n        self.a = A()\n    def z(self):\n        self.a.m()\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "class B(A):\n    def m(self): ...\ndef g(a: A):\n    a.m()",
            "overridden: a.py:A.m, a.py:B.m",
            id="an annotated parameter, which may be of a class below",
        ),
        pytest.param("def g(a: A):\n    a = x[0]\n    a.m()", "unknown-receiver", id="bound anew"),
        pytest.param("def g(a: A | int):\n    a.m()", "unknown-receiver", id="one of two classes"),
        pytest.param("def g(a: list[A]):\n    a.m()", "unknown-receiver", id="a list of them"),
        pytest.param("def g(a: type[A]):\n    a.m()", "unknown-receiver", id="the class itself"),
        pytest.param("def g(*a: A):\n    a.m()", "unknown-receiver", id="several arguments"),
        pytest.param("def g(**a: A):\n    a.m()", "unknown-receiver", id="several keywords"),
        pytest.param("from typing import Any\ndef g(a: Any):\n    a.m()", "unknown-receiver", id="anything"),
        pytest.param(
            "from typing import Protocol\nclass P(Protocol):\n    def m(self): ...\ndef g(a: P):\n    a.m()",
            "unknown-receiver",
            id="a protocol, which other classes fulfil too",
        ),
        pytest.param(
            f"{KEPT}    def y(self, a):\n        self.a = a",
            "unknown-receiver",
            id="set by another method too",
        ),
        pytest.param(f"{KEPT}def g(z):\n    z.a = 1", "unknown-receiver", id="set from outside, perhaps"),
        pytest.param(
            f"{KEPT}class Y(Z):\n    def __init__(self):\n        self.a = 1",
            "unknown-receiver",
            id="set by a class below",
        ),
        pytest.param(f"{KEPT}class Y(Z):\n    a = 1", "unknown-receiver", id="set in a class below"),
    ],
)
def test_no_method_of_a_known_object(text: str, expected: str) -> None:
    line = next(n for n, code in enumerate((A + text).splitlines(), 1) if "a.m()" in code)
    assert answer(graph_of({"a.py": A + text}), "a.py", line) == expected


def test_method_across_files() -> None:
    graph = graph_of(
        {
            "p/__init__.py": "from .base import Base",
            "p/base.py": "class Base:\n    def m(self): ...",
            "a.py": "from p import Base\nclass A(Base):\n    def z(self):\n        self.m()",
            "b.py": "import a as c\nc.A().m()",
        }
    )
    assert answer(graph, "a.py") == "p/base.py:Base.m"
    assert answer(graph, "b.py") == "p/base.py:Base.m"


def test_overridden_in_another_file() -> None:
    graph = graph_of(
        {
            "a.py": "class A:\n    def m(self): ...\n    def z(self):\n        self.m()",
            "b.py": "from a import *\nclass B(A):\n    def m(self): ...",
        }
    )
    assert answer(graph, "a.py") == "overridden: a.py:A.m, b.py:B.m"


def test_overridden_in_a_class_whose_base_may_be_it() -> None:
    graph = graph_of(
        {
            "a.py": "class A:\n    def m(self): ...\n    def z(self):\n        self.m()",
            "b.py": "try:\n    from a import A\nexcept ImportError:\n    A = object\n"
            "class B(A):\n    def m(self): ...",
        }
    )
    assert answer(graph, "a.py") == "overridden: a.py:A.m, b.py:B.m"


# --- Questions ------------------------------------------------------------------------------------


def test_callers_and_target() -> None:
    graph = graph_of({"b.py": F, "a.py": "import b\ndef g():\n    b.f()\nb.f()"})
    first, second = graph.callers(named(graph, "f"))
    assert first.caller == named(graph, "g")
    assert second.caller is None
    assert graph.target(first.path, first.call.position, first.call.end) == named(graph, "f")
    assert graph.target(first.path, first.call.position, first.call.position) is None


def test_uncertain_callers() -> None:
    graph = graph_of(
        {
            "a.py": "class A:\n    def m(self): ...\n    def z(self):\n        self.m()\n"
            "class B(A):\n    def m(self): ...\ndef g(x):\n    x.m()\n    x.n()\nimport boto3\nboto3.m()"
        }
    )
    override, unknown = graph.uncertain_callers(named(graph, "B.m"))
    assert override.call.callee == "self.m"
    assert unknown.call.callee == "x.m"
    assert set(graph.possible_targets(unknown)) == {named(graph, "A.m"), named(graph, "B.m")}
    assert set(graph.possible_targets(override)) == {named(graph, "A.m"), named(graph, "B.m")}
    assert graph.callers(named(graph, "B.m")) == ()


@pytest.mark.parametrize(
    ("definition", "call", "expected"),
    [
        pytest.param("def f(a, b): ...", "f(1, 2)", ["a", "b"], id="positional"),
        pytest.param("def f(a, /, b): ...", "f(1, b=2)", ["a", "b"], id="keyword"),
        pytest.param("def f(a, /, **k): ...", "f(1, a=2)", ["a", None], id="into **kwargs"),
        pytest.param("def f(a, *r, b): ...", "f(1, 2, b=3)", ["a", None, "b"], id="into *args"),
        pytest.param("def f(a, b, c): ...", "f(1, *x, c=2)", ["a", None, "c"], id="star"),
        pytest.param("def f(a, b): ...", "f(*x, 1)", [None, None], id="behind a star"),
        pytest.param("def f(a, b): ...", "f(1, **x)", ["a", None], id="mapping"),
        pytest.param("def f(a): ...", "f(1, 2)", ["a", None], id="one too many"),
        pytest.param("class C:\n    def m(self, a): ...", "C().m(1)", ["a"], id="method"),
        pytest.param(
            "class C:\n    def m(self, a): ...", "C.m(1, 2)", ["self", "a"], id="method of the class"
        ),
        pytest.param(
            "class C:\n    @classmethod\n    def m(cls, a): ...", "C.m(1)", ["a"], id="class method"
        ),
        pytest.param("class C:\n    @staticmethod\n    def m(a): ...", "C().m(1)", ["a"], id="static method"),
        pytest.param("class C:\n    def __init__(self, a): ...", "C(1)", ["a"], id="constructor"),
        pytest.param(
            "class C:\n    def m(self, a):\n        super().m(a)\n    def z(self):\n        self.m(1)",
            "C().m(a=1)",
            ["a"],
            id="method by keyword",
        ),
    ],
)
def test_parameter(definition: str, call: str, expected: list[str | None]) -> None:
    graph = graph_of({"a.py": f"{definition}\n{call}"})
    edge = max(graph.edges, key=lambda e: (e.call.position.line, e.call.end))
    places = range(len(edge.call.arguments))
    assert [graph.parameter_of(edge, number) for number in places] == expected
    assert graph.parameter(edge.path, edge.call.position, edge.call.end, 0) == expected[0]
    assert [name for name in ("a", "b", "c") if graph.fills(edge, name)] == [
        name for name in expected if name in {"a", "b", "c"}
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": f"{F}f()"}, [], id="called"),
        pytest.param({"a.py": F, "b.py": "from a import f\n__all__ = ['f']"}, [], id="imported and exported"),
        pytest.param({"a.py": F, "b.py": "from a import f\nmap(f, x)"}, ["b.py:2"], id="argument"),
        pytest.param({"a.py": F, "b.py": "import a\nx = {'f': a.f}"}, ["b.py:2"], id="stored"),
        pytest.param({"a.py": F, "b.py": "import a\n@a.f\ndef g(): ..."}, ["b.py:2"], id="decorates"),
        pytest.param({"a.py": f"@task\n{F}"}, ["a.py:2"], id="decorated"),
        pytest.param({"a.py": f"import functools\n@functools.lru_cache()\n{F}"}, [], id="cached"),
        pytest.param({"a.py": F, "b.py": "import a\ngetattr(a, 'f')()"}, ["b.py:2"], id="getattr"),
        pytest.param(
            {"a.py": F, "b.py": "from a import f\nf.delay()"}, ["b.py:2"], id="its attribute is called"
        ),
        pytest.param({"a.py": F, "b.py": "from a import *\nx = f"}, ["b.py:2"], id="by a starred import"),
        pytest.param({"a.py": F, "b.py": "def g(x):\n    return x.f"}, ["b.py:2"], id="of an unknown object"),
        pytest.param({"a.py": F, "b.py": "import os\nos.f"}, [], id="a library's"),
        pytest.param(
            {
                "a.py": F,
                "b.py": "try:\n    from a import f as g\nexcept ImportError:\n    from c import g",
                "d.py": "from b import g\ng()",
            },
            ["b.py:2"],
            id="one of two, for whoever imports it",
        ),
        pytest.param(
            {"a.py": "def f():\n    class C:\n        def m(self): ...\n    C().m()\n    return C"},
            [],
            id="a class of its own",
        ),
    ],
)
def test_references(files: Files, expected: list[str]) -> None:
    graph = graph_of(files)
    found = graph.references(named(graph, "f"))
    assert [f"{path.relative_to(ROOT)}:{position.line}" for path, position in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("class A:\n    def f(self): ...\n    def z(self):\n        return self.f", 1, id="self"),
        pytest.param(
            "class A:\n    def f(self): ...\nclass B(A):\n    def z(self):\n        return self.f",
            1,
            id="inherited",
        ),
        pytest.param("class A:\n    @property\n    def f(self): ...\nA().f", 2, id="property"),
        pytest.param("class A:\n    def f(self): ...\nx = A.f", 1, id="class"),
        pytest.param("class A:\n    def f(self): ...\nx = A", 0, id="its class alone"),
    ],
)
def test_references_of_a_method(text: str, expected: int) -> None:
    graph = graph_of({"a.py": text})
    assert len(graph.references(named(graph, "A.f"))) == expected


def test_a_class_that_is_handed_over_is_constructed_elsewhere() -> None:
    graph = graph_of({"a.py": "class A:\n    def __init__(self): ...\nx = [A]"})
    assert len(graph.references(named(graph, "A.__init__"))) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("def g():\n    f()", None, id="called"),
        pytest.param("x = [f]", ("a.py", 2, "mentions"), id="stored"),
        pytest.param("def g(x):\n    x.f()", None, id="a method of an object is no function of a module"),
    ],
)
def test_unseen_use(text: str, expected: tuple[str, int, str] | None) -> None:
    graph = graph_of({"a.py": F + text})
    use = graph.unseen_use(named(graph, "f"))
    assert (use and (use[0].name, use[1].line, use[2])) == expected


def test_a_method_may_be_called_on_an_unknown_object() -> None:
    graph = graph_of({"a.py": "class A:\n    def m(self): ...\ndef g(x):\n    x.m()"})
    use = graph.unseen_use(named(graph, "A.m"))
    assert use is not None
    assert (use[1].line, use[2]) == (4, "may call")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("f()", False, id="called from a module"),
        pytest.param("def g():\n    f()", False, id="called by a function that nobody calls"),
        pytest.param("try:\n    f()\nexcept E: ...", True, id="caught"),
        pytest.param(
            "def g():\n    f()\ndef h():\n    try:\n        g()\n    except E: ...",
            True,
            id="caught by a caller's caller",
        ),
        pytest.param("def g():\n    h()\n    f()\ndef h():\n    g()", False, id="recursion"),
        pytest.param(
            "def g(x):\n    try:\n        x.f()\n    except E: ...", True, id="caught, by an unknown object"
        ),
        pytest.param(
            "def g(x):\n    x.f()\ndef h():\n    try:\n        g()\n    except E: ...",
            True,
            id="caught by the caller of one that may call it",
        ),
        pytest.param("def g(x):\n    x.f()", False, id="by an unknown object"),
        pytest.param("def g(x):\n    try:\n        x.other()\n    except E: ...", False, id="another name"),
        pytest.param("pool.submit(f)", True, id="handed over"),
        pytest.param("def g():\n    f()\npool.submit(g)", True, id="its caller is handed over"),
        pytest.param("@retry\ndef g():\n    f()", True, id="its caller is decorated"),
        pytest.param("x = lambda: f()", True, id="called by a lambda"),
        pytest.param(
            "class A:\n    def __enter__(self):\n        f()", True, id="called by what Python calls"
        ),
        pytest.param(
            "class A:\n    def __init__(self):\n        f()\nA()", False, id="called by a constructor"
        ),
        pytest.param(
            "class A:\n    def __init__(self):\n        f()\ntry:\n    A()\nexcept E: ...",
            True,
            id="called by a constructor, caught",
        ),
        pytest.param(
            "class A:\n    @property\n    def p(self):\n        f()\nclass B:\n    def z(self, a):\n        a.p",
            True,
            id="called by a property",
        ),
        pytest.param("def g():\n    f()\n    yield\nfor x in g(): ...", False, id="called by a generator"),
        pytest.param(
            "def g():\n    f()\n    yield\nx = g()\ntry:\n    next(x)\nexcept E: ...",
            True,
            id="generator that is kept",
        ),
        pytest.param(
            "async def g():\n    f()\nasync def h():\n    await g()",
            False,
            id="called by a coroutine that is awaited",
        ),
        pytest.param("async def g():\n    f()\nx = g()", True, id="called by a coroutine that is kept"),
        pytest.param(
            "import pytest\ndef test():\n    with pytest.raises(E):\n        f()",
            True,
            id="expected by a test",
        ),
        pytest.param(
            "class A:\n    def m(self):\n        f()\n    def z(self):\n        try:\n            self.m()\n"
            "        except E: ...\nclass B(A):\n    def m(self): ...",
            True,
            id="caught where the method may be overridden",
        ),
    ],
)
def test_may_be_caught(text: str, expected: bool) -> None:
    graph = graph_of({"a.py": F, "b.py": f"from a import f\n{text}"})
    assert graph.may_be_caught(named(graph, "f")) is expected


def test_starred_imports_in_circles_end() -> None:
    names = [f"m{number}" for number in range(8)]
    stars = "".join(f"from {name} import *\n" for name in names)
    files = {f"{name}.py": f"{stars}def f_{name}(): ...\n" for name in names}
    graph = graph_of({**files, "a.py": f"{stars}f_m5()\nf_m9()"})
    assert answer(graph, "a.py", len(names) + 1) == "m5.py:f_m5"
    assert answer(graph, "a.py") == "external"


def test_facts_and_calls_can_be_sent_to_another_process() -> None:
    facts = _facts(f"{F}f(1)\nx = f", "a.py", {})
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 - its own bytes


def test_every_call_is_an_edge_or_unresolved() -> None:
    graph = graph_of({"a.py": f"{F}f(f(), print(x[0]()))\nclass A:\n    def m(self):\n        self.m().n()"})
    assert len(graph.edges) + len(graph.unresolved) == 6
