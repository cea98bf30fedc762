"""What a dotted name means where it stands: imports, aliases, shadows and scopes."""

from __future__ import annotations

import ast

import pytest

from session_first.facts.names import Names, qualified_name
from tests.analysis import code


def meaning(text: str, module: str = "pkg.mod", *, is_package: bool = False) -> str | None:
    """What the expression in the last call of `probe(...)` means."""
    tree = ast.parse(code(text))
    names = Names(tree, module, is_package=is_package)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "probe"
    ]
    last = max(calls, key=lambda call: (call.lineno, call.col_offset))
    return names.dotted(last.args[0], names.scope_of[last.func])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("import boto3\nprobe(boto3.client)", "boto3.client", id="import"),
        pytest.param("import boto3 as b\nprobe(b.client)", "boto3.client", id="import under another name"),
        pytest.param("import boto3.session\nprobe(boto3.client)", "boto3.client", id="import of a submodule"),
        pytest.param(
            "import boto3.session as s\nprobe(s.Session)",
            "boto3.session.Session",
            id="import of a submodule under another name",
        ),
        pytest.param(
            "import boto3.dynamodb.conditions\nprobe(boto3.resource)",
            "boto3.resource",
            id="import of a deep submodule binds the first name",
        ),
        pytest.param("from boto3 import client as c\nprobe(c)", "boto3.client", id="from import"),
        pytest.param("from . import aws\nprobe(aws.boto3)", "pkg.aws.boto3", id="relative import"),
        pytest.param(
            "from .aws import boto3\nprobe(boto3.client)", "pkg.aws.boto3.client", id="relative from import"
        ),
        pytest.param("def f():\n    import boto3\n    probe(boto3)", "boto3", id="import in a function"),
        pytest.param(
            "def f():\n    import boto3\n    def g():\n        probe(boto3)", "boto3", id="seen from inside"
        ),
        pytest.param(
            "try:\n    import boto3\nexcept ImportError:\n    boto3 = None\nprobe(boto3.client)",
            "boto3.client",
            id="None where the import failed",
        ),
        pytest.param(
            "if x:\n    import boto3\nelse:\n    import boto3 as boto3\nprobe(boto3)",
            "boto3",
            id="the same in both branches",
        ),
        pytest.param("import boto3\nmake = boto3.client\nprobe(make)", "boto3.client", id="alias"),
        pytest.param(
            "import boto3\nmodule = boto3\nmake = module.client\ndef f():\n    probe(make)",
            "boto3.client",
            id="alias of an alias, from a function",
        ),
        pytest.param(
            "import boto3\nmake: Maker = boto3.client\nprobe(make)", "boto3.client", id="annotated alias"
        ),
        pytest.param(
            "import boto3\nif (make := boto3.client):\n    probe(make)", "boto3.client", id="walrus alias"
        ),
        pytest.param(
            "import boto3\nok = [m := boto3.client for _ in '12']\nprobe(m)",
            "boto3.client",
            id="a walrus in a comprehension binds outside it",
        ),
        pytest.param(
            "from fastapi import FastAPI\napp = FastAPI()\nprobe(app.get)",
            "fastapi.FastAPI().get",
            id="method of an instance",
        ),
        pytest.param(
            "boto3 = None\ndef load():\n    global boto3\n    import boto3\ndef f():\n    probe(boto3)",
            "boto3",
            id="lazy import through a global statement",
        ),
        pytest.param(
            "def f():\n    boto3 = None\n    def load():\n        nonlocal boto3\n        import boto3\n"
            "    probe(boto3)",
            "boto3",
            id="lazy import through a nonlocal statement",
        ),
        pytest.param(
            "import boto3\nclass A:\n    boto3 = object()\n    def f(self):\n        probe(boto3)",
            "boto3",
            id="a class attribute is no name of its methods",
        ),
        pytest.param(
            "import boto3\nclass A:\n    boto3 = object()\n    x = [probe(boto3) for _ in '12']",
            "boto3",
            id="a class attribute is no name of a comprehension in the class",
        ),
        pytest.param(
            "import boto3\ndef f():\n    for boto3 in []:\n        pass\nprobe(boto3)",
            "boto3",
            id="a local elsewhere",
        ),
        pytest.param(
            "import boto3\nx = [boto3 for boto3 in y]\nprobe(boto3)",
            "boto3",
            id="the target of a comprehension stays in it",
        ),
        pytest.param("from .common import *\nprobe(boto3.client)", "boto3.client", id="star import"),
        pytest.param("probe(print)", "print", id="builtin"),
    ],
)
def test_certain(text: str, expected: str) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import boto3\ndef f(boto3):\n    probe(boto3)", id="parameter"),
        pytest.param("import boto3\ndef f(*, boto3=None):\n    probe(boto3)", id="keyword-only parameter"),
        pytest.param("import boto3\ndef f(*boto3):\n    probe(boto3)", id="*args"),
        pytest.param("import boto3\ndef f(**boto3):\n    probe(boto3)", id="**kwargs"),
        pytest.param("import boto3\nf = lambda boto3: probe(boto3)", id="parameter of a lambda"),
        pytest.param(
            "import boto3\ndef f(boto3):\n    def g():\n        probe(boto3)",
            id="parameter around a function",
        ),
        pytest.param(
            "import boto3\ndef f():\n    probe(boto3)\n    boto3 = load()", id="local assigned later"
        ),
        pytest.param("import boto3\ndef f():\n    for boto3 in x:\n        probe(boto3)", id="loop variable"),
        pytest.param("import boto3\ndef f():\n    with x as boto3:\n        probe(boto3)", id="with"),
        pytest.param(
            "import boto3\ndef f():\n    try:\n        pass\n    except E as boto3:\n        probe(boto3)",
            id="except",
        ),
        pytest.param("import boto3\ndef f():\n    boto3, x = y\n    probe(boto3)", id="unpacking"),
        pytest.param("import boto3\ndef f():\n    (x, *boto3) = y\n    probe(boto3)", id="starred unpacking"),
        pytest.param("import boto3\ndef f():\n    boto3 += 1\n    probe(boto3)", id="augmented assignment"),
        pytest.param("import boto3\ndef f():\n    del boto3\n    probe(boto3)", id="del"),
        pytest.param("import boto3\ndef f():\n    y = (boto3 := x)\n    probe(boto3)", id="walrus"),
        pytest.param("import boto3\ny = [probe(boto3) for boto3 in x]", id="comprehension"),
        pytest.param(
            "import boto3\ndef f():\n    match x:\n        case boto3:\n            probe(boto3)",
            id="match capture",
        ),
        pytest.param(
            "import boto3\ndef f():\n    match x:\n        case [*boto3]:\n            probe(boto3)",
            id="match star",
        ),
        pytest.param(
            "import boto3\ndef f():\n    match x:\n        case {**boto3}:\n            probe(boto3)",
            id="match mapping",
        ),
        pytest.param(
            "import boto3\ndef f():\n    match x:\n        case int() as boto3:\n            probe(boto3)",
            id="match as",
        ),
        pytest.param("import boto3\nclass A:\n    boto3 = x()\n    probe(boto3)", id="class body"),
        pytest.param(
            "try:\n    import boto3\nexcept ImportError:\n    import fake as boto3\nprobe(boto3.client)",
            id="two modules under one name",
        ),
        pytest.param(
            "import boto3\ndef boto3(): ...\nprobe(boto3.client)", id="import and a function of that name"
        ),
        pytest.param("import boto3\nboto3 = wrap(boto3)\nprobe(boto3.client)", id="wrapped"),
        pytest.param(
            "import boto3\ndef f():\n    global boto3\n    boto3 = x()\ndef g():\n    probe(boto3)",
            id="replaced through a global statement",
        ),
        pytest.param(
            "import boto3\ndef f():\n    boto3 = x\n    class A:\n        def g(self):\n            probe(boto3)",
            id="a local seen through a class",
        ),
        pytest.param("from .. import boto3\nprobe(boto3.client)", id="what is above the root"),
        pytest.param("x = x.y\nprobe(x.client)", id="defined in terms of itself"),
        pytest.param("a = b\nb = a\nprobe(a.client)", id="defined in terms of one another"),
    ],
)
def test_not_certain(text: str) -> None:
    said = meaning(text)
    assert said is None or not said.startswith("boto3"), said


@pytest.mark.parametrize(
    ("statement", "module", "is_package", "expected"),
    [
        pytest.param("from . import x", "pkg.mod", False, "pkg.x", id="module, one dot"),
        pytest.param("from .sub import x", "pkg.mod", False, "pkg.sub.x", id="module, one dot and a name"),
        pytest.param("from .. import x", "pkg.sub.mod", False, "pkg.x", id="module, two dots"),
        pytest.param("from . import x", "pkg", True, "pkg.x", id="package, one dot"),
        pytest.param("from .sub import x", "pkg", True, "pkg.sub.x", id="package, one dot and a name"),
        pytest.param("from .. import x", "pkg.sub", True, "pkg.x", id="package, two dots"),
        pytest.param("from sub import x", "pkg.mod", False, "sub.x", id="absolute"),
    ],
)
def test_relative_imports(statement: str, module: str, is_package: bool, expected: str) -> None:
    assert meaning(f"{statement}\nprobe(x)", module, is_package=is_package) == expected


def test_qualified_names() -> None:
    tree = ast.parse(
        code("""
        class A:
            class B:
                def f(self):
                    def g():
                        return lambda: [lambda: 1 for _ in "1"]
        """)
    )
    names = Names(tree, "mod", is_package=False)
    functions = [n for n in names.scopes if isinstance(n, (ast.FunctionDef, ast.Lambda))]
    assert [qualified_name(node, names) for node in functions] == [
        "A.B.f",
        "A.B.f.g",
        "A.B.f.g.<lambda>",
        "A.B.f.g.<lambda>.<lambda>",
    ]
