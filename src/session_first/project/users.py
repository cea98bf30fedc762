"""The facts of files in; by which imports and names other files can come to run what makes clients in them, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from session_first.model import CallSite, ModuleFacts
from session_first.project.takers import outermost
from session_first.source import words_of

_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|(?:[^\n#;\\]|\\\r?\n)*)|import[ \t]+([^\n#;]*))",
    re.MULTILINE,
)
_NAMES = re.compile(rb"\w+|\*")
_EVERYTHING = "*"
_DEPTH = 12
"""So many re-exports and base classes are followed."""


@dataclass(frozen=True, slots=True)
class Users:
    """The names, by the dotted name of their module, of the functions that make clients, of those that call them, and
    of their classes."""

    names: Mapping[str, frozenset[bytes]] = field(default_factory=dict)

    def are(self, data: bytes, module: str, *, is_package: bool) -> bool:
        """Whether a file with these bytes imports one of the modules and has one of its names."""
        words = words_of(data)
        used = [home for home, names in self.names.items() if not words.isdisjoint(names)]
        if not used and b"*" not in data:
            return False
        imported = frozenset(_imported(data, module, is_package=is_package))
        starred = (f"{home}.{_EVERYTHING}" for home in self.names)
        return any(_is_among(home, imported) for home in (*used, *starred))


def users(modules: Sequence[ModuleFacts]) -> Users:
    """Those of `modules`, tests left out, as far as they certainly call one another."""
    return _Closure([module for module in modules if not module.is_test]).users()


class _Closure:
    """Goes from what makes clients to what calls it. A name is the dotted one of a function, class or method with that
    of its module before it."""

    def __init__(self, modules: Sequence[ModuleFacts]) -> None:
        self._modules = modules
        self._named: dict[str, ModuleFacts] = {}
        for module in modules:
            parts = module.module.split(".")
            for start in range(len(parts)):  # a script finds what lies beside it without its folder's name
                self._named.setdefault(".".join(parts[start:]), module)
        self._named.update((module.module, module) for module in modules)

    def users(self) -> Users:
        """All that is found on the way, by what other files know it by."""
        callers = self._callers()
        waiting = [
            f"{module.module}.{function.name}"
            for module in self._modules
            for site in module.sites
            if site.is_call and site.session is None and site.outermost is not None
            if (function := module.functions.get(site.outermost)) is not None and not function.is_lambda
        ]
        reached: dict[str, None] = {}
        for name in waiting:  # which grows
            if name not in reached:
                reached[name] = None
                waiting.extend(callers.get(name, ()))
        names: dict[str, set[str]] = {}
        for name in reached:
            home, outer = self._outer(name)
            names.setdefault(home, set()).add(outer)
        for module in self._modules:
            for outer in self._known_elsewhere(module, names):
                names.setdefault(module.module, set()).add(outer)
        return Users({home: frozenset(name.encode() for name in found) for home, found in names.items()})

    def _callers(self) -> dict[str, list[str]]:
        """What is called → the outermost functions that call it."""
        callers: dict[str, list[str]] = {}
        for module in self._modules:
            starts = sorted(module.functions)
            for call in module.calls:
                holder = outermost(module, call.caller, starts) if call.caller is not None else None
                function = module.functions.get(holder) if holder is not None else None
                called = _called(module, call) if function is not None else None
                if function is not None and called is not None:
                    for meant in self._meant(called, _DEPTH):
                        callers.setdefault(meant, []).append(f"{module.module}.{function.name}")
        return callers

    def _meant(self, name: str, depth: int) -> Iterator[str]:
        """The name where it is defined: through re-exports, `__init__` of a class, methods of its bases."""
        module, rest = self._split(name)
        if module is None or depth == 0:
            return
        first, _, more = rest.partition(".")
        classes = {cls.name: cls for cls in module.classes}
        if first in module.exports and first not in classes:
            origin = _absolute(module, module.exports[first])
            yield from self._meant(f"{origin}.{more}" if more else origin, depth - 1)
            return
        if rest in classes:
            rest = f"{rest}.__init__"
        owner, _, method = rest.rpartition(".")
        if owner in classes and method not in classes[owner].methods:
            for base in classes[owner].bases:
                yield from self._meant(f"{_absolute(module, base)}.{method}", depth - 1)
            return
        yield f"{module.module}.{rest}"
        for star in module.star_imports:
            yield from self._meant(f"{_absolute(module, star)}.{rest}", depth - 1)

    def _split(self, name: str) -> tuple[ModuleFacts | None, str]:
        """The module that a name starts with, and the rest."""
        parts = name.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self._named.get(".".join(parts[:cut]))
            if module is not None:
                return module, ".".join(parts[cut:])
        return None, name

    def _outer(self, name: str) -> tuple[str, str]:
        module, rest = self._split(name)
        assert module is not None  # the name was made of its own
        return module.module, rest.partition(".")[0]

    def _known_elsewhere(self, module: ModuleFacts, names: Mapping[str, set[str]]) -> Iterator[str]:
        """The names by which the module has what others define, and its classes below these."""
        for name, dotted in module.exports.items():
            if self._is_known(_absolute(module, dotted), names):
                yield name
        for cls in module.classes:
            if any(self._is_known(_absolute(module, base), names) for base in cls.bases):
                yield cls.name.partition(".")[0]
        for star in module.star_imports:
            origin = self._named.get(_absolute(module, star))
            if origin is not None:
                yield from tuple(names.get(origin.module, ()))

    def _is_known(self, name: str, names: Mapping[str, set[str]]) -> bool:
        module, rest = self._split(name)
        return module is not None and rest in names.get(module.module, ())


def _called(module: ModuleFacts, call: CallSite) -> str | None:
    """The name that is called, None where that is in doubt."""
    last = call.callee.rpartition(".")[2]
    if call.receiver_class is not None:
        owner = f"{module.module}.{call.receiver_class}"
        return f"{owner}.{last}" if "." in call.callee and last != "__class__" else owner
    if call.instance is not None:
        return f"{_absolute(module, call.instance.name)}.{last}"
    return _absolute(module, call.callee).replace("()", "") if call.certain else None


def _absolute(module: ModuleFacts, dotted: str) -> str:
    return f"{module.module}{dotted}" if dotted.startswith(".") else dotted


def _is_among(module: str, imported: frozenset[str]) -> bool:
    """Whether an import may mean the module: by its whole name, or from a folder inside its project."""
    parts = module.split(".")
    return any(".".join(parts[start:]) in imported for start in range(len(parts)))


def _imported(data: bytes, module: str, *, is_package: bool) -> Iterator[str]:
    """The dotted names that the import statements of a file name; what looks like one in a text counts."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for origin, names, plain in _IMPORTS.findall(data):
        if plain:
            for part in plain.decode("utf-8", "replace").split(","):
                yield part.split(" as ")[0].strip()
            continue
        base = origin.decode("utf-8", "replace")
        dots = len(base) - len(base.lstrip("."))
        if dots:
            base = ".".join(filter(None, [*package[: len(package) - dots + 1], base[dots:]]))
        yield base
        for name in _NAMES.findall(names):
            yield f"{base}.{name.decode('utf-8', 'replace')}"
