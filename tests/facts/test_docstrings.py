"""Which docstrings have a section of parameters, and what it holds."""

from __future__ import annotations

import pytest

from session_first.facts.docstrings import content, parameter_section
from tests.analysis import code


def literal(text: str) -> str:
    return f'"""Doc.\n\n{code(text)}"""'


@pytest.mark.parametrize(
    ("text", "style", "names"),
    [
        pytest.param("Args:\n  a: b\n", "google", ["a"], id="google"),
        pytest.param(
            "  Arguments:\n    a (int): b\n    *c: d\n    **e: f\n", "google", ["a", "*c", "**e"], id="stars"
        ),
        pytest.param("Args:\n  \\*a: b\n  \\*\\*c: d\n", "google", ["*a", "**c"], id="escaped stars"),
        pytest.param("Args:\n  a: b\n  c\n  d: e\n", "google", ["a", "d"], id="a line that goes on"),
        pytest.param("Args:\n  a: b\n\n  Some more.\n\n  d: e\n", "google", ["a"], id="a paragraph ends it"),
        pytest.param("Args:\n  a: b\nReturns:\n  c: d\n", "google", ["a"], id="the next section ends it"),
        pytest.param("Returns:\n  c: d\n\nArgs:\n  a: b\n", "google", ["a"], id="after another section"),
        pytest.param("Parameters\n---------\na\n  b\nc : int\n", "numpy", ["a", "c"], id="numpy"),
        pytest.param("Parameters\n==========\n  a\n    b\n", "numpy", ["a"], id="numpy, indented"),
        pytest.param("Parameters\n---\na\n\nReturns\n---\nb\n", "numpy", ["a"], id="numpy, next section"),
        pytest.param(":param a: b\n:param int c: d\n:returns: e\n", "sphinx", ["a", "c"], id="sphinx"),
        pytest.param(":keyword a: b\n:arg c: d\n", "sphinx", ["a", "c"], id="sphinx's other words"),
        pytest.param("@param a: b\n@return: e\n", "sphinx", ["a"], id="epytext"),
    ],
)
def test_section(text: str, style: str, names: list[str]) -> None:
    section = parameter_section(literal(text))
    assert section is not None
    assert section.style == style
    assert [entry.name for entry in section.entries] == names


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('"""Doc."""', id="one line"),
        pytest.param('"Args:\\n  a: b"', id="escapes"),
        pytest.param('"""Args:\n  a: b"""', id="a title on the first line, its indentation unknown"),
        pytest.param('"""Doc.\n\nArgs:\n  None\n"""', id="no entry"),
        pytest.param('"""Doc.\n\nArgs:\n"""', id="nothing"),
        pytest.param('"""Doc.\n\nReturns:\n  a: b\n"""', id="another section"),
        pytest.param('"""Doc.\n\nParameters\n  a: b\n"""', id="numpy without a rule"),
        pytest.param('"""Doc.\n\n:return: x\n"""', id="sphinx without parameters"),
        pytest.param('"""Doc.\n\nArgs:\n  a: b\n""" """c"""', id="two literals"),
        pytest.param('b"""Doc.\n\nArgs:\n  a: b\n"""', id="bytes"),
        pytest.param('f"""Doc.\n\nArgs:\n  a: b\n"""', id="f-string"),
        pytest.param('"""Doc.\n\nArgs:\n  a: b\\\n  c: d\n"""', id="a line continued by a backslash"),
    ],
)
def test_no_section(source: str) -> None:
    assert parameter_section(source) is None


@pytest.mark.parametrize(
    ("source", "indent", "names"),
    [
        pytest.param('"""Args:\n        a: b\n    """', "    ", ["a"], id="google"),
        pytest.param(
            '"""Args:\n        a: b\n\n    Returns:\n        c: d"""',
            "    ",
            ["a"],
            id="google, another section",
        ),
        pytest.param(
            '"""Parameters\n    ----------\n    a : int\n        b\n    """', "    ", ["a"], id="numpy"
        ),
    ],
)
def test_a_section_on_the_first_line(source: str, indent: str, names: list[str]) -> None:
    section = parameter_section(source)
    assert section is not None
    assert section.indent == indent
    assert [entry.name for entry in section.entries] == names


def test_content_is_what_stands_between_the_quotes() -> None:
    assert content("r'''a\r\n\t\"\"\" \\'''\r\n'''") == ("a", "\t\"\"\" \\'''")
