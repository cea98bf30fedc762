"""Names that leave an import statement, and imports that come in beside one."""

from __future__ import annotations

import pytest

from session_first.model import AddImport, Edit, RemoveImport
from session_first.rewrite import RewriteError
from tests.analysis import code
from tests.rewrite.places import place, rewritten


def changed(text: str, *, remove: tuple[str, ...] = ("client",), add: bool = False) -> str:
    """The text whose first `from boto3` import has lost `remove`, and `import boto3` beside it if `add`."""
    at = place(text, "from boto3")
    edits: list[Edit] = [RemoveImport(at, name) for name in remove]
    if add:
        edits.append(AddImport("boto3", beside=at))
    return rewritten(text, *edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("from boto3 import client, resource", "from boto3 import resource", id="first"),
        pytest.param("from boto3 import Session, client", "from boto3 import Session", id="last"),
        pytest.param("from boto3 import a, client, b", "from boto3 import a, b", id="middle"),
        pytest.param("from boto3 import c as client, x", "from boto3 import x", id="by the name it binds"),
        pytest.param(
            "from boto3 import client as c, client", "from boto3 import client as c", id="not another's"
        ),
        pytest.param("from boto3 import (client, x)", "from boto3 import (x)", id="brackets"),
        pytest.param("from boto3 import (x, client,)", "from boto3 import (x,)", id="trailing comma"),
        pytest.param(
            "from boto3 import x, \\\n    client", "from boto3 import x", id="backslash before the last"
        ),
        pytest.param(
            "from boto3 import client, \\\n    x", "from boto3 import x", id="backslash after the first"
        ),
        pytest.param(
            "from boto3 import (\n    client,  # gone\n    x,  # the x\n)",
            "from boto3 import (\n    x,  # the x\n)",
            id="first of several lines",
        ),
        pytest.param(
            "from boto3 import (\n    x,  # the x\n    client,  # gone\n)",
            "from boto3 import (\n    x,  # the x\n)",
            id="last of several lines",
        ),
        pytest.param(
            "from boto3 import (\n    x,  # the x\n    client  # gone\n)",
            "from boto3 import (\n    x  # the x\n)",
            id="last without a comma",
        ),
        pytest.param(
            "from boto3 import (\n    x,\n    # kept\n    client,\n    y,\n)",
            "from boto3 import (\n    x,\n    # kept\n    y,\n)",
            id="comments on lines of their own stay",
        ),
        pytest.param(
            "from boto3 import (x,  # the x\n    client)",
            "from boto3 import (x  # the x\n    )",
            id="a comment needs its line",
        ),
    ],
)
def test_a_name_goes(before: str, after: str) -> None:
    text = f"# above\n{before}  # behind\n\nx = 1\n"
    assert changed(text) == f"# above\n{after}  # behind\n\nx = 1\n"


def test_two_names_go() -> None:
    assert changed("from boto3 import client, x, resource\n", remove=("client", "resource")) == (
        "from boto3 import x\n"
    )
    assert changed("from boto3 import client, resource\n", remove=("resource", "client")) == ""


@pytest.mark.parametrize(
    ("before", "alone", "with_import"),
    [
        pytest.param("from boto3 import client\n", "", "import boto3\n", id="all there is"),
        pytest.param(
            "import os\n# aws\nfrom boto3 import client  # the client\nimport sys\n",
            "import os\n# aws\nimport sys\n",
            "import os\n# aws\nimport boto3  # the client\nimport sys\n",
            id="comments above stay",
        ),
        pytest.param("from boto3 import client", "", "import boto3", id="no last newline"),
        pytest.param(
            "import os\r\nfrom boto3 import client", "import os\r\n", "import os\r\nimport boto3", id="CRLF"
        ),
        pytest.param(
            "import os; from boto3 import client\n", "import os\n", "import os; import boto3\n", id="last"
        ),
        pytest.param(
            "import a;from boto3 import client;import b;\n",
            "import a;import b;\n",
            "import a;import boto3;import b;\n",
            id="between semicolons",
        ),
        pytest.param(
            "if x: from boto3 import client\n", "if x: pass\n", "if x: import boto3\n", id="one-line block"
        ),
        pytest.param(
            "if x: a; from boto3 import client  # c\n",
            "if x: a  # c\n",
            "if x: a; import boto3  # c\n",
            id="last of a one-line block",
        ),
        pytest.param(
            "try:\n    from boto3 import client  # c\nexcept E:\n    client = None\n",
            "try:\n    pass\nexcept E:\n    client = None\n",
            "try:\n    import boto3  # c\nexcept E:\n    client = None\n",
            id="alone in its block",
        ),
        pytest.param(
            "class A:\n    from boto3 import client\n\n    def f(self): pass\n",
            "class A:\n    def f(self): pass\n",
            "class A:\n    import boto3\n\n    def f(self): pass\n",
            id="first in a class",
        ),
        pytest.param(
            "def f():\n    # late\n    from boto3 import client\n\n    # c\n    return client()\n",
            "def f():\n    # late\n\n    # c\n    return client()\n",
            "def f():\n    # late\n    import boto3\n\n    # c\n    return client()\n",
            id="comments in a function stay",
        ),
        pytest.param(
            "def f():\n    x = 1\n\n    # last\n    from boto3 import client\n    # end\n",
            "def f():\n    x = 1\n\n    # last\n    # end\n",
            "def f():\n    x = 1\n\n    # last\n    import boto3\n    # end\n",
            id="last in a function",
        ),
    ],
)
def test_the_statement_goes(before: str, alone: str, with_import: str) -> None:
    assert changed(before) == alone
    assert changed(before, add=True) == with_import


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "# aws\nfrom boto3 import Session  # s\n",
            "# aws\nimport boto3\nfrom boto3 import Session  # s\n",
            id="line",
        ),
        pytest.param(
            "def f():\n\n\t# aws\n\tfrom boto3 import Session\n",
            "def f():\n\n\t# aws\n\timport boto3\n\tfrom boto3 import Session\n",
            id="in a function",
        ),
        pytest.param(
            "x = 1; from boto3 import a; y\n",
            "x = 1; import boto3; from boto3 import a; y\n",
            id="semicolons",
        ),
        pytest.param(
            "try: from boto3 import a\nfinally: pass\n",
            "try: import boto3; from boto3 import a\nfinally: pass\n",
            id="one-line block",
        ),
        pytest.param(
            "import boto3\nfrom boto3 import a\n", "import boto3\nfrom boto3 import a\n", id="before it"
        ),
        pytest.param(
            "from boto3 import a\nimport boto3\n", "from boto3 import a\nimport boto3\n", id="after it"
        ),
        pytest.param(
            "import boto3\ndef f():\n    from boto3 import a\n",
            "import boto3\ndef f():\n    from boto3 import a\n",
            id="in the module, for a function",
        ),
        pytest.param(
            "from boto3 import a\nx = f()\nimport boto3\n",
            "import boto3\nfrom boto3 import a\nx = f()\nimport boto3\n",
            id="too late in the module",
        ),
        pytest.param(
            "def f():\n    from boto3 import a\n    import boto3\n",
            "def f():\n    import boto3\n    from boto3 import a\n    import boto3\n",
            id="after it in a function",
        ),
        pytest.param(
            "import boto3 as b\nfrom boto3 import a\n",
            "import boto3 as b\nimport boto3\nfrom boto3 import a\n",
            id="by another name",
        ),
    ],
)
def test_an_import_beside(before: str, after: str) -> None:
    assert changed(before, remove=(), add=True) == after


def test_beside_two_imports_of_one_block() -> None:
    text = code("""
        from boto3 import client
        from boto3 import resource
        def f():
            from boto3 import client
        try:
            from boto3 import client
        except ImportError:
            from boto3 import resource
        """)
    places = [place(text, "from boto3", nth) for nth in range(5)]
    assert rewritten(text, *(AddImport("boto3", beside=at) for at in places[1:])) == code("""
        from boto3 import client
        import boto3
        from boto3 import resource
        def f():
            import boto3
            from boto3 import client
        try:
            import boto3
            from boto3 import client
        except ImportError:
            import boto3
            from boto3 import resource
        """)
    assert rewritten(text, *(AddImport("boto3", beside=at) for at in places[:2])) == f"import boto3\n{text}"


def test_a_name_beside() -> None:
    text = "import a\nfrom boto3 import client\n"
    edit = AddImport("typing", "Optional", beside=place(text, "from"))
    assert rewritten(text, edit) == "import a\nfrom typing import Optional\nfrom boto3 import client\n"


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        pytest.param("from boto3 import a\n", RemoveImport(place("x", "x"), "client"), id="no such name"),
        pytest.param(
            "from boto3 import client as c\n", RemoveImport(place("x", "x"), "client"), id="bound otherwise"
        ),
        pytest.param("from boto3 import *\n", RemoveImport(place("x", "x"), "client"), id="star"),
        pytest.param("client = 1\n", RemoveImport(place("x", "x"), "client"), id="no import"),
        pytest.param("client = 1\n", AddImport("boto3", beside=place("x", "x")), id="beside no import"),
        pytest.param(
            "import a\n",
            AddImport("boto3", beside=place("x", "x"), type_checking=True),
            id="beside and guarded",
        ),
    ],
)
def test_not_possible(text: str, edit: Edit) -> None:
    with pytest.raises(RewriteError) as caught:
        rewritten(text, edit)
    assert caught.value.position == place("x", "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "from boto3 import client\n\nfrom a import b\n", "from a import b\n", id="before another"
        ),
        pytest.param(
            "from boto3 import client\n\n\ndef f(): ...\n", "def f(): ...\n", id="before a function"
        ),
        pytest.param(
            "import a\n\nfrom boto3 import client\n\n\nx = 1\n",
            "import a\n\n\nx = 1\n",
            id="a group of its own",
        ),
        pytest.param("x = 1\n\nfrom boto3 import client\n", "x = 1\n", id="last in the file"),
    ],
)
def test_no_blank_lines_are_left_over(before: str, after: str) -> None:
    assert changed(before) == after
