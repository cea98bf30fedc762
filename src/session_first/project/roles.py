"""The flows of a project in; what becomes of each role, and which sites go with it, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from session_first.facts.mocks import UNKNOWN
from session_first.model import (
    Applicability,
    AttributePlace,
    Contents,
    Edit,
    Finding,
    Fix,
    Maker,
    ModuleFacts,
    Position,
    RemoveStatement,
    Result,
    Skip,
    SkipReason,
    Stored,
    Variable,
)
from session_first.project.assume_role import (
    DefaultParent,
    Rewritten,
    Site,
    Surroundings,
    first_name,
    rewrite_flow,
)
from session_first.project.callgraph import CallGraph
from session_first.project.credentials import Credentials, Flow, Origin
from session_first.project.following import Followed
from session_first.project.free_names import FreeNames
from session_first.project.reached import Reached
from session_first.project.take_session import Context, SessionParameter, session_parameter

_STS = re.compile(r"(?<![aeiou])sts|sts(?=[a-z])")
"""STS in a name, and not the end of `requests` or `hosts`."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What becomes of each role; `default_parents` are the roles that session parameters assume, `covered` the sites that the fixes to be carried out take with them, `boto3_reads`
    counts the reads of boto3's names that go with them in each file."""

    outcomes: Mapping[Origin, Fix | Skip]
    covered: Mapping[Site, Fix]
    default_parents: tuple[DefaultParent, ...]
    boto3_reads: Mapping[tuple[Path, str], int]


def plan_roles(followed: Followed, findings: Sequence[Finding], context: Context, *, unsafe: bool) -> Roles:
    """The outcomes of the roles that are found (BSF201). `unsafe`: unsafe fixes are to be carried out too."""
    credentials = followed.credentials
    wanted = {(f.location.path, f.location.position) for f in findings if f.code == "BSF201"}
    rewritten: list[tuple[Flow, Rewritten]] = []
    outcomes: dict[Origin, Fix | Skip] = {}
    free_names = FreeNames()
    for flow in credentials.flows:
        origins = {role.origin for role in flow.roles}
        if not flow.sinks or not origins & wanted:
            continue
        outcome: Rewritten | Skip
        if origins <= wanted:
            outcome = _rewrite(flow, credentials, followed.graph, context, free_names)
        else:
            outcome = Skip(
                SkipReason.UNCLEAR_FLOW,
                "its credentials meet those of a role that is to stay as it is (a test, a noqa, a refresh, a file that was not given)",
            )
        if isinstance(outcome, Skip):
            outcomes.update((role.origin, outcome) for role in flow.roles)
        else:
            rewritten.append((flow, outcome))
    carried = [
        (flow, result) for flow, result in rewritten if unsafe or result.applicability is Applicability.SAFE
    ]
    reached = Reached(context.project, followed.graph)
    unused = _unused_clients([result for _, result in carried], credentials, context, reached)
    covered: dict[Site, Fix] = {}
    boto3_reads = Counter(read for _, result in carried for read in result.boto3_reads)
    boto3_reads.update((path, name) for (path, _), _, _, name in unused if name is not None)
    for flow, result in rewritten:
        is_carried = any(result is other for _, other in carried)
        removed = [(v, e, s) for v, e, s, _ in unused if v in result.receivers] if is_carried else []
        edits = (*result.edits, *((variable[0], edit) for variable, edit, _ in removed))
        fix = Fix(result.applicability, result.message, tuple(dict.fromkeys(edits)))
        outcomes.update((role.origin, fix) for role in flow.roles)
        if is_carried:
            covered.update((site, fix) for site in result.covered)
            covered.update((site, fix) for _, _, site in removed)
    default_parents = tuple(parent for _, result in carried for parent in result.default_parents)
    return Roles(outcomes, covered, default_parents, boto3_reads)


def _rewrite(
    flow: Flow, credentials: Credentials, graph: CallGraph, context: Context, free_names: FreeNames
) -> Rewritten | Skip:
    parameters: dict[tuple[Path, Position], SessionParameter | Skip] = {}

    def session_name(module: ModuleFacts, outermost: Position) -> str | None:
        function = module.functions.get(outermost)
        if function is None:
            return None
        parameter = session_parameter(module, function, context)
        parameters[module.path, outermost] = parameter
        return None if isinstance(parameter, Skip) else parameter.name

    around = Surroundings(
        context.project,
        credentials,
        graph,
        session_name,
        context.writable,
        context.project.mentions_default_session,
        _mocked(flow, context),
        method_style=context.settings.assume_role_style == "method"
        and any(module.values.patches_boto3 for module in context.project.modules),
        catches=any(call.caught for m in context.project.modules if not m.is_test for call in m.calls),
        free_names=free_names,
    )
    result = rewrite_flow(flow, around)
    if isinstance(result, Skip):
        return result
    edits = [edit for p in parameters.values() if isinstance(p, SessionParameter) for edit in p.edits]
    return replace(result, edits=(*edits, *result.edits))


def _mocked(flow: Flow, context: Context) -> str | None:
    """What the tests replace that the fix would go round, in words."""
    modules = {step.module.module for step in flow.steps}
    helpers = {
        role_function.rpartition(".")[2]
        for step in flow.steps
        if (role_function := _function_name(step.module, step.transfer.function)) is not None
    }
    for where in flow.places:
        place = where.place.of if isinstance(where.place, Contents) else where.place
        if isinstance(place, AttributePlace) or (isinstance(place, Variable) and place.owner is None):
            helpers.add(place.name)
    for module in context.project.modules:
        file = module.path.name
        if module.is_test and module.cans_answers:
            return f"{file} cans the answers of AWS, which the library's own STS client may not fit"
        for replacement in module.replacements:
            if _replaces(replacement.target, modules, helpers):
                return f"{file}:{replacement.position.line} replaces {replacement.target}"
        rebound = [
            name for name in module.rebound if not name.startswith(".") and name.rpartition(".")[2] in helpers
        ]
        if rebound:
            return f"{file} replaces {min(rebound)}"
    return None


def _function_name(module: ModuleFacts, position: Position | None) -> str | None:
    scoped = module.values.scopes.get(position)
    return None if scoped is None else scoped.name


def _replaces(target: str, modules: set[str], helpers: set[str]) -> bool:
    head, _, last = target.rpartition(".")
    owner = head.rpartition(".")[2]
    if target == UNKNOWN or last in helpers or _STS.search(target.lower().replace("tests", "")) is not None:
        return True
    if last == "boto3":
        return not head or any(
            module == head or module.endswith(f".{head}") or head.endswith(f".{module}") for module in modules
        )
    if last in {"client", "resource", "Session", UNKNOWN}:
        return owner in {"boto3", "session", "", UNKNOWN}
    return last in {"_make_api_call", "_get_default_session", "DEFAULT_SESSION"}


def _unused_clients(
    carried: Sequence[Rewritten], credentials: Credentials, context: Context, reached: Reached
) -> list[tuple[tuple[Path, Variable], Edit, Site, str | None]]:
    """The STS clients that nobody asks any more, once these are carried out; last, the name of boto3 that made them."""
    found: list[tuple[tuple[Path, Variable], Edit, Site, str | None]] = []
    for (path, variable), count in Counter(r for result in carried for r in result.receivers).items():
        module = context.project.by_path[path]
        occurrences = module.values.variables[variable]
        stores = credentials.stores_of(module, variable)
        if occurrences.fixed or occurrences.bindings != 1 or len(occurrences.places) != count + 1:
            continue
        if len(stores) != 1 or stores[0].transfer.statement is None:
            continue
        transfer = stores[0].transfer
        if not isinstance(transfer.fate, Stored):
            continue
        if isinstance(transfer.value, Result) and credentials.only_makes_client(module, transfer.value):
            found.append(((path, variable), RemoveStatement(transfer.within), (path, transfer.within), None))
        if not isinstance(transfer.value, Maker):
            continue
        if not credentials.is_read_beside(module, transfer, variable):
            continue
        if variable.owner is None and (
            context.project.is_imported_elsewhere(module, variable.name)
            or reached.variable(module, variable.name) is not None
        ):
            continue
        site = path, transfer.value.position
        maker = transfer.value
        name = first_name(maker) if maker.owner is None or maker.or_default else None
        found.append(((path, variable), RemoveStatement(transfer.within), site, name))
    return found
