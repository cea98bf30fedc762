"""What decides whether objects of a class can keep a session: how they are made, and who takes them apart."""

from __future__ import annotations

import pytest

from session_first.model import ClassFacts, Constructor, Position
from tests.analysis import code, facts_of


def class_of(text: str) -> ClassFacts:
    """The last class of a file."""
    return facts_of(text).classes[-1]


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        pytest.param(
            "def __init__(self, x):\n    self.x = x",
            Constructor(Position(3, 8), "self", runs_first=None),
            id="plain",
        ),
        pytest.param(
            'def __init__(self):\n    """Nothing yet."""\n    self.x = 1',
            Constructor(Position(4, 8), "self", runs_first=None),
            id="the first statement after the docstring",
        ),
        pytest.param(
            "def __init__(me):\n    me.x = 1",
            Constructor(Position(3, 8), "me", runs_first=None),
            id="self by another name",
        ),
        pytest.param(
            'def __init__(self):\n    """Nothing."""',
            Constructor(None, "self", runs_first=None),
            id="a docstring alone",
        ),
        pytest.param(
            "def __init__(self): self.x = 1",
            Constructor(None, "self", runs_first=None),
            id="on one line",
        ),
        pytest.param(
            "def __init__(self):\n    @deco\n    def f(): ...",
            Constructor(None, "self", runs_first=None),
            id="begins with something decorated",
        ),
        pytest.param("async def __init__(self):\n    self.x = 1", None, id="async"),
        pytest.param("def __init__(*args):\n    pass", None, id="without a name for the object"),
        pytest.param("def __init__(self):\n    self = 1", None, id="the name means something else later"),
        pytest.param(
            "def __init__(self):\n    f = lambda self: self", None, id="the name means something else inside"
        ),
        pytest.param(
            "def __init__(self): ...\ndef __init__(self, x):\n    self.x = x", None, id="written twice"
        ),
        pytest.param("def other(self):\n    self.x = 1", None, id="none"),
    ],
)
def test_constructor(init: str, expected: Constructor | None) -> None:
    body = "".join(f"    {line}\n" for line in init.splitlines())
    assert class_of(f"class A:\n{body}").constructor == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("super().__init__()", True, id="at once"),
        pytest.param("super(A, self).__init__(x)", True, id="with arguments"),
        pytest.param("Base.__init__(self)", True, id="by the name of the base"),
        pytest.param("self.x = x\nsuper().__init__()", True, id="after an attribute is set"),
        pytest.param("y = x + 1\nsuper().__init__(y)", True, id="after something else"),
        pytest.param("self.load()\nsuper().__init__()", False, id="after the object is used"),
        pytest.param("self.x = self.y\nsuper().__init__()", False, id="after the object is read"),
        pytest.param("f(self)\nsuper().__init__()", False, id="after the object is handed over"),
        pytest.param("super().__init__(self.load())", False, id="with what the object says"),
        pytest.param("Base.__init__(self, x=self.load())", False, id="by name, with what the object says"),
        pytest.param("if x:\n    super().__init__()", False, id="on a branch"),
        pytest.param("if x:\n    return\nsuper().__init__()", False, id="unless it returns before"),
        pytest.param("self.x = x", False, id="never"),
    ],
)
def test_runs_first(body: str, expected: bool) -> None:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    constructor = class_of(f"class A(Base):\n    def __init__(self, x):\n{lines}").constructor
    assert constructor is not None
    assert (constructor.runs_first is not None) is expected


def test_what_is_set_before() -> None:
    text = "class A(Base):\n    def __init__(self, x):\n        self.x = self.y = x\n        super().__init__()\n"
    constructor = class_of(text).constructor
    assert constructor is not None
    assert constructor.runs_first == Position(4, 8)
    assert constructor.sets_before == {"x", "y"}


def test_receivers() -> None:
    found = class_of(
        """
        class A:
            def plain(self): ...
            @classmethod
            def of_class(cls): ...
            @staticmethod
            def static(x): ...
            def __new__(cls): ...
            def none(): ...
            def star(*args): ...
            def bound(self):
                self = 1
            def hidden(self):
                return [self for self in ()]
            @property
            def size(this, /): ...
        """
    )
    assert {name: found.receivers.get(position) for name, position in found.methods.items()} == {
        "plain": "self",
        "of_class": None,
        "static": None,
        "__new__": None,
        "none": None,
        "star": None,
        "bound": None,
        "hidden": None,
        "size": "this",
    }


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("class A: ...", None, id="none"),
        pytest.param("class A(metaclass=Meta): ...", "Meta", id="of the project"),
        pytest.param("import abc\nclass A(metaclass=abc.ABCMeta): ...", "abc.ABCMeta", id="of a library"),
        pytest.param("class A(**options): ...", "options", id="perhaps in the unpacked keywords"),
    ],
)
def test_metaclass(header: str, expected: str | None) -> None:
    assert class_of(header).metaclass == expected


def test_names_and_what_methods_set() -> None:
    found = class_of(
        """
        class A:
            __slots__ = ("x",)
            y: int = 1

            def __init__(self):
                self.x = 1

            def change(self):
                self.z, self.w = 1, 2
                del self.v
        """
    )
    assert found.names == {"__slots__", "y", "__init__", "change"}
    assert found.sets == {"x", "z", "w", "v"}


# --- What takes objects apart ---------------------------------------------------------------------

IN_A = "class A:\n    def m(self, other):\n        "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import pickle\npickle.dumps(x)", {"*"}, id="pickled"),
        pytest.param("from pickle import dump\ndump(x, f)", {"*"}, id="pickled, under a name of its own"),
        pytest.param("import copy\ncopy.deepcopy(x)", {"*"}, id="copied"),
        pytest.param("import yaml\nyaml.dump(x)", {"*"}, id="written as YAML"),
        pytest.param("A.__new__(A)", {"*"}, id="made without its constructor, of a class from elsewhere"),
        pytest.param("class A: ...\nA.__new__(A)", {".A"}, id="made without its constructor"),
        pytest.param("class A: ...\nobject.__new__(A)", {".A"}, id="made by object.__new__"),
        pytest.param(f"{IN_A}type(self).__new__(type(self))", {"*"}, id="made by type(self)"),
        pytest.param(
            "class A:\n    def __new__(cls):\n        return super().__new__(cls)",
            set(),
            id="__new__ that does what is usual",
        ),
        pytest.param("vars(x)", {"**"}, id="vars()"),
        pytest.param("x.__dict__", {"**"}, id="__dict__"),
        pytest.param("getattr(x, '__dict__')", {"**"}, id="__dict__ by its name"),
        pytest.param("dir(x)", {"**"}, id="dir()"),
        pytest.param("import inspect\ninspect.getmembers(x)", {"**"}, id="getmembers()"),
        pytest.param(f"{IN_A}return self.__dict__", {".A"}, id="__dict__ of self"),
        pytest.param(f"{IN_A}return vars(self)", {".A"}, id="vars() of self"),
        pytest.param(f"import copy\n{IN_A}return copy.copy(self)", {".A"}, id="a copy of self"),
        pytest.param(f"{IN_A}return self.__dict__ == other.__dict__", {".A"}, id="compared as dicts"),
        pytest.param(f"{IN_A}return other.__dict__ != self.__dict__", {".A"}, id="the other way round"),
        pytest.param("x.__dict__ == y.__dict__", {"**"}, id="those of any two objects"),
        pytest.param(f"{IN_A}return other.__dict__ == x", {"**"}, id="compared with a dict"),
        pytest.param("x.__dict__ = y", {"**"}, id="__dict__ replaced"),
        pytest.param(
            "class A:\n    def __eq__(self, other):\n        return {**self.__dict__} == {**other.__dict__}",
            {".A"},
            id="what an object is compared with",
        ),
        pytest.param(
            "import logging\nclass Json(logging.Formatter):\n    def format(self, record):\n        return record.__dict__",
            set(),
            id="a log record in a formatter",
        ),
        pytest.param(
            "class Json:\n    def format(self, record):\n        return record.__dict__",
            {"**"},
            id="a record of something",
        ),
        pytest.param(
            "import argparse\ndef f(args: argparse.Namespace):\n    return vars(args)",
            set(),
            id="an object of the standard library, by its annotation",
        ),
        pytest.param(
            "from app import Options\ndef f(args: Options):\n    return vars(args)",
            {"**"},
            id="an object of another class, by its annotation",
        ),
        pytest.param("for key in x.__dict__: ...", {"**"}, id="__dict__ listed"),
        pytest.param("x.__dict__.items()", {"**"}, id="its items"),
        pytest.param("x.__dict__.copy()", {"**"}, id="a copy of it"),
        pytest.param("get = x.__dict__.get", {"**"}, id="a method of it, handed over"),
        pytest.param("y.update(x.__dict__)", {"**"}, id="another dict takes it in"),
        pytest.param("x.__dict__ in y", {"**"}, id="it is looked for itself"),
        pytest.param("'a' in dir(x)[1:]", {"**"}, id="a part of dir()"),
        pytest.param("x.__dict__['name']", set(), id="one attribute"),
        pytest.param("x.__dict__[key] = 1", set(), id="one attribute, set by a name from elsewhere"),
        pytest.param("del vars(x)[key]", set(), id="one attribute, deleted"),
        pytest.param("x.__dict__.get(key)", set(), id="one attribute, if it is there"),
        pytest.param("x.__dict__.setdefault(key, 1)", set(), id="one attribute, set if it is not there"),
        pytest.param("key not in x.__dict__", set(), id="whether it is there"),
        pytest.param("x.__dict__.update(given)", set(), id="attributes from elsewhere"),
        pytest.param("x.__dict__.update(y.__dict__)", {"**"}, id="attributes of another object"),
        pytest.param("hasattr(x, '__dict__')", set(), id="whether there is a __dict__"),
        pytest.param("import os\nvars(os)", set(), id="vars() of a module"),
        pytest.param("class A: ...\nA.__dict__", set(), id="__dict__ of a class"),
        pytest.param("import copy\ncopy.copy([1])", set(), id="a list"),
        pytest.param("import copy\nx = {}\ncopy.copy(x)", set(), id="a dict of a name"),
        pytest.param("def f():\n    return vars()", set(), id="the names of a function"),
        pytest.param(
            "import argparse\np = argparse.ArgumentParser()\nvars(p.parse_args())",
            set(),
            id="the options of a command line",
        ),
        pytest.param("vars = print\nvars(x)", set(), id="another vars"),
    ],
)
def test_dissected(text: str, expected: set[str]) -> None:
    assert facts_of(text).dissected == expected


def test_private_names() -> None:
    found = facts_of(
        code(
            """
            class A:
                _own = 1
                def m(self):
                    self._set = other._read
                    getattr(self, "_named")
                    self.__mangled, self.plain
            """
        )
    )
    assert found.private_names == {"_set", "_read", "_named"}


def test_what_the_constructor_keeps_of_its_parameters() -> None:
    text = """
    LIMIT = 3

    class Store:
        def __init__(self, session, name=None):
            self.session = session
            self.limit = LIMIT  # no name of the constructor's own
            self.name = name or "none"
    """
    assert dict(class_of(text).keeps) == {"session": "session"}
