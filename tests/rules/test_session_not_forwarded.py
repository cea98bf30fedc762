"""BSF103: calls that leave the session behind, and calls that do not."""

from __future__ import annotations

import pytest

from tests.analysis import code, findings_of, found

UPLOAD = """\
import boto3

def upload(key, session=None):
    (session or boto3).client("s3").put_object(Bucket="reports", Key=key)

"""


def lines(text: str) -> list[str]:
    """The findings in what stands after `upload`, counted from its first line."""
    before = UPLOAD.count("\n")
    return [
        f"{answer.split()[0]} {int(answer.split()[1]) - before}"
        for answer in found(UPLOAD + code(text), {"BSF103"})
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def run(session: boto3.Session):\n    upload(1)", id="an annotated parameter"),
        pytest.param("def run(session: boto3.Session | None = None):\n    upload(1)", id="an optional one"),
        pytest.param("def run():\n    session = boto3.Session()\n    upload(1)", id="a local"),
        pytest.param(
            "def run():\n    s = boto3.Session(profile_name='b')\n    upload(1)", id="whatever it is called"
        ),
        pytest.param(
            "def run(session=None):\n    session = session or boto3.Session()\n    upload(1)",
            id="a parameter that is filled with a session",
        ),
        pytest.param(
            "def run(session=None):\n    upload(0, session=session); upload(1)",
            id="a parameter that is passed on elsewhere",
        ),
        pytest.param(
            "def run(keys, session: boto3.Session):\n    return [upload(k) for k in keys]",
            id="in a comprehension",
        ),
        pytest.param("def run(session: boto3.Session):\n    return lambda: upload(1)", id="in a lambda"),
        pytest.param("def run(session: boto3.Session):\n    return f'{upload(1)}'", id="in an f-string"),
        pytest.param(
            "async def run(session: boto3.Session):\n    return upload(1)", id="in an async function"
        ),
    ],
)
def test_found(text: str) -> None:
    assert [answer.split()[0] for answer in lines(text)] == ["BSF103"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            def run(session: boto3.Session):
                def inner():
                    upload(1)
                inner()
            """,
            ["BSF103 3"],
            id="in a nested function",
        ),
        pytest.param(
            """
            class Store:
                def __init__(self, session: boto3.Session):
                    self.session = session

                def run(self):
                    upload(1)
            """,
            ["BSF103 6"],
            id="a session that is kept on the object",
        ),
        pytest.param(
            """
            class Store:
                def __init__(self, session=None):
                    self._session = session

                def load(self):
                    return (self._session or boto3).client("s3")

            def run(session: boto3.Session):
                return Store().load()
            """,
            ["BSF103 9"],
            id="a constructor",
        ),
        pytest.param(
            """
            class Store:
                def load(self, session=None):
                    return (session or boto3).client("s3")

                def run(self, session: boto3.Session):
                    return self.load()

                @classmethod
                def make(cls, session: boto3.Session):
                    return cls().load(), Store.one()

                @staticmethod
                def one(session=None):
                    return (session or boto3).client("s3")
            """,
            ["BSF103 6", "BSF103 10"],
            id="methods of self and of a class",
        ),
        pytest.param(
            """
            class Store:
                def load(self, session=None):
                    return (session or boto3).client("s3")

            def run(store: Store, session: boto3.Session):
                return store.load()
            """,
            ["BSF103 6"],
            id="a method of an annotated object",
        ),
        pytest.param(
            """
            def between(key, session=None):
                upload(key, session=session)

            def run(session: boto3.Session):
                between(1)
            """,
            ["BSF103 5"],
            id="a function that only passes it on",
        ),
        pytest.param(
            """
            def upload_as(key, boto3_session: boto3.Session = None):
                boto3_session.client("s3")

            def run(session: boto3.Session):
                upload_as(1)
            """,
            ["BSF103 5"],
            id="a parameter of another name",
        ),
    ],
)
def test_found_where(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def run(session: boto3.Session):\n    upload(1, session=session)", id="passed"),
        pytest.param("def run(session: boto3.Session):\n    upload(1, session)", id="passed by position"),
        pytest.param(
            "def run(session: boto3.Session, other):\n    upload(1, other)", id="another one passed"
        ),
        pytest.param("def run(session: boto3.Session):\n    upload(1, session=None)", id="None passed"),
        pytest.param("def run(session: boto3.Session, k):\n    upload(**k)", id="perhaps in **"),
        pytest.param("def run(session: boto3.Session, k):\n    upload(*k)", id="perhaps in *"),
        pytest.param("def run():\n    upload(1)", id="no session in scope"),
        pytest.param("def run(session):\n    upload(1)", id="called session, without evidence"),
        pytest.param("def run(session=None):\n    upload(1)", id="called session, unused"),
        pytest.param(
            "def run(a: boto3.Session, b: boto3.Session):\n    upload(1)", id="two sessions: which one?"
        ),
        pytest.param(
            "def run(session: boto3.Session | None = None):\n    if session is None:\n        upload(1)",
            id="on a branch that tests the session",
        ),
        pytest.param(
            "def run(session: boto3.Session):\n    return map(upload, [1])", id="handed over, not called"
        ),
        pytest.param("def run(session: boto3.Session, f):\n    f(1)", id="an unknown function"),
        pytest.param(
            "def other(key, session: boto3.Session): ...\ndef run(session: boto3.Session):\n    other(1)",
            id="a function that must be given one",
        ),
        pytest.param(
            "def other(key, session=None): ...\ndef run(session: boto3.Session):\n    other(1)",
            id="a parameter that is no session by evidence",
        ),
        pytest.param(
            "def run(session: boto3.Session):\n    upload(1)  # noqa: BSF103", id="kept by a noqa comment"
        ),
        pytest.param("S = boto3.Session()\ndef run():\n    upload(1)", id="a session of the module"),
        pytest.param(
            "def run(session: boto3.Session):\n    def f(session):\n        upload(1)\n    f(2)",
            id="hidden by a parameter of the nested function",
        ),
        pytest.param(
            """
            if upload:
                from tools import upload

            def run(session: boto3.Session):
                upload(1)
            """,
            id="one of two functions",
        ),
    ],
)
def test_not_found(text: str) -> None:
    assert lines(text) == []


def test_messages_show_the_way() -> None:
    text = """
    def between(key, session=None):
        upload(key, session=session)

    class Store:
        def __init__(self, session: boto3.Session):
            self.session = session

        def run(self):
            between(1)
    """
    (finding,) = findings_of(UPLOAD + code(text), {"BSF103"})
    assert finding.function == "Store.run"
    assert finding.message == (
        "between(…) is not given the session in scope (self.session: kept on the object):"
        " Store.run → between → upload takes a session; pass session=self.session,"
        " or session=None if the default one is meant"
    )


def test_the_way_ends_in_a_cycle() -> None:
    text = """
    def even(n, session=None):
        upload(n, session=session)
        odd(n - 1, session=session)

    def odd(n, session=None):
        even(n - 1, session=session)

    def run(session: boto3.Session):
        odd(3)
    """
    (finding,) = findings_of(UPLOAD + code(text), {"BSF103"})
    assert "run → odd → even → upload takes a session" in finding.message


def test_findings_in_tests_are_left_out() -> None:
    text = UPLOAD + "def test_upload():\n    session = boto3.Session()\n    upload(1)\n"
    assert found(text, {"BSF103"}, "tests/test_upload.py") == []


def test_an_object_that_only_passes_its_session_on() -> None:
    text = """
    class Store:
        def __init__(self, session=None):
            self._session = session

        def load(self):
            upload(1, session=self._session)

        def save(self):
            upload(2)

    def run(session: boto3.Session):
        Store().load()
    """
    assert lines(text) == ["BSF103 9", "BSF103 12"]
