"""A project's facts and settings in; where its programs start, and whether their command lines are free, out."""

from __future__ import annotations

import ast
import configparser
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from session_first.config import read_toml
from session_first.model import ArgumentParser, ClickCommand, CommandLineOption, ModuleFacts, ParsedArguments
from session_first.project.origins import Origins

PROFILE = "profile"
"""The name of the option that chooses the AWS profile."""

_GROUPS = re.compile(
    r"(rich_click|asyncclick|click)\.(\w*Group|CommandCollection)\(\)|flask\.(Flask|Blueprint)\(\)\.cli"
)


@dataclass(frozen=True, slots=True)
class ConsoleScript:
    """A command that is installed with the project; it calls `function` of `module`."""

    command: str
    module: str
    function: str


def console_scripts(root: Path) -> tuple[ConsoleScript, ...]:
    """The commands that pyproject.toml, setup.cfg and setup.py below `root` state.

    Raises:
        ConfigError: pyproject.toml cannot be read or is not TOML.
    """
    found: dict[ConsoleScript, None] = {}
    if (root / "pyproject.toml").is_file():
        found.update(dict.fromkeys(scripts_of_pyproject(read_toml(root / "pyproject.toml"))))
    if (root / "setup.cfg").is_file():
        found.update(dict.fromkeys(_in_setup_cfg(root / "setup.cfg")))
    if (root / "setup.py").is_file():
        found.update(dict.fromkeys(_in_setup_py(root / "setup.py")))
    return tuple(found)


def scripts_of_pyproject(document: Mapping[str, object]) -> Iterator[ConsoleScript]:
    """The commands of `[project.scripts]` and `[tool.poetry.scripts]`."""
    for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
        table: object = document
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        for command, target in table.items() if isinstance(table, dict) else ():
            yield from _script(str(command), target)


def _in_setup_cfg(path: Path) -> Iterator[ConsoleScript]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return  # what setuptools cannot read states nothing
    yield from _listed(parser.get("options.entry_points", "console_scripts", fallback="").splitlines())


def _in_setup_py(path: Path) -> Iterator[ConsoleScript]:
    """Those that it spells out; nothing of it is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return  # what Python cannot read states nothing
    values = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "entry_points":
            given = values.get(node.value.id) if isinstance(node.value, ast.Name) else node.value
            yield from _listed(_console_lines(given, values))


def _console_lines(entry_points: ast.expr | None, values: Mapping[str, ast.expr]) -> Iterator[str]:
    """The lines `command = module:function` of setuptools' table, or of its text with sections."""
    if isinstance(entry_points, ast.Dict):
        for key, value in zip(entry_points.keys, entry_points.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "console_scripts":
                listed = values.get(value.id) if isinstance(value, ast.Name) else value
                for part in ast.walk(listed) if listed is not None else ():
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield from part.value.splitlines()
    elif isinstance(entry_points, ast.Constant) and isinstance(entry_points.value, str):
        section = ""
        for line in entry_points.value.splitlines():
            if line.strip().startswith("["):
                section = line.strip()
            elif section == "[console_scripts]":
                yield line


def _listed(lines: Iterable[str]) -> Iterator[ConsoleScript]:
    for line in lines:
        command, separator, target = line.partition("=")
        if separator:
            yield from _script(command.strip(), target)


def _script(command: str, target: object) -> Iterator[ConsoleScript]:
    module, separator, function = str(target).partition("[")[0].strip().partition(":")
    if isinstance(target, str) and separator:
        yield ConsoleScript(command, module.strip(), function.strip())


def starts_program(module: ModuleFacts, function: str, scripts: tuple[ConsoleScript, ...] = ()) -> bool:
    """Whether the function of that qualified name is what a script of the module, or an installed command, runs."""
    return any(f".{function}" in guard.calls for guard in module.entry_points.guards) or any(
        script.module == module.module and script.function == function for script in scripts
    )


def adds_option(of: ArgumentParser | ClickCommand, name: str) -> bool:
    """Whether the command line has an option `--name`, or gives the program something under that name."""
    return any(_is(option, name) for option in of.options)


def option_is_free(
    modules: Sequence[ModuleFacts], module: ModuleFacts, of: ArgumentParser | ClickCommand, name: str
) -> bool:
    """Whether an option `--name` can certainly be added.

    Not where options may be added out of sight, nor where unknown arguments are left over for others, of which `--name`
    would be one no more.
    """
    if of.open or adds_option(of, name) or f"--{name}" in module.entry_points.option_strings:
        return False
    if isinstance(of, ClickCommand):
        return True
    if any(parsed.known for parsed in of.parsed):
        return False
    giver = of.returned_by.removeprefix(".") if of.returned_by is not None else None
    return giver is None or not any(
        f"--{name}" in other.entry_points.option_strings for other in modules if _mentions(other, giver)
    )


def ambiguous_from_then_on(of: ArgumentParser, name: str) -> tuple[str, ...]:
    """The options whose shortest abbreviations argparse will refuse once there is an option `--name`."""
    strings = (string for option in of.options for string in option.strings)
    return tuple(string for string in strings if string.startswith(f"--{name[0]}"))


def parsed_arguments(of: ArgumentParser) -> ParsedArguments | None:
    """The one place where the parsed arguments are kept under a name; None where there is no such, or not one."""
    kept = [parsed for parsed in of.parsed if not parsed.returned]
    return kept[0] if len(kept) == 1 and kept[0].name is not None else None


def is_click_command(origins: Origins, module: ModuleFacts, command: ClickCommand) -> bool:
    """Whether what makes a command of the function certainly is click, or a group of click's anywhere in the project."""
    seen: set[tuple[Path, str]] = set()
    while command.of is not None:
        origin = origins.origin(module, command.of)
        if origin.module is None:
            return _GROUPS.fullmatch(origin.name) is not None
        groups = [c for c in origin.module.entry_points.commands if c.name == origin.name and c.group]
        if len(groups) != 1 or (origin.module.path, origin.name) in seen:
            return False
        seen.add((origin.module.path, origin.name))
        module, command = origin.module, groups[0]
    return True


def _mentions(module: ModuleFacts, name: str) -> bool:
    return (
        name in module.read_names
        or name in module.attributes
        or any(dotted.rpartition(".")[2] == name for dotted in module.exports.values())
    )


def _is(option: CommandLineOption, name: str) -> bool:
    return option.destination == name or f"--{name}" in option.strings
