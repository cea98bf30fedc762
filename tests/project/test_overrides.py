"""A method that is overridden: every definition takes the parameter, or none does."""

from __future__ import annotations

import pytest

from session_first.model import AddSessionParameter
from tests.analysis import ROOT, answers, plan_of


def takers(files: dict[str, str], given: list[str] | None = None) -> list[str]:
    """Where the parameter is added: `path:line`."""
    edits = plan_of(files, given=given).edits(unsafe=False)
    places = sorted(
        (path.relative_to(ROOT).as_posix(), edit.function.line)
        for path, of_file in edits.items()
        for edit in of_file
        if isinstance(edit, AddSessionParameter)
    )
    return [f"{path}:{line}" for path, line in places]


BASE = """
class Source:
    def load(self, key):
        raise NotImplementedError
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Source:
                    def load(self, key):
                        return None

                class S3(Source):
                    def load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:4", "mod.py:8"],
            id="base in the same file",
        ),
        pytest.param(
            {
                "base.py": BASE,
                "s3.py": """
                import boto3
                from base import Source

                class S3(Source):
                    def load(self, key):
                        return boto3.client("s3")
                """,
            },
            ["base.py:2", "s3.py:5"],
            id="base in another file",
        ),
        pytest.param(
            {
                "app/__init__.py": "",
                "app/base.py": BASE,
                "app/s3.py": """
                import boto3
                from .base import Source as Base

                class S3(Base):
                    def load(self, key):
                        return boto3.client("s3")
                """,
                "app/local.py": """
                from app import base

                class Local(base.Source):
                    def load(self, key):
                        return open(key)
                """,
            },
            ["app/base.py:2", "app/local.py:4", "app/s3.py:5"],
            id="base, and another override of it",
        ),
        pytest.param(
            {
                "app/__init__.py": "from .base import Source",
                "app/base.py": BASE,
                "app/s3.py": """
                import boto3
                from app import Source

                class S3(Source):
                    def load(self, key):
                        return boto3.client("s3")
                """,
            },
            ["app/base.py:2", "app/s3.py:5"],
            id="base that is re-exported",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Source:
                    def load(self, key):
                        return boto3.client("s3")

                class Middle(Source):
                    pass

                class Cached(Middle):
                    def load(self, key):
                        return super().load(key)
                """
            },
            ["mod.py:4", "mod.py:11"],
            id="override two classes down",
        ),
        pytest.param(
            {
                "mod.py": """
                from abc import ABC, abstractmethod
                import boto3

                class Source(ABC):
                    @abstractmethod
                    def load(self, key): ...

                class S3(Source):
                    def load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:6", "mod.py:9"],
            id="abstractmethod",
        ),
        pytest.param(
            {
                "mod.py": """
                from typing import Protocol
                import boto3

                class Source(Protocol):
                    def load(self, key): ...

                class S3(Source):
                    def load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:5", "mod.py:8"],
            id="Protocol that is named as a base",
        ),
        pytest.param(
            {
                "mod.py": """
                from typing import Generic, TypeVar
                import boto3

                T = TypeVar("T")

                class Source(Generic[T]):
                    def load(self, key): ...

                class S3(Source[str]):
                    def load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:7", "mod.py:10"],
            id="generic base",
        ),
        pytest.param(
            {
                "mod.py": """
                from typing import overload
                import boto3

                class Source:
                    @overload
                    def load(self, key: int) -> int: ...
                    @overload
                    def load(self, key: str) -> str: ...
                    def load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:6", "mod.py:8", "mod.py:9"],
            id="overloads of a method",
        ),
        pytest.param(
            {
                "mod.py": """
                import typing as t
                import boto3

                @t.overload
                def load(key: int) -> int: ...
                @t.overload
                def load(key: str) -> str: ...
                def load(key):
                    return boto3.client("s3")
                """
            },
            ["mod.py:5", "mod.py:7", "mod.py:8"],
            id="overloads of a function",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Source:
                    def __init__(self, key):
                        self.key = key

                class S3(Source):
                    def __init__(self, key):
                        self.s3 = boto3.client("s3")
                """
            },
            ["mod.py:8"],
            id="__init__ is its class's own",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Source:
                    def __load(self, key): ...

                class S3(Source):
                    def __load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:7"],
            id="a mangled name is its class's own",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Local:
                    def load(self, key): ...

                class S3:
                    def load(self, key):
                        return boto3.client("s3")
                """
            },
            ["mod.py:7"],
            id="an unrelated class with a method of that name",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3
                from library import Base

                class S3(Base):
                    def execute(self, context):
                        return boto3.client("s3")
                """
            },
            ["mod.py:5"],
            id="base of a library, which calls it as before",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Source:
                    def load(self, key): ...

                class A(Source):
                    def load(self, key):
                        return boto3.client("s3")

                class B(Source):
                    def load(self, key, session):
                        return session.get(key)
                """
            },
            [],
            id="an override has a session parameter already",
        ),
        pytest.param(
            {
                "mod.py": """
                import boto3

                class Source:
                    def load(self, key): ...

                class A(Source):
                    def load(self, key):
                        return boto3.client("s3")

                class B(Source):
                    def load(self, key):
                        with database.begin() as session:
                            return session.get(key)
                """
            },
            ["mod.py:4", "mod.py:7", "mod.py:11"],
            id="the name is free in all of them",
        ),
    ],
)
def test_every_definition_takes_it(files: dict[str, str], expected: list[str]) -> None:
    assert takers(files) == expected


def test_the_name_is_free_in_every_definition() -> None:
    files = {
        "mod.py": """
        import boto3

        class A:
            def load(self, key):
                return boto3.client("s3")

        class B(A):
            def load(self, key):
                session = database.begin()
                return session.get(key)
        """
    }
    plan = plan_of(files)
    assert answers(plan) == ["article boto3_session"]
    added = [e for of_file in plan.edits(unsafe=False).values() for e in of_file]
    assert {e.name for e in added if isinstance(e, AddSessionParameter)} == {"boto3_session"}


S3 = """
import boto3
from base import Source

class S3(Source):
    def load(self, key):
        return boto3.client("s3")
"""


@pytest.mark.parametrize(
    ("files", "given", "expected"),
    [
        pytest.param(
            {"base.py": BASE, "s3.py": S3},
            ["s3.py"],
            "skip needs-edit-outside-paths",
            id="the base was not given",
        ),
        pytest.param(
            {"base.py": BASE, "s3.py": S3}, ["base.py", "s3.py"], "article session", id="both were given"
        ),
        pytest.param(
            {
                "base.py": BASE,
                "s3.py": S3,
                "tests/test_s3.py": "from s3 import S3\n\nclass Fake(S3):\n    def load(self, key):\n        return 1\n",
            },
            None,
            "skip overridden",
            id="a test overrides it",
        ),
        pytest.param(
            {
                "base.py": BASE,
                "s3.py": S3,
                "other.py": "from base import Source\n\nclass O(Source):\n    @property\n    def load(self):\n        return 1\n",
            },
            None,
            "skip overridden",
            id="a property overrides it",
        ),
        pytest.param(
            {
                "base.py": BASE,
                "s3.py": S3,
                "other.py": (
                    "from base import Source\n\nclass O(Source):\n    def load(self, key):\n"
                    "        return locals()\n"
                ),
            },
            None,
            "skip overridden",
            id="an override reads its locals",
        ),
        pytest.param(
            {
                "base.py": BASE,
                "s3.py": S3,
                "other.py": (
                    "from base import Source\n\nclass O(Source):\n    def load(self, key, session=None):\n"
                    "        return 1\n"
                ),
            },
            None,
            "skip overridden",
            id="an override has a session of its own",
        ),
    ],
)
def test_whether_all_can(files: dict[str, str], given: list[str] | None, expected: str) -> None:
    assert answers(plan_of(files, given=given)) == [expected]


def test_an_override_with_sites_of_its_own_gets_one_parameter() -> None:
    files = {
        "mod.py": """
        import boto3

        class A:
            def load(self, key):
                return boto3.client("s3")

        class B(A):
            def load(self, key):
                if key:
                    return boto3.client("s3")
                return boto3.client("sqs")
        """
    }
    plan = plan_of(files)
    assert answers(plan) == ["article session", "inline session"]
    assert takers(files) == ["mod.py:4", "mod.py:8"]


def test_all_is_written_or_none_where_one_of_them_is_skipped_for_its_own_reasons() -> None:
    """`A.load` alone could take the parameter; its override is an attribute."""
    files = {
        "mod.py": """
        import boto3

        class A:
            def load(self):
                return boto3.client("s3")

        class B(A):
            @property
            def load(self):
                return boto3.client("s3")
        """
    }
    assert answers(plan_of(files)) == ["skip overridden", "skip fixed-signature"]
    assert takers(files) == []


def test_inheritance_in_a_circle_ends() -> None:
    files = {
        "a.py": "import boto3\nfrom b import B\n\nclass A(B):\n    def load(self):\n        boto3.client('s3')\n",
        "b.py": "from a import A\n\nclass B(A):\n    def load(self): ...\n",
    }
    assert takers(files) == ["a.py:5", "b.py:4"]
