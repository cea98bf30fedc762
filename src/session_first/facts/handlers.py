"""A statement in; whether it may catch what its body raises, and whether control then goes on behind it, out."""

from __future__ import annotations

import ast
from collections.abc import Sequence

_TRANSPARENT = frozenset(
    {
        *("open", "closing", "nullcontext", "redirect_stdout", "redirect_stderr", "urlopen", "chdir"),
        *("TemporaryDirectory", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"),
        *(
            "ThreadPoolExecutor",
            "ProcessPoolExecutor",
            "Pool",
            "ThreadPool",
            "Lock",
            "RLock",
            "Semaphore",
            "lock",
        ),
        *(
            "ZipFile",
            "TarFile",
            "GzipFile",
            "batch_writer",
            "tqdm",
            "Progress",
            "mock_aws",
            "patch",
            "catch_warnings",
        ),
    }
)
"""Context managers that let every exception pass."""

_LEAVING = (ast.Return, ast.Raise)
_EXITS = frozenset({"sys.exit", "exit", "quit", "os._exit"})


def catches(node: ast.AST) -> bool:
    """Whether the statement may catch exceptions of its body."""
    if is_try(node):
        return bool(getattr(node, "handlers", ()))
    return isinstance(node, (ast.With, ast.AsyncWith)) and any(
        not is_transparent(item.context_expr) for item in node.items
    )


def catches_in(child: ast.AST, holder: ast.AST) -> bool:
    """Whether `holder` catches what happens in its part `child`."""
    return catches(holder) and any(child is part for part in getattr(holder, "body", ()))


def notices(node: ast.AST) -> bool:
    """Whether the statement catches exceptions of its body, or runs code on their way (`finally`)."""
    return catches(node) or (is_try(node) and bool(getattr(node, "finalbody", ())))


def notices_in(child: ast.AST, holder: ast.AST) -> bool:
    """Whether `holder` notices what happens in its part `child`."""
    return notices(holder) and any(child is part for part in getattr(holder, "body", ()))


def resumes(node: ast.AST, *, loops: bool = False) -> bool:
    """Whether control may go on behind the statement after it caught something; a handler that ends the turn of a loop
    lets it go on too, unless `loops`."""
    if is_try(node):
        return not all(leaves(handler.body, loops=loops) for handler in getattr(node, "handlers", ()))
    return catches(node)


def is_try(node: ast.AST) -> bool:
    """Whether it is a `try`, with `except*` as well."""
    return isinstance(node, ast.Try) or node.__class__.__name__ == "TryStar"


def is_transparent(manager: ast.expr) -> bool:
    """Whether a context manager is known to let exceptions pass."""
    return last_name(manager) in _TRANSPARENT


def last_name(node: ast.expr) -> str:
    """`open` of `io.open(path)`."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def leaves(block: Sequence[ast.stmt], *, loops: bool = False) -> bool:
    """Whether running the block to its end leaves the function; with `loops`, or the turn of a loop."""
    last = block[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and leaves(last.body, loops=loops) and leaves(last.orelse, loops=loops)
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return ast.unparse(last.value.func) in _EXITS
    return isinstance(last, _LEAVING) or (loops and isinstance(last, (ast.Continue, ast.Break)))
