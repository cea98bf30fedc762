"""What stands between the items of a comma-separated list in, the same with one item more out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import libcst as cst

Whitespace = cst.BaseParenthesizableWhitespace
NOTHING = cst.SimpleWhitespace("")


@dataclass(frozen=True, slots=True)
class Gap:
    """What follows an item: its comma, else (after the last one) the whitespace up to the bracket."""

    comma: cst.Comma | None
    closing: Whitespace = NOTHING


@dataclass(frozen=True, slots=True)
class Spacing:
    """The whitespace after the opening bracket, and the gap after each item."""

    opening: Whitespace
    gaps: tuple[Gap, ...]


def insert(spacing: Spacing, index: int, *, fits: bool, aligned: Whitespace) -> Spacing:
    """The spacing with an item more at `index`, in the style of the others.

    A comment behind an item stays behind it, one on a line of its own before what follows it. `fits`
    says that the last line has room for the item, `aligned` is a line break to use if the list has none.
    """
    if index < len(spacing.gaps):
        return _before(spacing, index, fits=fits)
    *others, last = spacing.gaps
    commas = [gap.comma for gap in others if gap.comma is not None]
    trailing = last.comma is not None
    closing = last.closing if last.comma is None else last.comma.whitespace_after
    own_line = (
        _one_a_line(spacing, fits=fits)
        or _has_comment(closing)
        or (any(map(_comma_breaks, commas)) and not fits)
    )
    if not own_line:
        added = Gap(last.comma, last.closing)
        return Spacing(spacing.opening, (*others, Gap(_joint(commas)), added))
    leading = commas[-1] if commas and breaks(commas[-1].whitespace_before) else None
    line_break = _line_break(spacing.opening, commas) or aligned
    separator = _join(closing, line_break)
    ending = _without_comment(closing)
    if leading is not None and not trailing:
        comma = leading.with_changes(whitespace_before=separator)
    else:
        before = last.comma.whitespace_before if last.comma is not None else NOTHING
        comma = cst.Comma(whitespace_before=before, whitespace_after=separator)
    added = (
        Gap(last.comma.with_changes(whitespace_after=ending)) if last.comma is not None else Gap(None, ending)
    )
    return Spacing(spacing.opening, (*others, Gap(comma), added))


def _before(spacing: Spacing, index: int, *, fits: bool) -> Spacing:
    commas = [gap.comma for gap in spacing.gaps[:-1] if gap.comma is not None]
    own_line = _one_a_line(spacing, fits=fits)
    if index == 0:
        own_line = own_line or (any(map(_comma_breaks, commas)) and not fits)
        if not own_line:
            return Spacing(spacing.opening, (Gap(_joint(commas)), *spacing.gaps))
        if commas and breaks(commas[0].whitespace_before):
            before = _bare(commas[0].whitespace_before)
            return Spacing(
                spacing.opening, (Gap(commas[0].with_changes(whitespace_before=before)), *spacing.gaps)
            )
        if not breaks(spacing.opening):  # the others are aligned with the first
            line_break = _line_break(spacing.opening, commas)
            assert line_break is not None
            return Spacing(
                spacing.opening, (Gap(cst.Comma(whitespace_after=_bare(line_break))), *spacing.gaps)
            )
        opening, rest = _split(spacing.opening)
        return Spacing(opening, (Gap(cst.Comma(whitespace_after=rest)), *spacing.gaps))
    comma = commas[index - 1]
    new = _joint(commas)
    own_line = own_line or (_comma_breaks(comma) and not fits)
    if own_line and breaks(comma.whitespace_before):
        first, rest = _split(comma.whitespace_before)
        new = comma.with_changes(whitespace_before=rest)
        comma = comma.with_changes(whitespace_before=first)
    elif own_line:
        first, rest = _split(comma.whitespace_after)
        new = comma.with_changes(whitespace_after=rest)
        comma = comma.with_changes(whitespace_after=first)
    return Spacing(spacing.opening, (*spacing.gaps[: index - 1], Gap(comma), Gap(new), *spacing.gaps[index:]))


def breaks(whitespace: Whitespace) -> bool:
    """Whether a new line begins in it."""
    if isinstance(whitespace, cst.SimpleWhitespace):
        return "\n" in whitespace.value or "\r" in whitespace.value  # behind a backslash
    return True


def _comma_breaks(comma: cst.Comma) -> bool:
    return breaks(comma.whitespace_before) or breaks(comma.whitespace_after)


def _one_a_line(spacing: Spacing, *, fits: bool) -> bool:
    *others, last = spacing.gaps
    if others:
        return all(gap.comma is not None and _comma_breaks(gap.comma) for gap in others)
    return breaks(spacing.opening) and (last.comma is not None or not fits)


def _joint(commas: Sequence[cst.Comma]) -> cst.Comma:
    """A comma as the list has it within a line."""
    within = [comma for comma in commas if not _comma_breaks(comma)]
    return within[-1] if within else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _line_break(opening: Whitespace, commas: Sequence[cst.Comma]) -> Whitespace | None:
    """The line break nearest to the end of the list."""
    for comma in reversed(commas):
        for whitespace in (comma.whitespace_after, comma.whitespace_before):
            if breaks(whitespace):
                return whitespace
    return opening if breaks(opening) else None


def _has_comment(whitespace: Whitespace) -> bool:
    return isinstance(whitespace, cst.ParenthesizedWhitespace) and whitespace.first_line.comment is not None


def _without_comment(whitespace: Whitespace) -> Whitespace:
    """The same line break without the comment behind it; comments on lines of their own stay."""
    if isinstance(whitespace, cst.ParenthesizedWhitespace):
        return whitespace.with_changes(first_line=cst.TrailingWhitespace())
    return whitespace


def _bare(whitespace: Whitespace) -> Whitespace:
    """The same line break without any comment."""
    if isinstance(whitespace, cst.ParenthesizedWhitespace):
        return whitespace.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=())
    return whitespace


def _join(comment: Whitespace, line_break: Whitespace) -> Whitespace:
    """`line_break` behind the comment of `comment`."""
    if isinstance(line_break, cst.ParenthesizedWhitespace):
        bare = _bare(line_break)
        if isinstance(comment, cst.ParenthesizedWhitespace):
            return bare.with_changes(first_line=comment.first_line)
        return bare
    return line_break


def _split(whitespace: Whitespace) -> tuple[Whitespace, Whitespace]:
    """The line break with the comment behind it, and again with the comments on lines of their own."""
    if isinstance(whitespace, cst.ParenthesizedWhitespace):
        return whitespace.with_changes(empty_lines=()), _without_comment(whitespace)
    return whitespace, whitespace


def remove(spacing: Spacing, index: int) -> Spacing:
    """The spacing without the item at `index` of several; the comment behind that item goes with it."""
    gaps = list(spacing.gaps)
    gone = gaps.pop(index)
    if index == len(gaps):
        previous = gaps[-1].comma
        assert previous is not None
        if gone.comma is not None:
            after = _merge(previous.whitespace_after, gone.comma.whitespace_after)
            gaps[-1] = Gap(previous.with_changes(whitespace_after=after), gone.closing)
        else:
            gaps[-1] = Gap(None, _merge(previous.whitespace_after, gone.closing))
        return Spacing(spacing.opening, tuple(gaps))
    assert gone.comma is not None
    behind = gone.comma.whitespace_after
    if not (isinstance(behind, cst.ParenthesizedWhitespace) and behind.empty_lines):
        return Spacing(spacing.opening, tuple(gaps))
    if index == 0:
        return Spacing(_merge(spacing.opening, behind), tuple(gaps))
    previous = gaps[index - 1].comma
    assert previous is not None
    after = _merge(previous.whitespace_after, behind)
    gaps[index - 1] = Gap(previous.with_changes(whitespace_after=after))
    return Spacing(spacing.opening, tuple(gaps))


def _merge(before: Whitespace, after: Whitespace) -> Whitespace:
    """Ends where `after` ends, with the comments of both but the one behind the item in between."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return _without_comment(after)
    if not isinstance(after, cst.ParenthesizedWhitespace):
        kept = before.first_line.comment is not None or any(line.comment for line in before.empty_lines)
        return before if kept else after
    return after.with_changes(
        first_line=before.first_line, empty_lines=(*before.empty_lines, *after.empty_lines)
    )


def drop(spacing: Spacing, indices: Collection[int]) -> Spacing:
    """The spacing without the items at `indices`, which take their lines with them.

    The comments behind them and directly above them go as well; the caller has to put them elsewhere.
    """
    gaps = spacing.gaps
    kept = [index for index in range(len(gaps)) if index not in indices]
    if len(kept) == len(gaps):
        return spacing
    if not kept:
        return Spacing(NOTHING, ())
    opening = spacing.opening
    if kept[0] > 0 and breaks(opening):
        behind = _comma(gaps[kept[0] - 1]).whitespace_after
        if isinstance(opening, cst.ParenthesizedWhitespace) and breaks(behind):
            opening = opening.with_changes(empty_lines=_own_lines(behind))
    left = [
        Gap(_without_between(_comma(gaps[here]), _comma(gaps[following - 1])))
        if following > here + 1
        else gaps[here]
        for here, following in pairwise(kept)
    ]
    last = gaps[kept[-1]]
    if kept[-1] + 1 < len(gaps):
        last = _ended(_comma(last), gaps[-1])
    within = [opening, *(part for gap in left for part in _parts(_comma(gap)))]
    if not any(map(breaks, within)) and any(map(breaks, (last.closing, *_parts(last.comma)))):
        last = Gap(None)  # all on one line now
    return Spacing(opening, (*left, last))


def _comma(gap: Gap) -> cst.Comma:
    assert gap.comma is not None
    return gap.comma


def _parts(comma: cst.Comma | None) -> tuple[Whitespace, ...]:
    return () if comma is None else (comma.whitespace_before, comma.whitespace_after)


def _without_between(before: cst.Comma, after: cst.Comma) -> cst.Comma:
    """The comma in the place of the two around what is gone."""
    if not _comma_breaks(after):
        return before
    return after.with_changes(
        whitespace_before=_continued(before.whitespace_before, after.whitespace_before),
        whitespace_after=_continued(before.whitespace_after, after.whitespace_after),
    )


def _ended(before: cst.Comma, last: Gap) -> Gap:
    """The end of the list where what stood between the comma and it is gone."""
    leading = breaks(before.whitespace_before)
    behind = before.whitespace_before if leading else before.whitespace_after
    if last.comma is None:
        return Gap(None, _continued(behind, last.closing))
    comma = before.with_changes(whitespace_after=_continued(behind, last.comma.whitespace_after))
    return Gap(comma.with_changes(whitespace_before=last.comma.whitespace_before) if leading else comma)


def _continued(before: Whitespace, after: Whitespace) -> Whitespace:
    """`after` with the comment behind what stays before it, for that behind what is gone."""
    if isinstance(before, cst.ParenthesizedWhitespace) and isinstance(after, cst.ParenthesizedWhitespace):
        return after.with_changes(first_line=before.first_line)
    return after


def _own_lines(whitespace: Whitespace) -> Sequence[cst.EmptyLine]:
    return whitespace.empty_lines if isinstance(whitespace, cst.ParenthesizedWhitespace) else ()
