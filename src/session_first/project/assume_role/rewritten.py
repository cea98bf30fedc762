"""A flow of credentials in; the edits that make it one of sessions, or why there are none, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import (
    AddImport,
    Applicability,
    ChangeCall,
    Edit,
    RemoveStatement,
    Result,
    Skip,
    SkipReason,
    Stored,
    Unpacked,
)
from session_first.project.assume_role.aliases import aliases_of
from session_first.project.assume_role.annotated import annotated
from session_first.project.assume_role.at_once import may_be_caught
from session_first.project.assume_role.behind import Behind
from session_first.project.assume_role.branches import rebind
from session_first.project.assume_role.carriers import Carriers
from session_first.project.assume_role.changes import (
    Changes,
    DefaultParent,
    FileVariable,
    Site,
    joined,
)
from session_first.project.assume_role.leftovers import check_nothing_left
from session_first.project.assume_role.merged import merge_sessions
from session_first.project.assume_role.names import name_carriers
from session_first.project.assume_role.parts import parts_of
from session_first.project.assume_role.renamed import renamed
from session_first.project.assume_role.role_call import LIBRARY, rewritten_call
from session_first.project.assume_role.role_plan import RolePlan, plan_role, set_by_chance
from session_first.project.assume_role.sinks import rewritten_sink
from session_first.project.assume_role.steps import rewritten_step
from session_first.project.assume_role.stop import Stop
from session_first.project.assume_role.surroundings import Surroundings
from session_first.project.credentials import Flow, Step
from session_first.project.failures import untested_failures
from session_first.project.flow_check import blockers
from session_first.project.regions import Regions, regions

_ORDER = (
    SkipReason.CREDENTIALS_USED_OTHERWISE,
    SkipReason.UNSEEN_CONSUMER,
    SkipReason.UNCLEAR_FLOW,
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How a flow becomes one of sessions.

    `covered` are the sites that go with it, `default_parents` the roles that the default session assumes where no session
    is passed, `boto3_reads` the names of boto3 that are read once less;
    `receivers` the variables whose STS client is not asked any more, each
    time once; `doubts` say what may differ, each in a sentence.
    """

    edits: tuple[tuple[Path, Edit], ...]
    covered: frozenset[Site]
    default_parents: tuple[DefaultParent, ...]
    boto3_reads: tuple[tuple[Path, str], ...]
    receivers: tuple[FileVariable, ...]
    doubts: tuple[str, ...]
    message: str

    @property
    def applicability(self) -> Applicability:
        """How far it can be trusted."""
        return Applicability.UNSAFE if self.doubts else Applicability.SAFE


def rewrite_flow(flow: Flow, around: Surroundings) -> Rewritten | Skip:
    """The edits for all of a flow, or what stands in the way."""
    found = blockers(flow, around.credentials, around.project, around.graph)
    if found:
        first = min(found, key=lambda blocker: _ORDER.index(blocker.reason))
        return Skip(first.reason, first.detail)
    closed = next(_closed_files(flow, around), None)
    if closed is not None:
        return closed
    try:
        return _rewritten(flow, around)
    except Stop as stop:
        return stop.skip


def _closed_files(flow: Flow, around: Surroundings) -> Iterator[Skip]:
    """The files of the flow that may not be edited."""
    for step in flow.steps:
        path = step.module.path
        where = f"{path.name}:{step.transfer.position.line}"
        if step.module.is_test:
            yield Skip(
                SkipReason.UNSEEN_CONSUMER,
                f"test code uses the credentials ({where}), and is never edited",
            )
        elif path not in around.writable and _needs_edit(step):
            yield Skip(
                SkipReason.NEEDS_EDIT_OUTSIDE_PATHS, f"{where} must be rewritten too; give its path as well"
            )


def _needs_edit(step: Step) -> bool:
    return not isinstance(step.transfer.value, Result) or isinstance(step.transfer.fate, (Stored, Unpacked))


def _rewritten(flow: Flow, around: Surroundings) -> Rewritten:
    """The edits for the flow.

    Raises:
        Stop: something in it cannot be rewritten.
    """
    plans = tuple(plan_role(role, flow, around) for role in flow.roles)
    wanted = _regions(flow, plans, around)
    changes = _changes(flow, plans, wanted, around)
    doubts = (
        *(doubt for plan in plans for doubt in plan.doubts),
        *wanted.doubts,
        *((around.mocked,) if around.mocked is not None else ()),
        *set_by_chance(flow, around),
        *untested_failures(flow, around.credentials, around.graph),
    )
    doubts = tuple(dict.fromkeys(doubts))
    sinks = ", ".join(dict.fromkeys(sink.maker.text for sink in flow.sinks))
    message = f"assume the role with {LIBRARY}, whose session refreshes itself, and make {sinks} of it"
    return Rewritten(
        tuple(dict.fromkeys((*changes.edits, *_imports(changes)))),
        frozenset(changes.covered),
        changes.default_parents,
        changes.boto3_reads,
        changes.receivers,
        doubts,
        "; ".join((message, *doubts)),
    )


def _regions(flow: Flow, plans: Sequence[RolePlan], around: Surroundings) -> Regions:
    wanted = regions(
        flow,
        [plan.parent for plan in plans],
        around.credentials,
        around.mentions_default_session,
        lambda role: may_be_caught(role, flow, around),
    )
    if isinstance(wanted, Skip):
        raise Stop(wanted.reason, wanted.detail)
    return wanted


def _changes(flow: Flow, plans: Sequence[RolePlan], wanted: Regions, around: Surroundings) -> Changes:
    """First what each variable is to be, and what is not needed any more; then the text, with that in view."""
    carriers, signatures = Carriers(flow, around.credentials), around.signatures
    parts = parts_of(carriers)
    aliases = aliases_of(carriers)
    behind = Behind(carriers, aliases.of)
    at_once = {
        role.origin for role in flow.roles if aliases.may_be_unset or may_be_caught(role, flow, around)
    }
    rebound = rebind(parts.branches, plans[0].parent, behind, around)
    gone = parts.changes.gone | aliases.gone
    merged = merge_sessions(behind, signatures, rebound.names, gone, at_once)
    names = name_carriers(behind, merged.names, signatures, around.free_names)

    sinks = joined(
        rewritten_sink(sink, names, merged.sites, rebound.instead, wanted.of_sink) for sink in flow.sinks
    )
    gone = merged.gone | sinks.gone
    steps = joined(rewritten_step(step, names, gone) for step in flow.steps)
    calls = joined(
        rewritten_call(
            plan,
            wanted.of_role.get(plan.role.origin, ()),
            names,
            around,
            at_once=plan.role.origin in at_once,
        )
        for plan in plans
    )
    makers = Changes(
        edits=tuple(
            (path, ChangeCall(start, end, added=added))
            for (path, start, end), added in wanted.of_maker.items()
        )
    )

    gone |= steps.gone | calls.gone
    removed = Changes(edits=tuple((path, RemoveStatement(start)) for path, start in gone.statements))
    named = Changes(edits=tuple(renamed(names, signatures, gone)))
    said = annotated(flow, gone)
    check_nothing_left(names, gone)
    return joined((parts.changes, sinks, steps, calls, makers, removed, named, said))


def _imports(changes: Changes) -> Iterator[tuple[Path, Edit]]:
    """What the files import for it."""
    for path in dict.fromkeys(path for path, _ in changes.imports):
        for name in sorted({name for file, name in changes.imports if file == path}):
            yield path, AddImport(name)
