"""The facts and findings of all files in; what becomes of each finding, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from session_first.config import Settings
from session_first.facts.mocks import replaces_name
from session_first.model import (
    AddImport,
    AddSessionParameter,
    Applicability,
    ChangeCall,
    Edit,
    FillSession,
    Finding,
    Fix,
    ImportedName,
    Location,
    ModuleFacts,
    Plan,
    Position,
    RemoveImport,
    RemoveStatement,
    Resolution,
    SessionSite,
    Skip,
    SkipReason,
    UseSession,
)
from session_first.project.annotations import PythonFloor
from session_first.project.assume_role import DefaultParent
from session_first.project.callgraph import CallGraph, build
from session_first.project.context import Project
from session_first.project.edges import Edges, Start, use_made
from session_first.project.entry_points import ConsoleScript
from session_first.project.following import Followed, follow
from session_first.project.forwarding import Forwarding, Planner, added_by
from session_first.project.identities import Identities, is_constructor, split
from session_first.project.idle import idle
from session_first.project.keeping import Keeping, use_kept
from session_first.project.roles import plan_roles
from session_first.project.take_session import Context, site_skip, take_session

_NO_FIX = {
    "BSF104": "where the client should be made is for people to decide",
    "BSF105": "whether threads are to share a client is for people to decide",
    "BSF106": "where it should be made is for people to decide",
    "BSF202": "who reads the environment is not to be seen",
    "BSF203": "how the refresh was meant is for people to decide",
}
_REPLACED = Skip(
    SkipReason.UNSEEN_CONSUMER,
    "other files replace or override a function that its credentials go through, so who gets them is not to be seen",
)


def make_plan(
    modules: Sequence[ModuleFacts],
    findings: Sequence[Finding],
    *,
    writable: frozenset[Path],
    settings: Settings,
    python_floor: PythonFloor,
    line_length: int | None = None,
    graph: CallGraph | None = None,
    followed: Followed | None = None,
    unsafe: bool = False,
    scripts: tuple[ConsoleScript, ...] = (),
) -> Plan:
    """One resolution a finding.

    `modules` are those of the whole project, tests included; `findings` those of the files that were
    given (`writable`), suppressed ones left out. `graph` is the call graph and `followed` the way of credentials through
    them, made here where they are not given; `unsafe` says that unsafe fixes are to be carried out too. `scripts` are the
    commands that are installed with the project.
    """
    context = Context(Project(modules), settings, writable, python_floor, line_length, unsafe, scripts)
    by_path = {module.path: module for module in modules}
    graph = graph or build(modules)
    roles = plan_roles(followed or follow(modules, graph), findings, context, unsafe=unsafe)
    outcomes: dict[Finding, Fix | Skip] = {
        finding: roles.covered[finding.location.path, finding.location.position]
        for finding in findings
        if finding.code in {"BSF101", "BSF102"}
        and (finding.location.path, finding.location.position) in roles.covered
    }
    left = [finding for finding in findings if finding not in outcomes]
    keeping = Keeping(graph, context)
    for_roles = [*outcomes.values(), *roles.outcomes.values()]
    edges = Edges(graph, context, frozenset(_added(for_roles, unsafe=True)))
    own, left = _at_edges(left, by_path, context, edges)
    identities = Identities(context.project, graph)
    already = {Location(m.path, position) for m in modules if not m.is_test for position in m.taking}
    taking = frozenset({*_added(for_roles, unsafe=True), *already})
    take = partial(
        _take_sessions,
        left,
        by_path,
        context,
        roles.default_parents,
        keeping,
        identities=identities,
        taking=taking,
    )
    taken = take()
    added = _added([*taken.outcomes.values(), *for_roles], unsafe=unsafe)
    needs = {start: [site.position for _, site in group] for start, group in own.items()}
    planner = partial(
        Planner, graph, context, added, keeping, taken.keeping, edges=edges, own=needs, apart=taken.apart
    )
    forwarding = _forwarding(lambda for_nothing: planner(idle=for_nothing), by_path, unsafe=unsafe)
    if unfilled := _unfilled(forwarding, context, unsafe=unsafe) & added.keys():
        taken = take(unfilled=unfilled)
    outcomes.update(taken.outcomes)
    for start, group in own.items():
        made = forwarding.edges[start]
        sites = [site for _, site in group]
        ended = made if isinstance(made, Skip) else use_made(by_path[start.path], sites, made)
        outcomes.update(dict.fromkeys((finding for finding, _ in group), ended))
    routes = {
        (route.edge.path, route.edge.call.position, route.edge.call.end): route.outcome
        for route in forwarding.routes
        if route.found
    }
    resolutions = []
    for finding in sorted(findings, key=lambda f: (f.location, f.end, f.code)):
        if finding in outcomes:
            outcome = outcomes[finding]
        elif finding.code == "BSF102":
            module = by_path[finding.location.path]
            outcome = _use_session_in_scope(module, _site(module, finding), context)
        elif finding.code == "BSF103":
            outcome = routes[finding.location.path, finding.location.position, finding.end]
        elif finding.code == "BSF201":
            outcome = roles.outcomes.get((finding.location.path, finding.location.position), _REPLACED)
        else:
            outcome = Skip(SkipReason.NO_FIX, _NO_FIX[finding.code])
        resolutions.append(Resolution(finding, outcome))
    resolutions = list(_with_filled_parents(resolutions, roles.default_parents, context))
    consequences = tuple(forwarding.consequences(unsafe=unsafe))
    plan = Plan(tuple(_without_unused_imports(resolutions, by_path, context)), consequences)
    resolved = tuple(_without_unused_boto3(plan, roles.boto3_reads, context, unsafe=unsafe))
    return Plan(resolved, consequences, tuple(forwarding.stops(unsafe=unsafe)))


def _forwarding(
    planner: Callable[[Mapping[Location, Skip]], Planner],
    by_path: Mapping[Path, ModuleFacts],
    *,
    unsafe: bool,
) -> Forwarding:
    """The routes, none of which gives a method a session for nothing; without one such, others may come to be for nothing."""
    for_nothing: dict[Location, Skip] = {}
    while True:
        forwarding = planner(for_nothing).plan()
        more = idle(forwarding, by_path, unsafe=unsafe)
        if more.keys() <= for_nothing.keys():
            return forwarding
        for_nothing.update(more)


def _added(outcomes: Sequence[Fix | Skip], *, unsafe: bool) -> dict[Location, str]:
    """The functions that get a session parameter by the fixes that are made, and its name."""
    found: dict[Location, str] = {}
    for outcome in outcomes:
        if isinstance(outcome, Fix) and (unsafe or outcome.applicability is Applicability.SAFE):
            found.update(added_by(outcome.edits))
    return found


def _unfilled(forwarding: Forwarding, context: Context, *, unsafe: bool) -> frozenset[Location]:
    """The functions whose session must not be filled in before its use, because of where they pass it on."""
    if context.project.mentions_default_session:
        return forwarding.passing(unsafe=unsafe)
    return forwarding.unfilled(unsafe=unsafe)


def _at_edges(
    findings: Sequence[Finding], by_path: Mapping[Path, ModuleFacts], context: Context, edges: Edges
) -> tuple[dict[Start, list[tuple[Finding, SessionSite]]], list[Finding]]:
    """The BSF101 findings in functions that make a session themselves, by where that is, and the others."""
    own: dict[Start, list[tuple[Finding, SessionSite]]] = {}
    others = []
    for finding in findings:
        module = by_path[finding.location.path]
        site = _site(module, finding) if finding.code == "BSF101" else None
        function = module.functions.get(site.outermost) if site is not None and site.outermost else None
        start = edges.of_function(module, function) if function is not None else None
        if (
            site is None
            or start is None
            or isinstance(edges.offer(start), Skip)
            or site_skip(module, site, context)
        ):
            others.append(finding)
        else:
            own.setdefault(start, []).append((finding, site))
    return own, others


@dataclass(frozen=True, slots=True)
class _Taken:
    """The outcomes of BSF101 findings; `keeping` are the constructors that keep a session for them, `apart` the methods that do not use
    what the constructor of their object is given."""

    outcomes: Mapping[Finding, Fix | Skip]
    keeping: frozenset[Location]
    apart: frozenset[Location]


def _take_sessions(
    findings: Sequence[Finding],
    by_path: dict[Path, ModuleFacts],
    context: Context,
    parents: Sequence[DefaultParent],
    keeping: Keeping,
    *,
    identities: Identities,
    taking: frozenset[Location],
    unfilled: frozenset[Location] = frozenset(),
) -> _Taken:
    """What becomes of all BSF101 findings.

    A function is fixed for all its sites at once. Those of `taking` take a session for another reason as well; those of `unfilled`
    leave their session as it is passed.
    """
    groups: dict[tuple[Path, Position], list[tuple[Finding, SessionSite]]] = {}
    outcomes: dict[Finding, Fix | Skip] = {}
    keeping_ones: set[Location] = set()
    apart = {place for place in taking if _is_of_objects(place, by_path, identities)}
    for finding in findings:
        if finding.code != "BSF101":
            continue
        module = by_path[finding.location.path]
        site = _site(module, finding)
        skip = site_skip(module, site, context)
        if skip is not None:
            outcomes[finding] = skip
            continue
        assert site.outermost is not None
        groups.setdefault((module.path, site.outermost), []).append((finding, site))
    ordered = sorted(
        groups.items(), key=lambda item: is_constructor(by_path[item[0][0]].functions[item[0][1]])
    )
    for (path, position), group in ordered:  # methods before the constructors, which depend on them
        module = by_path[path]
        place = Location(path, position)
        statements = [p.statement for p in parents if (p.path, p.function) == (path, position)]
        sites = [site for _, site in group]
        function = module.functions[position]
        if (own := next((site.both for site in sites if site.both is not None), None)) is not None:
            skip = Skip(
                SkipReason.USES_BOTH_SESSIONS, f"{own}, and would go on being used whatever session is passed"
            )
            outcomes.update(dict.fromkeys((finding for finding, _ in group), skip))
            continue
        kept = keeping.of_method(module, function) if not statements else None
        if kept is not None:
            outcomes.update(dict.fromkeys((finding for finding, _ in group), use_kept(module, sites, *kept)))
            keeping_ones.add(kept[0].constructor)
            continue
        if identities.is_of_objects(function):
            apart.add(place)
        elif is_constructor(function) and place not in {*taking, *keeping_ones}:
            beside = sorted(identities.methods(module, function) & apart)
            if beside:
                other = by_path[beside[0].path].functions[beside[0].position]
                skip = split(function.class_name, other.name)
                outcomes.update(dict.fromkeys((finding for finding, _ in group), skip))
                continue
        fills = place not in unfilled
        outcome = take_session(module, function, sites, context, statements, fills=fills)
        outcomes.update(dict.fromkeys((finding for finding, _ in group), outcome))
    return _Taken(outcomes, frozenset(keeping_ones), frozenset(apart))


def _is_of_objects(place: Location, by_path: Mapping[Path, ModuleFacts], identities: Identities) -> bool:
    function = by_path[place.path].functions.get(place.position)
    return function is not None and identities.is_of_objects(function)


def _with_filled_parents(
    resolutions: Sequence[Resolution], parents: Sequence[DefaultParent], context: Context
) -> Iterator[Resolution]:
    """Where a function fills its session in before it assumes a role, that session is the parent."""
    filled: dict[tuple[Path, Position], str] = {}
    for resolution in resolutions:
        outcome = resolution.outcome
        if context.settings.form != "auto" or not isinstance(outcome, Fix):
            continue
        functions = {(path, e.function) for path, e in outcome.edits if isinstance(e, AddSessionParameter)}
        for path, edit in outcome.edits:
            if isinstance(edit, FillSession):
                filled.update(
                    ((path, parent.call), edit.name)
                    for parent in parents
                    if parent.path == path and (path, parent.function) in functions
                )
    for resolution in resolutions:
        outcome = resolution.outcome
        if isinstance(outcome, Fix) and filled:
            edits = tuple((path, _filled(path, edit, filled)) for path, edit in outcome.edits)
            yield Resolution(resolution.finding, replace(outcome, edits=edits))
        else:
            yield resolution


def _filled(path: Path, edit: Edit, filled: Mapping[tuple[Path, Position], str]) -> Edit:
    if isinstance(edit, ChangeCall) and edit.callee is not None and (path, edit.position) in filled:
        name = filled[path, edit.position]
        if edit.first is not None and edit.first.startswith(f"{name} or "):
            return replace(edit, first=name)
    return edit


def _without_unused_imports(
    resolutions: Sequence[Resolution], by_path: dict[Path, ModuleFacts], context: Context
) -> Iterator[Resolution]:
    """`from boto3 import client` goes with the safe fixes that leave no use of it."""
    fixed: dict[tuple[Path, str], int] = {}
    for resolution, site in _imported_sites(resolutions, by_path):
        if isinstance(resolution.outcome, Fix) and resolution.outcome.applicability is Applicability.SAFE:
            key = (resolution.finding.location.path, site.bound_as)
            fixed[key] = fixed.get(key, 0) + 1
    unused = {
        (path, name)
        for (path, name), count in fixed.items()
        if by_path[path].read_names.get(name, 0) == count
        and path.name != "__init__.py"
        and not context.project.is_imported_elsewhere(by_path[path], name)
    }
    removals: dict[Finding, RemoveImport] = {
        resolution.finding: RemoveImport(site.statement, site.bound_as)
        for resolution, site in _imported_sites(resolutions, by_path)
        if (resolution.finding.location.path, site.bound_as) in unused
    }
    for resolution in resolutions:
        removal = removals.get(resolution.finding)
        if removal is not None and isinstance(resolution.outcome, Fix):
            edit = (resolution.finding.location.path, removal)
            fix = replace(resolution.outcome, edits=(*resolution.outcome.edits, edit))
            yield Resolution(resolution.finding, fix)
        else:
            yield resolution


def _without_unused_boto3(
    plan: Plan, reads: Mapping[tuple[Path, str], int], context: Context, *, unsafe: bool
) -> Iterator[Resolution]:
    """What is imported of boto3 goes with the fixes that leave no use of it."""
    edits = plan.edits(unsafe=unsafe)
    removals: dict[Path, list[RemoveImport]] = {}
    for (path, name), count in reads.items():
        module = context.project.by_path[path]
        statement = module.values.scopes[None].boto3_names.get(name)
        if (
            statement is not None
            and module.read_names.get(name, 0) == count
            and path.name != "__init__.py"
            and not any(_brings(name, edit) for edit in edits.get(path, ()))
            and not context.project.is_imported_elsewhere(module, name)
            and not any(
                replaces_name(replacement.target, module.module, name)
                for other in context.project.modules
                for replacement in other.replacements
            )
        ):
            removals.setdefault(path, []).append(RemoveImport(statement, name))
    for resolution in plan.resolutions:
        outcome = resolution.outcome
        if isinstance(outcome, Fix) and resolution.finding.code == "BSF201":
            paths = sorted({path for path, _ in outcome.edits} & removals.keys())
            own = [(path, removal) for path in paths for removal in removals[path]]
            yield Resolution(resolution.finding, replace(outcome, edits=(*outcome.edits, *own)))
        else:
            yield resolution


def _brings(name: str, edit: Edit) -> bool:
    """Whether the edit's new text may read the name."""
    if isinstance(edit, RemoveStatement | RemoveImport):
        return False
    return re.search(rf"(?<![\w.]){re.escape(name)}\b", repr(edit)) is not None


def _imported_sites(
    resolutions: Sequence[Resolution], by_path: dict[Path, ModuleFacts]
) -> Iterator[tuple[Resolution, ImportedName]]:
    """The findings at names that a `from boto3 import …` binds."""
    for resolution in resolutions:
        if resolution.finding.code == "BSF101":
            site = _site(by_path[resolution.finding.location.path], resolution.finding)
            if site.imported is not None:
                yield resolution, site.imported


def _use_session_in_scope(module: ModuleFacts, site: SessionSite, context: Context) -> Fix | Skip:
    """BSF102: the session that is there, which may be another identity."""
    assert site.session is not None
    name = site.session.expression
    if site.session_tested:
        return Skip(SkipReason.SESSION_TESTED, f"it is reached by a test of {name}: the default may be meant")
    if site.both is not None:
        return Skip(SkipReason.USES_BOTH_SESSIONS, f"both sessions seem to be meant: {site.both}")
    if (skip := site_skip(module, site, context)) is not None:
        return skip
    receiver = f"({name} or {site.receiver or 'boto3'})" if site.session.optional else name
    edits: list[Edit] = [UseSession(site.callee, site.callee_end, receiver, site.api)]
    if site.session.optional and site.imported is not None and module.boto3_binding == "absent":
        edits.append(AddImport("boto3", beside=site.imported.statement))
    return Fix(
        Applicability.UNSAFE,
        f"use {receiver}.{site.api}: the calls are then made with the identity and region of {name}",
        tuple((module.path, edit) for edit in edits),
    )


def _site(module: ModuleFacts, finding: Finding) -> SessionSite:
    """The site that a finding is about."""
    return next(s for s in module.sites if s.position == finding.location.position and s.end == finding.end)
