"""What keeps a flow from being rewritten in, found deep in a stage; the one exception that carries it out."""

from __future__ import annotations

from session_first.model import Skip, SkipReason


class Stop(Exception):  # noqa: N818 - no error: the answer is a skip
    """Carries the skip out of a stage."""

    def __init__(self, reason: SkipReason, detail: str) -> None:
        super().__init__(detail)
        self.skip = Skip(reason, detail)
