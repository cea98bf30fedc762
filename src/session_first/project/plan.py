"""The facts and findings of all files in; what becomes of each finding, out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from session_first.config import Settings
from session_first.model import (
    AddImport,
    Applicability,
    Edit,
    Finding,
    Fix,
    ModuleFacts,
    Plan,
    Position,
    Resolution,
    SessionSite,
    Skip,
    SkipReason,
    UseSession,
)
from session_first.project.context import Project
from session_first.project.take_session import Context, PythonFloor, site_skip, take_session


def make_plan(
    modules: Sequence[ModuleFacts],
    findings: Sequence[Finding],
    *,
    writable: frozenset[Path],
    settings: Settings,
    python_floor: PythonFloor,
) -> Plan:
    """One resolution a finding.

    `modules` are those of the whole project, tests included; `findings` those of the files that were
    given (`writable`), suppressed ones left out.
    """
    context = Context(Project(modules), settings, writable, python_floor)
    by_path = {module.path: module for module in modules}
    outcomes = dict(_take_sessions(findings, by_path, context))
    resolutions = []
    for finding in sorted(findings, key=lambda f: (f.location, f.end, f.code)):
        if finding in outcomes:
            outcome = outcomes[finding]
        elif finding.code == "BSF102":
            module = by_path[finding.location.path]
            outcome = _use_session_in_scope(module, _site(module, finding), context)
        else:
            outcome = Skip(SkipReason.NO_FIX, "where the client should be made is for people to decide")
        resolutions.append(Resolution(finding, outcome))
    return Plan(tuple(resolutions))


def _take_sessions(
    findings: Sequence[Finding], by_path: dict[Path, ModuleFacts], context: Context
) -> list[tuple[Finding, Fix | Skip]]:
    """The outcomes of all BSF101 findings: a function is fixed for all its sites at once."""
    groups: dict[tuple[Path, Position], list[tuple[Finding, SessionSite]]] = {}
    outcomes: list[tuple[Finding, Fix | Skip]] = []
    for finding in findings:
        if finding.code != "BSF101":
            continue
        module = by_path[finding.location.path]
        site = _site(module, finding)
        skip = site_skip(module, site, context)
        if skip is not None:
            outcomes.append((finding, skip))
            continue
        assert site.outermost is not None
        groups.setdefault((module.path, site.outermost), []).append((finding, site))
    for (path, position), group in groups.items():
        module = by_path[path]
        outcome = take_session(module, module.functions[position], [site for _, site in group], context)
        outcomes.extend((finding, outcome) for finding, _ in group)
    return outcomes


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
