"""The files of a project in; which of them a dotted module name means to one of them, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.model import ModuleFacts

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Files that the name may mean: two of them, or one that Python need not find."""

    candidates: tuple[ModuleFacts, ...]


class Modules:
    """Finds modules as Python would with the folders on its path that the layout suggests.

    These are the folder that a script lies in, the one that holds the outermost package, a folder called `src`, and
    any folder around the importing file.
    """

    def __init__(self, modules: Sequence[ModuleFacts]) -> None:
        self._parts = {module.path: _parts(module.path) for module in modules}
        self._packages = {m.path.parent: True for m in modules if m.path.name == "__init__.py"}
        self._by_last: dict[str, list[ModuleFacts]] = {}
        for module in modules:
            self._by_last.setdefault(self._parts[module.path][-1], []).append(module)
        self._found: dict[tuple[str, Path], ModuleFacts | Doubtful | None] = {}

    def find(self, dotted: str, importer: ModuleFacts) -> ModuleFacts | Doubtful | None:
        """The file that `dotted` means in `importer`; None for one outside the project."""
        key = (dotted, importer.path)
        if key not in self._found:
            self._found[key] = self._find(tuple(dotted.split(".")), importer)
        return self._found[key]

    def _find(self, wanted: Parts, importer: ModuleFacts) -> ModuleFacts | Doubtful | None:
        named = [
            m for m in self._by_last.get(wanted[-1], ()) if self._parts[m.path][-len(wanted) :] == wanted
        ]
        if not named:
            return None
        found = [m for m in named if not self._is_package(self._root(m, wanted))]
        folder = importer.path.parent
        if self._is_package(folder):
            own = [
                m for m in found if self._root(m, wanted) == _root_of(importer, self._parts[importer.path])
            ]
            if len(own) == 1:
                return own[0]
        near = [m for m in found if _is_around(self._root(m, wanted), folder.parts)]
        if not near:  # then one that is installed, whose folder is on the path as `module_name` has it
            near = [m for m in found if m.module == ".".join(wanted)]
        return near[0] if len(near) == 1 else Doubtful(tuple(near or named))

    def _root(self, module: ModuleFacts, wanted: Parts) -> Parts:
        """The folder below which the module is called so."""
        return self._parts[module.path][: -len(wanted)]

    def _is_package(self, folder: Path | Parts) -> bool:
        """Whether the folder has an `__init__.py`, which need not be among the files that were analysed."""
        path = folder if isinstance(folder, Path) else Path(*folder)
        if path not in self._packages:
            self._packages[path] = (path / "__init__.py").is_file()
        return self._packages[path]


def _parts(path: Path) -> Parts:
    return path.parent.parts if path.name == "__init__.py" else (*path.parent.parts, path.stem)


def _root_of(module: ModuleFacts, parts: Parts) -> Parts:
    return parts[: -len(module.module.split("."))] if module.module else parts


def _is_around(root: Parts, folder: Parts) -> bool:
    """Whether the folder lies in `root`, or beside the `src` that `root` is."""
    if root and root[-1] == "src":
        root = root[:-1]
    return folder[: len(root)] == root
