"""BSF104: what must be found, and what must not."""

from __future__ import annotations

import pytest

from session_first.rules import enabled
from tests.analysis import findings_of, found

CODES = {"BSF104"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("import boto3\n\nS3 = boto3.client('s3')\n", 3, id="module level"),
        pytest.param("import boto3\n\nTABLE = boto3.resource('dynamodb').Table('users')\n", 3, id="resource"),
        pytest.param("import boto3\n\nclass A:\n    s3 = boto3.client('s3')\n", 4, id="class level"),
        pytest.param("import boto3\n\ndef f(s3=boto3.client('s3')): ...\n", 3, id="default argument"),
        pytest.param("import boto3\n\nf = lambda s3=boto3.client('s3'): s3\n", 3, id="default of a lambda"),
        pytest.param("import boto3\n\n@cached(boto3.client('s3'))\ndef f(): ...\n", 3, id="decorator"),
        pytest.param(
            "import boto3\n\n@cached(boto3.client('s3'))\nclass A: ...\n", 3, id="decorator of a class"
        ),
        pytest.param(
            "import boto3\n\nclass A(Base, s3=boto3.client('s3')): ...\n", 3, id="keyword of a class"
        ),
        pytest.param("import boto3\n\nALL = [boto3.client(n) for n in 'ab']\n", 3, id="comprehension"),
        pytest.param(
            "import boto3\n\ntry:\n    S3 = boto3.client('s3')\nexcept E:\n    pass\n", 4, id="in a try"
        ),
        pytest.param("import boto3\n\nif DEBUG:\n    S3 = boto3.client('s3')\n", 4, id="in an if"),
        pytest.param(
            "import boto3\n\nif __name__ != '__main__':\n    S3 = boto3.client('s3')\n",
            4,
            id="only where it is imported",
        ),
        pytest.param("from boto3 import client\n\nS3 = client('s3')\n", 3, id="from import"),
    ],
)
def test_found(text: str, line: int) -> None:
    assert found(text, CODES) == [f"BSF104 {line}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import boto3\n\ndef f():\n    return boto3.client('s3')\n", id="in a function"),
        pytest.param("import boto3\n\nf = lambda: boto3.client('s3')\n", id="in a lambda"),
        pytest.param("import boto3\n\nmake = boto3.client\n", id="a reference, which makes nothing"),
        pytest.param(
            "from functools import partial\nimport boto3\n\nmake = partial(boto3.client, 's3')\n",
            id="a partial, which makes nothing",
        ),
        pytest.param(
            "import boto3\n\nif __name__ == '__main__':\n    boto3.client('s3')\n", id="a script's own"
        ),
        pytest.param(
            "import boto3\n\nif __name__ == '__main__':\n    for n in 'ab':\n        boto3.client(n)\n",
            id="a script's own, deeper",
        ),
        pytest.param("import boto3\n\nS3 = boto3.Session().client('s3')\n", id="a session of its own"),
        pytest.param(
            "import boto3\n\ndef f():\n    def g(s3=boto3.client('s3')): ...\n",
            id="default inside a function",
        ),
        pytest.param("import boto3\n\nS3 = boto3.client('s3')  # noqa: BSF104\n", id="suppressed"),
    ],
)
def test_not_found(text: str) -> None:
    assert found(text, CODES) == []


def test_tests_are_left_out() -> None:
    assert found("import boto3\n\nS3 = boto3.client('s3')\n", CODES, path="tests/test_x.py") == []


def test_opt_in() -> None:
    assert "BSF104" not in enabled(None)
    assert "BSF104" in enabled(None, extend_select=["BSF104"])


def test_finding() -> None:
    (finding,) = findings_of("import boto3\n\nS3 = boto3.client('s3')\n", CODES)
    assert finding.function is None
    assert finding.message.startswith("boto3.client('s3') runs when the module is imported")
