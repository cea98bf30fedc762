"""An array before and after, in every layout that people use."""

from __future__ import annotations

import pytest

from session_first.dependencies.toml_array import insert


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        pytest.param("[]", 0, '["n"]', id="empty"),
        pytest.param("[ ]", 0, '["n"]', id="empty with a blank"),
        pytest.param("[\n]", 0, '[\n    "n",\n]', id="empty, two lines"),
        pytest.param("[\n  # none\n]", 0, '[\n  # none\n    "n",\n]', id="empty with a comment"),
        pytest.param('["a"]', 0, '["n", "a"]', id="one line, first"),
        pytest.param('["a", "b"]', 1, '["a", "n", "b"]', id="one line, between"),
        pytest.param('["a", "b"]', 2, '["a", "b", "n"]', id="one line, last"),
        pytest.param('["a",]', 1, '["a", "n",]', id="one line with a last comma"),
        pytest.param("['a', 'b']", 2, "['a', 'b', 'n']", id="single quotes"),
        pytest.param('[\n    "a",\n]', 0, '[\n    "n",\n    "a",\n]', id="lines, first"),
        pytest.param('[\n  "a",\n  "b",\n]', 1, '[\n  "a",\n  "n",\n  "b",\n]', id="lines, between"),
        pytest.param('[\n\t"a",\n\t"b",\n]', 2, '[\n\t"a",\n\t"b",\n\t"n",\n]', id="lines, last"),
        pytest.param('[\n  "a",\n  "b"\n]', 2, '[\n  "a",\n  "b",\n  "n"\n]', id="lines without a last comma"),
        pytest.param('[\n  "a" # why\n]', 1, '[\n  "a", # why\n  "n"\n]', id="comment behind the last"),
        pytest.param('[\n  "a", # why\n  "b",\n]', 1, '[\n  "a", # why\n  "n",\n  "b",\n]', id="comment behind"),
        pytest.param(
            '[\n  "a",\n  # on b\n  "b",\n]', 1, '[\n  "a",\n  "n",\n  # on b\n  "b",\n]', id="comment above the next"
        ),
        pytest.param('[\n  # on a\n  "a",\n]', 0, '[\n  "n",\n  # on a\n  "a",\n]', id="comment above the first"),
        pytest.param('[ # all\n  "a",\n]', 0, '[ # all\n  "n",\n  "a",\n]', id="comment at the bracket"),
        pytest.param('[\n  "a", "b",\n  "c",\n]', 1, '[\n  "a", "n", "b",\n  "c",\n]', id="several on a line"),
        pytest.param('["a",\n "b"]', 0, '["n",\n "a",\n "b"]', id="aligned, first"),
        pytest.param('["a",\n "b"]', 1, '["a",\n "n",\n "b"]', id="aligned, between"),
        pytest.param('["a",\n "b"]', 2, '["a",\n "b", "n"]', id="aligned, last"),
        pytest.param('[\n  "a"\n  , "b"\n]', 1, '[\n  "a"\n  , "n", "b"\n]', id="commas in front"),
        pytest.param('["a[x]>=1,<2", "b#"]', 1, '["a[x]>=1,<2", "n", "b#"]', id="marks inside a string"),
        pytest.param(
            '[\n  {include-group = "x"},\n  "a",\n]', 2, '[\n  {include-group = "x"},\n  "a",\n  "n",\n]', id="a table inside"
        ),
    ],
)  # fmt: skip
def test_insert(before: str, index: int, after: str) -> None:
    assert insert(before, index, "n") == after
