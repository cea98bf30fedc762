"""The call graph and the functions that a fix gives a session in; the calls that pass it on, and why others do not, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from session_first.config import Settings
from session_first.facts.suppressions import is_suppressed
from session_first.model import (
    AddSessionParameter,
    Applicability,
    Consequence,
    Edit,
    Fix,
    FunctionFacts,
    Location,
    ModuleFacts,
    PassSession,
    Position,
    SessionBinding,
    Skip,
    SkipReason,
    Stop,
)
from session_first.project.barriers import Barriers
from session_first.project.callgraph import CallGraph, Edge, Function, UnresolvedReason
from session_first.project.default_only import DefaultOnly
from session_first.project.edges import Edges, Made, Start
from session_first.project.identities import Identities, is_constructor, split
from session_first.project.keeping import Keeping, Kept
from session_first.project.passing import is_passed, may_be_passed, takes_keyword
from session_first.project.take_session import Context, session_parameter
from session_first.project.takers import Takers, outermost

CODE = "BSF103"


@dataclass(frozen=True, slots=True)
class Route:
    """A call of a function that takes a session: the edit by which it passes the one in scope, or why it does not.

    `source` is what holds the session there, `holder` the function that gets it as a parameter by this run (None: it was there
    before). `nested`: the call stands in a function inside that one. `keeps`: what is called is the constructor of a class that keeps the
    session. `found`: the callee took one before as well, so that the call is a finding.
    """

    edge: Edge
    source: str
    outcome: Fix | Skip
    needs: frozenset[Location]
    holder: Location | None = None
    nested: bool = False
    keeps: bool = False
    found: bool = False

    def is_made(self, *, unsafe: bool) -> bool:
        """Whether the call is edited."""
        return isinstance(self.outcome, Fix) and (unsafe or self.outcome.applicability is Applicability.SAFE)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """How sessions travel after the fixes: the calls of functions that take one, in the order of files and text; the functions
    that take one only to pass it on; why those that could not take one did not; the calls that could not have passed it;
    and where sessions are made, or why not."""

    routes: tuple[Route, ...] = ()
    lifted: tuple[Consequence, ...] = ()
    ends: tuple[tuple[Function, Skip], ...] = ()
    unpassed: tuple[tuple[Edge, Skip], ...] = ()
    edges: Mapping[Start, Made | Skip] = field(default_factory=dict)

    def consequences(self, *, unsafe: bool) -> Iterator[Consequence]:
        """What is to be edited; the routes that are findings apart, which are fixes."""
        yield from self.lifted
        for route in self.routes:
            if route.is_made(unsafe=unsafe) and not route.found and isinstance(route.outcome, Fix):
                yield Consequence(route.outcome.edits, route.needs)

    def unfilled(self, *, unsafe: bool) -> frozenset[Location]:
        """The functions that get a session and pass it on to where one that is filled in before may be another thing than none: to what
        takes one already, to objects that keep it, out of nested functions."""
        onward: dict[Location, set[Location]] = {}
        found: set[Location] = set()
        for route in self.routes:
            if route.holder is None or not route.is_made(unsafe=unsafe):
                continue
            target = Location(route.edge.target.path, route.edge.target.position)
            if route.nested or route.keeps or target not in route.needs:
                found.add(route.holder)
            onward.setdefault(target, set()).add(route.holder)
        waiting = list(found)
        while waiting:
            for holder in onward.get(waiting.pop(), ()):
                if holder not in found:
                    found.add(holder)
                    waiting.append(holder)
        return frozenset(found)

    def passing(self, *, unsafe: bool) -> frozenset[Location]:
        """The functions that get a session and pass it on."""
        return frozenset(r.holder for r in self.routes if r.holder is not None and r.is_made(unsafe=unsafe))

    def stops(self, *, unsafe: bool) -> Iterator[Stop]:
        """Where sessions do not go on, and why."""
        for route in self.routes:
            if not route.is_made(unsafe=unsafe):
                call, outcome = route.edge.call, route.outcome
                if isinstance(outcome, Fix):
                    reason, detail = "unsafe", outcome.message
                else:
                    reason, detail = outcome.reason.value, outcome.detail
                yield Stop(Location(route.edge.path, call.position), call.end, reason, detail)
        for edge, skip in self.unpassed:
            yield Stop(Location(edge.path, edge.call.position), edge.call.end, skip.reason.value, skip.detail)
        for function, skip in self.ends:
            yield Stop(Location(function.path, function.position), None, skip.reason.value, skip.detail)


class Planner:
    """Finds the routes of a project. `own` are the places where the code of `edges` itself needs a session, `apart` the methods that do
    not use what their constructor is given, `idle` the functions that no session is lifted to, and why."""

    def __init__(
        self,
        graph: CallGraph,
        context: Context,
        added: Mapping[Location, str],
        keeping: Keeping,
        kept: frozenset[Location],
        *,
        edges: Edges,
        own: Mapping[Start, Sequence[Position]],
        apart: frozenset[Location] = frozenset(),
        idle: Mapping[Location, Skip] | None = None,
    ) -> None:
        self._graph = graph
        self._context = context
        self._settings: Settings = context.settings
        self._takers = Takers(context.project.modules, graph)
        self._default_only = DefaultOnly(graph, self._takers)
        self._barriers = Barriers(graph, context)
        self._keeping = keeping
        self._kept = set(kept)
        self._added = dict(added)
        self._refused: dict[Location, Skip] = dict(idle or {})
        self._lifted: dict[Location, Consequence] = {}
        self._routes: dict[tuple[Path, object], Route] = {}
        self._ends: dict[Function, Skip] = {}
        self._unpassed: list[tuple[Edge, Skip]] = []
        self._edges = edges
        self._own = own
        self._identities = Identities(context.project, graph)
        self._apart = set(apart)
        self._at_edges: dict[Start, dict[Edge, str]] = {}

    def plan(self) -> Forwarding:
        """The routes to all functions that take a session, or get one."""
        functions = [self._function(place) for place in self._added]
        waiting = dict.fromkeys([*self._takers.all(), *(f for f in functions if f is not None)])
        done: set[Function] = set()
        while waiting:
            target = next(iter(waiting))
            del waiting[target]
            if target in done or self._module(target.path).is_test:
                continue
            done.add(target)
            for edge in (*self._graph.callers(target), *self._of_overridden(target)):
                for function in self._follow(edge):
                    if function not in done:
                        waiting[function] = None
        made = self._make()
        ordered = sorted(
            self._routes.values(), key=lambda r: (r.edge.path, r.edge.call.position, r.edge.call.end)
        )
        return Forwarding(
            tuple(ordered),
            tuple(self._lifted.values()),
            tuple(self._ends.items()),
            tuple(self._unpassed),
            made,
        )

    def _of_overridden(self, target: Function) -> Iterator[Edge]:
        """The calls that run the method or an override of it, all of which take the session by the same name."""
        for item in self._graph.uncertain_callers(target):
            if item.reason is not UnresolvedReason.OVERRIDDEN or not item.candidates:
                continue
            parameter = self._parameter(target)
            if any(self._parameter(candidate) != parameter for candidate in item.candidates):
                continue
            position = item.call.caller
            caller = self._graph.function(item.path, position) if position is not None else None
            edges = [
                Edge(caller, item.path, item.call, candidate, constructs=False, bound=True)
                for candidate in item.candidates
            ]
            if parameter is not None and not any(self._barriers.before(edge, parameter) for edge in edges):
                yield from edges[:1]

    # --- A call ---------------------------------------------------------------------------------

    def _follow(self, edge: Edge) -> Iterator[Function]:
        """Notes what becomes of the call; the functions that take a session because of it."""
        if self._module(edge.path).is_test:
            return
        parameter = self._parameter(edge.target)
        if parameter is None or is_passed(self._graph, edge, parameter):
            return
        skip = self._call_skip(edge, parameter)
        session = self._takers.in_scope(edge)
        if session is not None:
            self._note(edge, parameter, session, skip)
            return
        if self._calls_handler(edge):
            return
        skip = skip or self._own_skip(edge)
        holder = self._holder(edge)
        if self._is_at_edge(edge, holder):
            self._note_at_edge(edge, holder, parameter, skip)
            return
        if holder is None:
            return
        skip = skip or self._kept_skip(edge)
        if self._source(edge, holder) is None and self._settings.lift:
            if skip is None:
                yield from self._lift(edge, holder)
            else:
                self._unpassed.append((edge, skip))
        source = self._source(edge, holder)
        if source is not None:
            place, text = source
            nested = edge.caller is not None and edge.caller.position != holder.position
            needs = frozenset({place, *self._need(edge.target)})
            outcome = skip or self._fix(edge, parameter, text, Applicability.SAFE)
            keeps = Location(edge.target.path, edge.target.position) in self._kept
            self._add(Route(edge, text, outcome, needs, holder=place, nested=nested, keeps=keeps))

    def _source(self, edge: Edge, holder: FunctionFacts) -> tuple[Location, str] | None:
        """The function whose new parameter is there at the call, and how it is written there."""
        place = Location(edge.path, holder.position)
        if place in self._added:
            return place, self._added[place]
        found = self._keeping.of_method(self._module(edge.path), holder)
        if found is not None and found[0].constructor in self._kept:
            return found[0].constructor, f"{found[1]}.{found[0].attribute}"
        return None

    def _note(self, edge: Edge, parameter: str, session: SessionBinding, skip: Skip | None) -> None:
        """A session was in scope before."""
        safe = self._takers.own(edge.target) is None and self._default_only.holds(session, edge)
        applicability = Applicability.SAFE if safe else Applicability.UNSAFE
        found = self._takers.parameter(edge.target) is not None
        outcome = skip or self._fix(edge, parameter, session.expression, applicability)
        self._add(Route(edge, session.expression, outcome, self._need(edge.target), found=found))

    # --- Where sessions are made ----------------------------------------------------------------

    def _calls_handler(self, edge: Edge) -> bool:
        """Whether the call plays AWS Lambda, which passes no session."""
        handlers = self._module(edge.target.path).entry_points.handlers
        return self._settings.lift and edge.target.position in handlers

    def _is_at_edge(self, edge: Edge, holder: FunctionFacts | None) -> bool:
        if holder is not None and self._source(edge, holder) is not None:
            return False
        return self._edges.around(self._module(edge.path), edge.call.position, holder) is not None

    def _note_at_edge(
        self, edge: Edge, holder: FunctionFacts | None, parameter: str, skip: Skip | None
    ) -> None:
        start = self._edges.around(self._module(edge.path), edge.call.position, holder)
        assert start is not None
        function = self._function(Location(edge.path, holder.position)) if holder is not None else None
        offer = self._edges.offer(start)
        end = skip or (offer if isinstance(offer, Skip) else None)
        if end is None:
            self._at_edges.setdefault(start, {})[edge] = parameter
        elif function is not None:
            self._ends.setdefault(function, end)
        else:
            self._unpassed.append((edge, end))

    def _make(self) -> dict[Start, Made | Skip]:
        """Notes the routes from the edges, whose sessions are made where all of them find one."""
        needs: dict[Start, list[Position]] = {
            start: list(positions) for start, positions in self._own.items()
        }
        for start, calls in self._at_edges.items():
            needs.setdefault(start, []).extend(edge.call.position for edge in calls)
        sessions = self._edges.make(needs)
        for start, calls in self._at_edges.items():
            made = sessions[start]
            function = self._function(Location(start.path, start.position))
            for edge, parameter in calls.items():
                if isinstance(made, Skip):
                    if function is not None:
                        self._ends.setdefault(function, made)
                    else:
                        self._unpassed.append((edge, made))
                    continue
                fix = self._fix(edge, parameter, made.name, made.applicability)
                fix = replace(fix, edits=(*made.edits, *fix.edits))
                self._add(Route(edge, made.name, fix, self._need(edge.target)))
        return sessions

    def _add(self, route: Route) -> None:
        self._routes[route.edge.path, (route.edge.call.position, route.edge.call.end)] = route

    def _fix(self, edge: Edge, parameter: str, value: str, applicability: Applicability) -> Fix:
        call = edge.call
        edit = PassSession(call.position, call.end, parameter, value, self._context.line_length)
        message = f"pass {parameter}={value} to {edge.target.name}"
        if applicability is Applicability.UNSAFE:
            message += f": its calls are then made with the identity and region of {value}"
        return Fix(applicability, message, ((edge.path, edit),))

    def _call_skip(self, edge: Edge, parameter: str) -> Skip | None:
        """What keeps the call as it is."""
        module, call = self._module(edge.path), edge.call
        if (call.position, call.end) in module.inexact_calls:
            return Skip(
                SkipReason.UNCERTAIN_POSITION,
                "the call stands in an f-string that prints its own source, or whose positions only Python 3.12 and later"
                " report",
            )
        if is_suppressed(module.suppressed, call.position.line, CODE):
            return Skip(SkipReason.NOQA, f"a noqa comment keeps the call of {edge.target.name} as it is")
        if may_be_passed(edge) and not self._is_from_below(edge):
            return Skip(
                SkipReason.UNPACKED_ARGUMENTS,
                f"the call of {edge.target.name} unpacks arguments, which may hold a session already",
            )
        if not takes_keyword(self._graph, edge, parameter):
            return Skip(
                SkipReason.UNSUPPORTED_SYNTAX, f"{edge.target.name} takes {parameter} by its position only"
            )
        if module.path not in self._context.writable:
            return Skip(
                SkipReason.NEEDS_EDIT_OUTSIDE_PATHS,
                f"{module.path.name}:{call.position.line} would have to pass it; give its path as well",
            )
        return self._barriers.before(edge, parameter)

    def _own_skip(self, edge: Edge) -> Skip | None:
        """What is meant where nothing is passed, and would not be if a session came from further up."""
        own = self._takers.own(edge.target)
        if own is None:
            return None
        return Skip(
            SkipReason.USES_BOTH_SESSIONS,
            f"{edge.target.name} is given none, and works with {own} then",
        )

    def _kept_skip(self, edge: Edge) -> Skip | None:
        place = self._module(edge.path).kept_calls.get((edge.call.position, edge.call.end))
        if place is None:
            return None
        return Skip(
            SkipReason.CACHED_CLIENT,
            f"what {edge.target.name} gives is kept in {place}: the first caller's session would serve everybody",
        )

    def _is_from_below(self, edge: Edge) -> bool:
        """Whether a constructor runs the one above, and both of them get a session: nobody passes the upper one's yet, and without it
        that would forget the object's."""
        ends = (edge.caller, edge.target)
        return not edge.constructs and all(
            function is not None
            and function.last_name == "__init__"
            and Location(function.path, function.position) in self._added
            for function in ends
        )

    # --- Who takes one --------------------------------------------------------------------------

    def _lift(self, edge: Edge, holder: FunctionFacts) -> Iterator[Function]:
        """Gives the function around the call a session too, if it can have one."""
        module = self._module(edge.path)
        place = Location(module.path, holder.position)
        function = self._function(place)
        if function is None:
            return
        if place not in self._refused:
            skip = self._barriers.lift(module, holder) or _handed_over(holder)
            kept = self._keeping.of_method(module, holder) if skip is None else None
            if kept is not None:
                yield from self._keep(kept[0], edge)
                return
            skip = skip or self._split(module, holder)
            parameter = skip or session_parameter(module, holder, self._context)
            if isinstance(parameter, Skip):
                self._refused[place] = parameter
            else:
                if self._identities.is_of_objects(holder):
                    self._apart.add(place)
                yield from self._take(place, parameter.edits, edge)
                return
        self._ends.setdefault(function, self._refused[place])

    def _split(self, module: ModuleFacts, holder: FunctionFacts) -> Skip | None:
        """Whether objects would have a session of their constructor and of a method, and use each for a part of their work."""
        if is_constructor(holder):
            methods = self._identities.methods(module, holder)
            beside = {place for place in methods if place in self._apart or self._takes(place)}
        else:
            beside = set(filter(self._takes, self._identities.constructors(module, holder)))
        if not beside:
            return None
        first = min(beside)
        other = holder if not is_constructor(holder) else self._module(first.path).functions[first.position]
        return split(holder.class_name, other.name)

    def _keep(self, kept: Kept, edge: Edge) -> Iterator[Function]:
        """Lets the class keep a session, for a method that has to pass one on."""
        self._kept.add(kept.constructor)
        yield from self._take(kept.constructor, kept.edits, edge)

    def _take(self, place: Location, edits: tuple[tuple[Path, Edit], ...], edge: Edge) -> Iterator[Function]:
        adds = added_by(edits)
        self._added.update(adds)
        self._lifted[place] = Consequence(edits, self._need(edge.target), frozenset(adds))
        yield from (function for added in adds if (function := self._function(added)) is not None)

    def _holder(self, edge: Edge) -> FunctionFacts | None:
        """The outermost function around the call."""
        module = self._module(edge.path)
        position = outermost(module, edge.call.position) if edge.caller is not None else None
        return module.functions[position] if position is not None else None

    def _parameter(self, function: Function) -> str | None:
        added = self._added.get(Location(function.path, function.position))
        if added is not None:
            return added
        taken = self._takers.parameter(function)
        return taken.name if taken is not None else None

    def _takes(self, place: Location) -> bool:
        function = self._function(place)
        return function is not None and self._parameter(function) is not None

    def _need(self, function: Function) -> frozenset[Location]:
        place = Location(function.path, function.position)
        return frozenset({place}) if place in self._added else frozenset()

    def _function(self, place: Location) -> Function | None:
        return self._graph.function(place.path, place.position)

    def _module(self, path: Path) -> ModuleFacts:
        return self._context.project.by_path[path]


def added_by(edits: tuple[tuple[Path, Edit], ...]) -> dict[Location, str]:
    """The functions that the edits give a session parameter, and its name."""
    return {
        Location(path, edit.function): edit.name
        for path, edit in edits
        if isinstance(edit, AddSessionParameter)
    }


def _handed_over(holder: FunctionFacts) -> Skip | None:
    """`default=lambda: bucket_of(region)`: whoever gets it knows of no session."""
    if not holder.is_lambda or not holder.passed_to:
        return None
    return Skip(
        SkipReason.FIXED_SIGNATURE, f"it is handed to {holder.passed_to[0]}, which has no session to pass"
    )
