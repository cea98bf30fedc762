"""What the stages do to the text of a flow; several of these in, one out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from session_first.model import Edit, Entry, Maker, Position, Read, Record, Result, Variable
from session_first.project.credentials import Step

Site = tuple[Path, Position]
"""A place where a session, client or resource is made."""

FileVariable = tuple[Path, Variable]
"""A variable of a file."""


@dataclass(frozen=True, slots=True)
class DefaultParent:
    """A role that a function's session parameter, or else the default session, assumes: where its call and the
    statement around it stand."""

    path: Path
    function: Position
    statement: Position
    call: Position


@dataclass(frozen=True, slots=True)
class Gone:
    """What nobody reads any more: `statements` that go, by where they start, each with the step that it is; and `spans`
    of text, in these and elsewhere."""

    statements: Mapping[tuple[Path, Position], Step] = field(default_factory=dict)
    spans: tuple[tuple[Path, Position, Position], ...] = ()

    def has(self, path: Path, position: Position) -> bool:
        """Whether what starts there goes."""
        return any(file == path and start <= position < end for file, start, end in self.spans)

    def __or__(self, other: Gone) -> Gone:
        return Gone({**self.statements, **other.statements}, (*self.spans, *other.spans))


@dataclass(frozen=True, slots=True)
class Changes:
    """What a stage does: `covered` are the sites that go with the flow, `boto3_reads` the names of boto3 that are read
    once less, `imports` the modules that files need, `receivers` the variables whose STS client is not asked any more,
    each time once, `default_parents` the roles that the default session assumes where no session is passed."""

    edits: tuple[tuple[Path, Edit], ...] = ()
    gone: Gone = Gone()
    covered: tuple[Site, ...] = ()
    boto3_reads: tuple[tuple[Path, str], ...] = ()
    imports: tuple[tuple[Path, str], ...] = ()
    receivers: tuple[FileVariable, ...] = ()
    default_parents: tuple[DefaultParent, ...] = ()

    def __add__(self, other: Changes) -> Changes:
        return joined((self, other))


def joined(changes: Iterable[Changes]) -> Changes:
    """All of them, in their order."""
    several = tuple(changes)
    return Changes(
        tuple(edit for one in several for edit in one.edits),
        Gone(
            {start: step for one in several for start, step in one.gone.statements.items()},
            tuple(span for one in several for span in one.gone.spans),
        ),
        tuple(site for one in several for site in one.covered),
        tuple(read for one in several for read in one.boto3_reads),
        tuple(module for one in several for module in one.imports),
        tuple(variable for one in several for variable in one.receivers),
        tuple(parent for one in several for parent in one.default_parents),
    )


def whole_statement(step: Step) -> Gone:
    """The statement of a step goes."""
    path, transfer = step.module.path, step.transfer
    return Gone({(path, transfer.within): step}, ((path, transfer.within, transfer.end),))


def text_of(path: Path, *values: Read | Entry | Record | Result | Maker) -> Gone:
    """The text of expressions goes."""
    return Gone(spans=tuple((path, value.position, value.end) for value in values))


def covering(path: Path, maker: Maker) -> Changes:
    """A session, client or resource goes with the flow."""
    reads = maker.owner is None or maker.or_default
    return Changes(
        covered=((path, maker.position),), boto3_reads=((path, first_name(maker)),) if reads else ()
    )


def first_name(maker: Maker) -> str:
    """The name of boto3 that the call of a session, client or resource reads."""
    return "boto3" if maker.or_default else maker.text.partition("(")[0].partition(".")[0]
