"""A module's names in; the functions that AWS Lambda calls, out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from session_first.facts.names import FunctionNode, Names, Scope

_EVENT = re.compile(r"_{0,2}(\w+_)?(event|events|evt)_?", re.IGNORECASE)
_CONTEXT = re.compile(r"_{0,2}(\w+_)?(context|ctx)_?", re.IGNORECASE)
_CONTEXT_BY_PLACE = re.compile(r"_+|c|con|cont|contxt|contex", re.IGNORECASE)
"""What can be the context of a function that is called a handler."""

_NAMED_FOR_LAMBDA = re.compile(r"(\w*_)?lambda_?handler", re.IGNORECASE)
_NAMED_HANDLER = re.compile(r"(\w*_)?handler|[a-z]\w*Handler")
_FIRST_OF_OTHERS = frozenset(
    {"bot", "cls", "err", "error", "exc", "exception", "loop", "message", "msg", "req", "request", "self"}
    | {"sender", "sig", "signal", "signum", "update"}
)
"""The first parameter of handlers that others call: asyncio, chat bots, gRPC, signals, web frameworks."""

_DECORATORS = re.compile(
    r"aws_lambda_powertools\.(.*\.)?(batch_processor|async_batch_processor|event_parser|event_source|idempotent"
    r"|lambda_handler_decorator|validator|log_metrics)"
    r"|.*\.(capture_lambda_handler|inject_lambda_context)"
    r"|chalice\.(.*\.)?(Chalice|Blueprint)\(\)\.(authorizer|lambda_function|on_\w+|schedule)"
)


def lambda_handlers(names: Names) -> Iterator[FunctionNode]:
    """The functions at module level, or static methods, that Lambda calls once per invocation."""
    for node, scope in names.scopes.items():
        if scope.parent is None or scope.parent.functions():
            continue
        if isinstance(node, ast.Lambda):
            if isinstance(names.parents[node], ast.Assign) and _has_parameters_of_handler(node.args, name=""):
                yield node
        elif (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and (scope.parent is names.top or _is_static(node))
            and (_has_parameters_of_handler(node.args, node.name) or _is_decorated(node, scope.parent, names))
        ):
            yield node


def _has_parameters_of_handler(arguments: ast.arguments, name: str) -> bool:
    """Two required positional parameters, which their names, or the function's, say are Lambda's."""
    positional = [*arguments.posonlyargs, *arguments.args]
    if len(positional) < 2 or len(positional) - len(arguments.defaults) > 2 or None in arguments.kw_defaults:
        return False
    first, second = (argument.arg for argument in positional[:2])
    annotation = positional[1].annotation
    if annotation is not None and ast.unparse(annotation).strip("'\"").endswith("LambdaContext"):
        return True
    if _CONTEXT.fullmatch(second) and _EVENT.fullmatch(first):
        return True
    if len(positional) - len(arguments.defaults) < 2:
        return False
    if _NAMED_FOR_LAMBDA.fullmatch(name):
        return True
    is_context = _CONTEXT.fullmatch(second) or _CONTEXT_BY_PLACE.fullmatch(second)
    return bool(
        _NAMED_HANDLER.fullmatch(name)
        and is_context
        and first not in _FIRST_OF_OTHERS
        and not _CONTEXT.fullmatch(first)
    )


def _is_decorated(node: ast.FunctionDef | ast.AsyncFunctionDef, around: Scope, names: Names) -> bool:
    """By Powertools or Chalice, which then make a handler of it."""
    return any(
        _DECORATORS.fullmatch((names.dotted(decorator, around) or ast.unparse(decorator)).removesuffix("()"))
        for decorator in node.decorator_list
    )


def _is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
