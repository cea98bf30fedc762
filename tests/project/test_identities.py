"""Objects have one identity: where their class cannot keep a session, not both the constructor and the methods take one."""

from __future__ import annotations

import pytest

from session_first.model import AddSessionParameter, AddStatementBefore
from tests.analysis import code, edits_of, plan_of

GLUE = """
import boto3
{before}
class Glue({base}):
    def __init__(self):
        self.glue = boto3.client("glue")

    {decorator}
    def run(self):
        return boto3.client("logs")
"""


def taking(text: str, *, lift: bool = False) -> list[str]:
    """The lines at which a function takes a session or keeps one, as they read before."""
    text = code(text)
    lines = text.splitlines()
    edits = edits_of(plan_of({"mod.py": text}, lift=lift))
    places = {edit.function.line for edit in edits if isinstance(edit, AddSessionParameter)}
    kept = ["kept"] if any(isinstance(edit, AddStatementBefore) for edit in edits) else []
    return [
        *(lines[line - 1].strip().removeprefix("def ").partition("(")[0] for line in sorted(places)),
        *kept,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            GLUE.format(before="", base="", decorator=""), ["__init__", "kept"], id="the class keeps it"
        ),
        pytest.param(
            GLUE.format(before="from pipes import Client", base="Client", decorator=""),
            ["run"],
            id="a base that is not known",
        ),
        pytest.param(
            GLUE.format(before="", base="", decorator="").replace(
                "    def __init__", "    __slots__ = ('glue',)\n\n    def __init__"
            ),
            ["run"],
            id="slots",
        ),
        pytest.param(
            GLUE.format(before="from pipes import Client", base="Client", decorator="@property"),
            [],
            id="a method that can take none",
        ),
        pytest.param(
            GLUE.format(before="from pipes import Client", base="Client", decorator="@staticmethod"),
            ["__init__", "run"],
            id="a static method is of no object",
        ),
        pytest.param(
            GLUE.format(before="from pipes import Client", base="Client", decorator="").replace(
                'boto3.client("logs")', "self.glue"
            ),
            ["__init__"],
            id="methods that make none",
        ),
        pytest.param(
            GLUE.format(before="from pipes import Client", base="Client", decorator="")
            .replace("run(self)", "run(self, session=None)")
            .replace('boto3.client("logs")', "(session or boto3).client('logs')"),
            [],
            id="a method that took one before",
        ),
        pytest.param(
            """
            import boto3
            from pipes import Client

            class Glue(Client):
                def __init__(self):
                    self.glue = boto3.client("glue")

            class Job(Glue):
                def run(self):
                    return boto3.client("logs")
            """,
            ["run"],
            id="a method of a class below",
        ),
        pytest.param(
            """
            import boto3
            from pipes import Client

            class Runs:
                def run(self):
                    return boto3.client("logs")

            class Glue(Runs, Client):
                def __init__(self):
                    self.glue = boto3.client("glue")
            """,
            ["run"],
            id="a method of a class beside",
        ),
        pytest.param(
            """
            import boto3
            from pipes import Client

            class Glue(Client):
                def __init__(self):
                    self.glue = boto3.client("glue")

            class Job(Glue):
                def __init__(self):
                    super().__init__()

                def run(self):
                    return boto3.client("logs")
            """,
            ["__init__", "run"],
            id="a class below whose objects are given none",
        ),
        pytest.param(
            """
            import boto3

            class Glue:
                def __init__(self):
                    self.glue = boto3.client("glue")

            class Job(Glue):
                def run(self):
                    return boto3.client("logs")
            """,
            ["__init__", "kept"],
            id="the class above keeps it",
        ),
    ],
)
def test_who_takes_one(text: str, expected: list[str]) -> None:
    assert taking(text) == expected


@pytest.mark.parametrize(
    ("init", "run", "expected"),
    [
        pytest.param("save()", "self.n = 1", ["save", "__init__"], id="the constructor passes it on"),
        pytest.param("self.n = 1", "save()", ["save", "run"], id="the method passes it on"),
        pytest.param("boto3.client('glue')", "save()", ["save", "__init__"], id="the constructor took one"),
        pytest.param("save()", "boto3.client('glue')", ["save", "run"], id="the method took one"),
    ],
)
def test_callers_that_take_one_to_pass_it_on(init: str, run: str, expected: list[str]) -> None:
    text = f"""
    import boto3
    from pipes import Client

    def save():
        return [boto3.client("s3")]

    class Glue(Client):
        def __init__(self):
            {init}

        def run(self):
            {run}
    """
    assert taking(text, lift=True) == expected
