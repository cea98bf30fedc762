"""Source files that import the library in; the changes that declare it, and what a person has to do, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from session_first.dependencies import script
from session_first.dependencies.governing import Declaration, governing
from session_first.dependencies.locks import stale
from session_first.dependencies.needed import NEEDED
from session_first.dependencies.outcome import Added, Advice, Refused
from session_first.dependencies.text_file import Unreadable, load
from session_first.model import Changed


@dataclass(frozen=True, slots=True)
class Declared:
    """The files to write, and what is left to people."""

    changes: tuple[Changed, ...] = ()
    advice: tuple[Advice, ...] = ()


def declare(sources: Mapping[Path, bytes], root: Path) -> Declared:
    """Declares the library, for each of `sources` in the file below `root` that governs it, each file once."""
    changes: list[Changed] = []
    advice: list[Advice] = []
    folders: dict[Path, None] = {}
    for path, data in sources.items():
        own = script.look(data)
        if own is None:
            folders[path.parent] = None
        elif isinstance(own, Refused):
            advice.append(Advice(path, own.todo))
    declarations: dict[Path, Declaration] = {}
    for folder in folders:
        found = governing(folder, root)
        declarations.update((declaration.path, declaration) for declaration in found)
        if not found:
            todo = f"add {NEEDED} to what the project is installed with; no file in it declares dependencies"
            advice.append(Advice(None, todo))
    for declaration in declarations.values():
        for result in _carry_out(declaration, root):
            if isinstance(result, Changed):
                changes.append(result)
            else:
                advice.append(result)
    return Declared(tuple(changes), tuple(dict.fromkeys(advice)))


def _carry_out(declaration: Declaration, root: Path) -> Iterator[Changed | Advice]:
    path = declaration.path
    file = load(path)
    if isinstance(file, Unreadable):
        yield Advice(path, f"add {NEEDED}; {file.cause}")
        return
    outcome = declaration.add(file.text)
    if isinstance(outcome, Refused):
        yield Advice(path, outcome.todo)
    elif isinstance(outcome, Added) and not path.resolve().is_relative_to(root.resolve()):
        yield Advice(path, f"add {NEEDED}; it is a link to a file outside the project")
    elif isinstance(outcome, Added):
        yield Changed(path, file.data, file.bytes_of(outcome.text))
        yield from stale(path, root)
