"""A function and tasks to their results, here or in other processes, whichever pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work: `executor` if it is given, else `jobs` processes; None lets the work decide."""

    executor: Executor | None = None
    jobs: int | None = None


AS_NEEDED = Workers()


@dataclass(frozen=True, slots=True)
class Died(Generic[Task]):
    """What comes in place of a result where the process that worked on `task` is gone."""

    task: Task


def each(
    function: Callable[[Task], Result], tasks: Sequence[Task], workers: Workers, *, busy: int
) -> Iterator[Result | Died[Task]]:
    """The results of `function`, in the order of `tasks`, as they come.

    `busy` is how many processes the work keeps busy for longer than they take to start. Function,
    tasks and results have to be picklable.
    """
    processes = min(workers.jobs or min(busy, _processors()), len(tasks))
    if workers.executor is None and processes < 2:
        yield from map(function, tasks)
        return
    from session_first.pipeline import processes as pool  # noqa: PLC0415 - 20 ms that a small run does not pay

    if workers.executor is not None:
        yield from pool.shared(function, tasks, workers.executor)
    else:
        yield from pool.own(function, tasks, processes)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
