"""Stages of a run that takes longer than a second, to a bar on the terminal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from session_first.pipeline.check import Track

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")

_PATIENCE = 1.0
_BETWEEN = 0.1
"""Seconds: before anything is drawn, and from one drawing to the next."""


def tracker() -> Track:
    """Draws a bar on standard error for what goes on later than a second from now."""
    due = time.monotonic() + _PATIENCE

    def track(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
        nonlocal due
        bar: Progress | None = None
        try:
            for done, item in enumerate(items, start=1):
                yield item
                if time.monotonic() >= due:
                    bar = bar or _bar(label, total)
                    bar.update(bar.task_ids[0], completed=done)
                    bar.refresh()
                    due = time.monotonic() + _BETWEEN
        finally:
            if bar is not None:
                bar.stop()

    return track


def _bar(label: str, total: int) -> Progress:
    from rich.console import Console  # noqa: PLC0415 - 50 ms that a quick run does not pay
    from rich.progress import Progress  # noqa: PLC0415 - likewise

    # Without a thread of its own: worker processes may still be forked from this one.
    bar = Progress(console=Console(stderr=True), auto_refresh=False, transient=True)
    bar.add_task(label, total=total)
    bar.start()
    return bar
