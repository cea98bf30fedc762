"""A name as one file uses it in; the function or class of the project that it certainly means, or why not, out."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from session_first.facts.mentions import UNKNOWN_OBJECT
from session_first.model import ClassFacts, Definition, ModuleFacts, Position
from session_first.project.modules import Doubtful, Modules

_DEPTH = 12
"""So many re-exports are followed."""

_OVERLOADS = frozenset({"typing.overload", "typing_extensions.overload"})
_PROPERTIES = ("property", "cached_property", "abstractproperty", "hybrid_property")
_ACCESSORS = (".setter", ".getter", ".deleter")
_EMPTY_BASES = frozenset(
    f"{module}{name}"
    for module, names in {
        "": ("object",),
        "abc.": ("ABC",),
        "typing.": ("Generic", "Protocol"),
        "typing_extensions.": ("Generic", "Protocol"),
    }.items()
    for name in names
)


class UnresolvedReason(enum.Enum):
    """Why a call has no certain target in the project."""

    EXTERNAL = "external"
    """It is a builtin's, or a library's that is not among the files."""
    UNKNOWN_RECEIVER = "unknown-receiver"
    """The class of the object whose method is called is not known."""
    SEVERAL_DEFINITIONS = "several-definitions"
    """The name is bound more than once: in branches, by an import as well, by an assignment."""
    OVERRIDDEN = "overridden"
    """The object may be of a subclass that has a method of its own."""
    VARIABLE = "variable"
    """What is called is a parameter's or variable's value."""
    RESULT = "result"
    """What is called is what another call or expression gives."""
    AMBIGUOUS_MODULE = "ambiguous-module"
    """Two files go by the module's name, or one that Python need not find."""
    STAR_IMPORTS = "star-imports"
    """More than one starred import may bind the name."""
    EXTERNAL_BASE = "external-base"
    """A base class outside the project may define the method."""
    NO_INIT = "no-init"
    """The class has no `__init__` in the project."""
    NOT_DEFINED = "not-defined"
    """The module or class does not define a function or class of the name, as far as can be seen."""


@dataclass(frozen=True, slots=True, order=True)
class Function:
    """A function of the project: methods, nested functions and lambdas as well.

    `name` is qualified within the module (`Class.method`, `outer.inner`, `<lambda>`).
    """

    path: Path
    position: Position
    name: str
    module: str

    @property
    def last_name(self) -> str:
        """The name without what stands before it."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True, order=True)
class Class:
    """A class of the project, outside functions."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of exactly this class."""

    of: Class


@dataclass(frozen=True, slots=True)
class Found:
    """A function. `bound`: what stands before the dot fills its first parameter."""

    function: Function
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing certain. `candidates` are what it may be as far as that is known, `mentioned` the functions
    on the way to it (`task` in `task.delay`)."""

    reason: UnresolvedReason
    candidates: tuple[Function, ...] = ()
    mentioned: tuple[Function, ...] = ()


Meaning = Found | Class | Instance | Unknown

_EXTERNAL = Unknown(UnresolvedReason.EXTERNAL)
_NOT_DEFINED = Unknown(UnresolvedReason.NOT_DEFINED)


class Definitions:
    """What names mean across the files of a project."""

    def __init__(self, modules: Sequence[ModuleFacts]) -> None:
        self.modules = Modules(modules)
        self._tables = {module.path: _Table(module) for module in modules}
        self._replaced = frozenset(self._replacements(modules))
        self._replaced_somewhere = frozenset(
            name.rpartition(".")[2]
            for module in modules
            for name in module.rebound
            if name.startswith(f"{UNKNOWN_OBJECT}.") and not module.is_test
        )
        self._origins: dict[Path, tuple[tuple[ModuleFacts, ...], bool]] = {}
        self._orders: dict[Class, tuple[Class | None, ...]] = {}
        self._below: dict[Class, tuple[Class, ...]] = {}
        self._members: dict[tuple[Class, str, bool], Meaning] = {}
        self._members_of_any: dict[tuple[Class, str, bool], Meaning] = {}
        self._meanings: dict[tuple[Path, str], Meaning] = {}

    def definition(self, function: Function) -> Definition:
        """What the file says of the function."""
        return self._tables[function.path].by_position[function.position]

    def function(self, path: Path, position: Position) -> Function | None:
        """The function whose `def` or `lambda` stands there."""
        table = self._tables.get(path)
        return table.function_at(position) if table is not None else None

    def class_(self, module: ModuleFacts, name: str) -> Class | None:
        """The one class of that qualified name."""
        table = self._tables[module.path]
        return Class(module.path, name) if len(table.classes.get(name, ())) == 1 else None

    def is_protocol(self, cls: Class) -> bool:
        """Whether objects of other classes than those below it are taken for its own."""
        facts = self._tables[cls.path].classes.get(cls.name, ())
        return any(base.rpartition(".")[2] == "Protocol" for one in facts for base in one.bases)

    def is_set_elsewhere(self, owner: Class, attribute: str) -> bool:
        """Whether a class related to `owner`, or code that has its objects at hand, may set the attribute as well."""
        if any(attribute in table.module.set_attributes for table in self._tables.values()):
            return True
        related = {*filter(None, self.order(owner)), *self.descendants(owner)} - {owner}
        return any(
            attribute in facts.sets or attribute in facts.names
            for cls in related
            for facts in self._tables[cls.path].classes.get(cls.name, ())
        )

    # --- Names ----------------------------------------------------------------------------------

    def resolve(self, module: ModuleFacts, dotted: str) -> Meaning:
        """What the dotted name (with a leading dot: of this module) means in `module`."""
        key = (module.path, dotted)
        if key not in self._meanings:
            self._meanings[key] = self._resolve(module, dotted, _DEPTH)
        return self._meanings[key]

    def imported(self, module: ModuleFacts, dotted: str) -> Meaning:
        """What a dotted name means, be it that a starred import of the module may bind it anew."""
        meaning = self.resolve(module, dotted)
        if module.star_imports and not dotted.startswith("."):
            for name, exported in module.exports.items():
                if f"{dotted}.".startswith(f"{exported}."):
                    rest = dotted[len(exported) :].split(".")[1:]
                    found = self._in_module(module, [name, *rest], _DEPTH)
                    if found != meaning and isinstance(found, Unknown):
                        return found
        return meaning

    def loose(self, module: ModuleFacts, dotted: str) -> Meaning:
        """What a name means that nothing but a starred import can bind."""
        return self._starred(module, dotted.split("."), _DEPTH) or _EXTERNAL

    def _resolve(self, module: ModuleFacts, dotted: str, depth: int) -> Meaning:
        if depth <= 0:
            return _NOT_DEFINED
        if dotted.startswith("."):
            return self._local(module, dotted[1:].split("."), depth)
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            if any(part.endswith("()") for part in parts[:cut]):
                continue
            found = self.modules.find(".".join(parts[:cut]), module)
            if isinstance(found, Doubtful):
                options = [self._in_module(option, parts[cut:], depth) for option in found.candidates]
                if all(option in (_NOT_DEFINED, _EXTERNAL) for option in options):
                    return _EXTERNAL
                return Unknown(UnresolvedReason.AMBIGUOUS_MODULE, self._functions(options))
            if found is not None:
                meaning = self._in_module(found, parts[cut:], depth)
                if cut > 1 and self._is_hidden(module, parts, cut, found, depth):
                    return Unknown(UnresolvedReason.SEVERAL_DEFINITIONS, self._functions([meaning]))
                return meaning
        return _EXTERNAL

    def _is_hidden(
        self, module: ModuleFacts, parts: list[str], cut: int, submodule: ModuleFacts, depth: int
    ) -> bool:
        """Whether the package binds the name of its module to something else that may have the attribute."""
        package = self.modules.find(".".join(parts[: cut - 1]), module)
        if not isinstance(package, ModuleFacts):
            return False
        exported = package.exports.get(parts[cut - 1])
        if exported is None or self.modules.find(exported, package) is submodule:
            return False
        head, _, last = exported.rpartition(".")
        origin = self.modules.find(head, package) if head else package
        meaning = self._own(origin, [last], depth - 1) if isinstance(origin, ModuleFacts) else None
        if isinstance(meaning, Class):
            return isinstance(self.method(meaning, parts[cut].removesuffix("()"), of_class=True), Found)
        return not isinstance(meaning, Found)

    def _replacements(self, modules: Sequence[ModuleFacts]) -> Iterator[tuple[Path, str]]:
        """What one file assigns to another's functions and methods (`module.name = …`); tests are let off."""
        for module in modules:
            for name in module.rebound if not module.is_test else ():
                if not name.startswith((".", f"{UNKNOWN_OBJECT}.")):
                    yield from self._places(module, name, _DEPTH)

    def _places(self, module: ModuleFacts, dotted: str, depth: int) -> Iterator[tuple[Path, str]]:
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            found = self.modules.find(".".join(parts[:cut]), module)
            options = (
                found.candidates if isinstance(found, Doubtful) else (found,) if found is not None else ()
            )
            for option in options:
                yield option.path, ".".join(parts[cut:])
                exported = option.exports.get(parts[cut], ".")
                if not exported.startswith(".") and depth:
                    yield from self._places(option, ".".join([exported, *parts[cut + 1 :]]), depth - 1)
            if options:
                return

    def _local(self, module: ModuleFacts, parts: list[str], depth: int) -> Meaning:
        """What a qualified name of the module itself means; it may lead into functions."""
        table = self._tables[module.path]
        for cut in range(len(parts), 1, -1):
            name = ".".join(parts[:cut]).removesuffix("()")
            if name in table.functions and not self._is_method(table, name):
                return self._follow(
                    self._own_function(table, name), parts[cut - 1].endswith("()"), parts[cut:]
                )
        return self._in_module(module, parts, depth)

    def _is_method(self, table: _Table, name: str) -> bool:
        return self.definition(table.functions[name][0]).class_name in table.classes

    def _in_module(self, module: ModuleFacts, parts: list[str], depth: int) -> Meaning:
        """What a name of the module means, whether the module or a starred import of it binds that."""
        own = self._own(module, parts, depth)
        starred = self._starred(module, parts, depth) if module.star_imports else None
        if starred is None or starred in (_EXTERNAL, _NOT_DEFINED, own):
            return own or starred or _NOT_DEFINED
        if own is None:
            return starred
        return Unknown(UnresolvedReason.SEVERAL_DEFINITIONS, self._functions([own, starred]))

    def _own(self, module: ModuleFacts, parts: list[str], depth: int) -> Meaning | None:
        """What a name of the module means, None where the module itself does not bind it."""
        name, called = parts[0].removesuffix("()"), parts[0].endswith("()")
        table = self._tables[module.path]
        several = Unknown(UnresolvedReason.SEVERAL_DEFINITIONS, self._of_name(table, name))
        start: Meaning
        if f".{name}" in module.rebound or (module.path, name) in self._replaced:
            start = several
        elif name in table.classes:
            unique = len(table.classes[name]) == 1 and name not in table.functions
            start = Class(module.path, name) if unique else several
        elif name in table.functions:
            start = self._own_function(table, name)
        elif name in module.exports:
            meaning = f"{module.exports[name]}{'()' if called else ''}"
            return self._resolve(module, ".".join([meaning, *parts[1:]]), depth - 1)
        elif len(parts) > 1 and isinstance(self.modules.find(name, module), ModuleFacts):
            return self._resolve(module, ".".join(parts), depth - 1)  # imported under the name that it has
        else:
            return None
        return self._follow(start, called, parts[1:])

    def _starred(self, module: ModuleFacts, parts: list[str], depth: int) -> Meaning | None:
        """What the starred imports make of the name, None for nothing."""
        origins, outside = self._star_origins(module)
        found = dict.fromkeys(self._own(origin, parts, depth - 1) for origin in origins)
        bound = [meaning for meaning in found if meaning is not None and meaning != _EXTERNAL]
        outside = outside or _EXTERNAL in found
        if len(bound) == 1 and not outside:
            return bound[0]
        if bound:
            return Unknown(UnresolvedReason.STAR_IMPORTS, self._functions(bound))
        return _EXTERNAL if outside else None

    def _star_origins(self, module: ModuleFacts) -> tuple[tuple[ModuleFacts, ...], bool]:
        """The files whose names the module has by starred imports, of its own or of these; and whether there are more."""
        if module.path not in self._origins:
            found: dict[Path, ModuleFacts] = {}
            outside = False
            waiting = [module]
            while waiting:
                importer = waiting.pop()
                for star in importer.star_imports:
                    origin = self.modules.find(star, importer)
                    outside = outside or not isinstance(origin, ModuleFacts)
                    options = origin.candidates if isinstance(origin, Doubtful) else filter(None, [origin])
                    new = {option.path: option for option in options if option.path not in found}
                    new.pop(module.path, None)
                    found.update(new)
                    waiting.extend(new.values())
            self._origins[module.path] = (tuple(found.values()), outside)
        return self._origins[module.path]

    def _of_name(self, table: _Table, name: str) -> tuple[Function, ...]:
        """What a call of the name may run."""
        return (*table.functions.get(name, ()), *table.functions.get(f"{name}.__init__", ()))

    def _functions(self, meanings: Sequence[Meaning]) -> tuple[Function, ...]:
        """What a call of one of `meanings` may run."""
        found: dict[Function, None] = {}
        for meaning in meanings:
            run = self.method(meaning, "__init__") if isinstance(meaning, Class) else meaning
            if isinstance(run, Found):
                found[run.function] = None
            elif isinstance(run, Unknown):
                found.update(dict.fromkeys(run.candidates))
        return tuple(found)

    def _own_function(self, table: _Table, name: str) -> Found | Unknown:
        functions = table.functions[name]
        if len(functions) == 1:
            return Found(functions[0])
        return Unknown(UnresolvedReason.SEVERAL_DEFINITIONS, tuple(functions))

    def _follow(self, meaning: Meaning, called: bool, parts: list[str]) -> Meaning:
        """What is got from `meaning` by the call and the attributes that come after it."""
        if called:
            meaning = _result(meaning)
        for part in parts:
            meaning = self._attribute(meaning, part.removesuffix("()"))
            if part.endswith("()"):
                meaning = _result(meaning)
        return meaning

    def _attribute(self, owner: Meaning, name: str) -> Meaning:
        match owner:
            case Class():
                return self.method(owner, name, of_class=True)
            case Instance():
                return self.method(owner.of, name)
            case Found():
                return Unknown(UnresolvedReason.UNKNOWN_RECEIVER, mentioned=(owner.function,))
            case Unknown(reason=UnresolvedReason.RESULT | UnresolvedReason.VARIABLE):
                return replace(owner, reason=UnresolvedReason.UNKNOWN_RECEIVER)
            case Unknown(reason=UnresolvedReason.EXTERNAL):
                return owner
            case Unknown():
                return Unknown(owner.reason, mentioned=(*owner.mentioned, *owner.candidates))

    # --- Classes --------------------------------------------------------------------------------

    def method(self, cls: Class, name: str, *, of_class: bool = False) -> Meaning:
        """What the name means in an object of exactly this class, or in the class itself."""
        key = (cls, name, of_class)
        if key not in self._members:
            own = self._own_member(cls, name) or _NOT_DEFINED if _is_private(name) else None
            self._members[key] = self._bound(own or self._first(self.order(cls), name), of_class)
        return self._members[key]

    def method_of_any(self, cls: Class, name: str, *, of_class: bool = False) -> Meaning:
        """What the name means in an object of this class or of a subclass (`self.name`)."""
        key = (cls, name, of_class)
        if key not in self._members_of_any:
            self._members_of_any[key] = self._member_of_any(cls, name, of_class=of_class)
        return self._members_of_any[key]

    def _member_of_any(self, cls: Class, name: str, *, of_class: bool) -> Meaning:
        meaning = self.method(cls, name, of_class=of_class)
        if _is_private(name):
            return meaning
        others = [self.method(below, name, of_class=of_class) for below in self.descendants(cls)]
        doubtful = (self._own_member(below, name) for below in self._may_be_below(cls))
        others.extend(self._bound(other, of_class) for other in doubtful if other is not None)
        return self._agreed(meaning, others)

    def method_above(self, cls: Class, name: str) -> Meaning:
        """What `super().name` means in the class, whatever subclass the object is of."""
        meanings = []
        for below in (cls, *self.descendants(cls)):
            order = self.order(below)
            if cls in order:
                meanings.append(self._bound(self._first(order[order.index(cls) + 1 :], name), of_class=False))
        return self._agreed(meanings[0], meanings[1:])

    def _agreed(self, meaning: Meaning, others: list[Meaning]) -> Meaning:
        if all(other == meaning for other in others):
            return meaning
        options = [meaning, *others]
        return Unknown(
            UnresolvedReason.OVERRIDDEN,
            self._functions(options),
            tuple(f for option in options if isinstance(option, Unknown) for f in option.mentioned),
        )

    def _first(self, order: Sequence[Class | None], name: str) -> Meaning:
        for number, cls in enumerate(order):
            if cls is None:
                rest = self._first([c for c in order[number + 1 :] if c is not None], name)
                return Unknown(UnresolvedReason.EXTERNAL_BASE, self._functions([rest]))
            own = self._own_member(cls, name)
            if own is not None:
                return own
        return _NOT_DEFINED

    def _own_member(self, cls: Class, name: str) -> Meaning | None:
        """What the class itself binds the name to."""
        table = self._tables[cls.path]
        qualified = f"{cls.name}.{name}"
        functions = table.functions.get(qualified, ())
        if f".{qualified}" in table.module.rebound or (cls.path, qualified) in self._replaced:
            reason = UnresolvedReason.SEVERAL_DEFINITIONS if functions else UnresolvedReason.VARIABLE
            return Unknown(reason, tuple(functions))
        if functions and name in self._replaced_somewhere:
            return Unknown(UnresolvedReason.SEVERAL_DEFINITIONS, tuple(functions))
        if functions:
            if any(_is_property(self.definition(function)) for function in functions):
                return Unknown(UnresolvedReason.RESULT, mentioned=tuple(functions))
            return self._own_function(table, qualified)
        return Class(cls.path, qualified) if len(table.classes.get(qualified, ())) == 1 else None

    def _bound(self, meaning: Meaning, of_class: bool) -> Meaning:
        if not isinstance(meaning, Found):
            return meaning
        definition = self.definition(meaning.function)
        kinds = {decorator.name.rpartition(".")[2] for decorator in definition.decorators}
        is_class_method = "classmethod" in kinds or meaning.function.last_name == "__init_subclass__"
        if "staticmethod" in kinds or meaning.function.last_name == "__new__":
            return meaning
        return Found(meaning.function, bound=is_class_method or not of_class)

    def order(self, cls: Class) -> tuple[Class | None, ...]:
        """The class and its ancestors as Python searches them; None for all that is outside the project."""
        if cls not in self._orders:
            self._orders[cls] = (cls, None)  # what it is to a class that inherits from itself
            lists = [self.order(base) if base is not None else (None,) for base in self._bases[cls]]
            self._orders[cls] = (cls, *_merge([*lists, tuple(self._bases[cls])]))
        return self._orders[cls]

    def descendants(self, cls: Class) -> tuple[Class, ...]:
        """The classes below it."""
        if cls not in self._below:
            found: dict[Class, None] = {}
            waiting = list(self._children.get(cls, ()))
            while waiting:
                child = waiting.pop()
                if child not in found and child != cls:
                    found[child] = None
                    waiting.extend(self._children.get(child, ()))
            self._below[cls] = tuple(found)
        return self._below[cls]

    def _may_be_below(self, cls: Class) -> Iterator[Class]:
        """The classes that inherit from something which may be the class or one below it."""
        for above in (cls, *self.descendants(cls)):
            for child in self._doubtful_children.get(above.name.rpartition(".")[2], ()):
                yield child
                yield from self.descendants(child)

    @cached_property
    def _bases(self) -> dict[Class, list[Class | None]]:
        found: dict[Class, list[Class | None]] = {}
        for table in self._tables.values():
            for facts in table.module.classes:
                bases = [base for base in facts.bases if base not in _EMPTY_BASES]
                found[Class(table.module.path, facts.name)] = [
                    self._base(table.module, base) for base in bases
                ]
        return found

    def _base(self, module: ModuleFacts, name: str) -> Class | None:
        meaning = self._base_meaning(module, name)
        return meaning if isinstance(meaning, Class) else None

    def _base_meaning(self, module: ModuleFacts, name: str) -> Meaning:
        if f".{name.partition('.')[0]}" in module.rebound:  # then what stands there is its text
            return Unknown(UnresolvedReason.SEVERAL_DEFINITIONS)
        meaning = self.resolve(module, name)
        return self.loose(module, name) if meaning == _EXTERNAL and module.star_imports else meaning

    @cached_property
    def _children(self) -> dict[Class, list[Class]]:
        found: dict[Class, list[Class]] = {}
        for cls, bases in self._bases.items():
            for base in bases:
                if base is not None:
                    found.setdefault(base, []).append(cls)
        return found

    @cached_property
    def _doubtful_children(self) -> dict[str, list[Class]]:
        """Last name of a base class that could not be told → the classes that have it."""
        found: dict[str, list[Class]] = {}
        for cls in self._bases:
            module = self._tables[cls.path].module
            facts = self._tables[cls.path].classes[cls.name]
            for base in {base for one in facts for base in one.bases}:
                meaning = self._base_meaning(module, base)
                if isinstance(meaning, Unknown) and meaning.reason is not UnresolvedReason.EXTERNAL:
                    found.setdefault(base.rpartition(".")[2], []).append(cls)
        return found


class _Table:
    """One file's definitions by name and place."""

    def __init__(self, module: ModuleFacts) -> None:
        self.module = module
        self.by_position = {definition.position: definition for definition in module.definitions}
        self._at = {
            definition.position: Function(module.path, definition.position, definition.name, module.module)
            for definition in module.definitions
        }
        self.functions: dict[str, list[Function]] = {}
        for definition in module.definitions:
            if not any(decorator.name in _OVERLOADS for decorator in definition.decorators):
                self.functions.setdefault(definition.name, []).append(self._at[definition.position])
        self.classes: dict[str, list[ClassFacts]] = {}
        for cls in module.classes:
            self.classes.setdefault(cls.name, []).append(cls)

    def function_at(self, position: Position) -> Function | None:
        return self._at.get(position)


def _merge(lists: list[tuple[Class | None, ...]]) -> tuple[Class | None, ...]:
    """The method resolution order (C3) of bases' orders; what is outside the project takes its first place."""
    merged: list[Class | None] = []
    waiting = [list(one) for one in lists if one]
    while waiting:
        heads = [one[0] for one in waiting]
        free = next((h for h in heads if h is None or not any(h in one[1:] for one in waiting)), heads[0])
        if free is not None or None not in merged:
            merged.append(free)
        waiting = [rest for one in waiting if (rest := [c for c in one if c != free])]
    return tuple(merged)


def _result(meaning: Meaning) -> Meaning:
    match meaning:
        case Class():
            return Instance(meaning)
        case Found() | Instance():
            return Unknown(UnresolvedReason.RESULT)
        case Unknown(reason=UnresolvedReason.EXTERNAL):
            return meaning
        case Unknown():
            return Unknown(UnresolvedReason.RESULT, mentioned=meaning.mentioned)


def _is_private(name: str) -> bool:
    """`__name`, which each class has for itself."""
    return name.startswith("__") and not name.endswith("__")


def _is_property(definition: Definition) -> bool:
    return any(
        decorator.name.rpartition(".")[2] in _PROPERTIES or decorator.text.endswith(_ACCESSORS)
        for decorator in definition.decorators
    )
