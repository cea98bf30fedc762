"""Where a program is started from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from session_first.model.places import Position
from session_first.model.sites import BlockStep


@dataclass(frozen=True, slots=True)
class MainGuard:
    """An `if __name__ == "__main__":` at module level, which stands at `position`. Its block is `body`–`end`.

    `calls` are what it calls: dotted names (with a leading dot: of this module) where that is certain, else their text.
    """

    position: Position
    body: Position
    end: Position
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleSession:
    """A boto3 session that the module makes when it is imported and keeps under `name`, which nothing else binds.

    `statement` makes it, `text` is how. `conditional`: not as a statement of the module's own level.
    """

    name: str
    statement: Position
    text: str
    conditional: bool


@dataclass(frozen=True, slots=True)
class CommandLineOption:
    """An option or argument of a command line, which the call (of a decorator: the expression) at `position`–`end` adds.

    `strings` are as the user types them (`--profile`, `-p`), empty for an argument. `destination` is the name under
    which the program gets the value. `subcommand`: a subcommand's.
    """

    strings: tuple[str, ...]
    destination: str
    position: Position
    end: Position
    subcommand: bool = False


@dataclass(frozen=True, slots=True)
class ParsedArguments:
    """A call of `parse_args` (`known`: of a method that leaves unknown arguments over).

    The result is kept as `name`, by the statement at `statement`, or (None) used right there; `returned`: it is what
    the function gives. `function` is the position of the innermost function around.
    """

    position: Position
    end: Position
    statement: Position
    name: str | None
    returned: bool
    known: bool
    function: Position | None


@dataclass(frozen=True, slots=True)
class ArgumentParser:
    """An `argparse.ArgumentParser`, made by the call at `position`–`end` in the statement at `statement`.

    `name` is what keeps it (`parser`, `self.parser`), None where nothing does; `function` is the position of the
    innermost function around. `options` are in the order of the text, its subcommands' included. `parsed` are also the
    calls of a function of the file that gives what it parsed. `returned_by` is the dotted name of the function that
    gives the parser itself. `open`: it may have options that are not seen here.
    """

    position: Position
    end: Position
    statement: Position
    name: str | None
    function: Position | None
    options: tuple[CommandLineOption, ...]
    parsed: tuple[ParsedArguments, ...]
    returned_by: str | None
    subcommands: bool
    open: bool


@dataclass(frozen=True, slots=True)
class PlacedDecorator:
    """A decorator, whose expression (without the `@`) is `position`–`end`; `name` as in `Decorator`."""

    name: str
    position: Position
    end: Position


@dataclass(frozen=True, slots=True)
class ClickCommand:
    """A function that click makes a command (or a `group`) of.

    `decorators` are in the order of the text. `of` is the dotted name of what the command belongs to, which a file
    alone need not know for click's; None for `click.command` itself. `open`: a decorator may add options that are
    not seen here.
    """

    function: Position
    name: str
    group: bool
    of: str | None
    decorators: tuple[PlacedDecorator, ...]
    options: tuple[CommandLineOption, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class OutlinedStatement:
    """A statement that runs at most once. `start` is where its decorators begin (for most: its `position`); `path` leads to it,
    `insertable` says that another can be put directly before it."""

    position: Position
    start: Position
    end: Position
    path: tuple[BlockStep, ...]
    insertable: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """The statements of a function, or under a main guard, that are in no loop and no function inside it.

    `catching` are the blocks in which the failure to make a session may be caught. `bound` are the names that the function and those
    inside it bind (nothing for a guard), `bound_once` those that its own statements bind once, `boto3_imports` the statements in it that import boto3 by that name.
    """

    statements: tuple[OutlinedStatement, ...] = ()
    catching: frozenset[int] = frozenset()
    bound: frozenset[str] = frozenset()
    bound_once: frozenset[str] = frozenset()
    boto3_imports: tuple[tuple[BlockStep, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPoints:
    """Where a file's code is started from outside, and what is there already.

    `handlers` are the positions of the functions that AWS Lambda may call. `option_strings` are all strings that
    something in the file adds as an option, by whatever object. `outlines` are those of the functions of the module's own level, of
    the handlers and of the guards; `before_handlers` are the statements of that level that the handlers are or stand in;
    `taken_names` the names for a session that mean something there already. `uses_moto`: the file names moto. `profile_settings` are the
    places in functions that set the environment variable of the AWS profile, with the outermost function around each.
    """

    guards: tuple[MainGuard, ...] = ()
    sessions: tuple[ModuleSession, ...] = ()
    handlers: tuple[Position, ...] = ()
    parsers: tuple[ArgumentParser, ...] = ()
    commands: tuple[ClickCommand, ...] = ()
    option_strings: frozenset[str] = frozenset()
    outlines: Mapping[Position, Outline] = field(default_factory=dict)
    before_handlers: Mapping[Position, Position] = field(default_factory=dict)
    taken_names: frozenset[str] = frozenset()
    uses_moto: bool = False
    profile_settings: tuple[tuple[Position, Position], ...] = ()
