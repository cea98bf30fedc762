"""The facts of files in; by which imports and names other files can come to run what makes clients in them, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from session_first.model import ModuleFacts
from session_first.project.callgraph import Function, build
from session_first.project.definitions import Class, Definitions, Found, Meaning
from session_first.source import words_of

_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|(?:[^\n#;\\]|\\\r?\n)*)|import[ \t]+([^\n#;]*))",
    re.MULTILINE,
)
_NAMES = re.compile(rb"\w+|\*")
_EVERYTHING = "*"


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
    own = [module for module in modules if not module.is_test]
    graph = build(own)
    waiting = [
        function
        for module in own
        for site in module.sites
        if site.is_call and site.session is None and site.function is not None
        if (function := graph.function(module.path, site.function)) is not None
    ]
    reached: dict[Function, None] = {}
    for function in waiting:  # which grows
        if function not in reached:
            reached[function] = None
            waiting.extend(edge.caller for edge in graph.callers(function) if edge.caller is not None)
    names: dict[Path, set[str]] = {}
    for function in reached:
        names.setdefault(function.path, set()).add(function.name.partition(".")[0])
    size = 0
    while size != (size := sum(map(len, names.values()))):
        for module in own:
            for name in _known_elsewhere(module, names, graph.definitions):
                names.setdefault(module.path, set()).add(name)
    found: dict[str, frozenset[bytes]] = {}
    for module in own:
        if module.path in names:
            encoded = frozenset(name.encode() for name in names[module.path])
            found[module.module] = found.get(module.module, frozenset()) | encoded
    return Users(found)


def _known_elsewhere(
    module: ModuleFacts, names: Mapping[Path, set[str]], definitions: Definitions
) -> Iterator[str]:
    """The names by which the module has what others define, and its classes below these."""
    for name, dotted in module.exports.items():
        if _is_known(definitions.resolve(module, dotted), names):
            yield name
    for cls in module.classes:
        if any(_is_known(definitions.resolve(module, base), names) for base in cls.bases):
            yield cls.name.partition(".")[0]
    for star in module.star_imports:
        origin = definitions.modules.find(star, module)
        if isinstance(origin, ModuleFacts):
            yield from tuple(names.get(origin.path, ()))


def _is_known(meaning: Meaning, names: Mapping[Path, set[str]]) -> bool:
    match meaning:
        case Found(function=function):
            return function.name in names.get(function.path, ())
        case Class(path=path, name=name):
            return name in names.get(path, ())
        case _:
            return False


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
