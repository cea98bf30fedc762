"""A dict display and the numbers of entries in, the same without them out."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from session_first.rewrite import commas


def remove_entries(display: cst.Dict, removed: Collection[int]) -> cst.Dict:
    """The dict display without the entries numbered `removed`."""
    spacing = commas.drop(_spacing(display), removed)
    left = [part for index, part in enumerate(display.elements) if index not in removed]
    elements = [
        part.with_changes(comma=cst.MaybeSentinel.DEFAULT if gap.comma is None else gap.comma)
        for part, gap in zip(left, spacing.gaps, strict=True)
    ]
    closing = spacing.gaps[-1].closing if spacing.gaps else commas.NOTHING
    if spacing.gaps and spacing.gaps[-1].comma is not None:
        comma = spacing.gaps[-1].comma
        closing = comma.whitespace_after
        elements[-1] = elements[-1].with_changes(comma=comma.with_changes(whitespace_after=commas.NOTHING))
    return display.with_changes(
        elements=elements,
        lbrace=display.lbrace.with_changes(whitespace_after=spacing.opening),
        rbrace=display.rbrace.with_changes(whitespace_before=closing),
    )


def _spacing(display: cst.Dict) -> commas.Spacing:
    """The whitespace between its brackets and entries; libcst counts that behind a last comma to the bracket."""
    closing = display.rbrace.whitespace_before
    gaps = [
        commas.Gap(part.comma if isinstance(part.comma, cst.Comma) else None) for part in display.elements
    ]
    if gaps:
        comma = gaps[-1].comma
        gaps[-1] = (
            commas.Gap(None, closing)
            if comma is None
            else commas.Gap(comma.with_changes(whitespace_after=closing))
        )
    return commas.Spacing(display.lbrace.whitespace_after, tuple(gaps))
