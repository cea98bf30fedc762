"""A line that the edits made too long is laid out as black does it, one bracket of it broken."""

from __future__ import annotations

import pytest

from session_first.rewrite.long_lines import lay_out_long_lines
from tests.analysis import code

LIMIT = 60


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            'self.client = (session or boto3).client("s3", region_name=region)',
            """
            self.client = (session or boto3).client(
                "s3", region_name=region
            )
            """,
            id="a call, its arguments on an indented line",
        ),
        pytest.param(
            'self.client = (session or boto3).client("s3", region_name=self.region, config=self.config, verify=False)',
            """
            self.client = (session or boto3).client(
                "s3",
                region_name=self.region,
                config=self.config,
                verify=False,
            )
            """,
            id="a call, an argument a line",
        ),
        pytest.param(
            "print(describe_the_stack(name_of_the_stack, session=session))",
            """
            print(
                describe_the_stack(name_of_the_stack, session=session)
            )
            """,
            id="a call in a call",
        ),
        pytest.param(
            'return list_objects(bucket_name, prefix, session=session)["Contents"]',
            """
            return list_objects(
                bucket_name, prefix, session=session
            )["Contents"]
            """,
            id="a call and what is got of it",
        ),
        pytest.param(
            'clusters = self.emr(session=session).list().get("Clusters", [])',
            """
            clusters = (
                self.emr(session=session).list().get("Clusters", [])
            )
            """,
            id="a chain",
        ),
        pytest.param(
            'items = (session or boto3).client("dynamodb").scan(TableName=name)',
            """
            items = (
                (session or boto3)
                .client("dynamodb")
                .scan(TableName=name)
            )
            """,
            id="a longer chain",
        ),
        pytest.param(
            "account = account_of_caller(profile, session=session) or DEFAULT",
            """
            account = (
                account_of_caller(profile, session=session) or DEFAULT
            )
            """,
            id="an operation",
        ),
        pytest.param(
            "if not is_bucket_empty(bucket_name, prefix, session=session):\n    pass",
            """
            if not is_bucket_empty(
                bucket_name, prefix, session=session
            ):
                pass
            """,
            id="a condition",
        ),
        pytest.param(
            "for bucket, key in all_the_keys(bucket_name, session=session):\n    pass",
            """
            for bucket, key in all_the_keys(
                bucket_name, session=session
            ):
                pass
            """,
            id="a loop",
        ),
        pytest.param(
            "yield from all_the_keys(bucket_name, prefix, session=session)",
            """
            yield from all_the_keys(
                bucket_name, prefix, session=session
            )
            """,
            id="a yield",
        ),
        pytest.param(
            "from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union as U",
            """
            from typing import (
                TYPE_CHECKING,
                Any,
                Dict,
                List,
                Optional,
                Union as U,
            )
            """,
            id="an import",
        ),
        pytest.param(
            "names = [i['ID'] for i in instances(config, session=session)]",
            """
            names = [
                i['ID'] for i in instances(config, session=session)
            ]
            """,
            id="a comprehension",
        ),
        pytest.param(
            "def describe(config, bucket=None, key=None, session=None) -> Dict[str, int]:\n\tpass",
            """
            def describe(
            \tconfig, bucket=None, key=None, session=None
            ) -> Dict[str, int]:
            \tpass
            """,
            id="a signature, with tabs",
        ),
        pytest.param(
            "def f(\n    config, bucket=None, key=None, prefix=None, *, session=None\n):\n    pass",
            """
            def f(
                config,
                bucket=None,
                key=None,
                prefix=None,
                *,
                session=None,
            ):
                pass
            """,
            id="all that a bracket holds",
        ),
        pytest.param(
            "make(\n    client=(session or boto3).client('s3', region_name=region_a),\n)",
            """
            make(
                client=(session or boto3).client(
                    's3', region_name=region_a
                ),
            )
            """,
            id="an argument on its line",
        ),
    ],
)
def test_laid_out(line: str, expected: str) -> None:
    assert lay_out_long_lines("", f"{line}\n", LIMIT) == code(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("list_objects(bucket_name, prefix, session=session)", id="short enough"),
        pytest.param("list_objects(bucket_name, prefix, session=session)  # of the user", id="a comment"),
        pytest.param(
            "list_objects(bucket_name,\n             prefix, self.suffix, session=session, limit=1)",
            id="aligned",
        ),
        pytest.param(
            "a = b + \\\n  list_objects(bucket_name, prefix, name, session=session)", id="continued"
        ),
        pytest.param(
            "a = '''\n  {list_objects(bucket_name, prefix, name, session=session)}'''", id="in a string"
        ),
        pytest.param("f'{list_objects(bucket_name, prefix, name, session=session)}'", id="in an f-string"),
        pytest.param("list_objects(bucket_name, prefix); other(self, session=session)", id="two statements"),
        pytest.param(
            "if x: return list_objects(bucket_name, prefix, session=session)", id="a block on the line"
        ),
        pytest.param("f = lambda name, session=None: (session or boto3).client(name)", id="a lambda"),
        pytest.param(
            "return first(session or boto3) if secret else last_of_them(bucket_name, prefix, name)",
            id="an operation that is too long for a line of its own",
        ),
        pytest.param(
            "return {name: (session or boto3).client(service, region) for name, region in regions}",
            id="a comprehension over pairs that is too long for a line of its own",
        ),
        pytest.param("(session or boto3).client_of_the_name_that_is_long_already()", id="nothing to break"),
        pytest.param(
            "def the_one_whose_name_is_as_long_as_the_whole_of_a_line():\n    pass",
            id="no parameters to break",
        ),
        pytest.param(
            "f(\n    a, list_objects(bucket_name, prefix, name, session=session),\n)", id="one of several"
        ),
    ],
)
def test_stays(text: str) -> None:
    assert lay_out_long_lines("", f"{text}\n", LIMIT - ("enough" in text)) == f"{text}\n"


def test_what_was_too_long_already_stays() -> None:
    before = "client = boto3.client('secretsmanager', region_name=region)\n"
    after = "client = (session or boto3).client('secretsmanager', region_name=region)\n"
    assert lay_out_long_lines(before, after, 40) == after
    assert lay_out_long_lines(before, after, 60) != after


def test_newlines_are_kept() -> None:
    text = "x = 1\r\nlist_objects(bucket_name, prefix, session=session)\r\n"
    assert lay_out_long_lines("", text, 45) == (
        "x = 1\r\nlist_objects(\r\n    bucket_name, prefix, session=session\r\n)\r\n"
    )
