"""A name as one file uses it in; where it comes from out: a module of the project, or a library's dotted name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from session_first.model import ModuleFacts
from session_first.project.modules import Doubtful, Modules

_DEPTH = 12
"""So many re-exports are followed."""

_NO_BASES = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol"})


@dataclass(frozen=True, slots=True)
class Origin:
    """What a name means: `name` of `module`, or (None) the dotted `name` of a library, or of nothing that is seen.

    `()` stands behind what is called: `fastapi.FastAPI().get`.
    """

    module: ModuleFacts | None
    name: str


class Origins:
    """Follows imports, re-exports, starred imports, aliases, factories, attributes and base classes through a project."""

    def __init__(self, modules: Sequence[ModuleFacts]) -> None:
        self._modules = Modules(modules)
        self._found: dict[tuple[str, str], Origin] = {}

    def origin(self, module: ModuleFacts, dotted: str) -> Origin:
        """Where the dotted name (with a leading dot: of this module) that `module` uses comes from."""
        key = (str(module.path), dotted)
        if key not in self._found:
            self._found[key] = self._follow(module, dotted, _DEPTH)
        return self._found[key]

    def _follow(self, module: ModuleFacts, dotted: str, depth: int) -> Origin:
        if depth <= 0:
            return Origin(None, dotted)
        if dotted.startswith("."):
            return self._in_module(module, dotted[1:].split("."), depth)
        parts = dotted.split(".")
        called = next((i for i, part in enumerate(parts) if part.endswith("()")), len(parts) - 1)
        for cut in range(min(called, len(parts) - 1), 0, -1):
            found = self._modules.find(".".join(parts[:cut]), module)
            if isinstance(found, Doubtful):
                return Origin(None, dotted)
            if found is not None:
                return self._in_module(found, parts[cut:], depth)
        if module.star_imports:
            return self._starred(module, parts, depth) or Origin(None, dotted)
        return Origin(None, dotted)

    def _in_module(self, module: ModuleFacts, parts: list[str], depth: int) -> Origin:
        """What a name of the module means."""
        name, call = parts[0].removesuffix("()"), "()" if parts[0].endswith("()") else ""
        here = Origin(module, ".".join(parts))
        if name not in module.exports:
            made = self._made(module, parts, depth) or self._inherited(module, parts, depth)
            if made is not None:
                return made
            if _binds(module, name) or not module.star_imports:
                return here
            return self._starred(module, parts, depth) or here
        if f".{name}" in module.rebound:
            return here
        return self._follow(module, ".".join([f"{module.exports[name]}{call}", *parts[1:]]), depth - 1)

    def _made(self, module: ModuleFacts, parts: list[str], depth: int) -> Origin | None:
        """What the call of a function of the module gives, or an attribute of a class of it holds."""
        for cut in range(len(parts), 0, -1):
            called = "()" if parts[cut - 1].endswith("()") else ""
            given = module.made.get(".".join(part.removesuffix("()") for part in parts[:cut]) + called)
            if given is not None:
                return self._follow(module, ".".join([given, *parts[cut:]]), depth - 1)
        return None

    def _inherited(self, module: ModuleFacts, parts: list[str], depth: int) -> Origin | None:
        """What a method means that an object of a class of the module has from a library's class."""
        for cut in range(len(parts) - 1, 0, -1):
            if not parts[cut - 1].endswith("()"):
                continue
            name = ".".join(part.removesuffix("()") for part in parts[:cut])
            for cls in module.classes:
                if cls.name != name or parts[cut].removesuffix("()") in cls.methods:
                    continue
                for base in cls.bases:
                    origin = self._follow(module, ".".join([f"{base}()", *parts[cut:]]), depth - 1)
                    if origin.module is None and base not in _NO_BASES:
                        return origin
        return None

    def _starred(self, module: ModuleFacts, parts: list[str], depth: int) -> Origin | None:
        """What the one starred import that binds the name makes of it."""
        found: list[Origin] = []
        name = parts[0].removesuffix("()")
        for star in module.star_imports:
            origin = self._modules.find(star, module)
            if not isinstance(origin, ModuleFacts) or depth <= 0:
                continue
            if _binds(origin, name):
                found.append(self._in_module(origin, parts, depth - 1))
            elif origin.star_imports:
                found.extend(filter(None, [self._starred(origin, parts, depth - 1)]))
        unique = list({(str(o.module.path) if o.module else "", o.name): o for o in found}.values())
        return unique[0] if len(unique) == 1 else None


def _binds(module: ModuleFacts, name: str) -> bool:
    """Whether the module itself gives the name a certain meaning."""
    return (
        name in module.exports
        or any(definition.name == name for definition in module.definitions)
        or any(cls.name == name for cls in module.classes)
    )
