"""What can be changed in a file."""

from __future__ import annotations

from dataclasses import dataclass

from session_first.model.functions import DocstringStyle
from session_first.model.places import Position


@dataclass(frozen=True, slots=True)
class AddSessionParameter:
    """Gives the function (or lambda) at `function` a parameter `name=default`.

    It goes last among the positional ones; keyword-only where there is `*args` or a bare `*`;
    before `**kwargs`. `annotation` is source text (`boto3.Session | None`), as `default` is, None for none.
    `line_length` is what the project's formatter keeps: what the edits of the file make longer is laid out as black does it.
    """

    function: Position
    name: str
    annotation: str | None = None
    default: str | None = "None"
    line_length: int | None = None


@dataclass(frozen=True, slots=True)
class AddClickOption:
    """Gives the click command at `function` one more `@decorator`, the last, and a parameter `name`, as in `AddSessionParameter`."""

    function: Position
    decorator: str
    name: str
    annotation: str | None = None
    default: str | None = None
    line_length: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentParameter:
    """Adds an entry for the session parameter to the docstring's parameter section. `function` is the function, or the class
    whose docstring documents its constructor."""

    function: Position
    name: str
    style: DocstringStyle


@dataclass(frozen=True, slots=True)
class RenameParameter:
    """Gives the parameter `name` of the function at `function` the name `new`, in the signature alone."""

    function: Position
    name: str
    new: str


@dataclass(frozen=True, slots=True)
class RenameKeyword:
    """Gives the keyword that starts at `keyword`, of the call at `position`–`end`, the name `new`."""

    position: Position
    end: Position
    keyword: Position
    new: str


@dataclass(frozen=True, slots=True)
class DocumentAssumedSession:
    """Makes the docstring say that a session has taken the place of credentials: in the entry of the parameter `name`,
    which is called `new` now, or (None) where it says what the function returns."""

    function: Position
    name: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class FillSession:
    """Puts `if not NAME: NAME = BOTO3._get_default_session()` directly before `statement`."""

    statement: Position
    name: str
    boto3: str


@dataclass(frozen=True, slots=True)
class UseSession:
    """Makes the expression at `callee`–`end` read `RECEIVER.ATTRIBUTE`.

    The expression is `<module>.client` (then only what stands before the dot changes) or a bare
    name (then the whole of it). `receiver` is source text: `session` or `(session or boto3)`.
    """

    callee: Position
    end: Position
    receiver: str
    attribute: str


@dataclass(frozen=True, slots=True)
class AddImport:
    """Adds an import.

    `module` alone: `import MODULE`; with `name`: `from MODULE import NAME`. `beside`: directly
    before the import statement that stands there, in its block; None: in its place among the
    module's imports. `type_checking`: under `if TYPE_CHECKING:`, made if there is none.
    """

    module: str
    name: str | None = None
    beside: Position | None = None
    type_checking: bool = False


@dataclass(frozen=True, slots=True)
class RemoveImport:
    """Takes `name` (as bound: `c` of `client as c`) out of the import statement at `statement`."""

    statement: Position
    name: str


@dataclass(frozen=True, slots=True)
class ChangeCall:
    """Changes the call at `position`–`end`.

    `callee` is the source of what is called instead, None to keep it. `first` is the source of a new first
    positional argument. The arguments that start at `removed` go (a keyword starts at its name, an unpacked
    mapping at its stars). `added` are (keyword, source) pairs; they come last, before unpacked mappings.
    """

    position: Position
    end: Position
    callee: str | None = None
    first: str | None = None
    removed: tuple[Position, ...] = ()
    added: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unwrap:
    """Puts the part at `inner`–`inner_end` in the place of the expression at `position`–`end` that holds it:
    `response` for `response["Credentials"]`. Other edits of the part land as well."""

    position: Position
    end: Position
    inner: Position
    inner_end: Position


@dataclass(frozen=True, slots=True)
class ReplaceExpression:
    """Puts `source` in the place of the expression (or assignment target) at `position`–`end`."""

    position: Position
    end: Position
    source: str


@dataclass(frozen=True, slots=True)
class RemoveEntries:
    """Takes the entries whose keys start at `entries` out of the dict display at `position`–`end`."""

    position: Position
    end: Position
    entries: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class HoistExpression:
    """Gives the expression at `position`–`end` a name, in a statement of its own before the one at `statement`
    that holds it. Further statements, `follow`, come between the two. Other edits of the expression land as well."""

    statement: Position
    position: Position
    end: Position
    name: str
    follow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveStatement:
    """Takes out the simple statement at `statement`; its comments stay, and `pass` where a block would be empty."""

    statement: Position


@dataclass(frozen=True, slots=True)
class PassSession:
    """Gives the call at `position`–`end` the keyword argument `name=value`; it comes last. Where another edit takes the call
    away, nothing is left to do. `line_length` is what the project's formatter keeps, None where that is not known."""

    position: Position
    end: Position
    name: str
    value: str
    line_length: int | None = None


@dataclass(frozen=True, slots=True)
class AddStatementBefore:
    """Puts the simple statement `source` on a line of its own directly before the statement at `statement` (a function:
    where its `def` stands) and the comments that belong to it."""

    statement: Position
    source: str


@dataclass(frozen=True, slots=True)
class AddStatement:
    """Puts the simple statement `source` directly after the simple statement at `statement`."""

    statement: Position
    source: str


Edit = (
    AddSessionParameter
    | AddClickOption
    | DocumentParameter
    | RenameParameter
    | RenameKeyword
    | DocumentAssumedSession
    | FillSession
    | UseSession
    | AddImport
    | RemoveImport
    | ChangeCall
    | Unwrap
    | ReplaceExpression
    | RemoveEntries
    | HoistExpression
    | RemoveStatement
    | AddStatement
    | AddStatementBefore
    | PassSession
)
