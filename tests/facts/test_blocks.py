"""Where a site's statement stands: whether it is always reached, and whether a line can go before it."""

from __future__ import annotations

import pytest

from session_first.facts.blocks import dominates
from session_first.model import StatementFacts
from tests.analysis import code, only_site, sites_of


def statement_of(text: str) -> StatementFacts:
    """The facts of the statement around the one site of the function body `text`."""
    body = "".join(f"    {line}\n" if line else "\n" for line in code(text).splitlines())
    statement = only_site(f"import boto3\ndef f(x, y):\n{body}").statement
    assert statement is not None
    return statement


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("boto3.client('s3')", id="expression"),
        pytest.param("c = boto3.client('s3').get_object(Bucket=x)['Body'].read()", id="chain"),
        pytest.param("return [boto3.client('s3'), x]", id="element"),
        pytest.param("use(x, key=boto3.client('s3'))", id="argument"),
        pytest.param("a, b = boto3.client('s3'), x", id="tuple"),
        pytest.param("with boto3.client('s3') as c:\n    pass", id="first item of with"),
        pytest.param("for k in boto3.client('s3').list_buckets():\n    pass", id="iterable of a loop"),
        pytest.param("if boto3.client('s3'):\n    pass", id="test of an if"),
        pytest.param("return x if boto3.client('s3') else y", id="test of a conditional expression"),
        pytest.param("return boto3.client('s3') or x", id="first of or"),
        pytest.param("return boto3.client('s3').n < x < y", id="first of a comparison"),
        pytest.param("return x < boto3.client('s3').n < y", id="second of a comparison"),
        pytest.param("assert boto3.client('s3')", id="test of an assert"),
        pytest.param("match boto3.client('s3'):\n    case _:\n        pass", id="subject of match"),
        pytest.param("def g(c=boto3.client('s3')):\n    pass", id="default of a nested function"),
        pytest.param("return lambda c=boto3.client('s3'): c", id="default of a lambda"),
        pytest.param("class A(boto3.client('s3').base):\n    pass", id="base of a nested class"),
        pytest.param("raise boto3.client('s3').exceptions.NoSuchKey", id="raise"),
        pytest.param("del boto3.client('s3').x", id="del"),
        pytest.param("return await_(boto3.client('s3'))[0].y", id="inside subscript and attribute"),
    ],
)
def test_always_evaluated(text: str) -> None:
    assert statement_of(text).always


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "while boto3.client('sqs').receive_message():\n    pass",
            id="test of a loop, which is evaluated again later",
        ),
        pytest.param("return x or boto3.client('s3')", id="second of or"),
        pytest.param("return x and boto3.client('s3')", id="second of and"),
        pytest.param("return x if y else boto3.client('s3')", id="else of a conditional expression"),
        pytest.param("return boto3.client('s3') if x else y", id="body of a conditional expression"),
        pytest.param("return x < y < boto3.client('s3').n", id="third of a comparison"),
        pytest.param("with x as a, boto3.client('s3') as c:\n    pass", id="second item of with"),
        pytest.param("assert x, boto3.client('s3')", id="message of an assert"),
        pytest.param("match x:\n    case 1 if boto3.client('s3'):\n        pass", id="guard of a case"),
        pytest.param(
            "try:\n    pass\nexcept boto3.client('s3').exceptions.NoSuchKey:\n    pass",
            id="type of an except",
        ),
        pytest.param("x[y or boto3.client('s3')] = 1", id="inside the target of an assignment"),
    ],
)
def test_not_always_evaluated(text: str) -> None:
    assert not statement_of(text).always


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("c = boto3.client('s3')", True, id="a line of its own"),
        pytest.param("c = boto3.client('s3'); d = 1", True, id="first before a semicolon"),
        pytest.param("d = 1; c = boto3.client('s3')", False, id="after a semicolon"),
        pytest.param("if x: c = boto3.client('s3')", False, id="on the line of an if"),
        pytest.param("if x:\n    pass\nelse: c = boto3.client('s3')", False, id="on the line of an else"),
        pytest.param("for y in x: c = boto3.client('s3')", False, id="on the line of a for"),
        pytest.param("if x:\n    pass\nelif boto3.client('s3'):\n    pass", False, id="test of an elif"),
        pytest.param(
            "if x:\n    pass\nelse:\n    if boto3.client('s3'):\n        pass", True, id="if in an else"
        ),
        pytest.param("if x:\n    pass\nelif y:\n    c = boto3.client('s3')", True, id="body of an elif"),
        pytest.param("c = (\n    boto3\n    .client('s3')\n)", True, id="over several lines"),
        pytest.param('"""\n"""; c = boto3.client("s3")', False, id="after a docstring and a semicolon"),
        pytest.param("@deco(boto3.client('s3'))\ndef g(): pass", True, id="decorator of a nested function"),
    ],
)
def test_whether_a_line_can_go_before(text: str, expected: bool) -> None:
    assert statement_of(text).insertable is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("return boto3.client('s3')", True, id="only statement"),
        pytest.param('"""What it does."""\nreturn boto3.client("s3")', True, id="after the docstring"),
        pytest.param("import boto3\nreturn boto3.client('s3')", True, id="after an import"),
        pytest.param("global G\nreturn boto3.client('s3')", True, id="after a global statement"),
        pytest.param("x = 1\nreturn boto3.client('s3')", False, id="after an assignment"),
        pytest.param("setup()\nreturn boto3.client('s3')", False, id="after a call"),
        pytest.param("if x:\n    return boto3.client('s3')", False, id="in a branch"),
        pytest.param("try:\n    return boto3.client('s3')\nexcept E:\n    pass", False, id="in a try"),
        pytest.param('1\nf"{setup()}"\nreturn boto3.client("s3")', False, id="after an f-string"),
    ],
)
def test_whether_it_is_the_first(text: str, expected: bool) -> None:
    assert statement_of(text).first is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("A\nB", True, id="one after the other"),
        pytest.param("A\nif x:\n    B", True, id="then in a branch"),
        pytest.param("A\ntry:\n    for y in x:\n        B\nfinally:\n    pass", True, id="then deep inside"),
        pytest.param("with x:\n    A\n    B", True, id="both in a with"),
        pytest.param("use(A, B)", True, id="in one statement"),
        pytest.param("if A:\n    B", True, id="in the test and in the branch"),
        pytest.param("for y in A:\n    B", True, id="in the iterable and in the body"),
        pytest.param("if x:\n    A\nB", False, id="in a branch and after it"),
        pytest.param("if x:\n    A\nelse:\n    B", False, id="in two branches"),
        pytest.param("if x:\n    A\nelif B:\n    pass", False, id="in a branch and in the test of an elif"),
        pytest.param("try:\n    A\nexcept E:\n    B", False, id="in a try and in its handler"),
        pytest.param("try:\n    A\nfinally:\n    B", False, id="in a try and in its finally"),
        pytest.param("try:\n    A\nexcept E:\n    pass\nB", False, id="in a try and after it"),
        pytest.param(
            "with x:\n    A\nB", False, id="in a with, which may swallow the exception, and after it"
        ),
        pytest.param("for y in x:\n    A\nB", False, id="in a loop and after it"),
        pytest.param("for y in x:\n    A\nelse:\n    B", False, id="in a loop and in its else"),
        pytest.param("match x:\n    case 1:\n        A\n    case _:\n        B", False, id="in two cases"),
    ],
)
def test_whether_the_first_site_comes_before_the_second(body: str, expected: bool) -> None:
    text = body.replace("A", "boto3.client('a')").replace("B", "boto3.client('b')")
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    first, second = sites_of(f"import boto3\ndef f(x):\n{lines}")
    assert first.statement is not None
    assert second.statement is not None
    assert dominates(first.statement.path, second.statement.path) is expected


@pytest.mark.parametrize(
    ("text", "own"),
    [
        pytest.param("def f():\n    boto3.client('s3')", True, id="body"),
        pytest.param("def f():\n    if x:\n        boto3.client('s3')", True, id="branch"),
        pytest.param("def f():\n    def g():\n        boto3.client('s3')", False, id="nested function"),
        pytest.param("def f():\n    return lambda: boto3.client('s3')", False, id="lambda"),
        pytest.param("def f():\n    return [boto3.client(s) for s in x]", False, id="comprehension"),
        pytest.param("def f():\n    return (boto3.client(s) for s in x)", False, id="generator expression"),
        pytest.param(
            "def f():\n    class A:\n        c = boto3.client('s3')", False, id="class in a function"
        ),
        pytest.param("def f():\n    return [b for b in boto3.client('s3').x]", False, id="first iterable"),
        pytest.param(
            "def f(x):\n    def g(c=boto3.client('s3')): ...", True, id="default of a nested function"
        ),
        pytest.param("f = lambda: boto3.client('s3')", True, id="lambda outside functions"),
    ],
)
def test_whether_it_stands_in_the_function_itself(text: str, own: bool) -> None:
    assert only_site(f"import boto3\n{text}").own_body is own
