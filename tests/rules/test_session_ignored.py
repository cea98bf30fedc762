"""BSF102: what must be found, and what must not."""

from __future__ import annotations

import pytest

from tests.analysis import findings_of, found

CODES = {"BSF101", "BSF102"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def copy(key, session: boto3.Session):
                s3 = boto3.client("s3")
                return s3.get_object(Bucket="reports", Key=key)
            """,
            ["BSF102 4"],
            id="parameter",
        ),
        pytest.param(
            """
            import boto3

            def copy(profile):
                session = boto3.Session(profile_name=profile)
                return boto3.client("s3")
            """,
            ["BSF102 5"],
            id="local",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self, session: boto3.Session):
                    self.session = session

                def load(self):
                    return boto3.client("s3")
            """,
            ["BSF102 8"],
            id="on the object",
        ),
        pytest.param(
            """
            import boto3

            def copy(session=None):
                s3 = (session or boto3).client("s3")
                return s3, boto3.client("sts")
            """,
            ["BSF102 5"],
            id="beside the inline form",
        ),
        pytest.param(
            """
            import boto3

            def copy(session=None):
                return session.client("s3") if session else boto3.client("s3")
            """,
            ["BSF102 4"],
            id="the other branch of a test, which gets no fix",
        ),
        pytest.param(
            """
            import boto3

            def before(profile):
                s3 = boto3.client("s3")
                session = boto3.Session(profile_name=profile)
                return s3, session, boto3.client("sts")
            """,
            ["BSF101 4", "BSF102 6"],
            id="before and after it is made",
        ),
    ],
)
def test_found(text: str, expected: list[str]) -> None:
    assert found(text, CODES) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "import boto3\n\ndef f(session):\n    return boto3.client('s3')\n",
            id="a parameter only called session",
        ),
        pytest.param(
            "import boto3\nfrom sqlalchemy.orm import Session\n\ndef f(session: Session):\n"
            "    return boto3.client('s3')\n",
            id="SQLAlchemy's",
        ),
        pytest.param(
            "import boto3\nimport requests\n\ndef f():\n    session = requests.Session()\n"
            "    return boto3.client('s3')\n",
            id="requests's",
        ),
        pytest.param(
            "import boto3\n\nsession = boto3.Session()\n\ndef f():\n    return boto3.client('s3')\n",
            id="a module global",
        ),
        pytest.param(
            "import boto3\n\ndef f():\n    return boto3.client('s3')\n\ndef g(session: boto3.Session): ...\n",
            id="another function's",
        ),
        pytest.param(
            "import boto3\n\ndef f(session: boto3.Session):\n    return boto3.client('s3')  # noqa: BSF102\n",
            id="suppressed",
        ),
        pytest.param(
            "import boto3\n\ndef f(session: boto3.Session):\n    return boto3.client('s3')  # noqa: BSF101\n",
            id="suppressed before there was a session",
        ),
        pytest.param(
            "import boto3\n\ndef f(session: boto3.Session, s3=boto3.client('s3')):\n    return s3\n",
            id="a default argument, made at import",
        ),
        pytest.param(
            "import boto3\n\ndef f(session: boto3.Session):\n    return session.client('s3')\n", id="used"
        ),
    ],
)
def test_not_found(text: str) -> None:
    assert found(text, {"BSF102"}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "import boto3\n\ndef f(session: boto3.Session):\n    return boto3.client('s3')\n",
            "use session.client",
            id="says what to use",
        ),
        pytest.param(
            "import boto3\n\ndef f(session=None):\n"
            "    return session.client('s3') if session else boto3.client('s3')\n",
            "one call serves both: (session or boto3).client",
            id="says how to write a test of the session",
        ),
        pytest.param(
            "import boto3\n\ndef f(session: boto3.Session | None = None):\n    return boto3.client('s3')\n",
            "use (session or boto3).client",
            id="says what to use where it may be None",
        ),
    ],
)
def test_message(text: str, expected: str) -> None:
    (finding,) = findings_of(text, CODES)
    assert finding.message.endswith(expected)
