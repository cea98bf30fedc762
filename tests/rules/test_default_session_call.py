"""BSF101: what must be found, and what must not."""

from __future__ import annotations

import pytest

from tests.analysis import findings_of, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            import boto3

            def greet(table_name, user_id):
                ddb = boto3.resource('dynamodb')
                return ddb.Table(table_name).get_item(Key={'id': user_id})
            """,
            ["BSF101 4"],
            id="in a function",
        ),
        pytest.param(
            """
            import boto3

            class Store:
                def __init__(self):
                    self.s3 = boto3.client("s3")

                @property
                def sqs(self):
                    return boto3.client("sqs")
            """,
            ["BSF101 5", "BSF101 9"],
            id="in methods, whether there is a fix or not",
        ),
        pytest.param(
            """
            import boto3

            clients = {"s3": lambda: boto3.client("s3")}
            """,
            ["BSF101 3"],
            id="in a lambda",
        ),
        pytest.param(
            """
            from functools import partial
            import boto3

            def makers():
                return partial(boto3.client, "s3")
            """,
            ["BSF101 5"],
            id="handed on",
        ),
        pytest.param(
            """
            import boto3

            def lambda_handler(event, context):
                return boto3.client("s3").list_buckets()
            """,
            ["BSF101 4"],
            id="in a Lambda handler",
        ),
        pytest.param(
            """
            import boto3

            _client = None

            def client():
                global _client
                _client = _client or boto3.client("s3")
                return _client
            """,
            ["BSF101 7"],
            id="cached",
        ),
        pytest.param(
            """
            import boto3

            def main():
                boto3.client("s3")

            if __name__ == "__main__":
                main()
            """,
            ["BSF101 4"],
            id="in main",
        ),
        pytest.param(
            """
            import boto3
            from sqlalchemy.orm import Session

            def load(session: Session):
                return session, boto3.client("s3")
            """,
            ["BSF101 5"],
            id="beside a session of another kind",
        ),
        pytest.param(
            """
            import boto3

            def load(client=None):
                return client or boto3.client("s3")
            """,
            ["BSF101 4"],
            id="as the default of a parameter",
        ),
        pytest.param(
            """
            import boto3

            def two(): return boto3.client("s3"), boto3.client("sqs")
            """,
            ["BSF101 3", "BSF101 3"],
            id="twice on a line",
        ),
        pytest.param(
            """
            import aws_assume_role_lib
            import boto3

            aws_assume_role_lib.patch_boto3()

            def assumed(arn):
                return boto3.assume_role(arn)
            """,
            ["BSF101 7"],
            id="assume_role of a patched boto3",
        ),
    ],
)
def test_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import boto3\n\nS3 = boto3.client('s3')\n", id="at import, which is another rule"),
        pytest.param(
            "import boto3\n\ndef f():\n    return boto3.Session().client('s3')\n", id="a session's own"
        ),
        pytest.param(
            "import boto3\n\ndef f(session=None):\n    return (session or boto3).client('s3')\n",
            id="the inline form",
        ),
        pytest.param(
            "import boto3\n\ndef f(session=None):\n    session = session or boto3\n"
            "    return session.client('s3')\n",
            id="boto3 itself standing in for a session",
        ),
        pytest.param(
            "import boto3\n\ndef f(session=None):\n    if not session:\n"
            "        session = boto3._get_default_session()\n    return session.client('s3')\n",
            id="the article's form",
        ),
        pytest.param(
            "import boto3\n\ndef f(boto3):\n    return boto3.client('s3')\n", id="a parameter called boto3"
        ),
        pytest.param(
            "import aioboto3\n\nasync def f():\n    async with aioboto3.client('s3') as c: ...\n",
            id="aioboto3",
        ),
        pytest.param(
            "import docker\n\ndef f():\n    return docker.client('x')\n", id="another library's client"
        ),
        pytest.param("def f(app):\n    return app.boto3.client('s3')\n", id="an object's boto3"),
        pytest.param(
            "import boto3\n\ndef f():\n    return boto3.client('s3')  # noqa: BSF101\n", id="suppressed"
        ),
        pytest.param(
            "# flake8: noqa\nimport boto3\n\ndef f():\n    return boto3.client('s3')\n", id="file suppressed"
        ),
        pytest.param("import boto3\n\ndef f() -> 'boto3.client':\n    ...\n", id="text"),
        pytest.param(
            "import boto3\n\ndef f(c: boto3.client) -> None:\n    '''boto3.client'''\n",
            id="annotation and docstring",
        ),
        pytest.param("import boto3\n\ndef f():\n    return boto3.__version__\n", id="another attribute"),
        pytest.param(
            "import botocore.session\n\ndef f():\n    return botocore.session.get_session()\n", id="botocore"
        ),
    ],
)
def test_not_found(text: str) -> None:
    assert found(text, {"BSF101"}) == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("test_mod.py", id="test_*.py"),
        pytest.param("mod_test.py", id="*_test.py"),
        pytest.param("conftest.py", id="conftest.py"),
        pytest.param("tests/steps.py", id="below tests/"),
        pytest.param("app/tests/deep/steps.py", id="below tests/ of a package"),
    ],
)
def test_tests_are_left_out(path: str) -> None:
    assert found("import boto3\n\ndef f():\n    return boto3.client('s3')\n", path=path) == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("testing.py", id="testing.py"),
        pytest.param("latest.py", id="latest.py"),
        pytest.param("contest/mod.py", id="a folder that only ends alike"),
    ],
)
def test_not_every_name_with_test_is_a_test(path: str) -> None:
    assert found("import boto3\n\ndef f():\n    return boto3.client('s3')\n", path=path) == ["BSF101 4"]


def test_finding() -> None:
    text = (
        "import boto3\n\nclass A:\n    def f(self):\n        return [boto3.client('s3', region_name='x')]\n"
    )
    (finding,) = findings_of(text)
    place = finding.location.position
    assert (place.line, place.column, finding.end.line, finding.end.column) == (5, 16, 5, 51)
    assert finding.function == "A.f"
    assert finding.message.startswith("boto3.client('s3', …) uses the hidden default session")
