"""A function and tasks to their results, by other processes; one that dies costs the task it worked on, no more."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor

from session_first.pipeline.garbage import collect_rarely
from session_first.pipeline.workers import Died, Result, Task

_BATCHES_EACH = 8
"""So many batches a process even out that some tasks take longer than others."""


def shared(
    function: Callable[[Task], Result], tasks: Sequence[Task], executor: Executor
) -> Iterator[Result | Died[Task]]:
    """The results, in order, from an executor of somebody else's."""
    futures = [executor.submit(function, task) for task in tasks]
    for task, future in zip(tasks, futures, strict=True):
        if isinstance(future.exception(), BrokenExecutor):
            yield Died(task)
        else:
            yield future.result()


def own(
    function: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[Result | Died[Task]]:
    """The results, in order, from as many processes of our own."""
    done = yield from _until_one_dies(function, tasks, processes)
    while done < len(tasks):  # who it was shows when the rest goes one by one
        done += yield from _up_to_the_dead(function, tasks[done:])


def _until_one_dies(
    function: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Generator[Result, None, int]:
    size = -(-len(tasks) // (processes * _BATCHES_EACH))
    batches = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    done = 0
    pool = _pool(processes)
    try:
        futures = [pool.submit(_results, function, batch) for batch in batches]
        for future in futures:
            results = future.result()
            yield from results
            done += len(results)
    except BrokenExecutor:
        return done
    finally:
        pool.shutdown(cancel_futures=True)  # at an interrupt nobody wants the rest
    return done


def _up_to_the_dead(
    function: Callable[[Task], Result], tasks: Sequence[Task]
) -> Generator[Result | Died[Task], None, int]:
    done = 0
    with _pool(1) as pool:
        try:
            for task in tasks:
                yield pool.submit(function, task).result()
                done += 1
        except BrokenExecutor:
            yield Died(tasks[done])
            return done + 1
    return done


def _results(function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
    return [function(task) for task in tasks]


def _pool(processes: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context(_start_method())
    return ProcessPoolExecutor(processes, context, _begin)


def _start_method() -> str:
    if sys.platform == "linux" and threading.active_count() == 1:
        return "fork"  # 20 ms instead of 250; unsafe only next to another thread
    return "spawn" if sys.platform == "win32" else "forkserver"


def _begin() -> None:
    collect_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and decides
