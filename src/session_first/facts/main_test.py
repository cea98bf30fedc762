"""An expression in; whether it asks if the file is run as a script, out."""

from __future__ import annotations

import ast


def is_main_test(test: ast.expr) -> bool:
    """`__name__ == "__main__"`, in either order."""
    match test:
        case (
            ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            )
            | ast.Compare(
                left=ast.Constant(value="__main__"), ops=[ast.Eq()], comparators=[ast.Name(id="__name__")]
            )
        ):
            return True
        case _:
            return False
