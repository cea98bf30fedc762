"""A text before and after its edits in, the same with the lines that they made too long laid out as black does it out."""

from __future__ import annotations

import ast
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from session_first.source import split_lines

Token = tokenize.TokenInfo

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_LAYOUT = frozenset({tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
_STRING_STARTS = ("FSTRING_START", "TSTRING_START")  # of Python 3.12 and later
_STRING_ENDS = ("FSTRING_END", "TSTRING_END")
_OPERATORS = frozenset({"and", "or", "not", "is", "in", "if", "else"})
_COMPARISONS = frozenset({"==", "!=", "<=", ">=", ":="})
_ALIKE = 0.5


def lay_out_long_lines(before: str, after: str, limit: int) -> str:
    """`after` with one bracket broken on each line that is longer than `limit`, where what it was before is not.

    A line with a comment, and one that is no shorter for it, stays as it is.
    """
    old, new = split_lines(before), list(split_lines(after))
    long = [number for number in _grown(old, new, limit) if _length(new[number]) > limit]
    if not long:
        return after
    rows, step = _rows(new)
    for number in long:
        parts = _Layout(rows[number], step, limit).parts() if number in rows else None
        if parts is not None:
            newline = new[number][_length(new[number]) :]
            new[number] = newline.join(parts) + newline
    result = "".join(new)
    return result if ast.dump(ast.parse(result)) == ast.dump(ast.parse(after)) else after


def _length(line: str) -> int:
    return len(line.rstrip("\r\n"))


def _grown(old: Sequence[str], new: Sequence[str], limit: int) -> Iterator[int]:
    """The numbers of the new lines, without those that are like an old one that is longer than `limit`."""
    for tag, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            long = [line for line in old[first:last] if _length(line) > limit]
            for number in range(start, end):
                if not any(SequenceMatcher(None, line, new[number]).ratio() > _ALIKE for line in long):
                    yield number


@dataclass(slots=True)
class _Row:
    """A physical line: its tokens, and how many brackets are open where it begins.

    `whole`: it has no comment, closes what it opens, and nothing of it goes on from another line or on the next.
    `alone`: it is all that stands between two brackets.
    """

    text: str
    depth: int
    tokens: list[Token] = field(default_factory=list)
    whole: bool = True
    alone: bool = False


def _rows(lines: Sequence[str]) -> tuple[dict[int, _Row], str]:
    """The whole rows of a module by their numbers, and what a block is indented by."""
    rows: dict[int, _Row] = {}
    step = ""
    depth = 0
    for token in _tokens(lines):
        if token.type == tokenize.INDENT:
            step = step or token.string
        if token.type in _LAYOUT:
            continue
        first, last = token.start[0] - 1, token.end[0] - 1
        for number in range(first, last + 1):
            row = rows.setdefault(number, _Row(lines[number].rstrip("\r\n"), depth))
            row.whole = row.whole and first == last and token.type != tokenize.COMMENT
        rows[first].tokens.append(token)
        depth += _turn(token)
        rows[first].whole = rows[first].whole and depth >= rows[first].depth
    for number, row in rows.items():
        above, below = rows.get(number - 1), rows.get(number + 1)
        after = row.depth + sum(map(_turn, row.tokens))
        continued = any(
            text.endswith("\\") for text in (row.text, lines[number - 1].rstrip("\r\n") if number else "")
        )
        row.whole = row.whole and after == row.depth and not continued
        row.alone = (
            above is not None
            and below is not None
            and bool(above.tokens and below.tokens)
            and above.tokens[-1].string in _PAIRS
            and below.tokens[0].string == _PAIRS[above.tokens[-1].string]
        )
    return {number: row for number, row in rows.items() if row.whole and row.tokens}, step or "    "


def _tokens(lines: Sequence[str]) -> Iterator[Token]:
    """The tokens of a module, each f-string one of them as it is before Python 3.12."""
    text = iter([line.rstrip("\r\n") + "\n" for line in lines])
    starts: list[Token] = []
    for token in tokenize.generate_tokens(lambda: next(text, "")):
        kind = tokenize.tok_name[token.type]
        if kind in _STRING_STARTS:
            starts.append(token)
        elif kind in _STRING_ENDS:
            start = starts.pop()
            if not starts:
                yield Token(tokenize.STRING, start.string, start.start, token.end, start.line)
        elif not starts:
            yield token


def _turn(token: Token) -> int:
    if token.type != tokenize.OP:
        return 0
    return (token.string in _PAIRS) - (token.string in _PAIRS.values())


@dataclass(frozen=True, slots=True)
class _Pair:
    """The numbers of the tokens that are a bracket and the one that closes it. `kind`: what it is around."""

    opening: int
    closing: int
    kind: str


class _Layout:
    """The ways to break a row."""

    def __init__(self, row: _Row, step: str, limit: int) -> None:
        self._row = row
        self._tokens = row.tokens
        self._indent = row.text[: len(row.text) - len(row.text.lstrip())]
        self._inner = self._indent + step
        self._limit = limit
        self._outer = frozenset(self._outside_brackets())

    def parts(self) -> list[str] | None:
        """The lines that take the row's place, the first that are short enough; None where none are."""
        return next(
            (lines for lines in self._tries() if all(len(line) <= self._limit for line in lines)), None
        )

    def _tries(self) -> Iterator[list[str]]:
        tokens = self._tokens
        words = [token.string for token in tokens]
        if self._row.alone:
            items = self._items(0, len(tokens))
            if len(items) > 1:
                yield [f"{self._indent}{item}," for item in items]
        if any(words[number] in {"lambda", ";"} for number in self._outer):
            return
        if words[0] == "from" and self._row.depth == 0:
            yield from self._import()
            return
        head = words[1] if words[0] == "async" and len(words) > 1 else words[0]
        if (
            self._row.depth == 0
            and head in {"def", "if", "elif", "while", "for", "with"}
            and words[-1] != ":"
        ):
            return
        pairs = list(self._pairs())
        if self._row.depth == 0 and head == "def":
            for pair in [pair for pair in pairs if words[pair.opening] == "("][:1]:
                yield from self._broken(pair)
            return
        start, stop, can_wrap = self._value(head)
        if self._has_comma(start, stop):
            return
        operators = [n for n in self._outer if start <= n < stop and self._is_operator(n)]
        dots = [number for number in sorted(self._dots()) if start < number < stop]
        can_wrap = can_wrap and words[start] != "yield"
        last = next((pair for pair in pairs if pair.closing == stop - 1), None)
        can_wrap = can_wrap and (last is None or last.opening > start or last.kind != "group")
        if can_wrap and (operators or len(dots) > 1):
            yield self._wrapped(start, stop)
        if operators not in ([], [start]):  # more than a `not` before it all
            return
        if can_wrap and len(dots) > 1:
            yield self._wrapped(start, *dots, stop)
        for pair in reversed(pairs):
            ends = pair.closing == stop - 1
            if pair.opening < start or (pair.kind == "group" and not (ends and pair.opening == start)):
                continue
            if pair.kind != "subscript" and (ends or not self._row.depth):
                yield from self._broken(pair)
        if can_wrap:
            yield self._wrapped(start, stop)

    def _import(self) -> Iterator[list[str]]:
        """Each name on a line of its own, in brackets."""
        words = [token.string for token in self._tokens]
        start = words.index("import") + 1
        if words[start] not in {"(", "*"}:
            items = [f"{self._inner}{item}," for item in self._items(start, len(words))]
            yield [f"{self._indent}{self._text(0, start)} (", *items, f"{self._indent})"]

    def _outside_brackets(self) -> Iterator[int]:
        """The numbers of the tokens that stand in no bracket of the row, and are none."""
        depth = 0
        for number, token in enumerate(self._tokens):
            turn = _turn(token)
            depth += turn
            if depth == 0 and turn == 0:
                yield number

    def _pairs(self) -> Iterator[_Pair]:
        """The outermost brackets with something between them."""
        depth = opening = 0
        for number, token in enumerate(self._tokens):
            depth += _turn(token)
            if depth == 1 and _turn(token) == 1:
                opening = number
            elif depth == 0 and _turn(token) == -1 and number > opening + 1:
                yield _Pair(opening, number, self._kind(opening))

    def _kind(self, opening: int) -> str:
        before = self._tokens[opening - 1] if opening else None
        follows = before is not None and (
            before.string in {")", "]", "}"}
            or (before.type == tokenize.NAME and not keyword.iskeyword(before.string))
            or before.type == tokenize.STRING
        )
        if self._tokens[opening].string == "(":
            return "call" if follows else "group"
        return "subscript" if follows else "display"

    def _value(self, head: str) -> tuple[int, int, bool]:
        """The tokens that are the row's value, and whether they could have brackets around them."""
        words = [token.string for token in self._tokens]
        end = len(words) - (words[-1] in {",", ":"})
        if self._row.depth:
            return 0, end, False
        if head == "return":
            return 1, len(words), len(words) > 1
        if head in {"if", "elif", "while"}:
            return 1, end, True
        if head == "for":
            return min(n for n in self._outer if words[n] == "in") + 1, end, False
        if not keyword.iskeyword(head):
            assigned = [n for n in self._outer if words[n].endswith("=") and words[n] not in _COMPARISONS]
            if assigned:
                return max(assigned) + 1, len(words), True
        return 0, end, False

    def _dots(self) -> Iterator[int]:
        """The numbers of the dots behind brackets, which make a chain of calls."""
        for number in self._outer:
            if number and self._tokens[number].string == "." and _turn(self._tokens[number - 1]):
                yield number

    def _is_operator(self, number: int) -> bool:
        token = self._tokens[number]
        if token.type == tokenize.OP:
            return token.string not in {".", ",", ":", "=", "*", "**"}
        return token.string in _OPERATORS

    def _has_comma(self, start: int, stop: int) -> bool:
        return any(self._tokens[number].string == "," for number in self._outer if start <= number < stop)

    def _text(self, start: int, stop: int) -> str:
        """The row's text from one token up to another."""
        if start >= stop:
            return ""
        return self._row.text[self._tokens[start].start[1] : self._tokens[stop - 1].end[1]]

    def _items(self, start: int, stop: int) -> list[str]:
        """What the commas between the tokens separate; nothing where they are not its own."""
        items = []
        depth = 0
        for number in range(start, stop):
            depth += _turn(self._tokens[number])
            if depth == 0 and self._tokens[number].string == ",":
                items.append(self._text(start, number))
                start = number + 1
            elif depth == 0 and self._tokens[number].string in {"for", "lambda"}:
                return []
        return [*items, self._text(start, stop)] if start < stop else items

    def _broken(self, pair: _Pair) -> Iterator[list[str]]:
        """What the brackets hold on an indented line, or one item a line."""
        head = self._indent + self._text(0, pair.opening + 1)
        tail = self._indent + self._text(pair.closing, len(self._tokens))
        if self._tokens[pair.closing - 1].string != ",":
            yield [head, self._inner + self._text(pair.opening + 1, pair.closing), tail]
        items = self._items(pair.opening + 1, pair.closing)
        if len(items) > 1:
            yield [head, *(f"{self._inner}{item}," for item in items), tail]

    def _wrapped(self, start: int, *stops: int) -> list[str]:
        """The value, up to each of the tokens, on indented lines, between brackets of its own."""
        head, tail = self._text(0, start), self._text(stops[-1], len(self._tokens))
        lines = [self._inner + self._text(*part) for part in pairwise([start, *stops])]
        return [f"{self._indent}{head} (", *lines, f"{self._indent}){tail}"]
