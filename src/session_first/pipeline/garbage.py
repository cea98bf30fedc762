"""Python's search for garbage, as it suits programs that keep nearly all they make."""

from __future__ import annotations

import gc

_OBJECTS = 100_000
"""Python's own 700 would have it look through the same trees and facts again and again, for a fifth of the time."""


def collect_rarely() -> None:
    """Has Python look for garbage less often, in this process."""
    gc.set_threshold(_OBJECTS, 20, 20)
