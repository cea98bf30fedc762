"""The facts of the files with findings in; by which words other files can matter to the plan, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from session_first.facts.boundaries import PACKAGES, possible_router
from session_first.model import CallSite, FunctionFacts, ModuleFacts, ParameterKind, Position, RoleCall
from session_first.project.context import Project
from session_first.project.credentials import parts
from session_first.project.following import follow
from session_first.project.takers import outermost
from session_first.project.users import Users, users
from session_first.source import words_of

_FRAMEWORK = re.compile(rb"\b(?:%s)\b" % b"|".join(package.encode() for package in sorted(PACKAGES)))
_SIGNATURES = frozenset({b"signature", b"getfullargspec", b"getargspec", b"get_type_hints", b"__code__"})
"""Words without one of which nothing matches the next."""

_READS_SIGNATURES = re.compile(
    rb"inspect\.signature|getfullargspec|getargspec|get_type_hints|\b__code__\b|import\s+signature\b"
)
_REPLACES = re.compile(
    rb"patch|setattr|setitem|delattr|spy|stub|[Mm]ock|assert_called|assert_any|assert_has|call_args"
)
_REACHES = re.compile(rb"getattr|setattr|delattr|\bvars\b|__dict__|import_module|__import__|sys\.modules")
_CHANGES_ENVIRONMENT = re.compile(
    rb"environ\.(?:update|setdefault|pop|clear)|environ\[[^\]]*\]\s*=[^=]|del\s+\w*\.?environ|putenv|unsetenv"
)
_TOUCHES_SESSIONS = frozenset({b"moto", b"AWS_PROFILE", b"AWS_DEFAULT_PROFILE"})
"""What can make a session another one than the default one."""

_ATTRIBUTES = frozenset({b"__dict__", b"vars", b"dir", b"getmembers", b"jsonpickle", b"_session"})
"""Words without one of which nothing matches the next."""

_LISTS_ATTRIBUTES = re.compile(
    rb"__dict__|\bvars\s*\(|=\s*vars\b|\bimport\b[^\n]*\bvars\b|\bdir\(|getmembers|jsonpickle|[\"']_session[\"']"
)
_COPIES = frozenset(
    {
        b"copy",
        b"deepcopy",
        b"pickle",
        b"cPickle",
        b"dill",
        b"cloudpickle",
        b"joblib",
        b"asdict",
        b"yaml",
        b"__new__",
    }
)
_DEFINED = re.compile(rb"\bdef\s+(\w+)")
_PATCHES = re.compile(rb"patch|setattr|spy|stub|import")


@dataclass(frozen=True, slots=True)
class Related:
    """By what a file matters that holds no finding itself.

    It may subclass one of `classes`, copy an object of a class that is one of these or `above` them, or look at all attributes of an object (or for the one that may keep a session), hand one of `functions` (or of the objects that decorate them) to a framework or to one of `readers`
    (which read signatures), read signatures itself, register or call one of
    `keyword_functions` (which take `**kwargs`), patch or import one of `aliases` (of `boto3.client`), use one of `carriers` (functions, attributes and variables that
    credentials of an assumed role travel through), call or replace one of `takers` (functions that take a session or get one,
    their classes, and with `lift` what calls these), define or check one of the `methods` among these for
    objects of its own, reach something of `homes`
    (the modules and classes that assume roles, by their last names) by strings, change the environment where there are such, or
    use moto or set the AWS profile (with `lift`), be one of `modules`, which say what a decorator or a base
    class is, or import one of `users` and so run, or hand to a thread, what makes clients (asked for only where that matters).
    """

    classes: frozenset[bytes]
    above: frozenset[bytes]
    functions: frozenset[bytes]
    keyword_functions: frozenset[bytes]
    aliases: frozenset[bytes]
    readers: frozenset[bytes]
    carriers: frozenset[bytes]
    takers: frozenset[bytes]
    methods: frozenset[bytes]
    lift: bool
    homes: frozenset[bytes]
    modules: frozenset[str]
    users: Users

    def carries(self, data: bytes) -> bool:
        """Whether credentials of an assumed role may pass through a file with these bytes."""
        return bool(self.carriers) and not self.carriers.isdisjoint(words_of(data))

    def by_words(self, data: bytes, *, is_test: Callable[[], bool]) -> bool:
        """Whether the bytes of a file say that it matters; only a test puts objects of its own in the place of others."""
        words = words_of(data)
        if not words.isdisjoint(self.classes) or not words.isdisjoint(self.keyword_functions):
            return True
        if not words.isdisjoint(self.above) and not words.isdisjoint(_COPIES):
            return True
        if not words.isdisjoint(self.carriers):
            return True
        if not words.isdisjoint(self.takers) and (
            self.lift or b"session" in words or b"__all__" in words or _REPLACES.search(data) is not None
        ):
            return True
        if (
            not words.isdisjoint(self.methods)
            and is_test()
            and (
                b"lambda" in words
                or _REPLACES.search(data) is not None
                or not self.methods.isdisjoint(_DEFINED.findall(data))
            )
        ):
            return True
        if self.lift and not words.isdisjoint(_TOUCHES_SESSIONS):
            return True
        if not words.isdisjoint(self.homes) and _REACHES.search(data) is not None:
            return True
        if self.homes and _CHANGES_ENVIRONMENT.search(data) is not None:
            return True
        if not words.isdisjoint(_SIGNATURES) and _READS_SIGNATURES.search(data) is not None:
            return True
        if self.classes and not words.isdisjoint(_ATTRIBUTES) and _LISTS_ATTRIBUTES.search(data) is not None:
            return True
        if not words.isdisjoint(self.functions) and (
            _FRAMEWORK.search(data) is not None or not words.isdisjoint(self.readers)
        ):
            return True
        return not words.isdisjoint(self.aliases) and _PATCHES.search(data) is not None


def related(
    modules: Sequence[ModuleFacts],
    boundaries: Sequence[str] = (),
    *,
    lift: bool = False,
    threads: bool = False,
) -> Related:
    """What is related to the functions of `modules` that hold a site or take a session; `boundaries` and `lift` as in
    the settings. `threads`: to how what makes clients comes to be run as well."""
    classes: set[str] = set()
    overridable: set[str] = set()
    functions: set[str] = set()
    keyword_functions: set[str] = set()
    aliases: set[str] = set()
    decorators: set[str] = set()
    project = Project(modules)
    for module in modules:
        if not module.is_test:
            aliases.update(site.alias for site in module.sites if site.alias is not None)
    for _, function in _holding_sites(modules):
        last = function.name.rpartition(".")[2]
        handed = last
        if function.class_name is not None:
            handed = function.class_name.rpartition(".")[2]
            if last != "__init__":
                classes.add(handed)
                overridable.add(last)
        if boundaries:
            keyword_functions.add(handed)
        else:
            functions.add(handed)
        if any(p.kind is ParameterKind.VAR_KEYWORD for p in function.parameters):
            keyword_functions.add(handed)
            if function.class_name is not None:
                classes.add(handed)
    takers = _takers(modules, lift=lift)
    for module, function in takers.functions if lift else _holding_sites(modules):
        for decorator in function.decorators:
            decorators.update((decorator.name, project.meaning(module, decorator.name)))
            if (owner := possible_router(decorator.text)) is not None:
                functions.add(owner)
        if lift and function.class_name is not None:
            classes.add(function.class_name.rpartition(".")[2])
    if lift:  # a group that makes commands of functions is a command of another group
        decorators.update(
            project.meaning(module, command.of)
            for module in modules
            for command in module.entry_points.commands
            if command.of is not None
        )
    classes, above, bases = _hierarchy(modules, classes, None if lift else overridable)
    bases |= {project.resolve(base) for base in bases}
    return Related(
        _encoded(classes),
        _encoded(above),
        _encoded(functions),
        _encoded(keyword_functions),
        _encoded(aliases),
        _encoded({reader.rpartition(".")[2] for module in modules for reader in module.signature_readers}),
        _encoded(_carriers(modules)),
        _encoded(takers.names),
        _encoded(takers.called - takers.names - {"__init__"}),
        lift,
        _encoded(_homes(modules)),
        frozenset(prefix for name in decorators | bases for prefix in _prefixes(name)),
        users(modules) if threads else Users(),
    )


def assumes_role(module: ModuleFacts) -> bool:
    """Whether the module, no test, calls boto3's `assume_role`."""
    return not module.is_test and any(
        isinstance(part, RoleCall) for transfer in module.values.transfers for part in parts(transfer.value)
    )


def _carriers(modules: Sequence[ModuleFacts]) -> set[str]:
    """The names by which other files can get, or be given, credentials of an assumed role."""
    if not any(map(assumes_role, modules)):
        return set()
    return follow([module for module in modules if module.values.transfers]).credentials.names()


def _holding_sites(modules: Sequence[ModuleFacts]) -> Iterator[tuple[ModuleFacts, FunctionFacts]]:
    """The functions that may get a session for their own sites."""
    for module in modules:
        for site in () if module.is_test else module.sites:
            function = module.functions.get(site.outermost) if site.outermost is not None else None
            if function is not None and not function.is_lambda and site.session is None:
                yield module, function


def _takers(modules: Sequence[ModuleFacts], *, lift: bool) -> _Takers:
    """What takes a session or gets one, and what passes one on or (`lift`) could: a method's class stands for it."""
    takers = _Takers()
    own = [module for module in modules if not module.is_test]
    for module in own:
        for position in module.taking:
            takers.add(module, position)
        for site in module.sites:
            if site.outermost is not None:
                takers.add(module, site.outermost)
    bases = _bases_above(own)
    callers: dict[str, set[tuple[int, Position]]] = {}
    for number, module in enumerate(own):
        if not lift and not module.may_take:
            continue
        passed = _may_be_sessions(module)
        for call in module.calls:
            if call.caller is not None and (lift or any(a.text in passed for a in call.arguments)):
                for name in _called(call, bases):
                    callers.setdefault(name, set()).add((number, call.caller))
    starts = {module.path: sorted(module.functions) for module in own}
    waiting = list(takers.called)
    while waiting:
        before = frozenset(takers.called)
        for number, caller in callers.pop(waiting.pop(), ()):
            module = own[number]
            holder = outermost(module, caller, starts[module.path])
            if holder is not None and (lift or module.may_take.get(holder)):
                takers.add(module, holder)
        waiting.extend(takers.called - before)
    return takers


@dataclass(frozen=True, slots=True)
class _Takers:
    """The `names` by which other files know functions, and by which calls do: a constructor, which may be what takes
    the session for a method, is `called` by its class."""

    names: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    functions: list[tuple[ModuleFacts, FunctionFacts]] = field(default_factory=list)

    def add(self, module: ModuleFacts, position: Position) -> None:
        """Adds the function there."""
        function = module.functions.get(position)
        if function is None or function.is_lambda:
            return
        self.functions.append((module, function))
        last = function.name.rpartition(".")[2]
        if function.class_name is not None:
            known_by = function.class_name.rpartition(".")[2]
        else:
            known_by = module.module.rpartition(".")[2] if last == "__init__" else last
        self.names.add(known_by)
        self.called.update((known_by, last))


def _called(call: CallSite, bases: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The names of what the call may run: of a constructor that is called as such (`super().__init__()`), the classes
    whose it may be, or that of any where that is not known."""
    owner, _, last = call.callee.rpartition(".")
    if last != "__init__":
        return frozenset({last})
    if call.receiver_class is None:
        return frozenset({owner.rpartition(".")[2]})
    own = call.receiver_class.rpartition(".")[2]
    return bases[own] | {own} if own in bases else frozenset({last})


def _bases_above(modules: Sequence[ModuleFacts]) -> dict[str, frozenset[str]]:
    """The last names of the classes above those of each last name, as far as they are known."""
    direct: dict[str, set[str]] = {}
    for module in modules:
        for cls in module.classes:
            direct.setdefault(cls.name.rpartition(".")[2], set()).update(
                base.rpartition(".")[2] for base in cls.bases
            )
    found = {}
    for name, bases in direct.items():
        above, waiting = set(bases), list(bases)
        while waiting:
            further = direct.get(waiting.pop(), set()) - above
            above |= further
            waiting.extend(further)
        found[name] = frozenset(above)
    return found


def _may_be_sessions(module: ModuleFacts) -> frozenset[str]:
    """What stands in a call that passes on what may be a session: a parameter, or an attribute that keeps one."""
    parameters = frozenset(name for names in module.may_take.values() for name in names)
    kept = (
        f"{receiver}.{attribute}"
        for cls in module.classes
        for attribute, parameter in cls.keeps.items()
        if parameter in parameters
        for receiver in set(cls.receivers.values())
    )
    return parameters.union(kept)


def _homes(modules: Sequence[ModuleFacts]) -> set[str]:
    """The names of the modules that assume roles, of the packages that they are in, and of their classes."""
    return {
        name
        for module in modules
        if assumes_role(module)
        for name in (*module.module.split("."), *(cls.name.rpartition(".")[2] for cls in module.classes))
    }


def _hierarchy(
    modules: Sequence[ModuleFacts], classes: set[str], overridable: set[str] | None
) -> tuple[set[str], set[str], set[str]]:
    """What is known so far of the classes around `classes`: the names of these and of those whose subclasses matter as
    well, as they have one of the methods `overridable` (None: any); the names of all above; and the dotted names of
    their bases."""
    links = [
        (cls.name.rpartition(".")[2], base.rpartition(".")[2], base)
        for module in modules
        for cls in module.classes
        for base in cls.bases
    ]
    known: set[str] = set()
    overridden: set[str] = set()
    for cls in (cls for module in modules for cls in module.classes):
        last = cls.name.rpartition(".")[2]
        known.add(last)
        if overridable is None or not overridable.isdisjoint(cls.methods):
            overridden.add(last)
    found, above, before = set(classes), set[str](), -1
    while len(found) + len(above) != before:
        before = len(found) + len(above)
        found.update(name for name, base, _ in links if base in found)
        above.update(base for name, base, _ in links if (name in found or name in above) and base in known)
        found.update(above & overridden)
    return found, above - found, {dotted for name, _, dotted in links if name in found or name in above}


def _encoded(words: set[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for word in words)


def _prefixes(dotted: str) -> list[str]:
    """`pkg` and `pkg.cli` of `pkg.cli.app`: any of them may be the module."""
    parts = dotted.replace("()", "").split(".")
    return [".".join(parts[:cut]) for cut in range(1, len(parts))]
