"""A type that a parameter has or None in, the annotation as its file would write it out."""

from __future__ import annotations

from session_first.model import AddImport, FunctionFacts, ModuleFacts
from session_first.project.context import Project

PythonFloor = tuple[int, int] | None


def optional(
    inner: str,
    module: ModuleFacts,
    function: FunctionFacts,
    project: Project,
    floor: PythonFloor,
    *,
    evaluates: bool = True,
) -> tuple[str, tuple[AddImport, ...]]:
    """The source of the annotation `inner | None`, and the import it needs.

    The function's other parameters show the style, then the file; where they show none, the oldest Python decides.
    `evaluates`: the names of `inner` are there when the function is defined.
    """
    quote = "" if evaluates or module.future_annotations else '"'
    union = f"{quote}{inner} | None{quote}"
    named = f"{module.optional_name or 'Optional'}[{quote}{inner}{quote}]"
    style = function.optional_style or module.optional_style
    if style == "Optional" and module.optional_name is not None:
        return named, ()
    is_old = floor < (3, 10) if floor is not None else project.has_old_style(module)
    if not is_old or module.future_annotations or (floor is not None and not evaluates):
        return union, ()
    return named, () if module.optional_name is not None else (AddImport("typing", "Optional"),)
