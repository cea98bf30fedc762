"""Bytes to text and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from session_first.dependencies.text_file import TextFile, Unreadable, load


@pytest.mark.parametrize(
    ("data", "text", "after"),
    [
        pytest.param(b"a\nb", "a\nb", b"a\nb\nc\n", id="line feeds"),
        pytest.param(b"a\r\nb", "a\nb", b"a\r\nb\r\nc\r\n", id="CRLF"),
        pytest.param(b"a\r\nb\n", "a\r\nb\n", b"a\r\nb\n\nc\n", id="mixed"),
        pytest.param(b"\xef\xbb\xbfa\r\n", "a\n", b"\xef\xbb\xbfa\r\n\r\nc\r\n", id="byte order mark"),
        pytest.param(
            "\ufeffa\r\n".encode("utf-16-le"), "a\n", "\ufeffa\r\n\r\nc\r\n".encode("utf-16-le"), id="PowerShell"
        ),
    ],
)  # fmt: skip
def test_round_trip(tmp_path: Path, data: bytes, text: str, after: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    file = load(path)
    assert isinstance(file, TextFile)
    assert file.text == text
    assert file.bytes_of(text) == data
    assert file.bytes_of(f"{text}\nc\n") == after


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "latin-1").write_bytes(b"\xe9")
    assert load(tmp_path / "latin-1") == Unreadable(tmp_path / "latin-1", "it is not UTF-8")
    assert load(tmp_path / "gone") == Unreadable(
        tmp_path / "gone", "it cannot be read: No such file or directory"
    )
