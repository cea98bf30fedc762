"""Which lines of a file are read by libcst: those of the statements, or of the functions, with edits."""

from __future__ import annotations

import pytest

from session_first.model import FillSession
from session_first.rewrite.pieces import cut
from session_first.source import parse
from tests.rewrite.places import file, place


@pytest.mark.parametrize(
    ("text", "piece", "indent"),
    [
        pytest.param("a\n# b\nHERE  # c\nd\n", "HERE  # c\n", "", id="a line"),
        pytest.param("a\nb; HERE; c\nd\n", "b; HERE; c\n", "", id="what stands on its line"),
        pytest.param(
            "(a,\n b); HERE; (c,\n d)\ne\n", "(a,\n b); HERE; (c,\n d)\n", "", id="and on the lines of that"
        ),
        pytest.param("a\nif b:\n  HERE\n  # c\nd\n", "if b:\n  HERE\n", "", id="a compound statement"),
        pytest.param("@a\n@ b\ndef f(): HERE\n", "@a\n@ b\ndef f(): HERE\n", "", id="decorators"),
        pytest.param("\x0c@a\ndef f(): HERE\n", "@a\ndef f(): HERE\n", "", id="not what is before it"),
        pytest.param("a = HERE \\\n\nb\n", "a = HERE \\\n\n", "", id="a line that goes on"),
        pytest.param("class A:\n  a\n  HERE\n", "class A:\n  a\n  HERE\n", "", id="a class"),
        pytest.param(
            "class A:\n  a\n  @b(\n    1)\n  async def f():\n    HERE\n  c\n",
            "@b(\n    1)\n  async def f():\n    HERE\n",
            "  ",
            id="a method",
        ),
        pytest.param(
            "class A:\n  class B:\n\x0c    def f(): HERE\n    def g(): c\n",
            "def f(): HERE\n",
            "    ",
            id="of a class in it",
        ),
        pytest.param(
            "class A:\n  class B:\n    HERE\n  def g(): c\n",
            "class B:\n    HERE\n",
            "  ",
            id="a class in a class",
        ),
    ],
)
def test_piece(text: str, piece: str, indent: str) -> None:
    source = file(text)
    [found] = cut(source, parse(source), [FillSession(place(text, "HERE"), "session", "boto3")])
    assert source.segment(found.start, found.end) == piece
    assert found.indent == indent


def test_each_edit_is_in_one_piece() -> None:
    text = "HERE\na\nclass A:\n  def f(): HERE\n  def g(): b\n  def h(): HERE; HERE\nHERE\n"
    source = file(text)
    edits = [FillSession(place(text, "HERE", nth), "session", "boto3") for nth in range(5)]
    pieces = cut(source, parse(source), edits)
    assert [source.segment(piece.start, piece.end) for piece in pieces] == [
        "HERE\n",
        "def f(): HERE\n",
        "def h(): HERE; HERE\n",
        "HERE\n",
    ]
    assert [edit for piece in pieces for edit in piece.edits] == edits
