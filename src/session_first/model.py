"""The values that pass between the stages: frozen, printable, picklable, standard library only."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: `line` from 1, `column` from 0, counted in code points."""

    line: int
    column: int


Span = tuple[Position, Position]
"""Where an expression starts and ends."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A position in a named file."""

    path: Path
    position: Position


# --- Rules and findings -------------------------------------------------------------------------


class Applicability(enum.Enum):
    """How far a fix can be trusted; see "What safe means" in the documentation."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken.

    `function` is the qualified name within the module (`Class.method`) of the innermost function
    around the place, None at module level. `location` and `end` enclose the offending expression.
    """

    location: Location
    end: Position
    code: str
    message: str
    function: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's record. `doc` is its page; `default` is False for an opt-in rule.

    `applicability` is the best its fix can be, None where the rule has no fix.
    """

    code: str
    name: str
    summary: str
    applicability: Applicability | None
    default: bool
    check: Callable[[FileContext], Iterable[Finding]]
    doc: str

    @property
    def page(self) -> str:
        """The rule's page, in Markdown."""
        return f"# {self.name} ({self.code})\n\n{self.doc.strip()}\n"


class SkipReason(enum.Enum):
    """Why a finding gets no fix. The value is what reports and JSON show."""

    NO_FIX = "no-fix"
    """The rule only reports."""
    FRAMEWORK_SIGNATURE = "framework-signature"
    """A framework reads the function's signature."""
    FIXED_SIGNATURE = "fixed-signature"
    """Python itself calls the function (property, operator, protocol method)."""
    CACHED_CLIENT = "cached-client"
    """The client is kept where every caller shares it."""
    READS_LOCALS = "reads-locals"
    """The function uses locals() or vars()."""
    CALLBACK_KWARGS = "callback-kwargs"
    """The function takes **kwargs and is registered as a callback."""
    NAME_TAKEN = "name-taken"
    """Every name the parameter could have is in use."""
    MOCKED_IN_TESTS = "mocked-in-tests"
    """A test replaces the very name the fix would stop using."""
    OVERRIDDEN = "overridden"
    """An override, or what it overrides, cannot take the parameter too."""
    NEEDS_EDIT_OUTSIDE_PATHS = "needs-edit-outside-paths"
    """The fix would have to write a file that was not given."""
    REPLACES_BOTO3 = "replaces-boto3"
    """The function itself replaces boto3's functions."""
    SESSION_TESTED = "session-tested"
    """The default session is used on a branch that tests for a session."""
    USES_BOTH_SESSIONS = "uses-both-sessions"
    """The function uses its session and the default one on purpose."""
    SPLIT_IDENTITY = "split-identity"
    """The objects of a class would use the session of their constructor for a part of their work alone."""
    CREDENTIALS_USED_OTHERWISE = "credentials-used-otherwise"
    """A part of the answer is read, or the credentials go somewhere that is not boto3."""
    UNSEEN_CONSUMER = "unseen-consumer"
    """Who else gets the credentials is not to be seen."""
    UNCLEAR_FLOW = "unclear-flow"
    """The way of the credentials cannot be told for certain."""
    UNKNOWN_PARENT = "unknown-parent"
    """The session that assumes the role is not known, or cannot be named there."""
    ONE_TIME_CODE = "one-time-code"
    """The role is assumed with an MFA code, which cannot be used again."""
    SEVERAL_REGIONS = "several-regions"
    """Sessions of several regions are made of one role's credentials."""
    UNCERTAIN_POSITION = "uncertain-position"
    """Python reports no exact position here, or shows the source (inside an f-string)."""
    NOQA = "noqa"
    """A `noqa` comment keeps the call as it is."""
    DECORATED = "decorated"
    """A decorator stands between the call and the function, and may not pass keywords through."""
    MEMOISED = "memoised"
    """What the function gives is kept for later calls, whatever session they have."""
    UNPACKED_ARGUMENTS = "unpacked-arguments"
    """The call unpacks arguments, which may hold a session already."""
    STOPPED = "stopped"
    """The way of the session ends here, as the settings say or by what the function is."""
    UNSUPPORTED_SYNTAX = "unsupported-syntax"
    """The code is written in a way that the fix cannot edit."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Why there is no fix: `detail` is a sentence for people that says what stands in the way."""

    reason: SkipReason
    detail: str


# --- One file's facts ---------------------------------------------------------------------------

Api = Literal["client", "resource", "assume_role"]
"""The function of boto3 (or of its Session) that a site uses."""


class ParameterKind(enum.Enum):
    """Where in the signature a parameter stands."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL = "positional"
    VAR_POSITIONAL = "*args"
    KEYWORD_ONLY = "keyword-only"
    VAR_KEYWORD = "**kwargs"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as it is written; `number` is the integer that its default certainly is."""

    name: str
    kind: ParameterKind
    annotated: bool
    has_default: bool
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Decorator:
    """A decorator. `name` is the dotted name it resolves to (`fastapi.FastAPI.get` for `@app.get`
    where `app = FastAPI()`), or its text where nothing is known of it."""

    name: str
    text: str


DocstringStyle = Literal["google", "numpy", "sphinx"]
OptionalStyle = Literal["Optional", "|"]


@dataclass(frozen=True, slots=True)
class Documented:
    """Where parameters are documented: in the docstring of the function at `owner`, or of the class, for its constructor."""

    owner: Position
    style: DocstringStyle


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """A function, method or lambda, with what decides whether and how it can take a session.

    `name` is qualified within the module (`Class.method`, `outer.inner`, `<lambda>`).
    `position` is where `def`, `async` or `lambda` stands.
    `class_name` is the qualified name of the class it is a method of.
    `names` are all identifiers bound or read in it, nested scopes, signature and the strings that
    it looks up in its own **kwargs included.
    `annotated`: a parameter or the result is. `optional_style` is how its parameters' annotations say that None is allowed. `type_comment`: a comment gives the types of the parameters. `passed_to` are the callees that a lambda is an argument of.
    """

    name: str
    position: Position
    end: Position
    parameters: tuple[Parameter, ...]
    decorators: tuple[Decorator, ...]
    class_name: str | None
    names: frozenset[str]
    is_lambda: bool
    annotated: bool
    optional_style: OptionalStyle | None
    documented: Documented | None
    type_comment: bool
    uses_locals: bool
    shadows_boto3: bool
    replaces_boto3: bool
    passed_to: tuple[str, ...]


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
    function takes the default session, if it takes any."""

    name: str
    fills_default: bool


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
class Constructor:
    """The `__init__` that a class has itself. `body` is where its first statement after the docstring stands, None where no
    other can precede it; `receiver` what it calls the object. `starts_with_super`: before it uses the object, other than to set attributes
    of it, it always calls `super().__init__`."""

    body: Position | None
    receiver: str
    starts_with_super: bool


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class: `bases` are dotted names, resolved through the imports where that is possible.

    `names` are those that its body binds, methods included. `receivers` says what each method calls its object, where nothing
    else is called so in it. `metaclass` is that of its keywords, resolved as the bases are. `sets` are the attributes that its
    methods set. `keeps` are those that only `__init__` sets, with the parameter whose value each of them keeps.
    """

    name: str
    position: Position
    bases: tuple[str, ...]
    methods: Mapping[str, Position]
    names: frozenset[str]
    decorators: tuple[Decorator, ...]
    metaclass: str | None
    constructor: Constructor | None
    receivers: Mapping[Position, str]
    sets: frozenset[str]
    keeps: Mapping[str, str]


# --- What may hold credentials ------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Replacement:
    """Something a test replaces: `target` is a dotted name (`boto3.client`, `pkg.mod.boto3`)."""

    target: str
    position: Position


@dataclass(frozen=True, slots=True)
class Reflection:
    """An attribute that is reached by a string, or with all others of its object (`vars(x)`).

    `owner` is the object: `.Class` for one of a class of the file, the dotted name of a module, `*` for an unknown one.
    `name` is the attribute's, with `*` for what is not known of its end. `sets`: it gets a value.
    """

    position: Position
    owner: str
    name: str
    sets: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentChange:
    """A change of a variable of the environment that may be one of AWS's; `function` is the innermost around it."""

    position: Position
    function: Position | None


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


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call: `keyword` is None for a positional one; `starred`: `*x` or `**x`. `text` is the source of a
    plain name, of an attribute of one, and of None; `number` the integer that it certainly is."""

    position: Position
    end: Position
    keyword: str | None
    starred: bool
    text: str | None
    number: int | None = None


Through = Literal["self", "cls", "super"]
"""What a method is called on, where that tells its class."""

Doubt = Literal["variable", "several", "receiver", "result", "star"]
"""Why a file alone cannot tell what a call calls: a parameter or variable; a name that is bound more than
once; a method of an object of unknown class; what an expression gives; a name that a star import may bind."""


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """What an object is: of the class with the dotted name `name`, or (not `exact`) of one below it.

    `attribute`: it is what the objects of the class `owner` keep there, which nothing else in that class sets.
    """

    name: str
    exact: bool
    attribute: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call, which stands at `position`–`end`.

    `callee` is the dotted name that it certainly calls (with a leading dot: of this module), else its
    source text; `certain` tells which. For `self.m()`, `cls.m()`, `cls()` and `super().m()` `through` says
    which and `receiver_class` is the qualified name of the class around. `caller` is the position
    of the innermost function or lambda around the call (None: module or class level), `caller_name` its
    qualified name. `caught`: within that function it stands where an exception may be caught: in the body of a
    `try` with handlers, of `suppress` or `raises`, or in a generator expression that is kept. `awaited`: what it gives is awaited, iterated or entered
    right there. `doubt` is None where it is certain, or `through` is given. `instance` is what stands before the method's name,
    where an annotation or what made it tells that.
    """

    position: Position
    end: Position
    callee: str
    certain: bool
    through: Through | None
    receiver_class: str | None
    caller: Position | None
    caller_name: str | None
    arguments: tuple[Argument, ...]
    caught: bool
    awaited: bool
    doubt: Doubt | None
    instance: InstanceOf | None = None


@dataclass(frozen=True, slots=True)
class ThreadStart:
    """Something is handed to `receiver`, in `line`, to be run in a thread of its own; `run` is that call of it, which stands
    where the thing does, a lambda included."""

    run: CallSite
    receiver: str
    line: int


@dataclass(frozen=True, slots=True)
class LockedPart:
    """Where one thread at a time comes within the function at `function` (None: the module); what functions inside it do is theirs."""

    position: Position
    end: Position
    function: Position | None


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What a module says of threads: `starts` them, has `locked` parts, and at the sites of `kept` makes clients that
    outlive the call."""

    starts: tuple[ThreadStart, ...] = ()
    locked: tuple[LockedPart, ...] = ()
    kept: frozenset[Position] = frozenset()


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of what may be a function or class, other than to call it.

    `name`, `certain` and `caller` are as in `CallSite`; `receiver_class` is the class of `self` in
    `self.method`. Imports, annotations, base classes and exception types are no mentions; the string in
    `getattr(x, "name")` is. Of one whose meaning is not certain, the first in each function is kept.
    """

    name: str
    certain: bool
    receiver_class: str | None
    position: Position
    caller: Position | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, method or lambda, nested ones included: `name`, `position`, `class_name`, `parameters` and
    `decorators` are as in `FunctionFacts`. `deferred`: calling it runs nothing yet (a generator, a coroutine)."""

    name: str
    position: Position
    class_name: str | None
    parameters: tuple[Parameter, ...]
    decorators: tuple[Decorator, ...]
    deferred: bool


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """All that later stages know of one file; the rules by themselves know the fields without a default.

    `is_test`: matched by the `tests` setting. `functions` are those with no function around them.
    `mentions_default_session`: the text names `setup_default_session` or `DEFAULT_SESSION`.
    `future_annotations`: `from __future__ import annotations` is in force. `boto3_binding` says how
    the name `boto3` is bound at module level. `boto3_imports` are the names of boto3 that are bound unconditionally
    there, with their lines. `session_imports` are the names of `boto3.Session` that imports alone bind there, None
    for their lines where that is for type checking only. `plain_imports` are the names bound there that mean the package of that very name (`json` after
    `import json`). `star_imports` are modules, `attributes` what is read of imported names.
    `optional_name` is how `typing.Optional` is written
    here, None where it is not imported. `optional_style` is how its annotations say that None is allowed, None where
    they do not. `old_generics`: it uses `typing.List` and its like;
    `union_operator`: it writes `X | None`. `signature_readers` are its functions and classes that read
    the signatures of functions they are given. `keyword_calls` are (last part of the callee, keyword) pairs
    for the keywords a session parameter might have, `**` for an unpacked mapping; ("", word) for such a
    word in a string. `handed_over` maps a dotted name to the callees
    it is passed to; under `*` are the callees called with nothing. `exports` maps module-level
    names to the dotted names they certainly mean. `read_names` counts the reads of plain names.
    `suppressed` maps a line that has a `noqa` to the text that holds it; line 0 is the whole file.
    `made_sessions` are what its Lambda handlers make on every call, `threads` what it runs in threads, `refreshes` the `assume_role` calls that feed
    a refresh written by hand.
    `calls` are all calls in the order of the text, `definitions` all functions, nested ones too, `references` what is
    mentioned and not called. `rebound` are names that may be functions or classes and that something
    else binds: `.f`, `.Class.m` of this module, `pkg.mod.f` of another, `*.m` of an unknown object.
    `values` is how values travel through it, empty where nothing has to do with assumed roles. `cans_answers`: it
    names something that answers in the place of AWS, other than moto. `wrappers` are its decorators that pass
    keywords on. `taking` are the functions that have a session parameter already, by position; `in_scope` the
    sessions that are in scope at calls, by the places of the calls; `may_take` the parameters that are sessions if
    they are passed on as such: called so, None by default and never rebound. `dissected` are the classes (with a
    leading dot) whose objects are pickled, copied or read as a dict here, `*` for objects of any; `private_names` the
    attributes with a leading underscore that are mentioned; `loose_bases` the last names of what classes may inherit from whose
    constructor is not run by theirs, where the hierarchy does not show it (`*`: anything); `inexact_calls` the places of calls that cannot be edited,
    as they stand in an f-string; `set_attributes` the attributes that something sets on other objects than a method's
    own. `entry_points` is where it is started from outside. `asserted_calls` are the last names of what a test asserts
    calls with certain arguments of (`save` of `repo.save.assert_called_once_with(1)`), `stand_ins` those under which
    it gives an object a function of its own that takes no further keyword, each with its first line; both are empty
    outside tests. `made` says what objects its functions give (`create_app()`) and its classes' attributes hold
    (`Api.router`), by dotted names (`fastapi.FastAPI()`).
    `reflections` are the attributes that it reaches by
    strings, `loads` the names of the modules that it loads by strings (with `*` for an unknown end), `environment_changes` where it
    changes the environment that AWS's libraries read.
    """

    path: Path
    module: str
    is_test: bool
    sites: tuple[SessionSite, ...]
    suppressed: Mapping[int, str]
    made_sessions: tuple[MadeSession, ...]
    threads: ThreadFacts
    refreshes: tuple[HandWrittenRefresh, ...]
    values: ValueFacts

    functions: Mapping[Position, FunctionFacts] = field(default_factory=dict)
    classes: tuple[ClassFacts, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    mentions_default_session: bool = False
    future_annotations: bool = False
    boto3_binding: Literal["unconditional", "conditional", "absent", "other"] = "absent"
    boto3_imports: Mapping[str, int] = field(default_factory=dict)
    session_imports: Mapping[str, int | None] = field(default_factory=dict)
    plain_imports: frozenset[str] = frozenset()
    star_imports: tuple[str, ...] = ()
    attributes: frozenset[str] = frozenset()
    optional_name: str | None = None
    optional_style: OptionalStyle | None = None
    old_generics: bool = False
    union_operator: bool = False
    signature_readers: frozenset[str] = frozenset()
    keyword_calls: frozenset[tuple[str, str]] = frozenset()
    handed_over: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    read_names: Mapping[str, int] = field(default_factory=dict)
    calls: tuple[CallSite, ...] = ()
    definitions: tuple[Definition, ...] = ()
    references: tuple[Reference, ...] = ()
    rebound: frozenset[str] = frozenset()
    cans_answers: bool = False
    taking: Mapping[Position, SessionParameter] = field(default_factory=dict)
    in_scope: Mapping[Span, SessionBinding] = field(default_factory=dict)
    may_take: Mapping[Position, tuple[str, ...]] = field(default_factory=dict)
    dissected: frozenset[str] = frozenset()
    loose_bases: frozenset[str] = frozenset()
    private_names: frozenset[str] = frozenset()
    inexact_calls: frozenset[Span] = frozenset()
    set_attributes: frozenset[str] = frozenset()
    wrappers: tuple[Wrapper, ...] = ()
    entry_points: EntryPoints = field(default_factory=lambda: EntryPoints())  # noqa: PLW0108 - defined below
    asserted_calls: Mapping[str, int] = field(default_factory=dict)
    stand_ins: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    reflections: tuple[Reflection, ...] = ()
    loads: frozenset[str] = frozenset()
    environment_changes: tuple[EnvironmentChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleUse:
    """A call of `assume_role`, at `position`–`end`, and where its credentials arrive.

    `callee` is what is called, `function` the qualified name of the innermost function around. `sinks` are
    the sessions, clients and resources that are made of the credentials, `environment` the variables of `os.environ`
    that get them, each in words with its line.
    """

    position: Position
    end: Position
    callee: str
    function: str | None
    sinks: tuple[str, ...]
    environment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unforwarded:
    """A call, at `position`–`end`, of a function that takes a session as `parameter`, which does not pass the one in scope.

    `callee` is the source of what is called, `function` the qualified name of the innermost function around. `chain`
    are the names of the functions that a session would go through, the caller first; the last one uses it.
    """

    position: Position
    end: Position
    callee: str
    function: str | None
    session: SessionBinding
    parameter: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreadedSite:
    """A site of the default session that runs in a thread of its own.

    `position`, `end`, `text` and `api` are the site's, `function` is the qualified name of the function around it.
    `way` are the functions that call one another up to there; the first was handed to `receiver`, in `line` of the file
    itself or of `module`. Without a way, `boto3.client` itself was.
    """

    position: Position
    end: Position
    text: str
    api: Api
    function: str | None
    way: tuple[str, ...]
    receiver: str
    line: int
    module: str | None = None


@dataclass(frozen=True, slots=True)
class FileContext:
    """The one object a rule's check gets: a file's facts, and as far as the files that were looked at tell the roles it
    assumes, its calls that pass no session on, and its sites that run in threads."""

    facts: ModuleFacts
    roles: tuple[RoleUse, ...] = ()
    unforwarded: tuple[Unforwarded, ...] = ()
    threaded: tuple[ThreadedSite, ...] = ()


# --- The plan -----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a finding: the edits by file, and a sentence for people.

    The edits of a function that takes a session are shared by all findings in it.
    """

    applicability: Applicability
    message: str
    edits: tuple[tuple[Path, Edit], ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """A finding and what becomes of it."""

    finding: Finding
    outcome: Fix | Skip


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from fixes: `edits` that are made where all functions of `needs` (by where they stand) get their session
    parameter, by a fix or by another consequence. `adds` are the functions that get one by these edits."""

    edits: tuple[tuple[Path, Edit], ...]
    needs: frozenset[Location]
    adds: frozenset[Location] = frozenset()


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a session is not passed on: at the call at `place`–`end`, or (`end` None) in the function that stands at `place`,
    which cannot take one for it. `reason` is a `SkipReason`'s value, or `unsafe` for what was not asked for; `detail` a
    sentence for people."""

    place: Location
    end: Position | None
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: one resolution a finding, in the order of path and position, and what follows from the fixes;
    and (`stops`) where sessions do not go on."""

    resolutions: tuple[Resolution, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    stops: tuple[Stop, ...] = ()

    def edits(self, *, unsafe: bool) -> dict[Path, tuple[Edit, ...]]:
        """The edits of all safe (with `unsafe`, of all) fixes and of what follows from them, by file, each once."""
        chosen: dict[Path, dict[Edit, None]] = {}
        taking: set[Location] = set()
        for resolution in self.resolutions:
            fix = resolution.outcome
            if isinstance(fix, Fix) and (unsafe or fix.applicability is Applicability.SAFE):
                for path, edit in fix.edits:
                    chosen.setdefault(path, {})[edit] = None
                    if isinstance(edit, AddSessionParameter):
                        taking.add(Location(path, edit.function))
        waiting = list(self.consequences)
        while ready := [consequence for consequence in waiting if consequence.needs <= taking]:
            waiting = [consequence for consequence in waiting if consequence not in ready]
            for consequence in ready:
                taking |= consequence.adds
                for path, edit in consequence.edits:
                    chosen.setdefault(path, {})[edit] = None
        return {path: tuple(edits) for path, edits in chosen.items()}


# --- Outcomes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """A file whose new bytes exist but are not written yet."""

    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file that needs no edit."""

    path: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read, parsed, rewritten or written.

    `error` is the cause in one line; `position` is where, if that is known.
    """

    path: Path
    error: str
    position: Position | None = None


FileOutcome = Changed | Unchanged | Failed


class Status(enum.Enum):
    """What became of a finding."""

    FIXED = "fixed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Settled:
    """A resolution once `fix` is through with it.

    `reason` is a `SkipReason`'s value, `unsafe` for an unsafe fix that was not asked for, `error` for
    a file that failed, None where it is fixed; `detail` is a sentence for people that says more.
    """

    resolution: Resolution
    status: Status
    reason: str | None
    detail: str | None


# --- Decorators of the project ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function, method or class that is a decorator (or makes one) and whose result passes every keyword on to
    the decorated function, but for `keywords`, which it takes, reads or gives itself.

    `name` is qualified within the module. `through` are the dotted names of further decorators that have a say.
    `memoises`: it may answer a call with what an earlier call gave.
    """

    name: str
    keywords: frozenset[str] = frozenset()
    through: frozenset[str] = frozenset()
    memoises: bool = False


# --- Where a program starts ---------------------------------------------------------------------


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
