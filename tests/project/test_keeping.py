"""Which classes keep the session that their constructor is given, and what makes a method take it itself."""

from __future__ import annotations

import importlib
import operator
import types
from collections.abc import Mapping

import pytest

from session_first.model import AddSessionParameter, AddStatementBefore, UseSession
from session_first.project.keeping import ATTRIBUTES, HARMLESS_BASES
from tests.analysis import code, edits_of, plan_of

STORE = """\
import boto3

class Store:
    def __init__(self, name):
        self.name = name

    def load(self):
        return boto3.client("s3").get_object(Bucket=self.name)
"""


def written(files: Mapping[str, str], *, lift: bool = False, given: list[str] | None = None) -> list[str]:
    """What `mod.py` gets, in the order of its lines: the statement that keeps a session, parameters, what is used."""
    edits = edits_of(plan_of({path: code(t) for path, t in files.items()}, lift=lift, given=given))
    found = []
    for edit in edits:
        match edit:
            case AddStatementBefore(statement=place, source=source):
                found.append((place.line, source))
            case AddSessionParameter(function=place, name=name):
                found.append((place.line, name))
            case UseSession(callee=place, receiver=receiver):
                found.append((place.line, receiver))
            case _:
                pass
    return [text for _, text in sorted(found)]


def keeps(text: str, **beside: str) -> bool:
    """Whether the class of `mod.py` keeps a session; `beside` are other files, `tests` that of the tests."""
    files = {("tests/test_mod.py" if name == "tests" else f"{name}.py"): t for name, t in beside.items()}
    return any(" = " in source for source in written({"mod.py": text, **files}))


KEPT = ["session", "self._session = session", "(self._session or boto3)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(STORE, KEPT, id="a method"),
        pytest.param(STORE.replace("    def load", "    @property\n    def load"), KEPT, id="a property"),
        pytest.param(
            STORE.replace("    def load", "    async def load"),
            KEPT,
            id="an async method",
        ),
        pytest.param(STORE.replace("def load(self)", "def __enter__(self)"), KEPT, id="what Python calls"),
        pytest.param(
            STORE.replace("self", "this"),
            ["session", "this._session = session", "(this._session or boto3)"],
            id="self by another name",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self):
                    self.s3 = boto3.client("s3")

                def load(self):
                    return boto3.client("sqs")
            """,
            ["session", "self._session = session", "session", "(self._session or boto3)"],
            id="sites in the constructor use its parameter",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self):
                    self.s3 = boto3.client("s3")

                def load(self):
                    return self.s3
            """,
            ["session", "session"],
            id="a site in the constructor alone: nothing is kept",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self):
                    self.name = 1

                @staticmethod
                def one():
                    return lambda: boto3.client("s3")

                @classmethod
                def two(cls):
                    return lambda: boto3.client("s3")
            """,
            ["session", "(session or boto3)", "session", "(session or boto3)"],
            id="static and class methods take it themselves",
        ),
        pytest.param(
            STORE.replace("self.name = name", "self.name = self._session = name"),
            ["session", "self._boto3_session = session", "(self._boto3_session or boto3)"],
            id="the attribute is taken",
        ),
        pytest.param(
            STORE + "\nclass Cache(Store):\n    def clear(self):\n        self._session = None\n",
            ["session", "self._boto3_session = session", "(self._boto3_session or boto3)"],
            id="the attribute is taken by a class below",
        ),
        pytest.param(
            STORE + "\n    @property\n    def _session(self):\n        return self.name\n",
            ["session", "self._boto3_session = session", "(self._boto3_session or boto3)"],
            id="a property has the name",
        ),
        pytest.param(
            STORE + "\ndef forget(x):\n    x.__dict__.pop('_session', None)\n",
            ["session", "self._boto3_session = session", "(self._boto3_session or boto3)"],
            id="the attribute is asked for by its name",
        ),
        pytest.param(
            STORE.replace("name):", "name, session):"),
            ["boto3_session", "self._session = boto3_session", "(self._session or boto3)"],
            id="the parameter is taken",
        ),
        pytest.param(
            STORE.replace("def load(self):", "def load(self):\n        f = lambda self: self.x"),
            ["session", "session"],
            id="self means something else within the method",
        ),
    ],
)
def test_what_is_written(text: str, expected: list[str]) -> None:
    assert written({"mod.py": text}) == expected


BASE = "class Base:\n    def __init__(self):\n        self.x = 1\n\n"


def of(base: str, before: str = "", body: str = "") -> str:
    """`Store` with a base, with something before it and something in it."""
    text = STORE.replace("class Store:", f"class Store({base}):").replace(
        "import boto3\n", f"import boto3\n{before}\n"
    )
    return text.replace("    def __init__", f"{body}    def __init__") if body else text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(of("object"), id="object"),
        pytest.param(of("Base", BASE), id="a base of the project"),
        pytest.param(of("abc.ABC", "import abc"), id="an abstract base"),
        pytest.param(of("Generic[T]", "from typing import Generic"), id="generic"),
        pytest.param(of("Exception"), id="an exception"),
        pytest.param(of("Thread", "from threading import Thread"), id="a thread"),
        pytest.param(of("metaclass=ABCMeta", "from abc import ABCMeta"), id="ABCMeta"),
        pytest.param(
            STORE.replace("class Store", "@final\nclass Store").replace(
                "3\n", "3\nfrom typing import final\n", 1
            ),
            id="final",
        ),
        pytest.param(of("object", body="    size = 1\n\n"), id="attributes of the class"),
        pytest.param(of("object", body="    def __eq__(self, other):\n        return True\n\n"), id="__eq__"),
        pytest.param(
            STORE + "\nclass Cache(Store):\n    def clear(self): ...\n",
            id="a class below, without a constructor",
        ),
        pytest.param(
            STORE + "\nclass Cache(Store):\n    def __init__(self):\n        super().__init__(1)\n",
            id="a class below that calls super().__init__",
        ),
        pytest.param(
            STORE
            + "\nclass Cache(Store):\n    def __init__(self):\n        super().__init__(1)\n"
            + "\nclass Deep(Cache):\n    def __init__(self):\n        super().__init__()\n",
            id="two classes below",
        ),
        pytest.param(
            STORE + "\nclass Cache(Store):\n    def __init__(self):\n        Store.__init__(self, 1)\n",
            id="a class below that calls Store.__init__",
        ),
        pytest.param(
            STORE
            + "\ndef f():\n    class Cache(Store):\n        def __init__(self):\n"
            + "            super().__init__(1)\n",
            id="a class in a function that calls super().__init__",
        ),
        pytest.param(
            STORE
            + "\ndef f(base):\n    class Cache(base):\n        def __init__(self):\n            self.x = 1\n",
            id="never handed over, where there is a class with any base",
        ),
        pytest.param(STORE + "\ndef f(other):\n    return Store(1).load()\n", id="plain use"),
        pytest.param(
            STORE + "\nx = map(Store(1).load, others)\n", id="a method is handed over as one of an object"
        ),
        pytest.param(
            STORE + "\n    loaded = property(load)\n", id="a method is mentioned in the body of its class"
        ),
        pytest.param(STORE + "\nimport os\nENV = vars(os)\n", id="vars() of a module"),
        pytest.param(
            STORE + "\ndef set(x, key, value):\n    x.__dict__[key] = value\n", id="one key of any __dict__"
        ),
    ],
)
def test_keeps(text: str) -> None:
    assert keeps(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            'import boto3\nclass Store:\n    def load(self):\n        return (boto3.client("s3"),)\n',
            id="no constructor",
        ),
        pytest.param(
            STORE.replace("        self.name = name", "        pass").replace(
                "def __init__(self, name):\n        pass", "def __init__(self, name): pass"
            ),
            id="a constructor on one line",
        ),
        pytest.param(
            STORE.replace(
                "    def __init__", "    if FAST:\n        def __init__(self): ...\n    def __init__"
            ),
            id="one of two constructors",
        ),
        pytest.param(of("object", body='    __slots__ = ("name",)\n\n'), id="slots"),
        pytest.param(of("Base", 'class Base:\n    __slots__ = ("name",)\n'), id="slots of a base"),
        pytest.param(
            of("object", body="    def __new__(cls, name):\n        return super().__new__(cls)\n\n"),
            id="__new__",
        ),
        pytest.param(of("object", body="    def __getattr__(self, name): ...\n\n"), id="__getattr__"),
        pytest.param(of("object", body="    def __setattr__(self, n, v): ...\n\n"), id="__setattr__"),
        pytest.param(of("object", body="    def __getstate__(self): ...\n\n"), id="__getstate__"),
        pytest.param(of("object", body="    def __reduce__(self): ...\n\n"), id="__reduce__"),
        pytest.param(of("object", body="    def __deepcopy__(self, m): ...\n\n"), id="__deepcopy__"),
        pytest.param(
            of("object", body="    def __del__(self): ...\n\n"),
            id="__del__, which runs where the constructor failed, too",
        ),
        pytest.param(of("object", body="    def __init_subclass__(cls): ...\n\n"), id="__init_subclass__"),
        pytest.param(of("metaclass=Meta"), id="a metaclass"),
        pytest.param(of("**options"), id="perhaps a metaclass"),
        pytest.param(of("Base", "class Base(metaclass=Meta): ...\n"), id="a metaclass of a base"),
        pytest.param(of("BaseModel", "from pydantic import BaseModel"), id="a base of a library"),
        pytest.param(of("NamedTuple", "from typing import NamedTuple"), id="a NamedTuple"),
        pytest.param(of("Enum", "from enum import Enum"), id="an enum"),
        pytest.param(of("TypedDict", "from typing import TypedDict"), id="a TypedDict"),
        pytest.param(of("make()"), id="a base that is made"),
        pytest.param(
            STORE.replace("class Store", "@dataclass\nclass Store").replace(
                "3\n", "3\nfrom dataclasses import dataclass\n", 1
            ),
            id="a dataclass",
        ),
        pytest.param(STORE.replace("class Store", "@registered\nclass Store"), id="decorated otherwise"),
        pytest.param(
            STORE + "\nclass Cache(Store):\n    def __init__(self):\n        self.x = 1\n",
            id="a class below that does not call super().__init__",
        ),
        pytest.param(
            STORE
            + "\nclass Cache(Store):\n    def __init__(self):\n        self.load()\n        super().__init__(1)\n",
            id="a class below that uses the object before",
        ),
        pytest.param(
            STORE + "\nclass Cache(Store):\n    def __init__(self):\n        super().__init__(self.load())\n",
            id="a class below that uses the object for the call",
        ),
        pytest.param(
            STORE
            + "\n    @property\n    def x(self): ...\n\n    @x.setter\n    def x(self, x):\n        self.load()\n"
            + "\nclass Cache(Store):\n    def __init__(self):\n        self.x = 1\n        super().__init__(1)\n",
            id="a class below that sets a property before",
        ),
        pytest.param(
            STORE
            + "\nclass Mixin:\n    def __init__(self):\n        self.load()\n"
            + "\nclass Cache(Mixin, Store):\n    def __init__(self):\n        Mixin.__init__(self)\n        Store.__init__(self, 1)\n",
            id="a class below that runs another constructor before",
        ),
        pytest.param(
            STORE
            + "\nclass Cache(Store):\n    def __init__(self, x):\n        if x:\n            super().__init__(1)\n",
            id="a class below that calls it on a branch",
        ),
        pytest.param(
            STORE
            + "\nclass Cache(Store):\n    def __init__(self):\n        super().__init__(1)\n"
            + "\nclass Deep(Cache):\n    def __init__(self):\n        self.x = 1\n",
            id="a class further below that does not",
        ),
        pytest.param(
            STORE + "\n@dataclass\nclass Cache(Store):\n    x: int\n",
            id="a class below with a constructor of its own making",
        ),
        pytest.param("import pickle\n" + STORE + "\npickle.dumps(x)\n", id="something is pickled"),
        pytest.param("import copy\n" + STORE + "\ncopy.deepcopy(x)\n", id="something is copied"),
        pytest.param(STORE + "\ndef show(x):\n    return x.__dict__\n", id="something's __dict__ is read"),
        pytest.param(STORE + "\n    def show(self):\n        return vars(self)\n", id="its vars() are read"),
        pytest.param(
            STORE + "\n    @classmethod\n    def make(cls):\n        return cls.__new__(cls)\n",
            id="made without its constructor",
        ),
        pytest.param(STORE + "\nStore.load(other)\n", id="a method is called with another object"),
        pytest.param(STORE + "\nclass Fake:\n    load = Store.load\n", id="another class has its method"),
        pytest.param(
            STORE + "\nx = map(Store.load, others)\n", id="a method is handed over as one of the class"
        ),
        pytest.param(
            STORE.replace("    def load", "    @property\n    def load") + "\nStore.load.fget(other)\n",
            id="a property is asked for another object",
        ),
        pytest.param(STORE + "\nStore.__init__ = x\n", id="the constructor is replaced"),
        pytest.param(
            STORE
            + "\ndef f():\n    class Cache(Store):\n        def __init__(self):\n            self.x = 1\n",
            id="a class in a function that does not call super().__init__",
        ),
        pytest.param(
            STORE
            + "\nif FAST:\n    Base = Store\nelse:\n    Base = object\n"
            + "class Cache(Base):\n    def __init__(self):\n        self.x = 1\n",
            id="a class whose base is one of two",
        ),
        pytest.param(
            STORE + "\nT = type('T', (Store,), {'__init__': x})\n", id="a class that is made by type()"
        ),
        pytest.param(
            STORE
            + "\ndef f(base):\n    class Cache(base):\n        def __init__(self):\n            self.x = 1\n"
            + "\nf(Store)\n",
            id="handed over, where there is a class with any base",
        ),
        pytest.param(
            "import boto3\nif FAST:\n    class Store: ...\nelse:\n"
            + "".join(f"    {line}\n" for line in STORE.splitlines()[2:]),
            id="one of two classes",
        ),
        pytest.param(
            "import boto3\ndef f():\n" + "".join(f"    {line}\n" for line in STORE.splitlines()[2:]),
            id="in a function",
        ),
    ],
)
def test_does_not_keep(text: str) -> None:
    assert not keeps(text)


@pytest.mark.parametrize("base", sorted(HARMLESS_BASES - {"typing.Generic"}))
def test_objects_of_harmless_bases_have_attributes_as_usual(base: str) -> None:
    module, _, name = base.rpartition(".")
    above, *_ = types.resolve_bases([getattr(importlib.import_module(module or "builtins"), name)])
    abstract = dict.fromkeys(getattr(above, "__abstractmethods__", ()))
    below = types.new_class("Below", (above,), exec_body=lambda names: names.update(abstract))
    made = operator.attrgetter("__new__")(below)(below)
    assert not {*ATTRIBUTES} & {*dir(below)}
    for attribute in ATTRIBUTES:
        setattr(made, attribute, None)
    assert vars(made).items() >= dict.fromkeys(ATTRIBUTES).items()


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        pytest.param({"jobs": "import mod\nmod.Store(1).load()"}, True, id="used elsewhere"),
        pytest.param(
            {"jobs": "import mod\nclass Cache(mod.Store):\n    def __init__(self):\n        self.x = 1"},
            False,
            id="a class below, elsewhere, that does not call super().__init__",
        ),
        pytest.param(
            {"tests": "import mod\nclass Fake(mod.Store):\n    def __init__(self):\n        self.x = 1"},
            False,
            id="a class below in a test that does not",
        ),
        pytest.param(
            {"jobs": "import pickle\nfrom mod import Store\npickle.dumps(Store(1))"},
            False,
            id="pickled by a file that knows the class",
        ),
        pytest.param(
            {"jobs": "import pickle\npickle.dumps(x)"},
            True,
            id="something is pickled by a file that does not",
        ),
        pytest.param(
            {"jobs": "import json\njson.dumps(x, default=lambda o: o.__dict__)"},
            False,
            id="all attributes of something are read, anywhere",
        ),
        pytest.param(
            {"tests": "from mod import Store\nassert vars(Store(1)) == {}"}, False, id="compared by a test"
        ),
        pytest.param(
            {"tests": "from mod import Store\nStore.__new__(Store).load()"},
            False,
            id="made by a test without its constructor",
        ),
        pytest.param(
            {"tests": "from unittest import mock\nmock.patch('mod.Store.__init__', return_value=None)"},
            False,
            id="a test replaces the constructor",
        ),
        pytest.param(
            {"tests": "from unittest import mock\nimport mod\nmock.patch.object(mod.Store, '__init__')"},
            False,
            id="a test replaces the constructor of the class at hand",
        ),
        pytest.param(
            {"tests": "from unittest import mock\nfrom mod import Store\nStore.load(mock.Mock())"},
            False,
            id="a test calls a method with an object of its own",
        ),
    ],
)
def test_other_files(beside: dict[str, str], expected: bool) -> None:
    assert keeps(STORE, **beside) is expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("store._session = 1", id="set"),
        pytest.param("setattr(store, '_session', 1)", id="set by its name"),
        pytest.param("hasattr(store, '_session')", id="asked for"),
        pytest.param("getattr(store, '_session', None)", id="asked for with something else for it"),
    ],
)
def test_the_attribute_is_known_elsewhere(text: str) -> None:
    files = {"mod.py": STORE, "jobs.py": text}
    assert written(files)[1] == "self._boto3_session = session"


def test_only_in_files_that_may_be_written() -> None:
    files = {"mod.py": STORE, "jobs.py": "import boto3\ndef f():\n    return boto3.client('s3')\n"}
    assert written(files, given=["jobs.py"]) == []


def test_methods_pass_on_what_is_kept() -> None:
    text = """
    import boto3

    def save():
        return lambda: boto3.client("s3")

    class Store:
        def __init__(self):
            self.n = 0

        def run(self):
            save()
            return boto3.client("sqs")
    """
    passed = [getattr(edit, "value", None) for edit in edits_of(plan_of({"mod.py": code(text)}))]
    assert "self._session" in passed


def test_a_class_keeps_one_only_to_pass_it_on_with_lift_alone() -> None:
    text = """
    import boto3

    def save():
        return lambda: boto3.client("s3")

    class Store:
        def __init__(self):
            self.n = 0

        def run(self):
            save()
    """
    taken = ["session", "(session or boto3)"]
    assert written({"mod.py": text}) == taken
    assert written({"mod.py": text}, lift=True) == [*taken, "session", "self._session = session"]
