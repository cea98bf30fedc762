"""How values that may hold credentials travel through a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from session_first.model.places import Position
from session_first.model.sites import BlockStep


@dataclass(frozen=True, slots=True)
class Variable:
    """A plain name. `owner` is the position of the function that binds it, None for the module; `web` tells
    apart values that share the name, one after the other (0 is the first, and a parameter's; `FILLED` are the three
    keys that a dict of that name is given on the way)."""

    owner: Position | None
    name: str
    web: int = 0


FILLED = -1
"""The web of the three keys of an identity that a dict is given on the way."""


@dataclass(frozen=True, slots=True)
class AttributePlace:
    """`self.name` in the methods of a class; `class_name` None: an attribute of any other object."""

    class_name: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dict keeps under any of its keys."""

    of: Variable | AttributePlace


Place = Variable | AttributePlace | Contents
"""Where a value can be kept."""


@dataclass(frozen=True, slots=True)
class Read:
    """The value that is kept in a place."""

    place: Place
    position: Position
    end: Position
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`of[key]`, or `of.get(key)` (`get`); the key `*` is not a literal."""

    of: Value
    key: str
    get: bool
    position: Position
    end: Position
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gives that is none of the others; `is_session`: certainly a boto3 session."""

    position: Position
    end: Position
    text: str
    is_session: bool


@dataclass(frozen=True, slots=True)
class RoleArgument:
    """An argument of `assume_role`. `keyword` None: a mapping is unpacked, whose keys are `keys` where they
    are all known. `number` is the integer that it certainly is, `variable` the name that it is; `dict_display`: it is a
    literal dict. `optional` are the parameters among them that may be None."""

    keyword: str | None
    position: Position
    text: str
    number: int | None
    keys: tuple[str, ...] | None
    numbers: tuple[tuple[str, int | None], ...]
    dict_display: tuple[tuple[str, str], ...] | None
    optional: frozenset[str] = frozenset()
    variable: Variable | None = None


@dataclass(frozen=True, slots=True)
class RoleCall:
    """A call of `assume_role` as boto3 has it: keyword arguments in capitals, not awaited."""

    receiver: Value
    position: Position
    end: Position
    arguments: tuple[RoleArgument, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """An expression as it is written; `names` are those that it reads. `pure`: it can be evaluated a few
    statements earlier; `looks_up`: it can be where nothing else runs in between, as it looks up entries or the environment, and
    (`may_fail`) may find none."""

    text: str
    names: frozenset[str]
    pure: bool
    position: Position
    looks_up: bool = False
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class KeyArgument:
    """One of the three `aws_*` arguments; `text` is its value's source. `given`: it is certainly not None."""

    name: str
    value: Value
    position: Position
    text: str
    given: bool


@dataclass(frozen=True, slots=True)
class Maker:
    """A call of `boto3.client`, `boto3.resource`, `boto3.Session`, or of a session's `client` or `resource`.

    `owner` is the session before `.client`, None for boto3 itself; `owner_text` how it is written,
    `owner_end` where it ends. `or_default`: it is written `(session or boto3)`; `evidence`: the owner certainly is a boto3
    session. `unpacked` are mappings that are unpacked into the call, with their positions. `others` are the
    names of all further arguments, `profile` one of them: a profile is named.
    """

    api: Literal["client", "resource", "session"]
    owner: Value | None
    owner_text: str | None
    owner_position: Position
    owner_end: Position
    or_default: bool
    evidence: bool
    position: Position
    end: Position
    callee_end: Position
    text: str
    service: str | None
    service_position: Position | None
    keys: tuple[KeyArgument, ...]
    unpacked: tuple[tuple[Value, Position], ...]
    region: SourceText | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """How a dict comes by the three keys that a `Record` stands for: the statements that give them, and those that bind the dict
    before, each from start to end. `rest`: it has, or may get, other entries."""

    statements: tuple[tuple[Position, Position], ...]
    bindings: tuple[tuple[Position, Position], ...]
    rest: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A tuple (`slots` are `0`, `1` …) or a dict of literal keys; `call`: written `dict(…)`. `entries` are
    where the keys (or the elements) start. `filling`: the keys are given to a dict on the way."""

    kind: Literal["tuple", "dict"]
    call: bool
    slots: tuple[str, ...]
    values: tuple[Value, ...]
    entries: tuple[Position, ...]
    position: Position
    end: Position
    filling: Filling | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values (`a if t else b`, `a or b`)."""

    options: tuple[Value, ...]
    position: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Nothing:
    """None, or (`empty`) a dict or tuple without entries."""

    empty: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any other value."""


Value = Read | Entry | Result | RoleCall | Maker | Record | Choice | Nothing | Unknown
"""An expression, as far as it matters to the way of credentials."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The value is kept in `place`; `position`–`end` are those of the target. `target` of several: `shared`."""

    place: Place
    position: Position
    end: Position
    shared: bool


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The value is taken apart into `places`."""

    places: tuple[Variable | None, ...]
    position: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Returned:
    """The value is what the function at `function` gives; `name` is its qualified name."""

    function: Position
    name: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The value is the argument number `index` of the call at `call`–`call_end`; `callee` is its source."""

    call: Position
    call_end: Position
    index: int
    keyword: str | None
    starred: bool
    callee: str


@dataclass(frozen=True, slots=True)
class Tested:
    """Only whether the value is there is asked (`if x`, `not x`, `x is None`)."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nobody uses the value."""


@dataclass(frozen=True, slots=True)
class Used:
    """Something else happens to the value; `how` says it in words. `method`: it is called on it."""

    how: str
    method: str | None = None


@dataclass(frozen=True, slots=True)
class PutInEnvironment:
    """The value goes to the environment variable `name`."""

    name: str


Fate = Stored | Unpacked | Returned | Passed | Tested | Dropped | Used | PutInEnvironment
"""What becomes of a value."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A value and what becomes of it. `statement` is the simple statement it is the whole of (a target or
    `return` apart), else None; `within` the statement around it; `path` leads from the function's body there.
    `function` is the position of the innermost function around it, None at module level. `caught`: where an exception may be caught in the function. `guard` is what of the text runs only if the statement raised
    nothing, where control may go on behind a handler. `handlers` are what of the text runs when it raised
    something. `loops` are the loops around it within the function, by where they start. `settled` are the paths of blocks that control passes only when it
    has run. `hoistable`: it is the first that its statement evaluates."""

    value: Value
    fate: Fate
    position: Position
    end: Position
    function: Position | None
    statement: Position | None
    within: Position
    path: tuple[BlockStep, ...]
    caught: bool
    guard: tuple[Position, Position] | None
    handlers: tuple[tuple[Position, Position], ...]
    settled: tuple[tuple[BlockStep, ...], ...]
    hoistable: bool
    loops: frozenset[Position] = frozenset()


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation, which stands at `position`–`end`."""

    position: Position
    end: Position
    text: str


@dataclass(frozen=True, slots=True)
class Scoped:
    """A function, lambda or (`position` None) the module, as the way of credentials sees it.

    `annotations` are those of its parameters, and under `return` that of its result. `boto3_import` is the first statement
    in it (for the module: the only one) that is an `import` of boto3 by that name, `boto3_import_path` its way down to there; `boto3_names` are the names that the module
    imports from boto3 or the library, or them as, each by one statement of its own level. `outermost` is the first function around it. `catches`: something in it can catch an exception.
    `falls_through`: it can end without a `return`. `names` are all identifiers in it. `yields`: it is a generator.
    `docstring` is the literal as it is written, on lines of its own.
    """

    position: Position | None
    name: str | None
    class_name: str | None
    outermost: Position | None
    parameters: tuple[str, ...]
    names: frozenset[str]
    catches: bool
    falls_through: bool
    yields: bool
    uses_locals: bool
    annotations: Mapping[str, Annotation]
    docstring: str | None
    boto3_import: Position | None
    boto3_import_path: tuple[BlockStep, ...]
    boto3_names: Mapping[str, Position]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a variable's name stands. `fixed`: it is a parameter, or declared `global` or `nonlocal`, or bound in a way
    that no edit renames; `parameter`: it is fixed as a parameter alone. `annotation` is that of a variable; `bindings` counts
    what gives it a value."""

    places: tuple[tuple[Position, Position], ...]
    bindings: int
    fixed: bool
    annotation: Annotation | None = None
    parameter: bool = False


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """How values travel through one module."""

    transfers: tuple[Transfer, ...] = ()
    scopes: Mapping[Position | None, Scoped] = field(default_factory=dict)
    variables: Mapping[Variable, Occurrences] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    patches_boto3: bool = False
