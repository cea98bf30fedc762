"""A module's names in; its `argparse` parsers with their options, and where they parse, out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from session_first.facts.names import Names, Scope, qualified_name
from session_first.model import ArgumentParser, CommandLineOption, ParsedArguments, Position
from session_first.source import SourceFile

_CLASSES = frozenset({"argparse.ArgumentParser"})
_GROUPS = frozenset({"add_argument_group", "add_mutually_exclusive_group"})
_SUBCOMMANDS = frozenset({"add_subparsers", "add_parser"})
_KNOWN = frozenset({"parse_known_args", "parse_known_intermixed_args"})
_PARSING = _KNOWN | {"parse_args", "parse_intermixed_args"}
_HARMLESS = _PARSING | {
    *("error", "exit", "format_help", "format_usage", "print_help", "print_usage"),
    *("epilog", "description", "prog", "usage"),
}
"""What can be done with a parser that adds no options."""


def argument_parsers(source: SourceFile, names: Names) -> tuple[ArgumentParser, ...]:
    """The parsers of the file, in the order of the text."""
    return _Parsers(source, names).all()


def option_strings(names: Names) -> frozenset[str]:
    """The strings that start with a dash and are given to something that adds or is an option."""
    return frozenset(
        argument.value
        for node in names.every(ast.Call)
        if _last(node.func) in {"add_argument", "option", "Option"}
        for argument in node.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and argument.value.startswith("-")
    )


@dataclass(slots=True)
class _Found:
    """A parser while its uses are being gathered."""

    call: ast.Call
    options: list[CommandLineOption] = field(default_factory=list)
    parsed: list[ParsedArguments] = field(default_factory=list)
    subcommands: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A parser, or a group or subcommand of it."""

    of: ast.Call
    subcommand: bool


class _Parsers:
    """Answers for one module."""

    def __init__(self, source: SourceFile, names: Names) -> None:
        self._source = source
        self._names = names
        calls = names.every(ast.Call)
        self._found = {
            call: _Found(call)
            for call in calls
            if names.dotted(call.func, self._scope(call.func)) in _CLASSES
        }
        self._calls = calls
        self._attributes = self._kept_on_objects() if self._found else {}
        self._givers: dict[str, ast.Call] = {}
        self._parts: dict[tuple[ast.expr | None, ...], _Part | None] = {}
        if self._found:
            self._givers = dict(self._giving_parsers())
            self._parts.clear()  # what these functions give was not known yet

    def all(self) -> tuple[ArgumentParser, ...]:
        """The parsers with what is done to them."""
        if not self._found:
            return ()
        for call in self._calls:
            if isinstance(call.func, ast.Attribute):
                self._use(call, call.func)
        for parser in self._found.values():
            parser.parsed.extend(list(self._passed_on(parser)))
        self._escapes()
        found = (self._parser(parser) for parser in self._found.values())
        return tuple(sorted(found, key=lambda parser: parser.position))

    def _parser(self, found: _Found) -> ArgumentParser:
        statement = self._statement(found.call)
        holder = self._names.parents[found.call]
        targets = holder.targets if isinstance(holder, ast.Assign) else []
        if isinstance(holder, ast.AnnAssign):
            targets = [holder.target]
        is_kept = len(targets) == 1 and isinstance(targets[0], (ast.Name, ast.Attribute))
        given = {keyword.arg for keyword in found.call.keywords}
        return ArgumentParser(
            position=self._source.start(found.call),
            end=self._source.end(found.call),
            statement=self._source.start(statement),
            name=ast.unparse(targets[0]) if is_kept else None,
            function=self._function(found.call),
            options=tuple(sorted(found.options, key=lambda option: option.position)),
            parsed=tuple(sorted(found.parsed, key=lambda parsed: parsed.position)),
            returned_by=next((f for f, call in self._givers.items() if call is found.call), None),
            subcommands=found.subcommands,
            open=found.open or bool(given & {"parents", "prefix_chars", "conflict_handler", None}),
        )

    def _use(self, call: ast.Call, func: ast.Attribute) -> None:
        """Notes what a method of a parser, or of a part of one, does."""
        part = self._part(func.value)
        if part is None:
            return
        found = self._found[part.of]
        if func.attr == "add_argument":
            option = self._option(call, part.subcommand)
            if option is None:
                found.open = True
            else:
                found.options.append(option)
        elif func.attr == "set_defaults":
            found.options.extend(self._defaults(call, part.subcommand))
            found.open = found.open or any(keyword.arg is None for keyword in call.keywords)
        elif func.attr in _SUBCOMMANDS:
            found.subcommands = True
            found.open = found.open or any(keyword.arg in {None, "parents"} for keyword in call.keywords)
            dest = next((k.value for k in call.keywords if k.arg == "dest"), None)
            if isinstance(dest, ast.Constant) and isinstance(dest.value, str):
                found.options.append(self._named((), dest.value, call, part.subcommand))
        elif func.attr in _PARSING and not part.subcommand:
            found.parsed.append(self._parsed(call, func.attr))

    def _option(self, call: ast.Call, subcommand: bool) -> CommandLineOption | None:
        """What `add_argument` adds, None where that is not written there."""
        strings = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if len(strings) != len(call.args) or any(keyword.arg is None for keyword in call.keywords):
            return None
        dest = next((k.value for k in call.keywords if k.arg == "dest"), None)
        if dest is not None:
            if not isinstance(dest, ast.Constant) or not isinstance(dest.value, str):
                return None
            name = dest.value
        elif strings and strings[0].startswith("-"):
            long = [text for text in strings if text.startswith("--")]
            name = (long or strings)[0].lstrip("-").replace("-", "_")
        elif strings:
            name = strings[0]
        else:
            return None
        return self._named(tuple(s for s in strings if s.startswith("-")), name, call, subcommand)

    def _defaults(self, call: ast.Call, subcommand: bool) -> Iterator[CommandLineOption]:
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield self._named((), keyword.arg, call, subcommand)

    def _named(
        self, strings: tuple[str, ...], name: str, call: ast.Call, subcommand: bool
    ) -> CommandLineOption:
        return CommandLineOption(strings, name, self._source.start(call), self._source.end(call), subcommand)

    def _passed_on(self, parser: _Found) -> Iterator[ParsedArguments]:
        """The calls of the functions that give what was parsed: `args = parse_args()`."""
        returning = [parsed.function for parsed in parser.parsed if parsed.returned]
        for node in self._names.scopes:
            if not isinstance(node, ast.FunctionDef) or self._source.start(node) not in returning:
                continue
            own = f".{qualified_name(node, self._names)}"
            is_sole = sum(isinstance(part, ast.Return) for part in ast.walk(node)) == 1
            for call in self._calls if is_sole else ():
                if self._names.dotted(call.func, self._scope(call.func)) == own:
                    yield self._parsed(call, "parse_args")

    def _parsed(self, call: ast.Call, method: str) -> ParsedArguments:
        holder = self._names.parents[call]
        statement = self._statement(call)
        target: ast.expr | None = None
        if isinstance(holder, ast.Assign) and len(holder.targets) == 1:
            target = holder.targets[0]
        elif isinstance(holder, (ast.AnnAssign, ast.NamedExpr)):
            target = holder.target
        if method in _KNOWN:
            target = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else None
        kept = isinstance(target, (ast.Name, ast.Attribute))
        return ParsedArguments(
            position=self._source.start(call),
            end=self._source.end(call),
            statement=self._source.start(statement),
            name=ast.unparse(target) if kept and target is not None else None,
            returned=isinstance(holder, ast.Return),
            known=method in _KNOWN,
            function=self._function(call),
        )

    # --- Which parser -----------------------------------------------------------------------------

    def _part(self, node: ast.expr) -> _Part | None:
        """The parser that `node` certainly is, or is a part of."""
        match node:
            case ast.Call() if node in self._found:
                return _Part(node, subcommand=False)
            case ast.Call(func=ast.Name()):
                given = self._givers.get(self._names.dotted(node.func, self._scope(node.func)) or "")
                return _Part(given, subcommand=False) if given is not None else None
            case ast.Call(func=ast.Attribute(attr=method, value=owner)):
                part = self._part(owner)
                if part is None or method in _GROUPS:
                    return part
                return _Part(part.of, subcommand=True) if method in _SUBCOMMANDS else None
            case ast.Name():
                bindings = self._names.lookup(node.id, self._scope(node))
                return self._common(tuple(b.value for b in bindings))
            case ast.Attribute():
                value = self._attributes.get(ast.unparse(node))
                return self._common((value,)) if value is not None else None
            case _:
                return None

    def _common(self, values: tuple[ast.expr | None, ...]) -> _Part | None:
        """The one parser that all the values of a name are; none of one that it is made of itself."""
        if values not in self._parts:
            self._parts[values] = None
            parts = {self._part(value) if value is not None else None for value in values}
            self._parts[values] = parts.pop() if len(parts) == 1 else None
        return self._parts[values]

    def _kept_on_objects(self) -> dict[str, ast.expr]:
        """`self.parser` and the like, where one assignment in the file gives it its value."""
        values: dict[str, list[ast.expr]] = {}
        for node in self._names.every(ast.Attribute):
            if isinstance(node.ctx, ast.Store):
                holder = self._names.parents[node]
                value = holder.value if isinstance(holder, (ast.Assign, ast.AnnAssign)) else None
                values.setdefault(ast.unparse(node), []).append(value or node)
        return {name: given[0] for name, given in values.items() if len(given) == 1}

    def _giving_parsers(self) -> Iterator[tuple[str, ast.Call]]:
        """(name, parser) for the functions of the module whose only `return` gives a parser."""
        for node, scope in self._names.scopes.items():
            if not isinstance(node, ast.FunctionDef) or scope.parent is not self._names.top:
                continue
            returns = [part for part in ast.walk(node) if isinstance(part, ast.Return)]
            if len(returns) == 1 and returns[0].value is not None:
                part = self._part(returns[0].value)
                if part is not None and not part.subcommand:
                    yield f".{node.name}", part.of

    def _escapes(self) -> None:
        """Marks the parsers that something else may add options to."""
        for node in self._names.scope_of:
            if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
                continue
            holder = self._names.parents[node]
            if isinstance(holder, ast.Attribute):
                if holder.attr in _HARMLESS | _GROUPS | _SUBCOMMANDS | {"add_argument", "set_defaults"}:
                    continue
            elif isinstance(holder, ast.Expr) or self._is_given(holder):
                continue
            part = self._part(node)
            if part is not None:
                self._found[part.of].open = True
        for call in self._found:
            holder = self._names.parents[call]
            if not isinstance(
                holder, (ast.Assign, ast.AnnAssign, ast.Attribute, ast.Expr)
            ) and not self._is_given(holder):
                self._found[call].open = True

    def _is_given(self, holder: ast.AST) -> bool:
        """Whether it is what one of the functions that give a parser returns."""
        function = self._names.parents.get(holder)
        while isinstance(holder, ast.Return) and isinstance(function, ast.stmt):
            if isinstance(function, ast.FunctionDef):
                return f".{function.name}" in self._givers
            function = self._names.parents.get(function)
        return False

    def _scope(self, node: ast.expr) -> Scope:
        return self._names.scope_of.get(node, self._names.top)

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self._names.parents[node]
        return node

    def _function(self, call: ast.Call) -> Position | None:
        inner: ast.expr = call.func
        while not isinstance(inner, (ast.Name, ast.Attribute)) and isinstance(inner, ast.Call):
            inner = inner.func
        functions = self._scope(inner).functions()
        return self._source.start(functions[0]) if functions else None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
