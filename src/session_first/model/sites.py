"""What a file says of its sessions: where they are used, made, taken and in scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from session_first.model.places import Position

Api = Literal["client", "resource", "assume_role"]
"""The function of boto3 (or of its Session) that a site uses."""


@dataclass(frozen=True, slots=True)
class BlockStep:
    """One step from a function's body down to a statement: its `index` in the `block`-th block."""

    block: int
    index: int


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """The statement that holds a site, as seen from the function around it.

    `path` leads from the function's body to it. `always` says that running the statement
    evaluates the site whatever happens, before any other code; `insertable` that another statement can be put directly before it;
    `first` that nothing of the function but its docstring and imports comes before it.
    """

    position: Position
    path: tuple[BlockStep, ...]
    always: bool
    insertable: bool
    first: bool


@dataclass(frozen=True, slots=True)
class SessionBinding:
    """A name that certainly holds a boto3 session at some place.

    `expression` is how to write it (`session`, `self.session`). `optional`: it may be None there.
    `evidence` tells people how that is known. `from_default`: it is boto3's default session, unless a caller passes
    another.
    """

    expression: str
    optional: bool
    evidence: str
    from_default: bool = False


@dataclass(frozen=True, slots=True)
class SessionParameter:
    """A parameter that may be given a boto3 session, and is None by default. `fills_default`: where it is None the
    function takes the default session, if it takes any. `own` is the source of another that it makes then, with credentials or
    a region of its own."""

    name: str
    fills_default: bool
    own: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedName:
    """A name that a `from boto3 import …` statement at `statement` binds.

    `top_level`: as a statement of the module itself; `in_module`: in the module's scope, maybe in a branch.
    """

    statement: Position
    name: str
    bound_as: str
    top_level: bool
    in_module: bool


@dataclass(frozen=True, slots=True)
class SessionSite:
    """A place where the default session is used: a call of, or a reference to, `boto3.client` & co.

    `position`–`end` enclose the whole expression, `callee`–`callee_end` the part that names the
    function. `receiver` is the source of the module expression before `.client` (`boto3`,
    `aws.boto3`), None where the function is reached by a bare name (`alias`).
    `function` is the position of the innermost function around it (None: import time), `function_name`
    its qualified name, `outermost` the position of the first. `own_body`: it stands in the outermost function's own body. `body_statement` is the statement
    of the outermost function's body that holds it, None where no other can precede it. `cached` says in words where
    the client is kept for every caller, None if it is not. `main_guard`: under `if __name__ == "__main__":`. `fills_parameter`: the statement gives a
    parameter its value. `session` is a session in scope at the site; `session_tested` says that the site is on
    a branch that tests that session; `both` says in words why both are meant, else None (without `session`: why the function
    goes on using one of its own beside the default one).
    """

    api: Api
    position: Position
    end: Position
    callee: Position
    callee_end: Position
    text: str
    service: str | None
    is_call: bool
    receiver: str | None
    alias: str | None
    imported: ImportedName | None
    function: Position | None
    function_name: str | None
    outermost: Position | None
    own_body: bool
    exact_position: bool
    statement: StatementFacts | None
    body_statement: Position | None
    cached: str | None
    main_guard: bool
    fills_parameter: bool
    session: SessionBinding | None
    session_tested: bool
    both: str | None


@dataclass(frozen=True, slots=True)
class MadeSession:
    """A session, or (`is_role`) an assumed role, that a Lambda handler makes in its own body on every call.

    `position`–`end` enclose the call that makes it, `text` shows it. `handler` is the handler's qualified name.
    """

    position: Position
    end: Position
    text: str
    is_role: bool
    handler: str


@dataclass(frozen=True, slots=True)
class HandWrittenRefresh:
    """An `assume_role` call that feeds botocore's refreshing credentials by hand.

    `position`–`end` enclose the call, or what makes it unseen (`AssumeRoleCredentialFetcher(…)`: `is_fetcher`);
    `text` shows it. `machinery` names what it feeds, at `line`. `asynchronous`: it is aiobotocore's.
    """

    position: Position
    end: Position
    text: str
    function: str | None
    machinery: str
    line: int
    is_fetcher: bool
    asynchronous: bool
