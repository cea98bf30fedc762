"""The facts of all files, their call graph and the plans of a fix without and with lift in; how sessions travel, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from session_first.facts.boundaries import framework, is_descriptor
from session_first.facts.suppressions import is_suppressed
from session_first.model import (
    AddSessionParameter,
    AddStatement,
    AddStatementBefore,
    Applicability,
    CallSite,
    Edit,
    Fix,
    Location,
    ModuleFacts,
    PassSession,
    Plan,
    Position,
    Resolution,
    SessionSite,
    Span,
    UseSession,
)
from session_first.project.callgraph import CallGraph, Edge, Function, Unresolved, UnresolvedReason
from session_first.project.context import Project
from session_first.project.entry_points import ConsoleScript, is_click_command, starts_program
from session_first.project.passing import is_passed, may_be_passed
from session_first.project.session_graph import (
    MADE_THERE,
    Call,
    Node,
    SessionGraph,
    Since,
    Start,
    UnresolvedCall,
    Use,
    Why,
)
from session_first.project.session_graph import around as graph_around
from session_first.project.takers import Takers, outermost

_SESSIONS = frozenset(
    {
        "boto3.Session",
        "boto3.session.Session",
        "aws_assume_role_lib.assume_role",
        "aws_assume_role_lib.JumpSession",
    }
)
_CLIENTS = ("client", "resource")
_CLIENT_OF_NEW = re.compile(r"boto3\.(session\.)?Session\(\)\.(client|resource)")
_NEW_SESSION = re.compile(r"\w+ = (boto3\.Session\(.*\))")
_OF_CHOICE = re.compile(r"\((.+) or \w+(?:\.\w+)*\)")

_MODULE, _GUARD = "<module>", "<main>"


@dataclass(frozen=True, slots=True, order=True)
class _Key:
    """What a node stands for: the function at `position`, or the module's code (`<module>`, `<main>`)."""

    path: Path
    position: Position
    name: str


@dataclass(frozen=True, slots=True)
class Plans:
    """What a fix would do, without and with lift; `unsafe`: with its unsafe fixes too."""

    fix: Plan
    lift: Plan
    unsafe: bool = False


def survey(
    modules: Sequence[ModuleFacts],
    graph: CallGraph,
    plans: Plans,
    *,
    scripts: tuple[ConsoleScript, ...] = (),
    boundaries: tuple[str, ...] = (),
    focus: Function | None = None,
) -> SessionGraph:
    """The whole graph, or what is around the function `focus`.

    `scripts` are the commands that are installed with the project, `boundaries` as in the settings.
    """
    made = _Survey(modules, graph, plans, scripts, boundaries)
    found, of = made.graph(focus)
    return found if of is None else graph_around(found, of)


class _Survey:
    def __init__(
        self,
        modules: Sequence[ModuleFacts],
        graph: CallGraph,
        plans: Plans,
        scripts: tuple[ConsoleScript, ...],
        boundaries: tuple[str, ...],
    ) -> None:
        self._graph = graph
        self._scripts = scripts
        self._boundaries = boundaries
        self._project = Project(modules)
        self._modules: Mapping[Path, ModuleFacts] = {m.path: m for m in modules if not m.is_test}
        self._takers = Takers(modules, graph)
        self._edits = {
            Since.FIX: _Edits(plans.fix.edits(unsafe=plans.unsafe)),
            Since.LIFT: _Edits(plans.lift.edits(unsafe=plans.unsafe)),
        }
        self._unsafe = plans.unsafe
        self._resolutions: dict[tuple[Location, Position], Resolution] = {
            (r.finding.location, r.finding.end): r
            for r in plans.fix.resolutions
            if r.finding.code in {"BSF101", "BSF102", "BSF104"}
        }
        self._stops: dict[tuple[Location, Position | None], Why] = {
            (stop.place, stop.end): Why(stop.reason, stop.detail)
            for plan in (plans.lift, plans.fix)  # where both say why, the shorter way counts
            for stop in plan.stops
        }
        self._required = self._required_parameters()
        self._uses: dict[_Key, list[Use]] = {}
        self._known: set[tuple[Path, Span]] = set()

    def graph(self, focus: Function | None) -> tuple[SessionGraph, str | None]:
        """The graph, and the id of the node that stands for `focus`."""
        for module in self._modules.values():
            self._note_uses(module)
        edges = [(self._caller(e), self._key(e.target), e) for e in self._graph.edges if self._is_step(e)]
        chosen = None if focus is None else self._key(focus)
        seeds = {*self._uses, *self._taking_keys(), *([] if chosen is None else [chosen])}
        keys = sorted(_closed(seeds, edges))
        names = Counter(self._name(key) for key in keys)
        ids = {
            key: name if names[name := self._name(key)] == 1 else f"{name}@{key.position.line}"
            for key in keys
        }
        callers = {callee for caller, callee, _ in edges if caller in ids}
        calls = sorted(
            (self._call(ids[a], b, ids[b], e) for a, b, e in edges if a in ids and b in ids),
            key=lambda call: (call.path, call.position, call.end),
        )
        unresolved, external = self._unresolved(ids)
        values: dict[str, list[tuple[str | None, Since | None]]] = {}
        for call in calls:
            values.setdefault(call.caller, []).append((call.value, call.since))
        nodes = tuple(
            self._node(key, ids[key], values.get(ids[key], ()), called=key in callers) for key in keys
        )
        return SessionGraph(nodes, tuple(calls), unresolved, external), None if chosen is None else ids[
            chosen
        ]

    # --- Nodes ----------------------------------------------------------------------------------

    def _key(self, function: Function) -> _Key:
        """What the function is part of: the outermost one around, or one in between that takes a session itself."""
        module = self._modules[function.path]
        if self._takes(function) is None:
            position = outermost(module, function.position)
            outer = self._graph.function(module.path, position) if position is not None else None
            function = outer or function
        return _Key(function.path, function.position, function.name)

    def _at(self, module: ModuleFacts, place: Position, caller: Position | None) -> _Key:
        """What the code at `place`, in the function at `caller`, is part of."""
        function = self._graph.function(module.path, caller) if caller is not None else None
        if function is not None:
            return self._key(function)
        for guard in module.entry_points.guards:
            if guard.position <= place < guard.end:
                return _Key(module.path, guard.position, _GUARD)
        return _Key(module.path, Position(1, 0), _MODULE)

    def _caller(self, edge: Edge) -> _Key:
        return self._at(self._modules[edge.path], edge.call.position, edge.call.caller)

    def _is_step(self, edge: Edge) -> bool:
        """Whether the call leads from one node to another, or is a recursion."""
        if edge.path not in self._modules or edge.target.path not in self._modules:
            return False
        target = self._key(edge.target)
        return self._caller(edge) != target or edge.target.position == target.position

    def _name(self, key: _Key) -> str:
        return f"{self._modules[key.path].module}:{key.name}"

    def _taking_keys(self) -> Iterator[_Key]:
        for function in self._graph.functions:
            if function.path in self._modules and self._taken(function) is not None:
                yield self._key(function)

    def _node(
        self, key: _Key, name: str, passed: Sequence[tuple[str | None, Since | None]], *, called: bool
    ) -> Node:
        """The node; `passed` is what its calls pass, and since when."""
        uses = tuple(sorted(self._uses.get(key, ()), key=lambda use: (use.position, use.text)))
        function = self._graph.function(key.path, key.position) if key.name not in {_MODULE, _GUARD} else None
        taken = self._taken(function) if function is not None else None
        parameter, since = taken or (None, None)
        used = [(u.session, u.since) for u in uses if u.makes == "client" and u.session != MADE_THERE]
        held = [(s, when) for s, when in (*used, *passed) if when is not None and s not in {None, parameter}]
        holds, holds_since = min(held, key=lambda h: list(Since).index(h[1])) if held else (None, None)
        stop = self._stops.get((Location(key.path, key.position), None)) if function is not None else None
        start, detail = self._start(key, function, called=called)
        return Node(
            id=name,
            name=self._name(key),
            path=key.path,
            position=key.position,
            parameter=parameter,
            since=since,
            why=stop if since is None else None,
            holds=holds,
            holds_since=holds_since,
            start=start,
            start_detail=detail,
            uses=uses,
        )

    def _start(
        self, key: _Key, function: Function | None, *, called: bool
    ) -> tuple[Start | None, str | None]:
        """What calls the function, or runs the module's code, and a sentence about it."""
        if function is None:
            if key.name == _GUARD:
                return Start.MAIN_GUARD, "it runs when the file is run as a script"
            return Start.MODULE_LEVEL, "it runs when the module is imported"
        module = self._modules[function.path]
        entry = module.entry_points
        if function.position in entry.handlers:
            return Start.LAMBDA_HANDLER, "AWS Lambda calls it"
        commands = [
            s.command for s in self._scripts if (s.module, s.function) == (module.module, function.name)
        ]
        if commands:
            return Start.MAIN, f"the command {commands[0]} runs it"
        if starts_program(module, function.name):
            return Start.MAIN, "the script runs it"
        if any(
            command.function == function.position and is_click_command(self._project.origins, module, command)
            for command in entry.commands
        ):
            return Start.COMMAND, "click makes a command of it"
        for decorator in self._graph.definition(function).decorators:
            if (reader := framework(self._project.resolve(decorator.name), self._boundaries)) is not None:
                return Start.FRAMEWORK, f"@{decorator.text}: {reader} calls it"
        return (None, None) if called else self._mentioned(function)

    def _mentioned(self, function: Function) -> tuple[Start | None, str | None]:
        """Who may call the function though no call of it is seen."""
        decorators = self._graph.definition(function).decorators
        reads = any(is_descriptor(decorator.name) for decorator in decorators)
        mentions = [p for p in self._graph.references(function) if p[0] in self._modules]
        elsewhere = [p for p in mentions if p != (function.path, function.position)]
        if elsewhere:
            path, position = elsewhere[0]
            return Start.HANDED_OVER, f"{path.name}:{position.line} {'reads' if reads else 'mentions'} it"
        if mentions and decorators and not reads:
            return Start.HANDED_OVER, f"@{decorators[0].text} gets it"
        return None, None

    # --- Who takes one --------------------------------------------------------------------------

    def _taken(self, function: Function) -> tuple[str, Since] | None:
        """The parameter by which the function takes a session, and since when."""
        taken = self._takes(function)
        if taken is not None:
            return taken, Since.ALREADY
        place = Location(function.path, function.position)
        for since, edits in self._edits.items():
            if place in edits.parameters:
                return edits.parameters[place], since
        return None

    def _takes(self, function: Function) -> str | None:
        taken = self._takers.parameter(function)
        return taken.name if taken is not None else self._required.get((function.path, function.position))

    def _required_parameters(self) -> dict[tuple[Path, Position], str]:
        """The sessions among the parameters that have to be given, by where their functions stand."""
        found: dict[tuple[Path, Position], str] = {}
        for module in self._modules.values():
            for call in module.calls:
                session = module.in_scope.get((call.position, call.end))
                function = self._graph.function(module.path, call.caller) if call.caller is not None else None
                if session is None or function is None or session.evidence.startswith("made by"):
                    continue
                if any(p.name == session.expression for p in self._graph.definition(function).parameters):
                    found.setdefault((function.path, function.position), session.expression)
        return found

    # --- Where clients and sessions are made ----------------------------------------------------

    def _note_uses(self, module: ModuleFacts) -> None:
        for site in module.sites:
            self._known.add((module.path, (site.position, site.end)))
            self._add(self._at(module, site.position, site.function), self._use_of_site(module, site))
        made: dict[tuple[_Key, Position], Use] = {}
        for call in module.calls:  # `Session().client()` starts where `Session()` does, and is the longer one
            use = self._use_of_call(module, call)
            if use is not None:
                self._known.add((module.path, (call.position, call.end)))
                place = (self._at(module, call.position, call.caller), call.position)
                if place not in made or len(made[place].text) < len(use.text):
                    made[place] = use
        for (holder, _), use in made.items():
            self._add(holder, use)
        for statement, text in self._edits[Since.LIFT].sessions.get(module.path, ()):
            around = outermost(module, statement)
            inside = around if around != statement else None  # before a function, not in it
            self._add(self._at(module, statement, inside), Use(statement, text, "session", None, Since.LIFT))

    def _add(self, key: _Key, use: Use) -> None:
        self._uses.setdefault(key, []).append(use)

    def _use_of_call(self, module: ModuleFacts, call: CallSite) -> Use | None:
        if (module.path, (call.position, call.end)) in self._known:
            return None
        if call.certain and self._project.resolve(call.callee) in _SESSIONS:
            return Use(call.position, f"{call.callee.lstrip('.')}(…)", "session", None, Since.ALREADY)
        head, _, last = call.callee.rpartition(".")
        if last not in _CLIENTS:
            return None
        if call.certain and _CLIENT_OF_NEW.fullmatch(call.callee):
            return Use(call.position, f"{call.callee}(…)", "client", MADE_THERE, Since.ALREADY)
        session = module.in_scope.get((call.position, call.end))
        if session is None or _session_of(head) != session.expression:
            return None
        return Use(call.position, f"{call.callee}(…)", "client", session.expression, Since.ALREADY)

    def _use_of_site(self, module: ModuleFacts, site: SessionSite) -> Use:
        makes: Literal["client", "session"] = "session" if site.api == "assume_role" else "client"
        for since, edits in self._edits.items():
            receiver = edits.receivers.get(Location(module.path, site.callee))
            if receiver is not None:
                return Use(site.position, site.text, makes, _session_of(receiver), since)
        resolution = self._resolutions.get((Location(module.path, site.position), site.end))
        if resolution is None:
            return Use(site.position, site.text, makes, None, None, self._unfound(module, site))
        outcome = resolution.outcome
        if not isinstance(outcome, Fix):
            return Use(site.position, site.text, makes, None, None, Why(outcome.reason.value, outcome.detail))
        if outcome.applicability is Applicability.SAFE or self._unsafe:
            return Use(site.position, site.text, makes, None, Since.FIX)
        return Use(site.position, site.text, makes, None, None, Why("unsafe", outcome.message))

    def _unfound(self, module: ModuleFacts, site: SessionSite) -> Why:
        code = "BSF101" if site.session is None else "BSF102"
        if is_suppressed(module.suppressed, site.position.line, code):
            return Why("noqa", "a noqa comment keeps it as it is")
        if site.function is None:
            return Why(
                "module-level", "it is made when the module is imported, before anybody could pass a session"
            )
        return Why("not-checked", "the rule is off, or the file was not given")

    # --- Calls ----------------------------------------------------------------------------------

    def _call(self, caller: str, target: _Key, callee: str, edge: Edge) -> Call:
        function = edge.target if edge.target.position == target.position else None
        taken = self._taken(function) if function is not None else None
        call = edge.call
        if taken is None:
            return Call(caller, callee, edge.path, call.position, call.end, None, None, None)
        parameter, _ = taken
        since, value, why = self._passed(edge, parameter)
        return Call(caller, callee, edge.path, call.position, call.end, value, since, why)

    def _passed(self, edge: Edge, parameter: str) -> tuple[Since | None, str | None, Why | None]:
        if is_passed(self._graph, edge, parameter):
            value = self._argument(edge, parameter)
            if value == "None":
                return None, None, Why("opted-out", f"the call says {parameter}=None")
            return Since.ALREADY, value, None
        place = (edge.path, edge.call.position, edge.call.end)
        for since, edits in self._edits.items():
            if place in edits.passed:
                return since, edits.passed[place], None
        stop = self._stops.get((Location(edge.path, edge.call.position), edge.call.end))
        if stop is not None:
            return None, None, stop
        if may_be_passed(edge):
            return (
                None,
                None,
                Why("unpacked-arguments", "the call unpacks arguments, which may hold a session"),
            )
        caller = self._caller(edge)
        if caller.name in {_MODULE, _GUARD}:
            return None, None, Why("module-level", "no session is in scope outside functions")
        if (Location(caller.path, caller.position), None) in self._stops:
            return None, None, Why("caller-takes-none", f"{caller.name} cannot take one")
        return None, None, Why("no-session", "no session is in scope")

    def _argument(self, edge: Edge, parameter: str) -> str | None:
        for number, argument in enumerate(edge.call.arguments):
            if argument.keyword == parameter or self._graph.parameter_of(edge, number) == parameter:
                return argument.text
        return None

    def _unresolved(self, ids: Mapping[_Key, str]) -> tuple[tuple[UnresolvedCall, ...], int]:
        by_function: dict[Function, str] = {}
        for function in self._graph.functions:
            if function.path in self._modules:
                key = self._key(function)
                if key in ids and key.position == function.position:
                    by_function[function] = ids[key]
        found = []
        external = 0
        for item in self._graph.unresolved:
            if (
                item.path not in self._modules
                or (item.path, (item.call.position, item.call.end)) in self._known
            ):
                continue
            if item.reason in {UnresolvedReason.EXTERNAL, UnresolvedReason.NO_INIT} and not item.candidates:
                external += 1
                continue
            found.append(self._unresolved_call(item, by_function))
        return tuple(sorted(found, key=lambda u: (u.path, u.position, u.callee))), external

    def _unresolved_call(self, item: Unresolved, by_function: Mapping[Function, str]) -> UnresolvedCall:
        targets = {
            by_function[function]
            for function in self._graph.possible_targets(item)
            if function in by_function and not self._is_of_module(function, item)
        }
        caller = self._name(self._at(self._modules[item.path], item.call.position, item.call.caller))
        callee = item.call.callee.lstrip(".")
        return UnresolvedCall(
            caller, item.path, item.call.position, callee, item.reason, tuple(sorted(targets))
        )

    def _is_of_module(self, function: Function, item: Unresolved) -> bool:
        """Whether the function is no method, and the call that of a method of some object."""
        of_object = item.reason is UnresolvedReason.UNKNOWN_RECEIVER and not item.candidates
        return of_object and self._graph.definition(function).class_name is None


class _Edits:
    """What a plan changes, as far as sessions travel by it."""

    def __init__(self, edits: Mapping[Path, Sequence[Edit]]) -> None:
        self.parameters: dict[Location, str] = {}
        self.receivers: dict[Location, str] = {}
        self.passed: dict[tuple[Path, Position, Position], str] = {}
        self.sessions: dict[Path, list[tuple[Position, str]]] = {}
        for path, path_edits in edits.items():
            for edit in path_edits:
                match edit:
                    case AddSessionParameter():
                        self.parameters[Location(path, edit.function)] = edit.name
                    case UseSession():
                        self.receivers[Location(path, edit.callee)] = edit.receiver
                    case PassSession():
                        self.passed[path, edit.position, edit.end] = edit.value
                    case AddStatement() | AddStatementBefore():
                        if (made := _NEW_SESSION.fullmatch(edit.source)) is not None:
                            self.sessions.setdefault(path, []).append((edit.statement, made[1]))
                    case _:
                        pass


def _session_of(receiver: str) -> str:
    """`session` of `(session or boto3)`."""
    choice = _OF_CHOICE.fullmatch(receiver)
    return choice[1] if choice is not None else receiver


def _closed(seeds: set[_Key], edges: Sequence[tuple[_Key, _Key, Edge]]) -> set[_Key]:
    """The seeds and all that reach them by calls."""
    incoming: dict[_Key, list[_Key]] = {}
    for caller, callee, _ in edges:
        incoming.setdefault(callee, []).append(caller)
    found = set(seeds)
    waiting = list(seeds)
    while waiting:
        for caller in incoming.get(waiting.pop(), ()):
            if caller not in found:
                found.add(caller)
                waiting.append(caller)
    return found
