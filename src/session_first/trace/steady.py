"""The texts and numbers of a call in; the same ones out, with a name in place of what varies from run to run."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence

_now = functools.partial(
    time.time
)  # what freezes the clock replaces functions of modules, not what holds them

_DAYS = 400
"""A time no further away than this is taken for one that was computed from the clock."""

_SHORTEST_ANSWER = 6
_SHORTEST_PART = 10
"""Shorter texts of an answer are not looked for inside other texts."""

_MOST_DRAWN = 1000
"""A program that draws more texts at random does not name things with them."""

_LONGEST = 100_000
"""Longer texts are left as they are: looking through them costs too much."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_VARIES = re.compile(
    rf"""
    (?P<uuid>     (?<![0-9a-z]) {_UUID} (?![0-9a-z]) )
  | (?P<key>      (?<![0-9a-z]) (?-i:A[KS]IA[A-Z0-9]{{16}}) (?![0-9a-z]) )
  | (?P<pytest>   pytest-of-[^/\\\s"']+ [/\\] pytest-\d+ (?: [/\\] popen-gw\d+ )? | popen-gw\d+ )
  | (?P<tmp>      (?<![0-9a-z_]) tmp(?-i:[a-z0-9_]{{8}}) (?![0-9a-z_]) )
  | (?P<port>     (?: (?<= 127\.0\.0\.1:) | (?<= localhost:) | (?<= 0\.0\.0\.0:) | (?<= \[::1\]:) ) [3-6]\d{{4}} (?!\d) )
  | (?P<date>     (?<!\d) \d{{4}} (?P<dash>[-/]) \d\d (?P=dash) \d\d
                  (?: [T\ _/] \d\d (?: [:-]\d\d (?: [:-]\d\d (?: [.,]\d+ )? )? )? (?: Z | [+-]\d\d:?\d\d )? )? (?!\d) )
  | (?P<compact>  (?<!\d) \d{{8}} (?: T?\d{{6}}Z? )? (?!\d) )
  | (?P<epoch>    (?<!\d) (?<!\d\.) \d{{10}} (?: \.\d+ | \d{{3}} | \d{{6}} | \d{{9}} )? (?!\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)

_MAY_VARY = re.compile(r"\d|tmp|A[KS]IA", re.IGNORECASE)
"""What each of these holds; to look for this first is a hundred times faster."""

_SHORTEST_SLICE = 6
_SLICE = re.compile(r"[0-9A-Za-z]{6,}")
"""Programs write `uuid4().hex[:8]`, and `"".join(choice(letters) for _ in range(8))`."""


class Memory:
    """What was seen in one test, or in one run of a wider fixture: texts that differ in every run, by name."""

    def __init__(self, heading: str | None = None) -> None:
        """`heading` stands in the names where another test or fixture uses what was seen here."""
        self._heading = heading
        self._given: set[str] = set()
        self._names: dict[str, str] = {}
        self._starts: dict[str, list[str]] = {}  # the texts that have names, by how they start
        self._made: deque[str] = deque(maxlen=_MOST_DRAWN)
        self._letters: deque[str] = deque(maxlen=_MOST_DRAWN)
        self._numbers: Counter[str] = Counter()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was seen that could be used elsewhere."""
        return not (self._names or self._made or self._letters)

    def made(self, text: str) -> None:
        """The program drew this at random, a single letter perhaps."""
        (self._made if len(text) > 1 else self._letters).append(text)

    def learn(self, call: str, answer: object, *, is_ordered: bool = True) -> None:
        """The answer to `call`: what it holds and the program did not say before is named after its place.

        Different values of one place are numbered, unless threads race for the numbers.
        """
        for path, text in _texts(answer, ()):
            if len(text) >= _SHORTEST_ANSWER and text not in self._given and text not in self._names:
                self._call(text, f"{call} {'.'.join(path)}", is_ordered)

    def name(self, text: str, outer: Sequence[Memory] = ()) -> str | None:
        """How `text` is called here, or where it was first seen."""
        if text in self._names:
            return self._names[text]
        return next((memory._foreign(text) for memory in outer if text in memory._names), None)

    def steady(
        self, text: str, outer: Sequence[Memory], vary: Sequence[re.Pattern[str]], *, is_ordered: bool = True
    ) -> str:
        """`text`, which a program passes, without what varies: what answers held, random texts, times, paths."""
        if len(text) > _LONGEST:
            return text
        self._given.add(text)
        name = self.name(text, outer)
        if name is not None:
            return name
        for pattern in vary:
            text = pattern.sub("<varies>", text)
        if len(text) < _SHORTEST_SLICE:
            return text
        for memory in (self, *outer):
            for part in memory._parts_of(text):
                text = text.replace(part, self.name(part, outer) or part)
        text = self._without_random(text, outer, is_ordered)
        return (
            _VARIES.sub(functools.partial(self._named, is_ordered), text) if _MAY_VARY.search(text) else text
        )

    def _without_random(self, text: str, outer: Sequence[Memory], is_ordered: bool) -> str:
        memories = (self, *outer)
        made = [each for memory in memories for each in memory._made]
        drawn = [each.lower() for each in made]
        letters = ["".join(memory._letters).lower() for memory in memories if memory._letters]
        for whole in made:
            if whole in text:
                name = self._random(whole, is_ordered)
                text = text.replace(whole, name)
                if whole.isdigit():  # the zeros before it are there for its length
                    text = re.sub(rf"(?<!\d)0+(?={re.escape(name)})", "", text)

        def slice_of(match: re.Match[str]) -> str:
            found = match[0].lower()
            is_drawn = any(each.startswith(found) or each.endswith(found) for each in drawn)
            is_drawn = is_drawn or found.lstrip("0") in drawn or any(found in each for each in letters)
            return self._random(found, is_ordered) if is_drawn else match[0]

        return _SLICE.sub(slice_of, text) if made or letters else text

    def _named(self, is_ordered: bool, match: re.Match[str]) -> str:
        text, kind = match[0], match.lastgroup
        match kind:
            case "uuid":
                return self._random(text.lower(), is_ordered)
            case "key":
                return hidden(text)
            case "pytest" | "tmp":
                return "<tmp>"
            case "port":
                return "<port>"
            case "epoch":
                return "<time>" if near_now(float(text[:10])) else text
            case _:
                return "<time>" if _is_near_date(text) else text

    def _random(self, text: str, is_ordered: bool) -> str:
        if text not in self._names:
            self._call(text, "random", is_ordered)
        return self._names[text]

    def _call(self, text: str, label: str, is_ordered: bool) -> None:
        self._names[text] = self._label(label, is_ordered)
        if len(text) >= _SHORTEST_PART and not text.isdigit() and "<" not in text:
            self._starts.setdefault(text[:_SHORTEST_PART], []).append(text)

    def _label(self, label: str, is_ordered: bool) -> str:
        if not is_ordered:
            return f"<{label}>"
        self._numbers[label] += 1
        number = self._numbers[label]
        return f"<{label}>" if number == 1 else f"<{label} {number}>"

    def _foreign(self, text: str) -> str:
        label = self._names[text]
        return label if self._heading is None else f"<{self._heading}: {label[1:]}"

    def _parts_of(self, text: str) -> list[str]:
        if not self._starts:
            return []
        starts = {text[at : at + _SHORTEST_PART] for at in range(len(text) - _SHORTEST_PART + 1)}
        found = [
            name for start in starts & self._starts.keys() for name in self._starts[start] if name in text
        ]
        return sorted(found, key=lambda name: (-len(name), name))


def near_now(seconds: float) -> bool:
    """Whether this is a time, in seconds since 1970, that a program may have computed from the clock."""
    return abs(seconds - _now()) < _DAYS * 24 * 3600


def hidden(access_key: str) -> str:
    """An access key that may be a real one, without what would help anybody: equal keys stay equal."""
    return f"{access_key[:4]}~{hashlib.sha256(access_key.encode()).hexdigest()[:8]}"


def _is_near_date(text: str) -> bool:
    digits = re.sub(r"\D", "", text)[:8]
    try:
        date = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return abs(date.toordinal() - dt.date(1970, 1, 1).toordinal() - _now() / 86400) < _DAYS


def _texts(answer: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts of an answer. Only plain containers are looked into: a test may return anything."""
    if type(answer) is dict:
        for name, value in answer.items():
            if name != "ResponseMetadata":
                yield from _texts(value, (*path, str(name)))
    elif type(answer) is list:
        for value in answer:
            yield from _texts(value, path)
    elif type(answer) is str and len(answer) <= _LONGEST:
        yield path, answer
