"""A module's names in; in which style it writes its annotations out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from session_first.facts.names import FunctionNode, Names, all_arguments, is_none
from session_first.facts.sessions import SESSION_CLASSES, canonical
from session_first.model import OptionalStyle

_OLD_GENERICS = frozenset(
    f"typing.{name}" for name in ("Dict", "List", "Optional", "Set", "Tuple", "Type", "Union")
)


class Annotations:
    """Answers for one module. `postponed`: `from __future__ import annotations` is in force."""

    def __init__(self, names: Names, *, postponed: bool) -> None:
        self._names = names
        self._postponed = postponed

    def optional_name(self) -> str | None:
        """How `typing.Optional` is written where an annotation may stand."""
        for name, bindings in self._names.top.bindings.items():
            for binding in bindings:
                if binding.kind != "import" or not self._holds(binding.node):
                    continue
                if binding.dotted == "typing.Optional":
                    return name
                if binding.dotted == "typing":
                    return f"{name}.Optional"
        return None

    def session_imports(self) -> dict[str, int | None]:
        """The names of `boto3.Session` that imports alone bind, and the lines of that, None for type checking only."""
        found: dict[str, int | None] = {}
        for name, bindings in self._names.top.bindings.items():
            if all(b.kind == "import" and canonical(b.dotted) in SESSION_CLASSES for b in bindings):
                nodes = [b.node for b in bindings if isinstance(b.node, ast.stmt)]
                lines = [node.lineno for node in nodes if node in self._names.tree.body]
                if lines or any(map(self._is_for_type_checking, nodes)):
                    found[name] = min(lines, default=None)
        return found

    def old_generics(self) -> bool:
        """Whether the file takes from typing what Python 3.10 has in the language."""
        return any(
            binding.kind == "import" and binding.dotted in _OLD_GENERICS
            for bindings in self._names.top.bindings.values()
            for binding in bindings
        )

    def union_operator(self) -> bool:
        """Whether the file writes `X | None` anywhere."""
        return any(map(_is_union_with_none, self._names.every(ast.BinOp)))

    def optional_style(self, function: FunctionNode | None = None) -> OptionalStyle | None:
        """How the parameters of the function, or all annotations of the file, say that None is allowed.

        None where they do not, and where they say it in both ways.
        """
        annotations = self._all() if function is None else _of_parameters(function)
        styles = {style for annotation in annotations for style in self._styles(annotation)}
        return styles.pop() if len(styles) == 1 else None

    def _holds(self, statement: ast.AST) -> bool:
        """Whether what the import binds is there for annotations."""
        if self._names.parents[statement] is self._names.tree:
            return True
        return self._postponed and self._is_for_type_checking(statement)

    def _is_for_type_checking(self, statement: ast.AST) -> bool:
        parent = self._names.parents[statement]
        if not isinstance(parent, ast.If):
            return False
        test = parent.test
        name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
        return name == "TYPE_CHECKING" and statement in parent.body

    def _all(self) -> Iterator[ast.expr]:
        for node in self._names.parents:
            if isinstance(node, (ast.arg, ast.AnnAssign)):
                found = node.annotation
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found = node.returns
            else:
                continue
            if found is not None:
                yield found

    def _styles(self, annotation: ast.expr) -> Iterator[OptionalStyle]:
        for node in ast.walk(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                quoted = _parsed(node.value)
                if quoted is not None:
                    yield from self._styles(quoted)
            elif _is_union_with_none(node):
                yield "|"
            elif isinstance(node, ast.Subscript):
                dotted = self._names.dotted(node.value, self._names.top)
                if dotted == "typing.Optional" or (dotted == "typing.Union" and _lists_none(node.slice)):
                    yield "Optional"


def _of_parameters(function: FunctionNode) -> Iterable[ast.expr]:
    arguments = all_arguments(function.args)
    return [argument.annotation for argument in arguments if argument.annotation is not None]


def _is_union_with_none(node: ast.AST) -> bool:
    """`X | None`, in either order."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.BitOr)
        and (is_none(node.left) or is_none(node.right))
    )


def _lists_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) and any(map(is_none, node.elts))


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return None
