"""How values travel in all modules in; where the credentials of each assumed role go, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from session_first.facts.credentials import ARGUMENTS
from session_first.model import (
    AttributePlace,
    Choice,
    Contents,
    Dropped,
    Entry,
    Maker,
    ModuleFacts,
    Nothing,
    Passed,
    Place,
    Position,
    PutInEnvironment,
    Read,
    Record,
    Result,
    Returned,
    RoleCall,
    Stored,
    Transfer,
    Unknown,
    Unpacked,
    Value,
    Variable,
)
from session_first.project.callgraph import CallGraph
from session_first.project.context import Project

RESPONSE = "response"
CREDENTIALS = "credentials"
OTHER = "other"
STS = "sts"
SESSION = "session"
FIELDS = "fields"

KEYS: Mapping[str, str] = dict(
    zip(ARGUMENTS, ("AccessKeyId", "SecretAccessKey", "SessionToken"), strict=True)
)
"""Each argument of a session, and the part of the credentials that it is."""

WHOLE = frozenset({RESPONSE, CREDENTIALS})

Origin = tuple[Path, Position]
"""A call of `assume_role`, or of what makes an STS client."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be: the response, the credentials in it, one of their parts, or (`slots`) a tuple or dict of parts."""

    part: str
    origin: Origin
    slots: tuple[tuple[str, str], ...] = ()

    @property
    def is_credential(self) -> bool:
        """Whether it has to do with the answer of `assume_role`; else it is an STS client or a session."""
        return self.part not in {STS, SESSION}

    @property
    def is_whole(self) -> bool:
        """Whether a session can take its place."""
        return self.part in WHOLE or (
            self.part == FIELDS and {part for _, part in self.slots} == {*KEYS.values()}
        )


@dataclass(frozen=True, slots=True)
class Where:
    """A place of the project: a variable or attribute of a module, or (`place` None) what a function returns."""

    path: Path
    place: Place | None
    function: Position | None = None


Kinds = frozenset[Kind]
_NONE: Kinds = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """A value that carries credentials, and what becomes of it."""

    module: ModuleFacts
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class Role:
    """A call of `assume_role` in its statement."""

    module: ModuleFacts
    call: RoleCall
    step: Step

    @property
    def origin(self) -> Origin:
        """Its identity."""
        return self.module.path, self.call.position


@dataclass(frozen=True, slots=True)
class Sink:
    """A session, client or resource that is made of the credentials of `origins`."""

    module: ModuleFacts
    maker: Maker
    step: Step
    origins: frozenset[Origin]


@dataclass(frozen=True, slots=True)
class Flow:
    """Roles whose credentials meet, and all that they reach.

    `environment` are the places where they are put into `os.environ`, `failures` those of None or `{}` that stand for credentials.
    """

    roles: tuple[Role, ...]
    sinks: tuple[Sink, ...]
    steps: tuple[Step, ...]
    places: frozenset[Where]
    environment: tuple[tuple[Origin, Step], ...]
    failures: tuple[Step, ...]


class Credentials:
    """Follows the credentials through the modules of a project."""

    def __init__(self, project: Project, graph: CallGraph) -> None:
        self._project = project
        self._graph = graph
        self._kinds: dict[Where, Kinds] = {}
        self._modules = tuple(m for m in project.modules if m.values.transfers)
        self.steps = tuple(Step(m, t) for m in self._modules for t in m.values.transfers)
        self._solve()

    # --- Kinds ----------------------------------------------------------------------------------

    def kept(self, where: Where) -> Kinds:
        """What the place may keep."""
        return self._kinds.get(where, _NONE)

    def _solve(self) -> None:
        if not any(True for step in self.steps for _ in _role_calls(step.transfer.value)):
            return
        for where in self._annotated:
            self._kinds[where] = frozenset({Kind(SESSION, (where.path, Position(0, 0)))})
        changed = True
        while changed:
            changed = False
            for step in self.steps:
                for where, kinds in self._given(step):
                    known = self._kinds.get(where, _NONE)
                    if not kinds <= known:
                        self._kinds[where] = known | kinds
                        changed = True

    @cached_property
    def _annotated(self) -> frozenset[Where]:
        """The parameters that are annotated as boto3 sessions."""
        return frozenset(
            Where(module.path, Variable(scoped.position, name))
            for module in self._modules
            for scoped in module.values.scopes.values()
            for name, annotation in scoped.annotations.items()
            if name != "return" and _is_session(annotation.text, module)
        )

    def _given(self, step: Step) -> Iterator[tuple[Where, Kinds]]:
        """The places that get the value of a step, and what they get."""
        value, fate = step.transfer.value, step.transfer.fate
        if isinstance(value, (Unknown, Nothing)):
            return
        kinds = self.kinds(step.module, value)
        if not kinds:
            return
        match fate:
            case Stored():
                yield self.where(step.module, fate.place), kinds
            case Unpacked():
                for number, place in enumerate(fate.places):
                    if place is not None:
                        yield self.where(step.module, place), self._entry(kinds, str(number))
            case Returned():
                yield Where(step.module.path, None, fate.function), kinds
            case Passed():
                parameter = self.parameter(step.module, fate)
                if parameter is not None:
                    yield parameter, kinds
            case _:
                pass

    def where(self, module: ModuleFacts, place: Place) -> Where:
        """The place, with the attributes of related classes taken for one."""
        match place:
            case Contents():
                inner = self.where(module, place.of)
                assert isinstance(inner.place, (Variable, AttributePlace))
                return Where(inner.path, Contents(inner.place))
            case AttributePlace(class_name=str(name)):
                path, top = self._project.top_class(module, name)
                return Where(path, AttributePlace(top, place.name))
            case _:
                return Where(module.path, place)

    def parameter(self, module: ModuleFacts, fate: Passed) -> Where | None:
        """The parameter that an argument fills, where the call's one target is certain."""
        if fate.starred:
            return None
        target = self._graph.target(module.path, fate.call, fate.call_end)
        if target is None:
            return None
        name = self._graph.parameter(module.path, fate.call, fate.call_end, fate.index)
        return None if name is None else Where(target.path, Variable(target.position, name))

    def kinds(self, module: ModuleFacts, value: Value) -> Kinds:
        """What the value may be, as far as it has to do with credentials."""
        match value:
            case Read():
                return self._kinds.get(self.where(module, value.place), _NONE)
            case Entry():
                found = self._entry(self.kinds(module, value.of), value.key)
                if isinstance(value.of, Read) and not isinstance(value.of.place, Contents):
                    found |= self._kinds.get(self.where(module, Contents(value.of.place)), _NONE)
                return found
            case Result():
                if value.is_session:
                    return frozenset({Kind(SESSION, (module.path, value.position))})
                target = self._graph.target(module.path, value.position, value.end)
                if target is None:
                    return _NONE
                return self._kinds.get(Where(target.path, None, target.position), _NONE)
            case RoleCall():
                return frozenset({Kind(RESPONSE, (module.path, value.position))})
            case Maker():
                if value.api == "client" and value.service == "sts":
                    return frozenset({Kind(STS, (module.path, value.position))})
                if value.api == "session":
                    return frozenset({Kind(SESSION, (module.path, value.position))})
                return _NONE
            case Record():
                return self._record(module, value)
            case Choice():
                return frozenset(kind for option in value.options for kind in self.kinds(module, option))
            case _:
                return _NONE

    def _entry(self, kinds: Kinds, key: str) -> Kinds:
        found: set[Kind] = set()
        for kind in kinds:
            if kind.part == RESPONSE:
                found.add(Kind(CREDENTIALS if key == "Credentials" else OTHER, kind.origin))
            elif kind.part == CREDENTIALS:
                found.add(Kind(key if key in KEYS.values() else OTHER, kind.origin))
            elif kind.part == FIELDS:
                part = dict(kind.slots).get(key)
                found.add(Kind(OTHER if part is None else part, kind.origin))
            elif kind.part == OTHER or kind.part in KEYS.values():
                found.add(Kind(OTHER, kind.origin))
        return frozenset(found)

    def _record(self, module: ModuleFacts, record: Record) -> Kinds:
        slots: dict[Origin, dict[str, str]] = {}
        for slot, value in zip(record.slots, record.values, strict=True):
            for kind in self.kinds(module, value):
                if kind.part in KEYS.values():
                    slots.setdefault(kind.origin, {})[slot] = kind.part
        return frozenset(Kind(FIELDS, origin, tuple(parts.items())) for origin, parts in slots.items())

    # --- Flows ----------------------------------------------------------------------------------

    @cached_property
    def role_places(self) -> frozenset[Origin]:
        """Where roles are assumed."""
        return frozenset(
            (step.module.path, call.position)
            for step in self.steps
            for call in _role_calls(step.transfer.value)
        )

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows of all roles, those that reach nothing included."""
        roles = {
            (step.module.path, call.position): Role(step.module, call, step)
            for step in self.steps
            for call in _role_calls(step.transfer.value)
        }
        if not roles:
            return ()
        groups = _Groups(roles)
        for kinds in self._kinds.values():
            groups.join([kind.origin for kind in kinds if kind.is_credential])
        sinks = list(self._sinks())
        for sink in sinks:
            groups.join(list(sink.origins))
        for role in roles.values():  # a role that is assumed with another role's credentials
            for module, maker, _ in self.sts_makers(role.module, role.call.receiver) or ():
                made = [s for s in sinks if s.module is module and s.maker in {maker, maker.owner}]
                groups.join([role.origin, *(origin for s in made for origin in s.origins)])
        return tuple(self._flow(frozenset(members), roles, sinks) for members in groups.all())

    def _flow(self, members: frozenset[Origin], roles: Mapping[Origin, Role], sinks: Sequence[Sink]) -> Flow:
        places = frozenset(
            where
            for where, kinds in self._kinds.items()
            if any(kind.origin in members and kind.is_credential for kind in kinds)
        )
        own_sinks = tuple(sink for sink in sinks if sink.origins & members)
        steps = tuple(step for step in self.steps if self._concerns(step, members, places))
        environment: list[tuple[Origin, Step]] = []
        failures: list[Step] = []
        for step in steps:
            if isinstance(step.transfer.fate, PutInEnvironment):
                kinds = self.kinds(step.module, step.transfer.value)
                environment.extend((kind.origin, step) for kind in kinds)
            if isinstance(step.transfer.value, Nothing):
                failures.append(step)
        return Flow(
            roles=tuple(roles[origin] for origin in sorted(members)),
            sinks=tuple(sorted(own_sinks, key=lambda sink: (sink.module.path, sink.maker.position))),
            steps=steps,
            places=places,
            environment=tuple(environment),
            failures=tuple(failures),
        )

    def _sinks(self) -> Iterator[Sink]:
        for step in self.steps:
            for value in parts(step.transfer.value):
                if isinstance(value, Maker):
                    given = [*(key.value for key in value.keys), *(part for part, _ in value.unpacked)]
                    origins = {
                        kind.origin
                        for part in given
                        for kind in self.kinds(step.module, part) | self._inside_dict(step.module, part)
                        if kind.is_credential
                    }
                    if origins:
                        yield Sink(step.module, value, step, frozenset(origins))

    def _inside_dict(self, module: ModuleFacts, value: Value) -> Kinds:
        """What the entries of a dict may be that is given as a whole."""
        if not isinstance(value, Read) or isinstance(value.place, Contents):
            return _NONE
        return self._kinds.get(self.where(module, Contents(value.place)), _NONE)

    def _concerns(self, step: Step, members: frozenset[Origin], places: frozenset[Where]) -> bool:
        if any(
            kind.origin in members and kind.is_credential
            for value in parts(step.transfer.value)
            for kind in self.kinds(step.module, value)
        ):
            return True
        return any(where in places or holder(where) in places for where in self.targets(step))

    def targets(self, step: Step) -> Iterator[Where]:
        """The places that the step's value goes to, whatever it is."""
        fate = step.transfer.fate
        match fate:
            case Stored():
                yield self.where(step.module, fate.place)
            case Unpacked():
                for place in fate.places:
                    if place is not None:
                        yield self.where(step.module, place)
            case Returned():
                yield Where(step.module.path, None, fate.function)
            case Passed():
                parameter = self.parameter(step.module, fate)
                if parameter is not None:
                    yield parameter
            case _:
                pass

    def names(self) -> set[str]:
        """The names of all that credentials pass through and other modules may use: functions, their classes,
        attributes, and variables of modules; and the functions that are given the session which assumes a role."""
        found: set[str] = set()
        given = {
            self.where(module, maker.owner.place)
            for step in self.steps
            for role in _role_calls(step.transfer.value)
            for module, maker, _ in self.sts_makers(step.module, role.receiver) or ()
            if isinstance(maker.owner, Read)
        }
        assuming = {
            Where(step.module.path, None, step.transfer.function)
            for step in self.steps
            for _ in _role_calls(step.transfer.value)
            if step.transfer.function is not None
        }
        clients = {
            self.where(step.module, role.receiver.place)
            for step in self.steps
            for role in _role_calls(step.transfer.value)
            if isinstance(role.receiver, Read)
        }
        carrying = {
            where for where, kinds in self._kinds.items() if any(kind.is_credential for kind in kinds)
        }
        for where in given | carrying | assuming | clients:
            function: Position | None = where.function
            match where.place:
                case AttributePlace(name=name) | Contents(of=AttributePlace(name=name)):
                    found.add(name)
                case Variable(owner=None, name=name) | Contents(of=Variable(owner=None, name=name)):
                    found.add(name)
                case Variable(owner=owner, name=name):
                    scoped = self._project.by_path[where.path].values.scopes.get(owner)
                    function = owner if scoped is not None and name in scoped.parameters else None
                case _:
                    pass
            scoped = self._project.by_path[where.path].values.scopes.get(function)
            if function is not None and scoped is not None and scoped.name is not None:
                last = scoped.name.rpartition(".")[2]
                found.add((scoped.class_name or last).rpartition(".")[2] if last == "__init__" else last)
        return found - {"<lambda>"}

    def sts_makers(
        self, module: ModuleFacts, receiver: Value
    ) -> tuple[tuple[ModuleFacts, Maker, Step], ...] | None:
        """What makes the STS clients that `receiver` may be; None where it may be something else."""
        kinds = self.kinds(module, receiver)
        if not self.is_only(module, receiver, STS):
            return None
        wanted = {kind.origin for kind in kinds}
        found: dict[Origin, tuple[ModuleFacts, Maker, Step]] = {}
        for step in self.steps:
            for value in parts(step.transfer.value):
                if isinstance(value, Maker) and value.service == "sts" and value.api == "client":
                    origin = step.module.path, value.position
                    if origin in wanted:
                        found.setdefault(origin, (step.module, value, step))
        return tuple(found.values())

    def is_only(self, module: ModuleFacts, value: Value, part: str) -> bool:
        """Whether the value certainly is of one kind (or None): so is all that is kept where it is read."""
        kinds = self.kinds(module, value)
        if not kinds or any(kind.part != part for kind in kinds):
            return False
        if isinstance(value, Read):
            where = self.where(module, value.place)
        elif isinstance(value, Result) and not value.is_session:
            target = self._graph.target(module.path, value.position, value.end)
            assert target is not None
            where = Where(target.path, None, target.position)
        else:
            return True
        for step in self.steps:
            if where in self._annotated and isinstance(step.transfer.fate, Passed):
                continue
            if where in self.targets(step) and not isinstance(step.transfer.value, Nothing):
                given = self.kinds(step.module, step.transfer.value)
                if not given or any(kind.part != part for kind in given):
                    return False
        return True

    def is_set_elsewhere(self, name: str) -> bool:
        """Whether an attribute of that name is set on an object that is not known."""
        outside = AttributePlace(None, name)
        return any(
            isinstance(step.transfer.fate, Stored) and step.transfer.fate.place == outside
            for step in self.steps
        )

    def times_given(self, module: ModuleFacts, place: Place) -> int:
        """How many statements give the place a value other than None."""
        where = self.where(module, place)
        return sum(
            where in self.targets(step) and not isinstance(step.transfer.value, Nothing)
            for step in self.steps
        )

    def is_read_beside(self, module: ModuleFacts, transfer: Transfer, variable: Place | None) -> bool:
        """Whether all reads of what a statement makes stand in its own block or deeper, if handlers are around it: a
        failure to make it is then caught where a failure to use it is."""
        if not transfer.caught or not isinstance(variable, Variable):
            return True
        depth = len(transfer.path) - 1
        return all(
            len(step.transfer.path) > depth
            and step.transfer.path[:depth] == transfer.path[:depth]
            and step.transfer.path[depth].block == transfer.path[depth].block
            for step in self.reads_of(module, variable)
        )

    def only_makes_client(self, module: ModuleFacts, value: Result) -> bool:
        """Whether the call is of a function that makes an STS client and does nothing else."""
        target = self._graph.target(module.path, value.position, value.end)
        if target is None or not self.is_only(module, value, STS):
            return False
        return all(
            isinstance(step.transfer.fate, (Stored, Returned, Dropped))
            and not isinstance(step.transfer.value, Result)
            for step in self.steps
            if step.module.path == target.path and step.transfer.function == target.position
        )

    def reads_of(self, module: ModuleFacts, place: Place) -> tuple[Step, ...]:
        """The steps of `module` whose value reads the place."""
        return tuple(
            step
            for step in self.steps
            if step.module is module
            and any(isinstance(value, Read) and value.place == place for value in parts(step.transfer.value))
        )

    def stores_of(self, module: ModuleFacts, place: Place) -> tuple[Step, ...]:
        """The steps of `module` that keep a value in the place."""
        found = []
        for step in self.steps:
            fate = step.transfer.fate
            if step.module is module and (
                (isinstance(fate, Stored) and fate.place == place)
                or (isinstance(fate, Unpacked) and place in fate.places)
            ):
                found.append(step)
        return tuple(found)


class _Groups:
    """Roles that belong together."""

    def __init__(self, roles: Mapping[Origin, Role]) -> None:
        self._above: dict[Origin, Origin] = {origin: origin for origin in roles}

    def _top(self, origin: Origin) -> Origin:
        while self._above[origin] != origin:
            origin = self._above[origin]
        return origin

    def join(self, origins: Sequence[Origin]) -> None:
        """Makes one group of theirs."""
        known = [origin for origin in origins if origin in self._above]
        for other in known[1:]:
            self._above[self._top(other)] = self._top(known[0])

    def all(self) -> list[list[Origin]]:
        """The groups."""
        found: dict[Origin, list[Origin]] = {}
        for origin in self._above:
            found.setdefault(self._top(origin), []).append(origin)
        return [found[top] for top in sorted(found)]


def holder(where: Where) -> Where | None:
    """What has the entry that a statement sets."""
    return Where(where.path, where.place.of) if isinstance(where.place, Contents) else None


def parts(value: Value) -> Iterator[Value]:
    """The value and all values in it."""
    yield value
    match value:
        case Entry():
            yield from parts(value.of)
        case RoleCall():
            yield from parts(value.receiver)
        case Maker():
            if value.owner is not None:
                yield from parts(value.owner)
            for key in value.keys:
                yield from parts(key.value)
            for part, _ in value.unpacked:
                yield from parts(part)
        case Record():
            for part in value.values:
                yield from parts(part)
        case Choice():
            for part in value.options:
                yield from parts(part)
        case _:
            pass


def _role_calls(value: Value) -> Iterator[RoleCall]:
    return (part for part in parts(value) if isinstance(part, RoleCall))


def _is_session(annotation: str, module: ModuleFacts) -> bool:
    """Whether an annotation says that it is a boto3 session, or None."""
    names = annotation.strip("'\"").removeprefix("Optional[").removesuffix("]").split("|")
    imported = module.values.scopes[None].boto3_names
    known = {
        "boto3.Session",
        "boto3.session.Session",
        *(name for name in imported if name.endswith("Session")),
    }
    return any(name.strip() in known for name in names)
