"""Lines that are aligned with a bracket move with it; others stay where they are."""

from __future__ import annotations

import pytest

from tests.analysis import code
from tests.rewrite.places import rewritten, use


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            x = boto3.client("s3",
                             region_name=r)
            """,
            """
            x = (session or boto3).client("s3",
                                          region_name=r)
            """,
            id="arguments",
        ),
        pytest.param(
            """
            x = boto3.client("s3",  # the service
                             # the region

                             region_name=r
                             )
            """,
            """
            x = (session or boto3).client("s3",  # the service
                                          # the region

                                          region_name=r
                                          )
            """,
            id="comments, blank lines and the bracket",
        ),
        pytest.param(
            '''
            x = boto3.client("s3", f(a,
                                     b), """
                             text""", [
                                 c
                             ],
                             d)
            ''',
            '''
            x = (session or boto3).client("s3", f(a,
                                                  b), """
                             text""", [
                                              c
                                          ],
                                          d)
            ''',
            id="brackets in brackets, but not text",
        ),
        pytest.param(
            """
            x = boto3.client("s3").Bucket(name,
                                          region)
            """,
            """
            x = (session or boto3).client("s3").Bucket(name,
                                                       region)
            """,
            id="a bracket further behind",
        ),
        pytest.param(
            """
            class A:
                def f(self):
                    with f(boto3.client("s3",
                                        r), g(
                               1,
                           ),
                           h) as x:
                        pass
            """,
            """
            class A:
                def f(self):
                    with f((session or boto3).client("s3",
                                                     r), g(
                               1,
                           ),
                           h) as x:
                        pass
            """,
            id="not what is aligned with a bracket before it",
        ),
        pytest.param(
            """
            x = boto3.client(
                "s3",
                region_name=r,
            )
            """,
            """
            x = (session or boto3).client(
                "s3",
                region_name=r,
            )
            """,
            id="hanging",
        ),
        pytest.param(
            """
            x = boto3.client("s3",
                region_name=r)
            """,
            """
            x = (session or boto3).client("s3",
                region_name=r)
            """,
            id="not aligned",
        ),
        pytest.param(
            """
            x = boto3.client(
                                "s3",
                )
            """,
            """
            x = (session or boto3).client(
                                "s3",
                )
            """,
            id="hanging far out",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_alignment(before: str, after: str, newline: str) -> None:
    text = code(before).replace("\n", newline)
    new = code(after).replace("\n", newline)
    assert rewritten(text, use(text, receiver="(session or boto3)")) == new


def test_several_on_one_line() -> None:
    text = code("""
        x = boto3.client(a, boto3.client(b,
                                         c),
                         d)
        """)
    assert rewritten(text, use(text), use(text, nth=1)) == code("""
        x = session.client(a, session.client(b,
                                             c),
                           d)
        """)


def test_what_gets_shorter() -> None:
    text = code("""
        x = (my_library.aws.boto3.client("s3",
                                         # region
                                         region),
        \t\t\t\t\t\tx)
        """)
    assert rewritten(text, use(text, "my_library.aws.boto3.client")) == code("""
        x = (session.client("s3",
                            # region
                            region),
        \t\t\t\t\t\tx)
        """)
