"""A parameter that holds a session instead of credentials in; whether another name is safe, and what else has to be edited, out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from session_first.facts.docstrings import content, names_as_code, parameter_section, result_section
from session_first.model import (
    DocumentAssumedSession,
    Edit,
    ParameterKind,
    Position,
    RenameKeyword,
    RenameParameter,
    Scoped,
)
from session_first.project.callgraph import CallGraph, Function
from session_first.project.context import Project

_PROMISES_KEYS = re.compile(
    r"(?i)\b(?:dict(?:ionary)?|credentials?|creds|(?:access|secret)[ _]?(?:access[ _]?)?keys?(?:[ _]?id)?|"
    r"(?:session)?[ _]?tokens?|keys|response|tuple|mapping)\b"
)
_SESSION_ALREADY = re.compile(r"(?i)boto3\S* session|session object")


@dataclass(frozen=True, slots=True)
class Signatures:
    """Answers for a project, of which the `writable` files may be edited."""

    project: Project
    graph: CallGraph
    writable: Collection[Path]

    def can_rename(self, function: Function, scoped: Scoped, name: str) -> bool:
        """Whether a parameter of the function may get another name: all its callers are seen, the calls that name it
        can be edited, and nobody else goes by its name."""
        definition = self.graph.definition(function)
        if (
            scoped.uses_locals
            or function.last_name == "<lambda>"
            or self.graph.unseen_use(function) is not None
        ):
            return False
        if any(p.kind is ParameterKind.VAR_KEYWORD for p in definition.parameters):
            return False
        if not self._is_its_own(function, scoped):
            return False
        for edge in self.graph.callers(function):
            unpacked = any(a.starred and a.keyword is None for a in edge.call.arguments)
            named = any(a.keyword == name for a in edge.call.arguments)
            is_open = edge.path in self.writable and not self.project.by_path[edge.path].is_test
            if unpacked or (named and not is_open):
                return False
        docstring = scoped.docstring
        return docstring is None or _has_entry(docstring, name) or not names_as_code(docstring, name)

    def _is_its_own(self, function: Function, scoped: Scoped) -> bool:
        """Whether nothing shows the signature to others, and no other class has, or may have, the same method."""
        module = self.project.by_path[function.path]
        facts = module.functions.get(function.position)
        if facts is not None and self.project.exposing(module, facts) is not None:
            return False
        if scoped.class_name is None or function.last_name == "__init__":
            return True
        owner = next((cls for cls in module.classes if cls.name == scoped.class_name), None)
        return (
            facts is not None
            and owner is not None
            and not set(owner.bases) - {"object"}
            and not self.project.family(module, facts)
        )

    def renaming(
        self, function: Function, scoped: Scoped, name: str, new: str
    ) -> Iterator[tuple[Path, Edit]]:
        """The edits outside the function's body."""
        yield function.path, RenameParameter(function.position, name, new)
        if scoped.docstring is not None and _has_entry(scoped.docstring, name):
            yield function.path, DocumentAssumedSession(function.position, name, new)
        for edge in self.graph.callers(function):
            for argument in edge.call.arguments:
                if argument.keyword == name:
                    yield edge.path, RenameKeyword(edge.call.position, edge.call.end, argument.position, new)


def _has_entry(docstring: str, name: str) -> bool:
    """Whether the parameter, and it alone, has an entry, and the docstring names it nowhere else in the way of code."""
    section, lines = parameter_section(docstring), content(docstring)
    entry = next((e for e in section.entries if e.name == name), None) if section is not None else None
    if section is None or entry is None or lines is None:
        return False
    if lines[entry.first][len(entry.lead) + len(name) :].lstrip().startswith(","):
        return False
    own = {
        line
        for field in (entry, *(field for field in section.types if field.name == name))
        for line in range(field.first, field.last + 1)
    }
    return not names_as_code("\n".join(line for number, line in enumerate(lines) if number not in own), name)


def documented_result(function: Position, scoped: Scoped) -> DocumentAssumedSession | None:
    """The edit of a docstring that promises credentials as the result."""
    result = result_section(scoped.docstring) if scoped.docstring is not None else None
    if result is None:
        return None
    said = f"{result.type} {result.text}"
    if _PROMISES_KEYS.search(said) is None or _SESSION_ALREADY.search(said) is not None:
        return None
    return DocumentAssumedSession(function)
