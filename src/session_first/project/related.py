"""The facts of the files with findings in; by which words other files can matter to the plan, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from session_first.facts.boundaries import PACKAGES
from session_first.model import ModuleFacts, ParameterKind

_WORDS_ONLY = bytes(c if c >= 0x80 or chr(c).isalnum() or chr(c) == "_" else ord(" ") for c in range(256))
_FRAMEWORK = re.compile(rb"\b(?:%s)\b" % b"|".join(package.encode() for package in sorted(PACKAGES)))
_PATCHES = re.compile(rb"patch|setattr|spy|stub|import")


@dataclass(frozen=True, slots=True)
class Related:
    """By what a file matters that holds no finding itself.

    It may subclass one of `classes`, hand one of `functions` to a framework, register or call one of
    `keyword_functions` (which take `**kwargs`), patch or import one of `aliases` (of `boto3.client`), or be
    one of `modules`, which say what a decorator is.
    """

    classes: frozenset[bytes]
    functions: frozenset[bytes]
    keyword_functions: frozenset[bytes]
    aliases: frozenset[bytes]
    modules: frozenset[str]

    def by_words(self, data: bytes) -> bool:
        """Whether the bytes of a file say that it matters."""
        words = frozenset(data.translate(_WORDS_ONLY).split())
        if not words.isdisjoint(self.classes) or not words.isdisjoint(self.keyword_functions):
            return True
        if not words.isdisjoint(self.functions) and _FRAMEWORK.search(data) is not None:
            return True
        return not words.isdisjoint(self.aliases) and _PATCHES.search(data) is not None


def related(modules: Sequence[ModuleFacts], boundaries: Sequence[str] = ()) -> Related:
    """What is related to the functions of `modules` that hold a site; `boundaries` as in the settings."""
    classes: set[str] = set()
    functions: set[str] = set()
    keyword_functions: set[str] = set()
    aliases: set[str] = set()
    decorators: set[str] = set()
    for module in modules:
        if module.is_test:
            continue
        for site in module.sites:
            if site.alias is not None:
                aliases.add(site.alias)
            function = module.functions.get(site.outermost) if site.outermost is not None else None
            if function is None or function.is_lambda:
                continue
            decorators.update(decorator.name for decorator in function.decorators)
            last = function.name.rpartition(".")[2]
            if function.class_name is not None:
                classes.add(function.class_name.rpartition(".")[2])
            elif boundaries:
                keyword_functions.add(last)
            else:
                functions.add(last)
            if any(p.kind is ParameterKind.VAR_KEYWORD for p in function.parameters) and last != "__init__":
                keyword_functions.add(last)
    for module in modules:  # subclasses of subclasses
        for cls in module.classes:
            if any(base.rpartition(".")[2] in classes for base in cls.bases):
                classes.add(cls.name.rpartition(".")[2])
    return Related(
        _encoded(classes),
        _encoded(functions),
        _encoded(keyword_functions),
        _encoded(aliases),
        frozenset(prefix for name in decorators for prefix in _prefixes(name)),
    )


def _encoded(words: set[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for word in words)


def _prefixes(dotted: str) -> list[str]:
    """`pkg` and `pkg.cli` of `pkg.cli.app`: any of them may be the module."""
    parts = dotted.replace("()", "").split(".")
    return [".".join(parts[:cut]) for cut in range(1, len(parts))]
