"""Where the default session is used, under whatever name; and where it only looks so."""

from __future__ import annotations

import pytest

from tests.analysis import code, only_site, sites_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import boto3\ndef f():\n    boto3.client('s3')", "boto3.client", id="client"),
        pytest.param("import boto3\ndef f():\n    boto3.resource('s3')", "boto3.resource", id="resource"),
        pytest.param("import boto3 as b\ndef f():\n    b.client('s3')", "b.client", id="module alias"),
        pytest.param("from boto3 import client\ndef f():\n    client('s3')", "client", id="from import"),
        pytest.param("from boto3 import client as c\ndef f():\n    c('s3')", "c", id="from import, alias"),
        pytest.param(
            "import boto3.session\ndef f():\n    boto3.client('s3')", "boto3.client", id="submodule"
        ),
        pytest.param(
            "def f():\n    import boto3\n    boto3.client('s3')", "boto3.client", id="import in function"
        ),
        pytest.param(
            "try:\n    import boto3\nexcept ImportError:\n    boto3 = None\ndef f():\n    boto3.client('s3')",
            "boto3.client",
            id="import in try",
        ),
        pytest.param(
            "from .common import *\ndef f():\n    boto3.client('s3')", "boto3.client", id="star import"
        ),
        pytest.param(
            "from app import aws\ndef f():\n    aws.boto3.client('s3')",
            "aws.boto3.client",
            id="attribute of a module",
        ),
        pytest.param(
            "from app.aws import boto3\ndef f():\n    boto3.client('s3')",
            "boto3.client",
            id="imported from another module",
        ),
        pytest.param(
            "import boto3\nmake = boto3.client\ndef f():\n    make('s3')", "make", id="alias at module level"
        ),
        pytest.param(
            "import boto3\ndef f():\n    make = boto3.client\n    return make('s3'), make('sqs')",
            "boto3.client",
            id="alias in the function is one site",
        ),
        pytest.param(
            "from functools import partial\nimport boto3\ndef f():\n    return partial(boto3.client, 's3')",
            "boto3.client",
            id="handed on",
        ),
        pytest.param(
            "import boto3\nasync def f():\n    await sync_to_async(boto3.client)('s3')",
            "boto3.client",
            id="handed on, async",
        ),
        pytest.param(
            "import boto3\ndef f():\n    try:\n        g()\n"
            "    except boto3.client('s3').exceptions.NoSuchBucket:\n        pass",
            "boto3.client",
            id="in an except",
        ),
        pytest.param("import boto3\nf = lambda: boto3.client('s3')", "boto3.client", id="lambda"),
        pytest.param(
            "import boto3\nclass A:\n    client = lambda self: boto3.client('s3')",
            "boto3.client",
            id="lambda in a class",
        ),
        pytest.param("import boto3\nX = boto3.client('s3')", "boto3.client", id="at import"),
        pytest.param("import boto3\ndef f(c=boto3.client('s3')): ...", "boto3.client", id="default argument"),
        pytest.param(
            "import boto3\nboto3.patched = True\ndef f():\n    boto3.assume_role('arn')",
            "boto3.assume_role",
            id="assume_role of a patched boto3",
        ),
        pytest.param(
            "boto3 = None\n\ndef load():\n    global boto3\n    import boto3\n\n"
            "def f():\n    boto3.client('s3')",
            "boto3.client",
            id="lazy import",
        ),
        pytest.param(
            "import boto3\nclass A:\n    boto3 = 1\n    def f(self):\n        boto3.client('s3')",
            "boto3.client",
            id="a class attribute called boto3",
        ),
    ],
)
def test_found(text: str, expected: str) -> None:
    site = only_site(text)
    assert (f"{site.receiver}." if site.receiver else "") + (site.alias or site.api) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import boto3\ndef f(boto3):\n    boto3.client('s3')", id="parameter called boto3"),
        pytest.param("import boto3\ndef f():\n    boto3 = fake()\n    boto3.client('s3')", id="local"),
        pytest.param("import boto3\ndef f(self):\n    self.boto3.client('s3')", id="attribute of an object"),
        pytest.param("import boto3\ndef f(ns):\n    ns.boto3.client('s3')", id="attribute of a parameter"),
        pytest.param(
            "import boto3\nclass NS:\n    boto3 = None\nns = NS()\ndef f():\n    ns.boto3.client('s3')",
            id="attribute of an object of the module",
        ),
        pytest.param("import boto3\ndef f():\n    boto3.Session().client('s3')", id="a session's client"),
        pytest.param(
            "import boto3\ndef f():\n    boto3.session.Session().client('s3')", id="the same, longer"
        ),
        pytest.param("import boto3\ndef f(c: boto3.client) -> boto3.resource: ...", id="annotations"),
        pytest.param("import boto3\ndef f():\n    c: boto3.client = get()", id="annotation of a local"),
        pytest.param("import boto3\ndef f(c: list[boto3.client]): ...", id="inside an annotation"),
        pytest.param(
            "import boto3\ndef f():\n    print(boto3.client.__doc__)", id="an attribute of the function"
        ),
        pytest.param("import boto3\ndef f():\n    boto3.client = fake", id="replaced"),
        pytest.param("import boto3\nmake = boto3.client", id="reference at import"),
        pytest.param("import boto3\ndef f():\n    boto3.set_stream_logger()", id="another function of boto3"),
        pytest.param("import boto3\ndef f():\n    'boto3.client(1)'  # boto3.client(1)", id="text"),
        pytest.param("import aioboto3\ndef f():\n    aioboto3.client('s3')", id="aioboto3"),
        pytest.param(
            "from .boto3 import client\ndef f():\n    client('s3')", id="the project's own boto3.py"
        ),
        pytest.param(
            "from app.boto3 import client\ndef f():\n    client('s3')",
            id="the project's own boto3.py, absolute",
        ),
        pytest.param(
            "import app.boto3\ndef f():\n    app.boto3.client('s3')",
            id="the project's own boto3.py, imported",
        ),
        pytest.param(
            "from mock import client\nimport boto3\ndef f():\n    client('s3')", id="another client"
        ),
        pytest.param(
            "from boto3 import client\ndef f(client):\n    client('s3')",
            id="a parameter of the imported name",
        ),
        pytest.param(
            "from boto3 import client\ndef f():\n    client = client_for('s3')\n    client('s3')",
            id="a local of the imported name",
        ),
        pytest.param(
            "try:\n    from boto3 import client\nexcept ImportError:\n    def client(name): ...\n"
            "def f():\n    client('s3')",
            id="imported, or defined here",
        ),
    ],
)
def test_not_found(text: str) -> None:
    assert sites_of(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "import boto3\ndef f():\n    é = boto3.client('s3')", (3, 8, 3, 26), id="after non-ASCII"
        ),
        pytest.param(
            "import boto3\ndef f():\n    x = '\U0001d4b3', boto3.client('s3')",
            (3, 13, 3, 31),
            id="after an astral character",
        ),
        pytest.param("import boto3\ndef f():\n\treturn boto3.client('s3')", (3, 8, 3, 26), id="after a tab"),
        pytest.param(
            "import boto3\ndef f():\n    return (boto3\n        .client(\n            's3'\n        )\n    )",
            (3, 12, 6, 9),
            id="over several lines",
        ),
        pytest.param(
            "import boto3\ndef f():\n    return boto3.client('s3').list_buckets()",
            (3, 11, 3, 29),
            id="the call, not the chain",
        ),
        pytest.param("import boto3\ndef f():\n    return [boto3.client]", (3, 12, 3, 24), id="reference"),
    ],
)
def test_positions(text: str, expected: tuple[int, int, int, int]) -> None:
    site = only_site(text)
    assert (site.position.line, site.position.column, site.end.line, site.end.column) == expected


@pytest.mark.parametrize(
    ("text", "function", "outermost"),
    [
        pytest.param(
            """
            def f():
                boto3.client("s3")
            """,
            "f",
            2,
            id="function",
        ),
        pytest.param(
            """
            class A:
                def f(self):
                    boto3.client("s3")
            """,
            "A.f",
            3,
            id="method",
        ),
        pytest.param(
            """
            class A:
                class B:
                    @staticmethod
                    def f():
                        boto3.client("s3")
            """,
            "A.B.f",
            5,
            id="method of a nested class, decorated",
        ),
        pytest.param(
            """
            def f():
                def g():
                    return lambda: boto3.client("s3")
            """,
            "f.g.<lambda>",
            2,
            id="nested",
        ),
        pytest.param(
            """
            def f():
                class A:
                    x = boto3.client("s3")
            """,
            "f",
            2,
            id="class in a function",
        ),
        pytest.param("X = boto3.client('s3')", None, None, id="import"),
        pytest.param("class A:\n    x = boto3.client('s3')", None, None, id="class body"),
        pytest.param("def f(x=boto3.client('s3')): ...", None, None, id="default argument"),
        pytest.param("def f(*, x=boto3.client('s3')): ...", None, None, id="keyword-only default"),
        pytest.param("f = lambda x=boto3.client('s3'): x", None, None, id="default of a lambda"),
        pytest.param("@deco(boto3.client('s3'))\ndef f(): ...", None, None, id="decorator"),
        pytest.param("class A(boto3.client('s3').base): ...", None, None, id="base of a class"),
        pytest.param("X = [boto3.client(n) for n in 'ab']", None, None, id="comprehension at import"),
    ],
)
def test_functions(text: str, function: str | None, outermost: int | None) -> None:
    site = only_site("import boto3\n" + code(text))
    assert site.function_name == function
    assert (site.outermost.line if site.outermost is not None else None) == outermost


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("if __name__ == '__main__':\n    boto3.client('s3')", True, id="main guard"),
        pytest.param("if '__main__' == __name__:\n    boto3.client('s3')", True, id="the other way round"),
        pytest.param(
            "if __name__ == '__main__':\n    for x in y:\n        boto3.client('s3')", True, id="deeper"
        ),
        pytest.param("if DEBUG:\n    boto3.client('s3')", False, id="another if"),
        pytest.param(
            "if __name__ == '__main__':\n    pass\nelse:\n    boto3.client('s3')",
            False,
            id="else of the guard",
        ),
        pytest.param("if __name__ != '__main__':\n    boto3.client('s3')", False, id="the opposite"),
    ],
)
def test_main_guard(text: str, expected: bool) -> None:
    assert only_site(f"import boto3\n{text}").main_guard is expected


@pytest.mark.parametrize(
    ("call", "service", "text"),
    [
        pytest.param("boto3.client('s3')", "s3", "boto3.client('s3')", id="literal"),
        pytest.param("boto3.client(service_name='s3')", "s3", "boto3.client(…)", id="keyword"),
        pytest.param(
            "boto3.client('s3', region_name=r)", "s3", "boto3.client('s3', …)", id="literal and more"
        ),
        pytest.param("boto3.client(name)", None, "boto3.client(…)", id="name"),
        pytest.param("boto3.client(*args)", None, "boto3.client(…)", id="starred"),
        pytest.param("boto3.client()", None, "boto3.client()", id="nothing"),
        pytest.param("x(boto3.client)", None, "boto3.client", id="reference"),
    ],
)
def test_services(call: str, service: str | None, text: str) -> None:
    site = only_site(f"import boto3\ndef f():\n    {call}\n")
    assert (site.service, site.text) == (service, text)


def test_sites_are_in_the_order_of_the_text() -> None:
    sites = sites_of(
        "import boto3\ndef f(x=boto3.client('a')):\n    return g(boto3.client('b'), boto3.client('c'))\n"
    )
    assert [site.service for site in sites] == ["a", "b", "c"]
