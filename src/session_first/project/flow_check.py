"""A flow of credentials in; what keeps sessions from travelling it instead, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
    Position,
    PutInEnvironment,
    Read,
    Record,
    Returned,
    RoleCall,
    Scoped,
    SkipReason,
    Stored,
    Tested,
    Unpacked,
    Used,
    Value,
    Variable,
)
from session_first.project.callgraph import CallGraph, Function
from session_first.project.context import Project
from session_first.project.credentials import (
    FIELDS,
    KEYS,
    OTHER,
    WHOLE,
    Credentials,
    Flow,
    Kinds,
    Origin,
    Step,
    Where,
    holder,
    parts,
)
from session_first.project.reached import Reached

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
        "Timer",
        "to_thread",
        "run_in_executor",
    }
)
_APART = frozenset({"Thread", "Process", "Timer"})
"""The classes whose objects run in a thread or process of their own."""
_COPYING = frozenset({"pickle", "cPickle", "dill", "joblib", "deepcopy"})


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a flow from being rewritten."""

    reason: SkipReason
    detail: str


def blockers(flow: Flow, credentials: Credentials, project: Project, graph: CallGraph) -> tuple[Blocker, ...]:
    """All that stands in the way, in the order of files and text."""
    members = frozenset(role.origin for role in flow.roles)
    check = _Check(credentials, project, graph, Reached(project, graph), members, flow.places)
    found = [blocker for step in flow.steps for blocker in check.step(step)]
    found.extend(blocker for where in sorted(flow.places, key=repr) for blocker in check.place(where))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Check:
    """Asks of each step and place of a flow whether a session can travel there instead."""

    credentials: Credentials
    project: Project
    graph: CallGraph
    reached: Reached
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
        if any(holder(where) in self.places for where in self.credentials.targets(step)):
            yield self._otherwise(step, "an entry of them is set")
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
        read = [
            value.place
            for value in parts(step.transfer.value)
            if isinstance(value, Read) and self._kinds(step.module, value)
        ]
        closes = any(isinstance(place, Variable) and place.owner != here for place in read)
        is_kept = any(isinstance(place, AttributePlace) for place in read)
        if here is None or not (closes or is_kept):
            return
        function = self.graph.function(step.module.path, here)
        if function is None:
            runs_apart = bool(_crossing(step.module))
        else:
            runs_apart = self._runs_apart(function, through_self=not closes)
        if runs_apart:
            yield self._otherwise(step, "they may cross to another thread or process")

    def _runs_apart(self, start: Function, *, through_self: bool) -> bool:
        """Whether the function, or one that calls it (`through_self`: of the same object), is handed to something that may run
        it in another thread or process."""
        seen = {start}
        waiting = [start]
        while waiting:
            function = waiting.pop()
            own = self.project.by_path[function.path]
            for path, _ in self.graph.references(function):
                if _crossing(own) or _crossing(self.project.by_path[path]):
                    return True
            for edge in self.graph.callers(function):
                caller = edge.caller
                if caller is not None and caller not in seen and (edge.call.through or not through_self):
                    seen.add(caller)
                    waiting.append(caller)
        return False

    def _fate(self, step: Step, kinds: Kinds) -> Iterator[Blocker]:
        fate = step.transfer.fate
        whole = all(kind.is_whole for kind in kinds)
        complete = {kind.part for kind in kinds} <= WHOLE
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
            case Returned() | Passed() if isinstance(step.transfer.value, Record) and len(
                step.transfer.value.slots
            ) != len(KEYS):
                yield self._otherwise(step, "they travel with something else in a dict or tuple")
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
        if len({k.part for k in kinds}) > 1 and not {k.part for k in kinds} <= WHOLE:
            yield Blocker(SkipReason.UNCLEAR_FLOW, f"{_place_text(where)} holds them in several forms")
        module = self.project.by_path[where.path]
        match where.place:
            case None:
                yield from self._function(where, module)
            case Variable(owner=None, name=name) | Contents(of=Variable(owner=None, name=name)):
                if self.project.is_imported_elsewhere(module, name):
                    yield Blocker(SkipReason.UNSEEN_CONSUMER, f"another module imports {name}")
                yield from self._by_string(self.reached.variable(module, name), name)
            case Variable(owner=owner, name=name) if owner is not None:
                scoped = module.values.scopes.get(owner)
                if scoped is not None and name in scoped.parameters:
                    yield from self._parameter(module, scoped, name)
            case (
                AttributePlace(name=name, class_name=owner)
                | Contents(of=AttributePlace(name=name, class_name=owner))
            ):
                yield from self._attribute(name)
                if owner is not None:
                    yield from self._by_string(self.reached.attribute((where.path, owner), name), name)
                    yield from self._apart((where.path, owner), name)
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

        yield from self._by_string(self.reached.function(function), function.name)

    def _by_string(self, place: tuple[Path, Position] | None, name: str) -> Iterator[Blocker]:
        if place is not None:
            path, position = place
            yield Blocker(
                SkipReason.UNSEEN_CONSUMER,
                f"{path.name}:{position.line} may reach {name} by a string, or with all of what it belongs to",
            )

    def _apart(self, family: tuple[Path, str], name: str) -> Iterator[Blocker]:
        """An object that is a thread, or a process, and keeps them."""
        for module in self.project.modules:
            for cls in module.classes:
                is_thread = any(base.rpartition(".")[2] in _APART for base in cls.bases)
                if is_thread and self.project.top_class(module, cls.name) == family:
                    yield Blocker(
                        SkipReason.CREDENTIALS_USED_OTHERWISE,
                        f"{cls.name} in {module.path.name} keeps them as .{name}, and runs in another thread or process",
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

    def _attribute(self, name: str) -> Iterator[Blocker]:
        for module in self.project.modules:
            scoped = module.values.scopes.get(None)
            copying = _COPYING.intersection(scoped.names) if scoped is not None and not module.is_test else ()
            if copying:
                yield Blocker(
                    SkipReason.CREDENTIALS_USED_OTHERWISE,
                    f"{module.path.name} uses {min(copying)}, and a session that is kept on an object cannot be copied",
                )
        outside = AttributePlace(None, name)
        for step in self.credentials.steps:
            fate = step.transfer.fate
            if isinstance(fate, Stored) and fate.place == outside:
                yield self._otherwise(step, f".{name} is set from outside the class")
            for value in parts(step.transfer.value):
                if isinstance(value, Read) and value.place == outside:
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


def _crossing(module: ModuleFacts) -> frozenset[str]:
    """What the module names of threads and processes."""
    return _CROSSING.intersection(module.read_names) | (
        _CROSSING & (module.attributes | module.values.attributes)
    )


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
