"""What is known of the object before a method's name: by its annotation, or by what made it."""

from __future__ import annotations

import pytest

from session_first.model import InstanceOf
from tests.analysis import code, facts_of

HEAD = "from typing import Annotated, Optional, Union\nfrom store import Store\n\n"


def instance(text: str) -> InstanceOf | None:
    """What the call of `load` in the text is of."""
    (found,) = (c.instance for c in facts_of(HEAD + code(text)).calls if c.callee.endswith(".load"))
    return found


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        pytest.param("Store", "store.Store", id="a class"),
        pytest.param("'Store'", "store.Store", id="in quotes"),
        pytest.param("Store | None", "store.Store", id="or None"),
        pytest.param("None | Store", "store.Store", id="None or"),
        pytest.param("'Store | None'", "store.Store", id="or None, in quotes"),
        pytest.param("Optional[Store]", "store.Store", id="Optional"),
        pytest.param("Optional['Store']", "store.Store", id="Optional of a quoted one"),
        pytest.param("Annotated[Store, 1]", "store.Store", id="Annotated"),
        pytest.param("Store | Cache", None, id="one of two"),
        pytest.param("Union[Store, None]", None, id="Union, of whatever"),
        pytest.param("list[Store]", None, id="a list of them"),
        pytest.param("type[Store]", None, id="the class itself"),
        pytest.param("'Store['", None, id="no Python"),
    ],
)
def test_annotated(annotation: str, expected: str | None) -> None:
    found = instance(f"def f(store: {annotation}):\n    store.load()")
    assert found == (InstanceOf(expected, exact=False) if expected is not None else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            def f(store: Store):
                return lambda: [store.load() for _ in range(3)]
            """,
            InstanceOf("store.Store", exact=False),
            id="of the function around",
        ),
        pytest.param("def f(store):\n    store.load()", None, id="no annotation"),
        pytest.param("def f(*store: Store):\n    store.load()", None, id="*store is a tuple"),
        pytest.param("def f(**store: Store):\n    store.load()", None, id="**store is a dict"),
        pytest.param("def f(store: Store):\n    store = g()\n    store.load()", None, id="bound anew"),
        pytest.param(
            "def f(store: Store):\n    for store in x:\n        store.load()", None, id="bound by a loop"
        ),
        pytest.param(
            """
            class Job:
                def __init__(self):
                    self.store = Store()

                def run(self):
                    self.store.load()
            """,
            InstanceOf("store.Store", exact=True, attribute="store", owner="Job"),
            id="made and kept on self",
        ),
        pytest.param(
            """
            class Job:
                def __init__(self, store: Store):
                    self.store: Store = store

                def run(self):
                    self.store.load()
            """,
            InstanceOf("store.Store", exact=False, attribute="store", owner="Job"),
            id="given and kept on self",
        ),
        pytest.param(
            """
            class Job:
                def __init__(self, store: Store = None):
                    self.store = store or Store()

                def run(self):
                    self.store.load()
            """,
            None,
            id="given or made",
        ),
        pytest.param(
            """
            class Job:
                def __init__(self):
                    self.store = Store()

                def run(self):
                    self.store.load()

                def stop(self):
                    self.store = None
            """,
            None,
            id="set twice",
        ),
        pytest.param(
            """
            class Job:
                def __init__(self):
                    self.store, self.name = Store(), 1

                def run(self):
                    self.store.load()
            """,
            None,
            id="unpacked",
        ),
        pytest.param(
            """
            class Job:
                @classmethod
                def run(cls):
                    cls.store.load()

                def __init__(self):
                    self.store = Store()
            """,
            None,
            id="of the class, not of an object",
        ),
        pytest.param(
            """
            class Job:
                def __init__(self):
                    self.store = Store()

                def run(self, other):
                    other.store.load()
            """,
            None,
            id="of another object",
        ),
    ],
)
def test_where_it_comes_from(text: str, expected: InstanceOf | None) -> None:
    assert instance(text) == expected


def test_attributes_that_are_set_on_other_objects() -> None:
    found = facts_of(
        code(
            """
            class Job:
                def __init__(self, other):
                    self.own = 1
                    other.foreign = 1
                    del other.deleted

                def run(self):
                    def inner():
                        self.nested = 1

            def free(job):
                job.free = 1

            x.module = 1
            setattr(x, "by_name", 1)
            hasattr(x, "asked")
            getattr(x, "or_else", None)
            getattr(x, "read")
            x.__dict__["in_dict"] = 1
            vars(x).update({"in_vars": 1, key: 2}, by_keyword=3)
            "asked_in_dict" in x.__dict__
            x.__dict__[key] = 1
            """
        )
    )
    set_ones = {"foreign", "deleted", "free", "module", "by_name", "in_dict", "in_vars", "by_keyword"}
    assert found.set_attributes == {*set_ones, "asked", "or_else", "asked_in_dict"}
