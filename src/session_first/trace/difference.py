"""Two traces in, what differs between them in words out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher

from session_first.trace.call import Call, dumps, plain, shown


def difference(before: Sequence[Call], after: Sequence[Call]) -> str | None:
    """What differs, a line each, calls numbered from 1; None where the traces are the same."""
    if list(before) == list(after):
        return None
    old, new = (tuple(dumps((call,)) for call in calls) for calls in (before, after))
    if Counter(old) == Counter(new):
        return "\n".join(_reordered(before, after))
    return "\n".join(_changes(before, after, SequenceMatcher(None, old, new, autojunk=False)))


def _reordered(before: Sequence[Call], after: Sequence[Call]) -> Iterator[str]:
    yield "the same calls in another order:"
    for number, (was, now) in enumerate(zip(before, after, strict=True), 1):
        if was != now:
            yield f"  call {number} was {was}"
            yield f"  call {number} is  {now}"


def _changes(before: Sequence[Call], after: Sequence[Call], matcher: SequenceMatcher[str]) -> Iterator[str]:
    for _, start, end, new_start, new_end in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        paired = min(end - start, new_end - new_start)
        for offset in range(paired):
            was, now = before[start + offset], after[new_start + offset]
            yield f"call {start + offset + 1} differs: {was.name}"
            yield from _fields(was, now)
        for index in range(start + paired, end):
            yield f"call {index + 1} is missing: {before[index]}"
        for index in range(new_start + paired, new_end):
            yield f"call {index + 1} is new: {after[index]}"


def _fields(was: Call, now: Call) -> Iterator[str]:
    old, new = asdict(was), asdict(now)
    for name in old:
        if old[name] != new[name]:
            yield f"  {name}: {shown(plain(old[name]))} before, {shown(plain(new[name]))} after"
