"""A source file's folder to the files that declare what the code there is installed with: the nearest ones upward."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from session_first.dependencies import pyproject, requirements, setup_cfg
from session_first.dependencies.needed import NEEDED, judge, mentioned
from session_first.dependencies.outcome import Outcome, Present, Refused
from session_first.dependencies.text_file import TextFile, load

_COMPANION_IN_CODE = re.compile(r"""["']boto3(?=[\s\[<>=!~;@"'])""")

_BY_HAND = {
    "Pipfile": f"add {NEEDED} to its [packages]",
    "environment.yml": f"add {NEEDED} to its list under `pip:`",
    "environment.yaml": f"add {NEEDED} to its list under `pip:`",
}
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock", "conda-lock.yml")


@dataclass(frozen=True, slots=True)
class Declaration:
    """A file that declares dependencies, and how it takes one more; `companion`: boto3 is among them."""

    path: Path
    add: Callable[[str], Outcome]
    companion: bool


def governing(folder: Path, root: Path) -> tuple[Declaration, ...]:
    """What governs the code in `folder`; nothing where no file up to `root` declares dependencies.

    It is one file, unless boto3 is declared in several that nothing ranks.
    """
    for candidate in (folder, *folder.parents):
        if not candidate.is_relative_to(root):
            break
        found = _in(candidate, root)
        if found:
            return found
    return ()


def _in(folder: Path, root: Path) -> tuple[Declaration, ...]:
    firm = list(_firm(folder, root))
    if firm:
        chosen = next((declaration for declaration in firm if declaration.companion), firm[0])
        beside = firm[-1]
        if chosen.path.name == "setup.py" and beside is not chosen and beside.companion:
            return (
                chosen,
                beside,
            )  # a person edits setup.py, and who works on the project installs the other
        return (chosen,)
    for name, todo in _BY_HAND.items():
        if (folder / name).is_file():
            return (_by_hand(folder / name, todo),)
    return tuple(_beside_boto3(folder, root)) or tuple(_last_resort(folder))


# --- What a folder may hold -----------------------------------------------------------------------


def _firm(folder: Path, root: Path) -> Iterator[Declaration]:
    """The files that declare dependencies, those for an installation of the project first."""
    found = [*_in_pyproject(folder, root), *_in_setup_cfg(folder, root)]
    listing = _requirements(_top(folder), root)
    code = _text(folder / "setup.py")
    if code is not None and "install_requires" in code:
        companion = _COMPANION_IN_CODE.search(code) is not None
        if companion or listing is None or "requirements" not in code.replace("install_requires", ""):
            todo = f"add {NEEDED} to install_requires; a program is not edited"
            found.append(replace(_by_hand(folder / "setup.py", todo), companion=companion))
    if listing is not None:
        found.append(listing)
    first: dict[Path, Declaration] = {}
    for declaration in found:
        first.setdefault(declaration.path, declaration)
    yield from first.values()


def _in_pyproject(folder: Path, root: Path) -> Iterator[Declaration]:
    path = folder / "pyproject.toml"
    text = _text(path)
    if text is not None:
        look = pyproject.look(text)
        if look.declares:
            yield Declaration(path, pyproject.add, look.companion)
        yield from _best(folder, look.files, root)


def _in_setup_cfg(folder: Path, root: Path) -> Iterator[Declaration]:
    path = folder / "setup.cfg"
    text = _text(path)
    if text is not None:
        look = setup_cfg.look(text)
        if look.declares:
            yield Declaration(path, setup_cfg.add, look.companion)
        yield from _best(folder, look.files, root)


def _best(folder: Path, names: Iterable[str], root: Path) -> Iterator[Declaration]:
    """Of the requirements files with these names the one with boto3, else the first."""
    found = [d for name in names if (d := _requirements(folder / name, root)) is not None]
    yield from sorted(found, key=lambda declaration: not declaration.companion)[:1]


def _beside_boto3(folder: Path, root: Path) -> Iterator[Declaration]:
    """The requirements files with other names that list boto3."""
    listings = [*folder.glob("*requirements*.*"), *folder.glob("requirements/*.*")]
    for path in sorted(listings):
        if path.suffix in {".in", ".txt"}:
            text = _text(path)
            if text is not None and requirements.has_companion(text) and not requirements.is_compiled(text):
                found = _requirements(path, root)
                if found is not None:
                    yield found


def _last_resort(folder: Path) -> Iterator[Declaration]:
    """A file that may get a list of dependencies, else a lock file."""
    text = _text(folder / "pyproject.toml")
    if text is not None and pyproject.look(text).could:
        yield Declaration(folder / "pyproject.toml", pyproject.add, companion=False)
        return
    text = _text(folder / "setup.cfg")
    if text is not None and setup_cfg.look(text).could:
        yield Declaration(folder / "setup.cfg", setup_cfg.add, companion=False)
        return
    locks = (name for name in _LOCKS if (folder / name).is_file())
    for name in locks:
        yield _by_hand(folder / name, f"add {NEEDED} to what it is locked from, and lock it again")
        return


def _by_hand(path: Path, todo: str) -> Declaration:
    def add(text: str) -> Outcome:
        return Present() if mentioned(text) else Refused(todo)

    return Declaration(path, add, companion=False)


# --- Requirements files ---------------------------------------------------------------------------


def _top(folder: Path) -> Path:
    source = folder / "requirements.in"
    return source if source.is_file() else folder / "requirements.txt"


def _requirements(top: Path, root: Path, seen: Sequence[Path] = ()) -> Declaration | None:
    """Of the file `top`, what it includes and what it is compiled from, the one that the requirement belongs in."""
    text = _text(top)
    if text is None:
        return None
    if requirements.is_compiled(text):
        named = [folder / name for name in requirements.compiled_from(text) for folder in (top.parent, root)]
        sources = [path for path in (top.with_suffix(".in"), *named) if path not in {top, *seen}]
        found = (_requirements(path, root, (*seen, top)) for path in sources if _is_inside(path, root))
        known = [declaration for declaration in found if declaration is not None]
        known.sort(key=lambda declaration: not declaration.companion)
        return known[0] if known else Declaration(top, requirements.add, companion=False)
    tree = dict(_tree(top, text, root, {top}))
    declared = (path for path, held in tree.items() if judge(requirements.listed(held)) is not None)
    companions = [path for path, held in tree.items() if requirements.has_companion(held)]
    path = next(declared, companions[0] if companions else top)
    return Declaration(path, requirements.add, bool(companions))


def _tree(path: Path, text: str, root: Path, seen: set[Path]) -> Iterator[tuple[Path, str]]:
    yield path, text
    for name in requirements.included(text):
        inner = Path(path.parent, name)
        held = _text(inner) if _is_inside(inner, root) else None
        if held is not None and inner.resolve() not in seen:
            seen.add(inner.resolve())
            yield from _tree(inner, held, root, seen)


def _is_inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def _text(path: Path) -> str | None:
    """What the file holds, None where there is none; one that is no text holds nothing, and is reported later."""
    if not path.is_file():
        return None
    file = load(path)
    return file.text if isinstance(file, TextFile) else ""
