"""Whatever the file: edits all over it lead to the tree they must lead to, and nothing else changes."""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import hypothesmith
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from session_first.facts.docstrings import content, parameter_section
from session_first.model import AddImport, Edit
from session_first.rewrite import RewriteError, rewrite
from session_first.rewrite.comments import wordings
from session_first.rewrite.pieces import anchor, statement_end, statement_start
from session_first.source import SourceError, SourceFile, decode, parse
from tests.rewrite.oracle import dump, edited
from tests.rewrite.places import PATH
from tests.rewrite.statement_oracle import reworked

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))

seeds = st.integers(0, 1_000_000)

SNIPPETS = [
    "x = 'é', boto3.client('s3'); y = [boto3.client(s) for s in 'ü'];",
    "def f(a, /, b=1, *args, c: int = 2, **kw): return (boto3 . client)(a)",
    'def f(self, a,  # the a\n      b):\n\n    """Doc.\n\n    Args:\n        a: The a.\n    """\n    # c\n    boto3.client',
    "class A(boto3.Session):\n\tx = 1\n\n\t@deco(\n\t\tboto3.x,  # x\n\t)\n\tdef f(\n\t\tself,\n\t): pass\n\n\ty = 2",
    "if (c := boto3.client): pass\nelif x.y:\n  pass  # here\nelse:\n  # there\n  z.y = lambda: x.y",
    "try:\n    import a; import b\nexcept x.y as e:\n    with x.y as z, x.y: boto3.client(\n  z)\nfinally: pass",
    "async def f(\n    *, a,\n):\n    async for x in y.z: await x.y\n    return lambda *a, **k: (yield)",
    "# about it\nfor x in x.y: x.y; x.y\n# and below\n",
    "\x0c",
    "",
    '"""Text \\\nof lines"""',
    "x = boto3 \\\n  .client \\\n\n",
    "def f():\n    # a\n\n    return sts.assume_role(\n        a,  # b\n        # c\n        b=1,  # d\n    )['C']  # e\n",
    "def f():\n    x = a.b(c,  # c\n            *d, e=(1, 2), **f)  # g\n    return(x['a'], {'b': 1,\n      # x\n      **c, 'd': x})\n",
]


def files() -> st.SearchStrategy[SourceFile]:
    """Snippets in any order, with one of the newlines and encodings and mostly a newline at the end."""

    def file(parts: Sequence[str], newline: str, encoding: str, end: str) -> SourceFile:
        cookie = "# coding: latin-1\n" if encoding == "latin-1" else ""
        if encoding == "latin-1" and newline == "\r":
            newline = "\n"  # Python finds no cookie there
        text = (cookie + "\n".join(parts) + end).replace("\n", newline)
        return decode(PATH, text.encode(encoding))

    return st.builds(
        file,
        st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=5),
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.sampled_from(["utf-8", "utf-8-sig", "latin-1"]),
        st.sampled_from(["", "\n", "\n\n"]),
    )


def check(source: SourceFile, seed: int) -> None:
    """Some edits lead to the tree that they must lead to, and to no change outside the edited statements."""
    choose = random.Random(seed).randrange  # nothing is secret here
    tree = parse(source)
    untouched = parse(source)
    edits = edited(source, tree, choose)
    after = decode(source.path, rewrite(source, list(reversed(edits))))
    assert dump(parse(after)) == dump(tree)
    first, *others = _outside(source, untouched, edits)
    assert after.text.startswith(first)
    at = len(first)
    for part in others:
        at = after.text.index(part, at) + len(part)
    assert not others or after.text.endswith(others[-1])
    assert rewrite(source, []) == source.data


def check_statements(source: SourceFile, seed: int) -> None:
    """The same for edits of simple statements, which keep all comments besides."""
    choose = random.Random(seed).randrange  # nothing is secret here
    tree = parse(source)
    untouched = parse(source)
    edits = reworked(source, tree, choose)
    after = decode(source.path, rewrite(source, list(reversed(edits))))
    assert ast.dump(parse(after)) == ast.dump(tree)
    assert Counter(wordings(source.text)) == Counter(wordings(after.text))
    at = 0
    for part in _outside(source, untouched, edits):
        at = after.text.index(part.strip(), at) + len(part.strip())


def _outside(source: SourceFile, tree: ast.Module, edits: Sequence[Edit]) -> Iterator[str]:
    """What stands before, between and behind the module's statements with edits."""
    begin = source.position(1, 0)
    for statement in tree.body:
        start, end = statement_start(source, statement), statement_end(source, statement)
        if start >= begin and any(start <= anchor(edit) < end for edit in edits):
            yield source.segment(begin, start)
            begin = end
    yield source.segment(begin, source.position(len(source.lines), len(source.lines[-1].encode())))


@SLOW
@given(files(), seeds)
def test_snippets(source: SourceFile, seed: int) -> None:
    try:
        parse(source)
    except SourceError:
        assume(False)
    assume(source.lines)
    check(source, seed)
    check_statements(source, seed)


@SLOW
@given(hypothesmith.from_grammar() | hypothesmith.from_node(), seeds)
def test_any_python(text: str, seed: int) -> None:
    try:
        source = decode(PATH, text.encode())
        parse(source)
    except (SourceError, UnicodeEncodeError):
        assume(False)
    assume(source.lines)
    assume("\f" not in text)  # a form feed in an indentation is refused, which has tables of its own
    try:
        check(source, seed)
        check_statements(source, seed)
    except RewriteError as error:
        if not error.message.startswith("libcst"):  # it reads a little less than Python does
            raise


REAL = sorted(Path(boto3.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in REAL])
def test_real_files(path: Path) -> None:
    source = decode(path, path.read_bytes())
    if source.lines:
        check(source, len(source.lines))
        check_statements(source, len(source.lines))


@SLOW
@given(files())
def test_imports_come_in_once(source: SourceFile) -> None:
    try:
        parse(source)
    except SourceError:
        assume(False)
    edits = [AddImport("typing", "Optional"), AddImport("boto3", type_checking=True), AddImport("boto3")]
    data = rewrite(source, edits)
    after = decode(source.path, data)
    assert rewrite(after, edits) == data
    kept = iter(after.lines)
    assert all(any(line.rstrip() == other.rstrip() for other in kept) for line in source.lines)


@SLOW
@given(
    st.text(alphabet="ab:\\\"'*- \t\r\n(),`@", max_size=80), st.sampled_from(["Args:", ":param a: b", "---"])
)
def test_any_docstring(text: str, title: str) -> None:
    literal = f'"""Doc.\n{text}\n  {title}\n{text}"""'
    lines = content(literal)
    section = parameter_section(literal)
    if section is not None:
        assert lines is not None
        for entry in (*section.entries, *section.types):
            assert 0 < entry.first <= entry.last < len(lines)
            assert lines[entry.first].startswith(entry.lead)
