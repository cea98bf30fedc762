"""Two runs of a test suite in; a readable block for every test whose AWS calls differ out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from session_first.trace.call import Call, Value, plain, shown
from session_first.trace.differences import Change, Differs, Missing, Moved, New, changes, fields
from session_first.trace.run import Calls, Run


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of one test, or of one fixture. `differs` where AWS was called otherwise."""

    heading: str
    lines: tuple[str, ...]
    differs: bool = True


def compare(before: Run, after: Run) -> tuple[Block, ...]:
    """A block for each test that differs or is in one run only, sorted by name; fixtures and imports last."""
    names = sorted(before.tests.keys() | after.tests.keys())
    tests = (_test(name, before.tests.get(name), after.tests.get(name)) for name in names)
    around = (
        block
        for name in sorted(before.around.keys() | after.around.keys())
        for block in _around(name, before.around.get(name, ()), after.around.get(name, ()))
    )
    return (*(block for block in tests if block), *around)


def _test(name: str, before: Calls | None, after: Calls | None) -> Block | None:
    if before is not None and after is not None:
        return _block(name, before, after)
    side, calls = ("before", before) if after is None else ("after", after)
    number = len(calls or ())
    return Block(name, (f"  only in the run {side}, with {_counted(number)}",), differs=number > 0)


def _around(name: str, before: tuple[Calls, ...], after: tuple[Calls, ...]) -> Iterator[Block]:
    gone, new = (
        (calls for calls in before if calls not in after),
        (calls for calls in after if calls not in before),
    )
    for was, now in zip_longest(gone, new, fillvalue=Calls()):
        block = _block(name, was, now)
        if block:
            yield block


def _block(heading: str, before: Calls, after: Calls) -> Block | None:
    ordered = changes(before.ordered, after.ordered)
    if ordered:
        return Block(heading, tuple(_lines("", ordered)))
    background = changes(before.background, after.background)
    return Block(heading, tuple(_lines("in another thread, ", background))) if background else None


def _lines(where: str, found: tuple[Change, ...]) -> Iterator[str]:
    match found[0]:
        case Differs(number, was, now):
            same = was.name == now.name
            yield f"  {where}call {number}{f', {was.name},' if same else ''} differs:"
            yield from (_fields(was, now) if same else _both(was, now))
        case Missing(number, call):
            yield f"  {where}call {number} is missing:"
            yield f"  - {call}"
        case New(number, call):
            yield f"  {where}call {number} is new:"
            yield f"  + {call}"
        case Moved(number, was, now):
            yield f"  {where}the same calls in another order, from call {number} on:"
            yield from _both(was, now)
            return
    if len(found) > 1:
        yield f"  and {_counted(len(found) - 1, 'more difference')}"


def _both(was: Call, now: Call) -> Iterator[str]:
    yield f"  - {was}"
    yield f"  + {now}"


def _fields(was: Call, now: Call) -> Iterator[str]:
    for name, (old, new) in fields(was, now).items():
        yield from _pair("identity" if name == "access_key" else name, plain(old), plain(new))
    for name in {**was.parameters, **now.parameters}:
        if _of(was.parameters, name) != _of(now.parameters, name):
            yield from _pair(name, *(each.get(name, _ABSENT) for each in (was.parameters, now.parameters)))


_ABSENT: Value = {"$absent": True}


def _of(parameters: Mapping[str, Value], name: str) -> Value:
    return parameters.get(name, _ABSENT)


def _pair(name: str, old: Value, new: Value) -> Iterator[str]:
    for sign, value in (("-", old), ("+", new)):
        if value != _ABSENT:
            yield f"  {sign} {name}: {shown(value)}"


def _counted(number: int, noun: str = "call") -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
