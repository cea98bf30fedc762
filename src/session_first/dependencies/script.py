"""A script's source in, whether it declares its own dependencies (PEP 723), and what is to be done to them, out."""

from __future__ import annotations

import re

from session_first.dependencies.needed import NEEDED, mentioned
from session_first.dependencies.outcome import Present, Refused

_BLOCK = re.compile(rb"^# /// script[ \t]*\r?\n((?:#(?: [^\n]*)?\r?\n)+?)# ///[ \t]*\r?$", re.MULTILINE)


def look(source: bytes) -> Present | Refused | None:
    """What the block says; None where there is no such block."""
    block = _BLOCK.search(source)
    if block is None:
        return None
    if mentioned(block[1].decode("utf-8", "replace")):
        return Present()
    return Refused(f"add {NEEDED} to the dependencies in its block `# /// script`")
