"""Work done here, in processes of our own, or by somebody else's executor: the same results in the same order."""

from __future__ import annotations

import os
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

from session_first.pipeline.workers import Died, Workers, each


def double(number: int) -> int:
    return 2 * number


def slow_at_first(number: int) -> int:
    time.sleep(0.05 if number < 2 else 0)
    return number


def dies_at_seven(number: int) -> int:
    if number == 7:
        os._exit(1)
    return number


def dies_often(number: int) -> int:
    if number % 3 == 0:
        os._exit(1)
    return number


def process(number: int) -> int:
    return os.getpid()


@pytest.mark.parametrize(
    ("workers", "busy"),
    [
        pytest.param(Workers(), 0, id="too little work for a process"),
        pytest.param(Workers(jobs=1), 9, id="one job"),
        pytest.param(Workers(jobs=2), 0, id="two jobs, because they are asked for"),
        pytest.param(Workers(jobs=50), 0, id="more jobs than tasks"),
    ],
)
def test_results_come_in_the_order_of_tasks(workers: Workers, busy: int) -> None:
    assert list(each(double, range(20), workers, busy=busy)) == [2 * number for number in range(20)]
    assert list(each(slow_at_first, range(20), workers, busy=busy)) == list(range(20))
    assert list(each(double, [], workers, busy=busy)) == []


@pytest.mark.parametrize(
    ("workers", "busy", "here"),
    [
        pytest.param(Workers(), 1, True, id="work for one"),
        pytest.param(Workers(jobs=1), 9, True, id="one job"),
        pytest.param(Workers(jobs=2), 0, False, id="two jobs"),
    ],
)
def test_where_the_work_is_done(workers: Workers, busy: int, here: bool) -> None:
    assert (set(each(process, range(4), workers, busy=busy)) == {os.getpid()}) is here


def test_one_task_needs_no_process() -> None:
    assert list(each(process, [1], Workers(jobs=8), busy=8)) == [os.getpid()]


@pytest.mark.parametrize(
    "executor",
    [ThreadPoolExecutor(2), ProcessPoolExecutor(2, get_context("spawn"))],
    ids=["threads", "processes"],
)
def test_an_executor_of_somebody_else_s(executor: Executor) -> None:
    with executor:
        assert list(each(double, range(5), Workers(executor), busy=0)) == [0, 2, 4, 6, 8]


def test_a_process_that_dies_costs_its_task_alone() -> None:
    results = list(each(dies_at_seven, range(12), Workers(jobs=2), busy=0))
    assert results == [Died(7) if number == 7 else number for number in range(12)]


def test_so_do_several() -> None:
    results = list(each(dies_often, range(7), Workers(jobs=2), busy=0))
    assert results == [Died(0), 1, 2, Died(3), 4, 5, Died(6)]


class Broken(Executor):
    """An executor whose workers are gone."""

    def submit(self, *_: object, **__: object) -> Future[object]:  # type: ignore[override]
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_a_broken_executor_of_somebody_else_s() -> None:
    assert list(each(double, [1, 2], Workers(Broken()), busy=0)) == [Died(1), Died(2)]
