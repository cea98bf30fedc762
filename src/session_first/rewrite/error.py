"""The one error of rewriting: what could not be done, and where."""

from __future__ import annotations

from session_first.model import Position


class RewriteError(Exception):
    """An edit that cannot be made; nothing of the file is changed then."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message)
        self.message = message
        self.position = position

    def __reduce__(self) -> tuple[type[RewriteError], tuple[str, Position]]:
        return (type(self), (self.message, self.position))  # it travels between processes
