"""BSF101's decisions: a function and what the plan answers, in the words of `tests.analysis.answer`.

`article session` is a safe fix in the article's form with a parameter called `session`; after a colon
comes its annotation. The rows stand in the order of the documentation.
"""

from __future__ import annotations

import pytest

from session_first.config import Form
from session_first.model import (
    AddImport,
    AddSessionParameter,
    DocumentParameter,
    FillSession,
    Fix,
    RemoveImport,
    Skip,
    UseSession,
)
from tests.analysis import answers_to, edits_of, only_outcome, plan_of

# --- The form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def greet(table_name, user_id):
                ddb = boto3.resource('dynamodb')
                item = ddb.Table(table_name).get_item(Key={'id': user_id})
                print('Hello {}'.format(item['Item']['name']))
            """,
            "article session",
            id="the article's story",
        ),
        pytest.param(
            """
            import boto3

            def greet(table_name, user_id, region=None):
                ddb = boto3.resource('dynamodb', region_name=region)
                item = ddb.Table(table_name).get_item(Key={'id': user_id})
                print('Hello {}'.format(item['Item']['name']))
            """,
            "article session",
            id="the article's story with a region",
        ),
        pytest.param(
            """
            import boto3

            def copy(keys):
                s3 = boto3.client("s3")
                sqs = boto3.client("sqs")
                for key in keys:
                    sns = boto3.client("sns")
            """,
            "article session",
            id="1: one statement comes before the others",
        ),
        pytest.param(
            """
            import boto3

            def copy(keys):
                for key in keys:
                    boto3.client("s3").copy(key)
                    boto3.client("sqs").send(key)
            """,
            "article session",
            id="1: the fill goes into the loop",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                try:
                    s3 = boto3.client("s3")
                    sqs = boto3.client("sqs")
                except Exception:
                    return None
            """,
            "article session",
            id="1: the fill goes into the try",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                if key:
                    return boto3.client("s3")
            """,
            "article session",
            id="1: the fill goes into the branch",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                if key:
                    s3 = boto3.client("s3")
                else:
                    s3 = boto3.client("s3", region_name="eu-west-1")
                return s3
            """,
            "inline session",
            id="1: no statement comes before the others",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                try:
                    boto3.client("s3").copy(key)
                except Exception:
                    boto3.client("sns").publish(key)
            """,
            "inline session",
            id="1: a try and its handler",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                if key:
                    boto3.client("s3").copy(key)
                boto3.client("sns").publish(key)
            """,
            "inline session",
            id="1: a branch and what follows",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, client=None):
                return client or boto3.client("s3")
            """,
            "inline session",
            id="1: not always evaluated",
        ),
        pytest.param(
            """
            import boto3
            from app import fetch, upload

            def copy(key):
                return upload(fetch(key), boto3.client("s3"))
            """,
            "inline session",
            id="1: a call before the site in its statement may raise, and may call AWS",
        ),
        pytest.param(
            """
            import boto3
            from app import upload

            def copy(key, bucket):
                return upload(key, bucket.name, boto3.client("s3"))
            """,
            "article session",
            id="1: names before the site in its statement",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                if key:
                    pass
                elif boto3.client("s3").head(key):
                    pass
            """,
            "inline session",
            id="1: nothing can go before an elif",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                key = key.strip(); s3 = boto3.client("s3")
                return s3
            """,
            "inline session",
            id="1: nothing can go after a semicolon",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                if key: return boto3.client("s3")
            """,
            "inline session",
            id="1: nothing can go on the line of an if",
        ),
        pytest.param(
            """
            import boto3

            def copy(keys):
                s3 = boto3.client("s3")
                return [boto3.client("sqs") for key in keys]
            """,
            "inline session",
            id="1: one of the sites is in a comprehension",
        ),
        pytest.param(
            """
            import boto3

            def copy(keys):
                return [bucket for bucket in boto3.client("s3").list_buckets()["Buckets"]]
            """,
            "inline session",
            id="1: in what a comprehension goes through",
        ),
        pytest.param(
            """
            import boto3

            async def copy(key):
                s3 = boto3.client("s3")
                await s3.copy(key)
            """,
            "article session",
            id="async function",
        ),
        pytest.param(
            """
            import boto3

            def pages():
                paginator = boto3.client("s3").get_paginator("list_objects_v2")
                yield from paginator.paginate()
            """,
            "article session",
            id="generator",
        ),
        pytest.param(
            """
            def copy(key):
                import boto3
                s3 = boto3.client("s3")
                return s3
            """,
            "article session",
            id="after a local import",
        ),
        pytest.param(
            """
            def copy(key):
                try:
                    import boto3
                except ImportError:
                    return None
                return boto3.client("s3")
            """,
            "article session",
            id="after a local import in a try",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                return boto3.client("s3"), boto3.client("sqs")
            """,
            "article session",
            id="two sites in one statement",
        ),
    ],
)
def test_form(text: str, expected: str) -> None:
    assert answers_to(text) == [expected]


SETUP = """
import boto3

def configure(region):
    boto3.setup_default_session(region_name=region)
"""


@pytest.mark.parametrize(
    ("text", "beside", "expected"),
    [
        pytest.param(
            """
            import boto3

            def copy(key):
                s3 = boto3.client("s3")
                return s3
            """,
            {"settings.py": SETUP},
            "article session",
            id="first statement",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                \"\"\"Copies.\"\"\"
                import json
                return boto3.client("s3")
            """,
            {"settings.py": SETUP},
            "article session",
            id="first statement but for docstring and import",
        ),
        pytest.param(
            """
            import boto3
            import settings

            def copy(key):
                settings.configure("eu-west-1")
                s3 = boto3.client("s3")
                return s3
            """,
            {"settings.py": SETUP},
            "inline session",
            id="not the first statement",
        ),
        pytest.param(
            """
            import boto3
            import settings

            def copy(key):
                s3 = boto3.client("s3")
                settings.configure("eu-west-1")
                sqs = boto3.client("sqs")
                return s3, sqs
            """,
            {"settings.py": SETUP},
            "inline session",
            id="a second site after something that may set it up anew",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                key = key.strip()
                return boto3.client("s3")
            """,
            {"settings.py": "import boto3\nboto3.DEFAULT_SESSION = None\n"},
            "inline session",
            id="DEFAULT_SESSION",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                key = key.strip()
                return boto3.client("s3")
            """,
            {"tests/test_mod.py": SETUP},
            "article session",
            id="in a test, it does not count",
        ),
        pytest.param(
            """
            import boto3

            def copy(key):
                if key:
                    return boto3.client("s3")
            """,
            {"settings.py": SETUP},
            "inline session",
            id="first statement of a branch is not the function's first",
        ),
        pytest.param(
            """
            import boto3
            import settings

            def copy(key):
                return boto3.client("s3", **settings.configure("eu-west-1"))
            """,
            {"settings.py": SETUP},
            "inline session",
            id="an argument of the site may set it up anew",
        ),
        pytest.param(
            """
            import boto3
            import settings

            def copy(key):
                return use(settings.configure("eu-west-1"), boto3.client("s3"))
            """,
            {"settings.py": SETUP},
            "inline session",
            id="something before the site in its statement may set it up anew",
        ),
        pytest.param(
            """
            import boto3
            import settings

            def poll(keys):
                while boto3.client("sqs").receive_message():
                    settings.configure("eu-west-1")
            """,
            {"settings.py": SETUP},
            "inline session",
            id="the test of a loop runs again",
        ),
    ],
)
def test_form_with_setup_default_session(text: str, beside: dict[str, str], expected: str) -> None:
    """The article's second condition."""
    assert answers_to(text, beside=beside) == [expected]


COPY = """
import boto3

def copy(key):
    s3 = boto3.client("s3")
    return s3
"""


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        pytest.param(
            {
                "tests/test_mod.py": "from unittest.mock import patch\n\n@patch('boto3.client')\ndef test(c): ..."
            },
            "inline session",
            id="boto3.client",
        ),
        pytest.param(
            {
                "tests/test_mod.py": "from unittest.mock import patch\n\n@patch('mod.boto3.client')\ndef test(c): ..."
            },
            "inline session",
            id="boto3.client of the module",
        ),
        pytest.param(
            {"tests/test_mod.py": "from unittest.mock import patch\n\n@patch('mod.boto3')\ndef test(c): ..."},
            "inline session",
            id="boto3 of the module",
        ),
        pytest.param(
            {
                "tests/test_x.py": "from unittest.mock import patch\n\n@patch('other.boto3.resource')\ndef test(c): ..."
            },
            "inline session",
            id="of another module, since a filled session travels",
        ),
        pytest.param(
            {"tests/test_x.py": "def test(mocker):\n    mocker.patch.object(boto3, NAME)\n"},
            "inline session",
            id="something unknown",
        ),
        pytest.param(
            {
                "tests/test_mod.py": "from unittest.mock import patch\n\n@patch('boto3.Session')\ndef test(c): ..."
            },
            "article session",
            id="boto3.Session, which both forms use",
        ),
        pytest.param(
            {"tests/test_mod.py": "from unittest.mock import patch\n\n@patch('mod.copy')\ndef test(c): ..."},
            "article session",
            id="a function of the project",
        ),
        pytest.param(
            {"tests/test_mod.py": "from moto import mock_aws\n\n@mock_aws\ndef test(): ..."},
            "article session",
            id="moto",
        ),
        pytest.param(
            {
                "config.py": (
                    "class Config:\n    def __init__(self, **options):\n"
                    "        for name, value in options.items():\n            setattr(self, name, value)\n"
                )
            },
            "article session",
            id="setattr of ordinary code replaces nothing of boto3",
        ),
        pytest.param(
            {"metering.py": "import boto3\n\ndef install():\n    boto3.client = metered\n"},
            "inline session",
            id="code outside tests that replaces boto3.client",
        ),
    ],
)
def test_form_with_patching_tests(beside: dict[str, str], expected: str) -> None:
    """The article's third condition."""
    assert answers_to(COPY, beside=beside) == [expected]


BRANCHES = """
import boto3

def copy(key):
    if key:
        return boto3.client("s3")
    return boto3.client("s3", region_name="eu-west-1")
"""


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        pytest.param(COPY, "inline", "inline session", id="inline, though the article's would do"),
        pytest.param(COPY, "article", "article session", id="article"),
        pytest.param(BRANCHES, "inline", "inline session", id="inline in branches"),
        pytest.param(BRANCHES, "article", "unsafe article session", id="article in branches is unsafe"),
    ],
)
def test_form_by_setting(text: str, form: Form, expected: str) -> None:
    assert answers_to(text, form=form) == [expected]


def test_article_by_setting_fills_before_all_sites() -> None:
    edits = edits_of(plan_of({"mod.py": BRANCHES}, form="article"), unsafe=True)
    assert [edit.statement.line for edit in edits if isinstance(edit, FillSession)] == [4]
    assert [edit.receiver for edit in edits if isinstance(edit, UseSession)] == ["session", "session"]


def test_article_by_setting_where_a_test_patches_is_unsafe() -> None:
    beside = {
        "tests/test_mod.py": "from unittest.mock import patch\n\n@patch('boto3.client')\ndef test(c): ..."
    }
    assert answers_to(COPY, beside=beside, form="article") == ["unsafe article session"]


# --- The parameter ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3
            from sqlalchemy.orm import Session

            def load(key, session: Session):
                s3 = boto3.client("s3")
                return session.get(key), s3
            """,
            "article boto3_session: boto3.Session | None",
            id="SQLAlchemy's parameter",
        ),
        pytest.param(
            """
            import boto3
            import requests

            def load(key):
                session = requests.Session()
                return boto3.client("s3"), session.get(key)
            """,
            "article boto3_session",
            id="a local",
        ),
        pytest.param(
            """
            import boto3
            from database import session

            def load(key):
                return boto3.client("s3"), session.get(key)
            """,
            "article boto3_session",
            id="a global that it reads",
        ),
        pytest.param(
            """
            import boto3
            from database import session

            def load(key):
                return boto3.client("s3")
            """,
            "article session",
            id="a global that it does not read",
        ),
        pytest.param(
            """
            import boto3

            def load(key):
                def inner():
                    return [session for session in key]
                return boto3.client("s3")
            """,
            "article boto3_session",
            id="a name of a nested scope",
        ),
        pytest.param(
            """
            import boto3

            def load(key):
                from aiobotocore import session
                return session, boto3.client("s3")
            """,
            "article boto3_session",
            id="a local import",
        ),
        pytest.param(
            """
            import boto3

            def load(key):
                global session
                session = key
                return boto3.client("s3")
            """,
            "article boto3_session",
            id="a global statement",
        ),
        pytest.param(
            """
            import boto3

            def load(session, boto3_session):
                return boto3.client("s3"), session.get(1), boto3_session.get(1)
            """,
            "article aws_session",
            id="two names taken",
        ),
        pytest.param(
            """
            import boto3

            def load(session, boto3_session, aws_session):
                return boto3.client("s3")
            """,
            "skip name-taken",
            id="all names taken",
        ),
        pytest.param(
            """
            import boto3

            def load(key):
                return boto3.client("s3"), call(session=key.session)
            """,
            "article session",
            id="an attribute and a keyword are no names",
        ),
        pytest.param(
            """
            import boto3

            def load(key, **options):
                return options["session"], boto3.client("s3")
            """,
            "article boto3_session",
            id="looked up in its own **kwargs",
        ),
        pytest.param(
            """
            import boto3

            def load(key, **options):
                return boto3.client("s3", **options)

            load("a", session=1)
            """,
            "article boto3_session",
            id="a caller passes session through **kwargs",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, **options):
                    self.s3 = boto3.client("s3", **options)

            Store(session=1)
            """,
            "article boto3_session",
            id="a caller passes session to the class",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, **options):
                    self.s3 = boto3.client("s3", **options)

            class Cache(Store):
                pass

            Cache(session=1)
            """,
            "article boto3_session",
            id="a caller passes session to a subclass",
        ),
        pytest.param(
            """
            import boto3

            def load(key, **options):
                return boto3.client("s3"), options

            def fetch(**options):
                return load("a", **options)

            fetch(session=1)
            """,
            "article boto3_session",
            id="a caller hands on its own keywords",
        ),
        pytest.param(
            """
            import boto3

            def load(key, **options):
                return boto3.client("s3"), options

            options = dict(session=1)
            load("a", **options)
            """,
            "article boto3_session",
            id="a caller unpacks a dict that holds session",
        ),
        pytest.param(
            """
            from functools import partial
            import boto3

            def load(key, **options):
                return boto3.client("s3"), options

            fetch = partial(load, session=1)
            """,
            "skip callback-kwargs",
            id="partial(function, session=…) hands over a function with **kwargs",
        ),
        pytest.param(
            """
            import boto3
            from database import connect

            def in_transaction(function):
                def wrapper(*args, **kwargs):
                    with connect() as session:
                        return function(*args, session=session, **kwargs)
                return wrapper

            @in_transaction
            def load(key, **options):
                return boto3.client("s3"), query(key, **options)
            """,
            "article boto3_session",
            id="a decorator of the project passes session through **kwargs",
        ),
        pytest.param(
            """
            import boto3

            def load(key, **options):
                return boto3.client("s3"), options

            def other(session): ...

            other(session=1)
            """,
            "article session",
            id="another function is passed session",
        ),
    ],
)
def test_name(text: str, expected: str) -> None:
    assert answers_to(text) == [expected]


@pytest.mark.parametrize(
    "caller",
    [
        pytest.param("from mod import load\nload('a', session=1)\n", id="from import"),
        pytest.param("import mod\nmod.load('a', session=1)\n", id="import"),
        pytest.param("from mod import load as fetch\nfetch('a', session=1)\n", id="under another name"),
        pytest.param("import mod\nfetch = mod.load\nfetch('a', session=1)\n", id="through an alias"),
    ],
)
def test_name_with_a_caller_in_another_module(caller: str) -> None:
    text = "import boto3\n\ndef load(key, **options):\n    s3 = boto3.client('s3')\n    return s3, options\n"
    assert answers_to(text, beside={"caller.py": caller}) == ["article boto3_session"]


@pytest.mark.parametrize(
    ("text", "floor", "expected"),
    [
        pytest.param(
            """
            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="annotated parameter",
        ),
        pytest.param(
            """
            import boto3

            def load() -> None:
                boto3.client("s3")
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="annotated result",
        ),
        pytest.param(
            """
            import boto3

            def load(key):
                n: int = 1
                return boto3.client("s3")
            """,
            (3, 10),
            "article session",
            id="not annotated",
        ),
        pytest.param(
            """
            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 9),
            "article session: Optional[boto3.Session]",
            id="older Python",
        ),
        pytest.param(
            """
            import typing as t
            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 9),
            "article session: t.Optional[boto3.Session]",
            id="older Python, typing under another name",
        ),
        pytest.param(
            """
            from __future__ import annotations
            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 8),
            "article session: boto3.Session | None",
            id="older Python with postponed annotations",
        ),
        pytest.param(
            """
            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            None,
            "article session: boto3.Session | None",
            id="unknown Python",
        ),
        pytest.param(
            """
            from typing import Optional
            import boto3

            def load(key: Optional[str]):
                return boto3.client("s3")
            """,
            None,
            "article session: Optional[boto3.Session]",
            id="unknown Python, the file's style",
        ),
        pytest.param(
            """
            from typing import Optional
            import boto3

            def load(key: Optional[str]):
                return boto3.client("s3")
            """,
            (3, 10),
            "article session: Optional[boto3.Session]",
            id="the style of the function",
        ),
        pytest.param(
            """
            from typing import Optional
            import boto3

            def load(key: str | None):
                return boto3.client("s3")

            def close(key: Optional[str]): ...
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="the style of the function, not that of the file",
        ),
        pytest.param(
            """
            import typing as t
            import boto3

            def load(key: str):
                return boto3.client("s3")

            def close(key: t.Union[str, None]): ...
            """,
            (3, 10),
            "article session: t.Optional[boto3.Session]",
            id="the style of the file",
        ),
        pytest.param(
            """
            from typing import Optional
            import boto3

            def load(key: str):
                return boto3.client("s3")

            def close(key: Optional[str]): ...
            def open(key: str | None): ...
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="a file of two styles",
        ),
        pytest.param(
            """
            from typing import Union
            import boto3

            def load(key: Union[str, None]):
                return boto3.client("s3")
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="the style needs a name that is not there",
        ),
        pytest.param(
            """
            from __future__ import annotations
            from typing import Optional
            import boto3

            def load(key: Optional[str]):
                return boto3.client("s3")
            """,
            (3, 8),
            "article session: Optional[boto3.Session]",
            id="the style, with postponed annotations",
        ),
        pytest.param(
            """
            from typing import Optional

            def load(key: Optional[str]):
                import boto3
                return boto3.client("s3")
            """,
            (3, 10),
            'article session: Optional["boto3.Session"]',
            id="the style, boto3 imported in the function",
        ),
        pytest.param(
            """
            def load(key: str):
                import boto3
                return boto3.client("s3")
            """,
            (3, 10),
            'article session: "boto3.Session | None"',
            id="boto3 imported in the function",
        ),
        pytest.param(
            """
            try:
                import boto3
            except ImportError:
                boto3 = None

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 10),
            'article session: "boto3.Session | None"',
            id="boto3 imported in a try",
        ),
        pytest.param(
            """
            def load(key: str):
                return boto3.client("s3")

            import boto3
            """,
            (3, 10),
            'article session: "boto3.Session | None"',
            id="boto3 imported below the function",
        ),
        pytest.param(
            """
            import boto3 as b

            def load(key: str):
                return b.client("s3")
            """,
            (3, 10),
            "article session: b.Session | None",
            id="boto3 under another name",
        ),
        pytest.param(
            """
            from boto3 import client

            def load(key: str):
                return client("s3")
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="import boto3 comes in",
        ),
        pytest.param(
            """
            from typing import TYPE_CHECKING

            if TYPE_CHECKING:
                from typing import Optional

            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 9),
            "article session: Optional[boto3.Session]",
            id="older Python, Optional imported for type checking only",
        ),
        pytest.param(
            """
            import boto3
            from boto3 import Session

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 10),
            "article session: Session | None",
            id="the class by its name",
        ),
        pytest.param(
            """
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from boto3.session import Session
            import boto3

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 10),
            'article session: "Session | None"',
            id="the class by its name, imported for type checking",
        ),
        pytest.param(
            """
            import boto3
            from sqlalchemy.orm import Session

            def load(key: str):
                return boto3.client("s3")
            """,
            (3, 10),
            "article session: boto3.Session | None",
            id="another class of that name",
        ),
        pytest.param(
            """
            import boto3

            load = lambda key: boto3.client("s3")
            """,
            (3, 10),
            "inline session",
            id="lambda",
        ),
    ],
)
def test_annotation(text: str, floor: tuple[int, int] | None, expected: str) -> None:
    assert answers_to(text, floor=floor) == [expected]


@pytest.mark.parametrize(
    ("text", "floor", "expected"),
    [
        pytest.param(
            "import boto3\n\ndef load(key: str):\n    return boto3.client('s3')\n",
            (3, 10),
            [],
            id="bound above",
        ),
        pytest.param(
            "def load(key: str):\n    import boto3\n    return boto3.client('s3')\n",
            (3, 10),
            [AddImport("boto3", type_checking=True)],
            id="for type checking, where only the function imports it",
        ),
        pytest.param(
            "from boto3 import Session\n\ndef load(key: str):\n    import boto3\n    return boto3.client('s3')\n",
            (3, 10),
            [],
            id="the class by its name, which is there",
        ),
        pytest.param(
            "import boto3\n\ndef load(key: str):\n    return boto3.client('s3')\n",
            (3, 8),
            [AddImport("typing", "Optional")],
            id="Optional",
        ),
        pytest.param(
            "from typing import Optional\nimport boto3\n\ndef load(key: str):\n    return boto3.client('s3')\n",
            (3, 8),
            [],
            id="Optional, which is there",
        ),
        pytest.param(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from typing import Optional\n"
            "import boto3\n\ndef load(key: str):\n    return boto3.client('s3')\n",
            (3, 8),
            [AddImport("typing", "Optional")],
            id="Optional, which is there only for type checking",
        ),
    ],
)
def test_imports_of_the_annotation(text: str, floor: tuple[int, int], expected: list[AddImport]) -> None:
    edits = edits_of(plan_of({"mod.py": text}, floor=floor))
    assert [edit for edit in edits if isinstance(edit, AddImport)] == expected


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        pytest.param('"""Loads."""', None, id="no section"),
        pytest.param(
            '"""Loads.\n\n    Args:\n        key: Which.\n    """',
            "google",
            id="Google",
        ),
        pytest.param(
            '"""Loads.\n\n    Parameters\n    ----------\n    key : str\n        Which.\n    """',
            "numpy",
            id="NumPy",
        ),
        pytest.param('"""Loads.\n\n    :param key: Which.\n    """', "sphinx", id="Sphinx"),
    ],
)
def test_docstring(docstring: str, expected: str | None) -> None:
    text = f"import boto3\n\ndef load(key):\n    {docstring}\n    return boto3.client('s3')\n"
    edits = edits_of(plan_of({"mod.py": text}))
    assert [e.style for e in edits if isinstance(e, DocumentParameter)] == ([expected] if expected else [])


CLASS = "class Store:\n    '''A store.\n\n    Args:\n        {named}: It.\n    '''\n\n    x = 1\n\n"


@pytest.mark.parametrize(
    ("named", "method", "expected"),
    [
        pytest.param(
            "bucket", "def __init__(self, bucket):\n        'Makes it.'", 3, id="the constructor's parameter"
        ),
        pytest.param("**more", "def __init__(self, **more):", 3, id="the constructor's keywords"),
        pytest.param("size", "def __init__(self, bucket):", None, id="another parameter"),
        pytest.param("bucket", "def load(self, bucket):", None, id="another method"),
        pytest.param(
            "bucket",
            "def __init__(self, bucket):\n        '''Makes it.\n\n        :param bucket: It.\n        '''",
            12,
            id="the constructor documents it itself",
        ),
    ],
)
def test_docstring_of_a_class(named: str, method: str, expected: int | None) -> None:
    text = f"import boto3\n\n{CLASS.format(named=named)}    {method}\n        self.s3 = boto3.client('s3')\n"
    edits = edits_of(plan_of({"mod.py": text}))
    lines = [edit.function.line for edit in edits if isinstance(edit, DocumentParameter)]
    assert lines == ([expected] if expected else [])


# --- Where the site stands --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def load(keys):
                def one(key):
                    return boto3.client("s3")
                return [one(key) for key in keys]
            """,
            "inline session",
            id="nested function",
        ),
        pytest.param(
            """
            import boto3

            def load(keys):
                return sorted(keys, key=lambda key: boto3.client("s3").head(key))
            """,
            "inline session",
            id="lambda in a function",
        ),
        pytest.param(
            """
            import boto3

            def load(names):
                return {name: boto3.client(name) for name in names}
            """,
            "inline session",
            id="comprehension",
        ),
        pytest.param(
            """
            import boto3

            def load(names):
                class Store:
                    s3 = boto3.client("s3")
                return Store
            """,
            "inline session",
            id="class body in a function",
        ),
        pytest.param(
            """
            import boto3

            def retried(times):
                def decorate(function):
                    def wrapper(*args, **kwargs):
                        boto3.client("sns")
                        return function(*args, **kwargs)
                    return wrapper
                return decorate
            """,
            "inline session",
            id="decorator factory",
        ),
        pytest.param(
            """
            import boto3

            load = lambda key: boto3.client("s3")
            """,
            "inline session",
            id="lambda outside a function",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                make = lambda self: boto3.client("s3")
            """,
            "inline session",
            id="lambda in a class",
        ),
        pytest.param(
            """
            import boto3

            def load(): return boto3.client("s3")
            """,
            "inline session",
            id="body on the header's line",
        ),
        pytest.param(
            """
            import boto3

            def load(key, client=None):
                if client is None:
                    client = boto3.client("s3")
                return client.get_object(Key=key)
            """,
            "inline session",
            id="an optional client parameter",
        ),
        pytest.param(
            """
            import boto3

            def load(key, client=None):
                client = client or boto3.client("s3")
                return client.get_object(Key=key)
            """,
            "inline session",
            id="an optional client parameter, with or",
        ),
        pytest.param(
            """
            from functools import partial
            import boto3

            def makers():
                return partial(boto3.client, "s3")
            """,
            "inline session",
            id="a reference",
        ),
        pytest.param(
            """
            import aws_assume_role_lib
            import boto3

            aws_assume_role_lib.patch_boto3()

            def assumed(arn):
                if arn:
                    return boto3.assume_role(arn)
                return boto3.client("sts")
            """,
            "inline session",
            id="boto3.assume_role of a patched boto3",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, bucket):
                    self.s3 = boto3.client("s3")
            """,
            "article session",
            id="__init__",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def load(self, key):
                    return boto3.client("s3")
            """,
            "article session",
            id="method",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                @classmethod
                def load(cls, key):
                    return boto3.client("s3")
            """,
            "article session",
            id="class method",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                @staticmethod
                def load(key):
                    return boto3.client("s3")
            """,
            "article session",
            id="static method",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __call__(self, key):
                    return boto3.client("s3")
            """,
            "article session",
            id="__call__, whose callers pass what they like",
        ),
        pytest.param(
            """
            import boto3

            def lambda_handler(event, context):
                s3 = boto3.client("s3")
                return s3.list_buckets()
            """,
            "article session",
            id="Lambda handler",
        ),
        pytest.param(
            """
            import boto3
            import logging

            def load(key):
                assert key
                try:
                    boto3.client("s3")
                except boto3.client("s3").exceptions.NoSuchBucket:
                    pass
            """,
            "inline session",
            id="in an except",
        ),
    ],
)
def test_where_the_site_stands(text: str, expected: str) -> None:
    assert answers_to(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            """
            import boto3

            class Store:
                @property
                def s3(self):
                    return boto3.client("s3")
            """,
            id="property",
        ),
        pytest.param(
            """
            from functools import cached_property
            import boto3

            class Store:
                @cached_property
                def s3(self):
                    return boto3.client("s3")
            """,
            id="cached_property",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def _s3(self):
                    return boto3.client("s3")

                s3 = property(_s3)
            """,
            id="property called by hand",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                @property
                def s3(self):
                    return self._s3

                @s3.setter
                def s3(self, name):
                    self._s3 = boto3.client(name)
            """,
            id="setter",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __getattr__(self, name):
                    return boto3.client(name)
            """,
            id="__getattr__",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __enter__(self):
                    self.s3 = boto3.client("s3")
                    return self
            """,
            id="__enter__",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __del__(self):
                    boto3.client("s3").close()
            """,
            id="__del__",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __contains__(self, key):
                    return boto3.client("s3").head(key)
            """,
            id="operator",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __new__(cls, name):
                    self = super().__new__(cls)
                    self.s3 = boto3.client("s3")
                    return self
            """,
            id="__new__",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __new__(cls):
                    return super().__new__(cls)

                def __init__(self):
                    self.s3 = boto3.client("s3")
            """,
            id="__init__ beside a __new__",
        ),
        pytest.param(
            """
            from dataclasses import dataclass
            import boto3

            @dataclass
            class Store:
                bucket: str

                def __post_init__(self):
                    self.s3 = boto3.client("s3")
            """,
            id="__post_init__",
        ),
        pytest.param(
            """
            import boto3

            def __getattr__(name):
                return boto3.client(name)
            """,
            id="__getattr__ of a module",
        ),
    ],
)
def test_python_calls_it(text: str) -> None:
    assert answers_to(text) == ["skip fixed-signature"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            _s3 = None

            def s3():
                global _s3
                if _s3 is None:
                    _s3 = boto3.client("s3")
                return _s3
            """,
            "skip cached-client",
            id="global",
        ),
        pytest.param(
            """
            import boto3

            CACHE = {}

            def client(name):
                if name not in CACHE:
                    CACHE[name] = boto3.client(name)
                return CACHE[name]
            """,
            "skip cached-client",
            id="module-level cache",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                s3 = None

                @classmethod
                def client(cls):
                    cls.s3 = cls.s3 or boto3.client("s3")
                    return cls.s3
            """,
            "skip cached-client",
            id="class attribute",
        ),
        pytest.param(
            """
            from functools import lru_cache
            import boto3

            @lru_cache
            def client(name):
                return boto3.client(name)
            """,
            "article session",
            id="lru_cache, whose key the session becomes a part of",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self):
                    self._s3 = None

                def client(self):
                    if self._s3 is None:
                        self._s3 = boto3.client("s3")
                    return self._s3
            """,
            "inline session",
            id="on the object",
        ),
        pytest.param(
            """
            import boto3

            def show(name):
                s3 = boto3.client("s3")
                print(locals())
            """,
            "skip reads-locals",
            id="locals()",
        ),
        pytest.param(
            """
            import boto3

            def show(name):
                s3 = boto3.client("s3")
                return "{name}".format(**vars())
            """,
            "skip reads-locals",
            id="vars()",
        ),
        pytest.param(
            """
            import boto3

            def show(thing):
                s3 = boto3.client("s3")
                return vars(thing)
            """,
            "article session",
            id="vars() of an object",
        ),
        pytest.param(
            """
            import boto3

            def show(name):
                s3 = boto3.client("s3")

                def inner():
                    return locals()
                return inner()
            """,
            "skip reads-locals",
            id="locals() of a nested function",
        ),
        pytest.param(
            """
            import boto3

            def on_request(**kwargs):
                boto3.client("cloudwatch").put_metric_data()

            def install(client):
                client.meta.events.register("before-call", on_request)
            """,
            "skip callback-kwargs",
            id="**kwargs, registered as an event handler",
        ),
        pytest.param(
            """
            import boto3
            from django.db.models.signals import post_save
            from django.dispatch import receiver

            @receiver(post_save)
            def on_save(sender, **kwargs):
                boto3.client("sns").publish()
            """,
            "skip callback-kwargs",
            id="**kwargs, registered by a decorator",
        ),
        pytest.param(
            """
            import boto3

            def on_save(sender, **kwargs):
                boto3.client("sns").publish()

            HANDLERS = {"save": on_save}
            """,
            "skip callback-kwargs",
            id="**kwargs, in a table of handlers",
        ),
        pytest.param(
            """
            import boto3

            def on_request(request):
                boto3.client("cloudwatch").put_metric_data()

            def install(client):
                client.meta.events.register("before-call", on_request)
            """,
            "article session",
            id="registered, but without **kwargs",
        ),
        pytest.param(
            """
            import boto3

            def install():
                original = boto3.client

                def metered(*args, **kwargs):
                    return original(*args, **kwargs)

                boto3.client = metered
            """,
            "skip replaces-boto3",
            id="replaces boto3.client itself",
        ),
        pytest.param(
            """
            import boto3

            def scan(name):
                return boto3.client("s3").list_buckets()

            SCANNERS = {"s3": scan}
            """,
            "article session",
            id="called, and in a dispatch table",
        ),
    ],
)
def test_whether_it_can_take_a_session(text: str, expected: str) -> None:
    assert answers_to(text) == [expected]


@pytest.mark.parametrize(
    ("text", "line", "receiver", "attribute"),
    [
        pytest.param(
            "import boto3 as b\ndef f(x):\n    return x or b.client('s3')",
            3,
            "(session or b)",
            "client",
            id="alias",
        ),
        pytest.param(
            "from app import aws\ndef f(x):\n    return x or aws.boto3.client('s3')",
            3,
            "(session or aws.boto3)",
            "client",
            id="attribute of a module",
        ),
        pytest.param(
            "from boto3 import client as c\ndef f(x):\n    return x or c('s3')",
            3,
            "(session or boto3)",
            "client",
            id="from import",
        ),
        pytest.param(
            "import boto3\nmake = boto3.resource\ndef f(x):\n    return x or make('s3')",
            4,
            "(session or boto3)",
            "resource",
            id="alias of the function",
        ),
        pytest.param(
            "from functools import partial\nimport boto3\ndef f():\n    return partial(boto3.client, 's3')",
            4,
            "(session or boto3)",
            "client",
            id="reference",
        ),
    ],
)
def test_receiver(text: str, line: int, receiver: str, attribute: str) -> None:
    (use,) = (edit for edit in edits_of(plan_of({"mod.py": text})) if isinstance(edit, UseSession))
    assert (use.callee.line, use.receiver, use.attribute) == (line, receiver, attribute)


def test_the_fill_names_boto3_as_the_site_does() -> None:
    text = "from app import aws\ndef f(x):\n    return aws.boto3.client('s3')"
    (fill,) = (edit for edit in edits_of(plan_of({"mod.py": text})) if isinstance(edit, FillSession))
    assert (fill.statement.line, fill.name, fill.boto3) == (3, "session", "aws.boto3")


# --- from boto3 import client -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "beside", "expected"),
    [
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n",
            {},
            ["+boto3", "-client"],
            id="the import goes once nothing uses it",
        ),
        pytest.param(
            "from boto3 import client as c\n\ndef f():\n    return c('s3')\n",
            {},
            ["+boto3", "-c"],
            id="alias",
        ),
        pytest.param(
            "import boto3\nfrom boto3 import client\n\ndef f():\n    return client('s3')\n",
            {},
            ["-client"],
            id="boto3 is there",
        ),
        pytest.param(
            "from boto3 import client\n\nX = client('s3')\n\ndef f():\n    return client('s3')\n",
            {},
            ["+boto3"],
            id="still used at import",
        ),
        pytest.param(
            "from boto3 import client\n\n__all__ = ['client', 'f']\n\ndef f():\n    return client('s3')\n",
            {},
            ["+boto3"],
            id="exported",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n",
            {"other.py": "from mod import client\n"},
            ["+boto3"],
            id="imported by another module",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n",
            {"other.py": "import mod\n\nX = mod.client('s3')\n"},
            ["+boto3"],
            id="used by another module",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n",
            {"other.py": "from mod import *\n\nX = client('s3')\n"},
            ["+boto3"],
            id="imported by another module with a star",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n\n"
            "class A:\n    @property\n    def s3(self):\n        return client('s3')\n",
            {},
            ["+boto3"],
            id="still used where there is no fix",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n\n"
            "def g():\n    return client('s3')  # noqa: BSF101\n",
            {},
            ["+boto3"],
            id="still used where it is suppressed",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n\n"
            "def g(session, boto3_session, aws_session):\n    return client('s3')\n",
            {},
            ["+boto3"],
            id="still used where no name is free",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n\n"
            "class A:\n    def g(self):\n        return client('s3')\n",
            {"other.py": "from mod import A\n\nclass B(A):\n    def g(self): ...\n"},
            ["+boto3"],
            id="still used where an override stands in the way",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    return client('s3')\n\n"
            "def g(s: Session):\n    return client('s3')\n\nfrom boto3 import Session\n",
            {},
            ["+boto3"],
            id="still used where a session is in scope",
        ),
        pytest.param(
            "def f():\n    from boto3 import client\n    return client('s3')\n",
            {},
            ["+boto3", "-client"],
            id="in the function",
        ),
    ],
)
def test_from_import(text: str, beside: dict[str, str], expected: list[str]) -> None:
    edits = edits_of(plan_of({"mod.py": text, **beside}, given=["mod.py"]))
    said = [f"+{e.module}" for e in edits if isinstance(e, AddImport)]
    said += [f"-{e.name}" for e in edits if isinstance(e, RemoveImport)]
    assert list(dict.fromkeys(said)) == expected


def test_from_import_stays_where_a_site_is_left_to_the_unsafe_fixes() -> None:
    text = """
    import boto3
    from boto3 import client

    def f():
        return client("s3")

    def g(x):
        if x:
            return client("s3")
        return client("sqs")
    """
    plan = plan_of({"mod.py": text}, form="article")
    assert answers_to(text, form="article") == ["article session", "unsafe article session"]
    assert [e for e in edits_of(plan) if isinstance(e, RemoveImport)] == []


def test_the_old_import_goes_whatever_others_read_of_boto3() -> None:
    plan = plan_of(
        {
            "mod.py": "from boto3 import client\n\ndef load(key):\n    return client('s3')\n",
            "other.py": "import boto3\n\ndef other(key):\n    return boto3.client('s3')\n",
        }
    )
    assert [e.name for e in edits_of(plan) if isinstance(e, RemoveImport)] == ["client"]


@pytest.mark.parametrize(
    "test",
    [
        pytest.param("@patch('mod.client')\ndef test(c): ...", id="the name here"),
        pytest.param(
            "@patch('boto3.client')\ndef test(c): ...", id="boto3.client, which has no effect here yet"
        ),
        pytest.param("@patch(TARGET)\ndef test(c): ...", id="something unknown"),
    ],
)
def test_from_import_that_a_test_patches(test: str) -> None:
    text = "from boto3 import client\n\ndef f():\n    return client('s3')\n"
    beside = {"tests/test_mod.py": f"from unittest.mock import patch\n\n{test}\n"}
    assert answers_to(text, beside=beside) == ["skip mocked-in-tests"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "def f(boto3):\n    from boto3 import client\n    return client('s3'), boto3\n",
            "skip name-taken",
            id="a parameter, and the import in the function",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f(boto3):\n    return client('s3')\n",
            "skip name-taken",
            id="a parameter called boto3",
        ),
        pytest.param(
            "from boto3 import client\n\ndef f():\n    boto3 = 1\n    return client('s3')\n",
            "skip name-taken",
            id="a local called boto3",
        ),
        pytest.param(
            "import boto3\nfrom boto3 import client\n\ndef f():\n    boto3 = 1\n    return client('s3')\n",
            "skip name-taken",
            id="a local called boto3, beside an import of the module",
        ),
        pytest.param(
            "from boto3 import client\nboto3 = object()\n\ndef f():\n    return client('s3')\n",
            "skip name-taken",
            id="a global called boto3",
        ),
    ],
)
def test_from_import_where_boto3_is_something_else(text: str, expected: str) -> None:
    assert answers_to(text) == [expected]


# --- The sites that stay ----------------------------------------------------------------------------


def test_a_suppressed_site_stays_beside_a_fixed_one() -> None:
    text = """
    import boto3

    def copy(key):
        ours = boto3.client("s3")  # noqa: BSF101
        return boto3.client("sqs")
    """
    plan = plan_of({"mod.py": text})
    assert [r.finding.location.position.line for r in plan.resolutions] == [5]
    assert [e.callee.line for e in edits_of(plan) if isinstance(e, UseSession)] == [5]


def test_a_skipped_site_stays_beside_a_fixed_one() -> None:
    text = """
    import boto3

    CACHE = {}

    def copy(key):
        sqs = boto3.client("sqs")
        CACHE[key] = boto3.client("s3")
        return sqs
    """
    assert answers_to(text) == ["article session", "skip cached-client"]


def test_a_site_skipped_once_is_skipped_in_the_second_run_too() -> None:
    after = """
    import boto3

    CACHE = {}

    def copy(key, session=None):
        if not session:
            session = boto3._get_default_session()
        sqs = session.client("sqs")
        CACHE[key] = boto3.client("s3")
        return sqs
    """
    assert answers_to(after) == ["skip cached-client"]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                if not session:
                    session = boto3._get_default_session()
                return session.client("s3")
            """,
            id="article",
        ),
        pytest.param(
            """
            import boto3

            def copy(key, session=None):
                return (session or boto3).client("s3")
            """,
            id="inline",
        ),
        pytest.param(
            """
            import boto3
            from functools import partial

            def copy(key, session=None):
                return partial((session or boto3).client, "s3")
            """,
            id="inline reference",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, session=None):
                    self._session = session

                def load(self):
                    return (self._session or boto3).client("s3")
            """,
            id="kept on the object",
        ),
    ],
)
def test_written_code_is_clean(after: str) -> None:
    assert plan_of({"mod.py": after}).resolutions == ()


def test_two_functions_are_fixed_on_their_own() -> None:
    text = """
    import boto3

    def one(key):
        return boto3.client("s3")

    def two(session):
        return session.get(1) or boto3.client("s3")
    """
    plan = plan_of({"mod.py": text})
    added = [e.name for e in edits_of(plan) if isinstance(e, AddSessionParameter)]
    assert added == ["session", "boto3_session"]


def test_details_are_sentences_about_the_code() -> None:
    outcome = only_outcome(
        plan_of({"mod.py": "import boto3\nC = {}\ndef f(k):\n    C[k] = boto3.client('s3')"})
    )
    assert isinstance(outcome, Skip)
    assert "module-level 'C'" in outcome.detail
    outcome = only_outcome(plan_of({"mod.py": COPY}))
    assert isinstance(outcome, Fix)
    assert "session=None" in outcome.message
