"""A diff says in bytes what changed, so that `git apply` and `patch` can do it."""

from __future__ import annotations

import pytest

from session_first.report.diff import unified


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        pytest.param(b"a\n", b"a\n", b"", id="nothing"),
        pytest.param(b"", b"", b"", id="empty files"),
        pytest.param(b"a\nb\n", b"a\nc\n", b"@@ -1,2 +1,2 @@\n a\n-b\n+c\n", id="a line"),
        pytest.param(b"a\r\nb\r\n", b"a\r\nc\r\n", b"@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n", id="CRLF"),
        pytest.param(b"a\rb\n", b"a\rc\n", b"@@ -1 +1 @@\n-a\rb\n+a\rc\n", id="a lone CR ends no line"),
        pytest.param(b"a\x0cb\n", b"a\x0cc\n", b"@@ -1 +1 @@\n-a\x0cb\n+a\x0cc\n", id="nor does a form feed"),
        pytest.param(b"\xff\n", b"\xfe\n", b"@@ -1 +1 @@\n-\xff\n+\xfe\n", id="bytes that are no text"),
        pytest.param(
            b"a\nb",
            b"c\nb",
            b"@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n",
            id="no last newline",
        ),
        pytest.param(
            b"b",
            b"c",
            b"@@ -1 +1 @@\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n",
            id="no last newline in a line that changes",
        ),
        pytest.param(
            b"b",
            b"b\n",
            b"@@ -1 +1 @@\n-b\n\\ No newline at end of file\n+b\n",
            id="a last newline that comes in",
        ),
    ],
)
def test_what_changed(before: bytes, after: bytes, diff: bytes) -> None:
    header = b"--- a/x.py\n+++ b/x.py\n" if diff else b""
    assert unified(b"x.py", before, after) == header + diff


@pytest.mark.parametrize(
    ("name", "header"),
    [
        pytest.param("pkg/x.py", b"--- a/pkg/x.py\n+++ b/pkg/x.py\n", id="plain"),
        pytest.param("ü.py", b"--- a/\xc3\xbc.py\n+++ b/\xc3\xbc.py\n", id="letters"),
        pytest.param("x y.py", b"--- a/x y.py\t\n+++ b/x y.py\t\n", id="a blank, which a tab ends"),
        pytest.param("x\ty.py", b'--- "a/x\\011y.py"\n+++ "b/x\\011y.py"\n', id="a tab"),
        pytest.param("x\ny.py", b'--- "a/x\\012y.py"\n+++ "b/x\\012y.py"\n', id="a line feed"),
        pytest.param('x"y.py', b'--- "a/x\\042y.py"\n+++ "b/x\\042y.py"\n', id="a quote"),
        pytest.param('ü"y.py', b'--- "a/\\303\\274\\042y.py"\n+++ "b/\\303\\274\\042y.py"\n', id="both"),
    ],
)
def test_names_are_written_as_git_writes_them(name: str, header: bytes) -> None:
    assert unified(name.encode(), b"a\n", b"b\n").startswith(header + b"@@")


def test_colour_is_for_whole_lines() -> None:
    assert unified(b"x.py", b"a\nb", b"a\r\n--- c\n", colour=True).split(b"\n") == [
        b"\x1b[1m--- a/x.py\x1b[0m",
        b"\x1b[1m+++ b/x.py\x1b[0m",
        b"\x1b[36m@@ -1,2 +1,2 @@\x1b[0m",
        b"\x1b[31m-a\x1b[0m",
        b"\x1b[31m-b\x1b[0m",
        b"\\ No newline at end of file",
        b"\x1b[32m+a\r\x1b[0m",
        b"\x1b[32m+--- c\x1b[0m",
        b"",
    ]
