"""The AWS calls of a run of a test suite, as a value and as the text of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from session_first.trace.call import Call, dumps, from_fields

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one test, or of one run of a wider fixture.

    `ordered` are those of the thread that runs the tests. The order in which other threads make theirs
    is not theirs to choose, so `background` is sorted.
    """

    ordered: tuple[Call, ...] = ()
    background: tuple[Call, ...] = ()

    @staticmethod
    def of(ordered: Iterable[Call], background: Iterable[Call]) -> Calls:
        """The calls, those of other threads sorted."""
        return Calls(tuple(ordered), tuple(sorted(background, key=lambda call: dumps((call,)))))

    def __len__(self) -> int:
        return len(self.ordered) + len(self.background)


@dataclass(frozen=True, slots=True)
class Run:
    """What was called in each test, by its id, and around the tests: by wider fixtures and imports.

    What happens around the tests may happen once in every worker, so equal calls are kept once, sorted.
    """

    tests: Mapping[str, Calls] = field(default_factory=dict)
    around: Mapping[str, tuple[Calls, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.tests.values())) + sum(
            len(each) for runs in self.around.values() for each in runs
        )


def dump(run: Run) -> str:
    """The text of a file: JSON, alike for equal runs."""
    fields = {
        "format": _FORMAT,
        "tests": {name: asdict(calls) for name, calls in run.tests.items()},
        "around": {name: [asdict(calls) for calls in runs] for name, runs in run.around.items()},
    }
    return json.dumps(fields, indent=1, sort_keys=True) + "\n"


def load(text: str) -> Run:
    """The run that `dump` wrote.

    Raises:
        ValueError: it did not write this.
    """
    match json.loads(text):
        case {"format": format_, "tests": dict() as tests, "around": dict() as around} if format_ == _FORMAT:
            return Run(
                {name: calls_from(fields) for name, fields in tests.items()},
                {name: tuple(map(calls_from, runs)) for name, runs in around.items()},
            )
        case _:
            raise ValueError("it holds no recorded run, or one of another version of session-first")


def calls_from(fields: object) -> Calls:
    """The calls of which these are the fields, as `dataclasses.asdict` and JSON leave them.

    Raises:
        ValueError: they are no calls.
    """
    match fields:
        case {"ordered": list() as ordered, "background": list() as background}:
            return Calls(tuple(map(from_fields, ordered)), tuple(map(from_fields, background)))
        case _:
            raise ValueError("it holds something else than calls")


def in_order(runs: Iterable[Calls]) -> tuple[Calls, ...]:
    """The runs of a fixture, sorted by what they called."""
    return tuple(sorted(runs, key=lambda calls: (dumps(calls.ordered), dumps(calls.background))))
