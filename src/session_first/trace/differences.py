"""Two traces in, what differs between them out, as values and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher

from session_first.trace.call import Call, dumps, plain, shown


@dataclass(frozen=True, slots=True)
class Differs:
    """Call `number`, counted from 1 in the first trace, is another one in the second."""

    number: int
    was: Call
    now: Call


@dataclass(frozen=True, slots=True)
class Missing:
    """Call `number` of the first trace is not in the second."""

    number: int
    call: Call


@dataclass(frozen=True, slots=True)
class New:
    """Call `number` of the second trace is not in the first."""

    number: int
    call: Call


@dataclass(frozen=True, slots=True)
class Moved:
    """The traces hold the same calls; `was` and `now` are the ones at `number` in each."""

    number: int
    was: Call
    now: Call


Change = Differs | Missing | New | Moved


def changes(before: Sequence[Call], after: Sequence[Call]) -> tuple[Change, ...]:
    """What differs, first things first; empty where the traces are the same."""
    if list(before) == list(after):
        return ()
    old, new = (tuple(dumps((call,)) for call in calls) for calls in (before, after))
    if Counter(old) == Counter(new):
        return tuple(
            Moved(number, was, now)
            for number, (was, now) in enumerate(zip(before, after, strict=True), 1)
            if was != now
        )
    return tuple(_changes(before, after, SequenceMatcher(None, old, new, autojunk=False)))


def difference(before: Sequence[Call], after: Sequence[Call]) -> str | None:
    """What differs, a line each, calls numbered from 1; None where the traces are the same."""
    found = changes(before, after)
    if not found:
        return None
    heading = ["the same calls in another order:"] if isinstance(found[0], Moved) else []
    return "\n".join((*heading, *(line for change in found for line in _lines(change))))


def fields(was: Call, now: Call) -> dict[str, tuple[object, object]]:
    """The fields that differ, those of the parameters aside, with both values."""
    old, new = asdict(was), asdict(now)
    return {name: (old[name], new[name]) for name in old if name != "parameters" and old[name] != new[name]}


def _changes(
    before: Sequence[Call], after: Sequence[Call], matcher: SequenceMatcher[str]
) -> Iterator[Change]:
    for _, start, end, new_start, new_end in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        paired = min(end - start, new_end - new_start)
        for offset in range(paired):
            yield Differs(start + offset + 1, before[start + offset], after[new_start + offset])
        for index in range(start + paired, end):
            yield Missing(index + 1, before[index])
        for index in range(new_start + paired, new_end):
            yield New(index + 1, after[index])


def _lines(change: Change) -> Iterator[str]:
    match change:
        case Differs(number, was, now):
            yield f"call {number} differs: {was.name}"
            yield from _fields(was, now)
        case Missing(number, call):
            yield f"call {number} is missing: {call}"
        case New(number, call):
            yield f"call {number} is new: {call}"
        case Moved(number, was, now):
            yield f"  call {number} was {was}"
            yield f"  call {number} is  {now}"


def _fields(was: Call, now: Call) -> Iterator[str]:
    both: Mapping[str, tuple[object, object]] = fields(was, now)
    if was.parameters != now.parameters:
        both = {**both, "parameters": (was.parameters, now.parameters)}
    for name, (old, new) in both.items():
        yield f"  {name}: {shown(plain(old))} before, {shown(plain(new))} after"
