"""How values travel in all modules in; where the credentials of each assumed role go, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from session_first.facts.credentials import ANY_KEY, ARGUMENTS
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
    RoleUse,
    Scoped,
    SkipReason,
    Stored,
    Tested,
    Transfer,
    Unknown,
    Unpacked,
    Used,
    Value,
    Variable,
)
from session_first.project.callgraph import CallGraph, Function
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

_WHOLE = frozenset({RESPONSE, CREDENTIALS})
_LONGEST_RECEIVER = 40
_KEPT_ALIKE = frozenset({"clear", "__contains__"})
_CROSSING = frozenset(
    {
        "Thread",
        "ThreadPoolExecutor",
        "ProcessPoolExecutor",
        "ThreadPool",
        "Process",
        "threading",
        "multiprocessing",
    }
)
_COPYING = frozenset({"pickle", "cPickle", "dill", "joblib", "deepcopy"})

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
        return self.part in _WHOLE or (
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
class Blocker:
    """What keeps a flow from being rewritten."""

    reason: SkipReason
    detail: str


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
    blockers: tuple[Blocker, ...]


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
        changed = True
        while changed:
            changed = False
            for step in self.steps:
                for where, kinds in self._given(step):
                    known = self._kinds.get(where, _NONE)
                    if not kinds <= known:
                        self._kinds[where] = known | kinds
                        changed = True

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
        for where, kinds in self._kinds.items():
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
        blockers: list[Blocker] = []
        check = _Check(self, self._project, self._graph, members, places)
        for step in steps:
            blockers.extend(check.step(step))
            if isinstance(step.transfer.fate, PutInEnvironment):
                for kind in self.kinds(step.module, step.transfer.value):
                    environment.append((kind.origin, step))
            if isinstance(step.transfer.value, Nothing):
                failures.append(step)
        for where in sorted(places, key=repr):
            blockers.extend(check.place(where))
        return Flow(
            roles=tuple(roles[origin] for origin in sorted(members)),
            sinks=tuple(sorted(own_sinks, key=lambda sink: (sink.module.path, sink.maker.position))),
            steps=steps,
            places=places,
            environment=tuple(environment),
            failures=tuple(failures),
            blockers=tuple(dict.fromkeys(blockers)),
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
        return any(where in places for where in self.targets(step))

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
            if where in self.targets(step) and not isinstance(step.transfer.value, Nothing):
                given = self.kinds(step.module, step.transfer.value)
                if not given or any(kind.part != part for kind in given):
                    return False
        return True

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


@dataclass(frozen=True, slots=True)
class _Check:
    """Asks of each step and place of a flow whether a session can travel there instead."""

    credentials: Credentials
    project: Project
    graph: CallGraph
    members: frozenset[Origin]
    places: frozenset[Where]

    def _kinds(self, module: ModuleFacts, value: Value) -> Kinds:
        return frozenset(
            k for k in self.credentials.kinds(module, value) if k.origin in self.members and k.is_credential
        )

    # --- Steps ----------------------------------------------------------------------------------

    def step(self, step: Step) -> Iterator[Blocker]:
        """What is wrong with it."""
        value = step.transfer.value
        yield from self._crosses(step)
        yield from self._inside(step, value)
        kinds = self._kinds(step.module, value)
        if not kinds:
            yield from self._foreign(step)
            yield from self._container(step)
            return
        if isinstance(value, Choice):
            for option in value.options:
                if not isinstance(option, Nothing) and not self._kinds(step.module, option):
                    yield self._unclear(step, "one of two values is no role's credentials")
        if any(kind.part == OTHER for kind in kinds):
            yield self._otherwise(step, _other_text(value))
            return
        yield from self._fate(step, kinds)

    def _crosses(self, step: Step) -> Iterator[Blocker]:
        """A function that sees them from outside, and may run in another thread or process."""
        here = step.transfer.function
        closes = any(
            isinstance(value, Read) and isinstance(value.place, Variable) and value.place.owner != here
            for value in parts(step.transfer.value)
            if self._kinds(step.module, value)
        )
        names = step.module.values.scopes[None].names
        if here is None or not closes or not _CROSSING.intersection(names):
            return
        function = self.graph.function(step.module.path, here)
        if function is None or self.graph.references(function):
            yield self._otherwise(step, "they may cross to another thread or process")

    def _fate(self, step: Step, kinds: Kinds) -> Iterator[Blocker]:
        fate = step.transfer.fate
        whole = all(kind.is_whole for kind in kinds)
        complete = {kind.part for kind in kinds} <= _WHOLE
        match fate:
            case Stored(place=Variable()):
                if fate.shared:
                    yield self._unclear(step, "it is kept under several names at once, or in an expression")
            case Stored(place=AttributePlace(class_name=None)):
                yield self._otherwise(step, "they are kept on another object")
            case Stored():
                if not complete or fate.shared:
                    yield self._unclear(step, "parts of them are kept one by one")
            case Unpacked():
                if (
                    any(kind.part != FIELDS or len(kind.slots) != len(fate.places) for kind in kinds)
                    or None in fate.places
                ):
                    yield self._unclear(step, "they are taken apart")
            case Returned():
                scoped = step.module.values.scopes.get(fate.function)
                if not whole:
                    yield self._otherwise(step, f"{fate.name} returns a part of them")
                elif scoped is not None and scoped.yields:
                    yield self._otherwise(step, f"{fate.name} is a generator")
            case Passed():
                if self.credentials.parameter(step.module, fate) is None:
                    yield self._otherwise(step, f"they are handed to {fate.callee}()")
                elif not whole:
                    yield self._otherwise(step, f"they are handed to {fate.callee}() one by one")
            case Tested():
                if not complete:
                    yield self._unclear(step, "a part of them is tested")
            case Used():
                yield self._otherwise(step, fate.how)
            case PutInEnvironment():
                yield self._otherwise(step, "they are put into os.environ")
            case Dropped():
                pass

    def _inside(self, step: Step, value: Value) -> Iterator[Blocker]:
        """What is wrong with the parts of a value."""
        match value:
            case Maker():
                yield from self._maker(step, value)
                if value.owner is not None:
                    if self._kinds(step.module, value.owner):
                        yield self._otherwise(step, ".client() is called on it")
                    yield from self._inside(step, value.owner)
                for key in value.keys:
                    yield from self._inside(step, key.value)
                for part, _ in value.unpacked:
                    yield from self._inside(step, part)
            case Record():
                for part in value.values:
                    kinds = self._kinds(step.module, part)
                    if any(kind.part not in KEYS.values() for kind in kinds):
                        yield self._otherwise(step, f"they are kept in a {value.kind}")
                    yield from self._inside(step, part)
            case Choice():
                for part in value.options:
                    yield from self._inside(step, part)
            case Entry():
                yield from self._inside(step, value.of)
                whole = self._kinds(step.module, value.of)
                if value.get and value.key in (*KEYS.values(), *KEYS) and self._may_be_empty(whole):
                    yield Blocker(
                        SkipReason.CREDENTIALS_USED_OTHERWISE,
                        f"{self._line(step)} takes {value.key} from what may be an empty answer, by .get()",
                    )
            case RoleCall():
                yield from self._inside(step, value.receiver)
            case _:
                pass

    def _may_be_empty(self, kinds: Kinds) -> bool:
        return bool(kinds) and any(
            where in self.places
            for step in self.credentials.steps
            if isinstance(step.transfer.value, Nothing)
            for where in self.credentials.targets(step)
        )

    def _maker(self, step: Step, maker: Maker) -> Iterator[Blocker]:
        found: dict[str, str] = {}
        concerned = False
        for key in maker.keys:
            for kind in self._kinds(step.module, key.value):
                concerned = True
                found[key.name] = kind.part
        for value, _ in maker.unpacked:
            for kind in self._kinds(step.module, value):
                concerned = True
                found.update(kind.slots if kind.part == FIELDS else ())
                if kind.part != FIELDS:
                    yield self._otherwise(step, f"they are unpacked into {maker.text}")
        if not concerned:
            return
        if found != dict(KEYS):
            yield self._unclear(step, f"{maker.text} does not get the three of them by their names")
        if len({k for key in maker.keys for k in self._kinds(step.module, key.value)}) and len(
            maker.keys
        ) not in {0, 3}:
            yield self._unclear(step, f"{maker.text} does not get all three of them")

    def _foreign(self, step: Step) -> Iterator[Blocker]:
        """Another value that comes to a place of the flow."""
        value = step.transfer.value
        if isinstance(value, Nothing):
            return
        for where in self.credentials.targets(step):
            if where in self.places and not self._kinds(step.module, value):
                yield self._unclear(step, f"{_place_text(where)} is also given another value")

    def _container(self, step: Step) -> Iterator[Blocker]:
        """A dict that keeps credentials and is used as a whole."""
        value = step.transfer.value
        if not isinstance(value, Read) or isinstance(value.place, Contents):
            return
        if self.credentials.where(step.module, Contents(value.place)) not in self.places:
            return
        fate = step.transfer.fate
        if isinstance(fate, Tested) or (isinstance(fate, Used) and fate.method in _KEPT_ALIKE):
            return
        yield self._otherwise(step, f"{value.text}, which keeps them, is used as a whole")

    # --- Places ---------------------------------------------------------------------------------

    def place(self, where: Where) -> Iterator[Blocker]:
        """Whether all that comes from the place, or to it, is known."""
        kinds = frozenset(
            k for k in self.credentials.kept(where) if k.origin in self.members and k.is_credential
        )
        if len({k.part for k in kinds}) > 1 and not {k.part for k in kinds} <= _WHOLE:
            yield Blocker(SkipReason.UNCLEAR_FLOW, f"{_place_text(where)} holds them in several forms")
        module = self.project.by_path[where.path]
        match where.place:
            case None:
                yield from self._function(where, module)
            case Variable(owner=None, name=name) | Contents(of=Variable(owner=None, name=name)):
                if self.project.is_imported_elsewhere(module, name):
                    yield Blocker(SkipReason.UNSEEN_CONSUMER, f"another module imports {name}")
            case Variable(owner=owner, name=name) if owner is not None:
                scoped = module.values.scopes.get(owner)
                if scoped is not None and name in scoped.parameters:
                    yield from self._parameter(module, scoped, name)
            case AttributePlace(name=name) | Contents(of=AttributePlace(name=name)):
                yield from self._attribute(where, name)
            case _:
                pass

    def _function(self, where: Where, module: ModuleFacts) -> Iterator[Blocker]:
        assert where.function is not None
        function = self.graph.function(where.path, where.function)
        if function is None or function.name.rpartition(".")[2] == "<lambda>":
            yield Blocker(
                SkipReason.UNSEEN_CONSUMER, "a lambda returns them, and who calls it is not to be seen"
            )
            return
        yield from self._callers(function)
        scoped = module.values.scopes.get(where.function)
        name = function.name.rpartition(".")[2]
        if scoped is not None and name.startswith("__"):
            yield Blocker(SkipReason.UNSEEN_CONSUMER, f"Python itself calls {function.name}")

    def _callers(self, function: Function) -> Iterator[Blocker]:
        blocked = self.graph.unseen_use(function, self.credentials.role_places)
        if blocked is not None:
            path, position, why = blocked
            yield Blocker(
                SkipReason.UNSEEN_CONSUMER,
                f"{path.name}:{position.line} {why} {function.name}, so who gets the credentials is not to be seen",
            )

    def _parameter(self, module: ModuleFacts, scoped: Scoped, name: str) -> Iterator[Blocker]:
        assert scoped.position is not None
        function = self.graph.function(module.path, scoped.position)
        if function is None:
            yield Blocker(SkipReason.UNCLEAR_FLOW, f"who fills the parameter {name} is not to be seen")
            return
        yield from self._callers(function)
        for edge in self.graph.callers(function):
            if not self.graph.fills(edge, name) and not self._has_nothing(module, scoped, name):
                yield Blocker(
                    SkipReason.UNCLEAR_FLOW,
                    f"{edge.path.name}:{edge.call.position.line} may pass {name} otherwise",
                )

    def _has_nothing(self, module: ModuleFacts, scoped: Scoped, name: str) -> bool:
        """Whether None is the parameter's default."""
        place = Variable(scoped.position, name)
        return any(
            isinstance(step.transfer.value, Nothing) for step in self.credentials.stores_of(module, place)
        )

    def _attribute(self, where: Where, name: str) -> Iterator[Blocker]:
        for module in self.project.modules:
            scoped = module.values.scopes.get(None)
            copying = _COPYING.intersection(scoped.names) if scoped is not None and not module.is_test else ()
            if copying:
                yield Blocker(
                    SkipReason.CREDENTIALS_USED_OTHERWISE,
                    f"{module.path.name} uses {min(copying)}, and a session that is kept on an object cannot be copied",
                )
        for module in self.project.modules:
            for step in (s for s in self.credentials.steps if s.module is module):
                fate = step.transfer.fate
                if isinstance(fate, Stored) and fate.place == AttributePlace(None, name):
                    yield self._otherwise(step, f".{name} is set from outside the class")
                for value in parts(step.transfer.value):
                    if (
                        isinstance(value, Read)
                        and isinstance(value.place, AttributePlace)
                        and value.place.name == name
                    ):
                        if (
                            value.place.class_name is None
                            or self.credentials.where(module, value.place) not in self.places
                        ):
                            if value.place.class_name is None:
                                yield self._otherwise(step, f"{value.text} is read from outside the class")

    # --- Words ----------------------------------------------------------------------------------

    def _line(self, step: Step) -> str:
        return f"{step.module.path.name}:{step.transfer.position.line}"

    def _otherwise(self, step: Step, how: str) -> Blocker:
        return Blocker(
            SkipReason.CREDENTIALS_USED_OTHERWISE, f"their use at {self._line(step)} is not boto3's: {how}"
        )

    def _unclear(self, step: Step, how: str) -> Blocker:
        return Blocker(SkipReason.UNCLEAR_FLOW, f"their way is not clear at {self._line(step)}: {how}")


def role_uses(flows: Sequence[Flow]) -> dict[Path, tuple[RoleUse, ...]]:
    """By file, where the credentials of each role arrive."""
    found: dict[Path, list[RoleUse]] = {}
    for flow in flows:
        for role in flow.roles:
            path = role.module.path
            sinks = [sink for sink in flow.sinks if role.origin in sink.origins]
            environment = [step for origin, step in flow.environment if origin == role.origin]
            scoped = role.module.values.scopes.get(role.step.transfer.function)
            found.setdefault(path, []).append(
                RoleUse(
                    position=role.call.position,
                    end=role.call.end,
                    callee=f"{_receiver_text(role.call.receiver)}assume_role",
                    function=None if scoped is None else scoped.name,
                    sinks=tuple(
                        f"{s.maker.text} ({_line(path, s.module.path, s.maker.position)})" for s in sinks
                    ),
                    environment=tuple(
                        f"{_variable_text(step)} ({_line(path, step.module.path, step.transfer.position)})"
                        for step in environment
                    ),
                )
            )
    return {path: tuple(uses) for path, uses in found.items()}


def _receiver_text(receiver: Value) -> str:
    text = receiver.text if isinstance(receiver, (Read, Maker, Result, Entry)) else ""
    return f"{text}." if text and "\n" not in text and len(text) < _LONGEST_RECEIVER else ""


def _line(here: Path, path: Path, position: Position) -> str:
    return f"line {position.line}" if path == here else f"{path.name}:{position.line}"


def _variable_text(step: Step) -> str:
    fate = step.transfer.fate
    is_named = isinstance(fate, PutInEnvironment) and fate.name != ANY_KEY
    return f"os.environ[{fate.name!r}]" if is_named and isinstance(fate, PutInEnvironment) else "os.environ"


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


def _other_text(value: Value) -> str:
    return f"{value.text} is read" if isinstance(value, Entry) else "another part of the response is read"


def _place_text(where: Where) -> str:
    match where.place:
        case None:
            return "the function's result"
        case Variable(name=name) | AttributePlace(name=name):
            return name
        case Contents(of=of):
            return of.name
