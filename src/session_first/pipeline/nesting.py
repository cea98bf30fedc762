"""Room for code that nests deeply: hundreds of chained calls, branches or joined strings."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

_FRAMES = 5000
"""Python's own limit of 1000 is reached at 200 branches; a thread's stack of 8 MB holds more than these."""


@contextlib.contextmanager
def room_for_nesting() -> Iterator[None]:
    """Raises the limit of recursion; in a thread, whose stack may be small, it stays."""
    before = sys.getrecursionlimit()
    if before >= _FRAMES or threading.current_thread() is not threading.main_thread():
        yield
        return
    sys.setrecursionlimit(_FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
