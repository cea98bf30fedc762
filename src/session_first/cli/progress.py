"""Stages that take longer than a second, to a bar on the terminal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")

_PATIENCE = 1.0
_BETWEEN = 0.1
"""Seconds: before anything is drawn, and from one drawing to the next."""


def track(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
    """Hands on `items`; draws a bar on standard error once the stage has taken a second."""
    bar: Progress | None = None
    due = time.monotonic() + _PATIENCE
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


def _bar(label: str, total: int) -> Progress:
    from rich.console import Console  # noqa: PLC0415 - 50 ms that a quick run does not pay
    from rich.progress import Progress  # noqa: PLC0415

    # Without a thread of its own: worker processes may still be forked from this one.
    bar = Progress(console=Console(stderr=True), auto_refresh=False, transient=True)
    bar.add_task(label, total=total)
    bar.start()
    return bar
