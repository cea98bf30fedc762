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
    UNCERTAIN_POSITION = "uncertain-position"
    """Python reports no exact position here, or shows the source (inside an f-string)."""
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
    """A parameter as it is written; `annotation` is its resolved text, None without one."""

    name: str
    kind: ParameterKind
    annotated: bool
    has_default: bool


@dataclass(frozen=True, slots=True)
class Decorator:
    """A decorator. `name` is the dotted name it resolves to (`fastapi.FastAPI.get` for `@app.get`
    where `app = FastAPI()`), or its text where nothing is known of it."""

    name: str
    text: str


DocstringStyle = Literal["google", "numpy", "sphinx"]


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """A function, method or lambda, with what decides whether and how it can take a session.

    `name` is qualified within the module (`Class.method`, `outer.inner`, `<lambda>`).
    `position` is where `def`, `async` or `lambda` stands.
    `class_name` is the qualified name of the class it is a method of.
    `names` are all identifiers bound or read in it, nested scopes, signature and the strings that
    it looks up in its own **kwargs included.
    `annotated`: a parameter or the result is. `type_comment`: a comment gives the types of the parameters. `passed_to` are the callees that a lambda is an argument of.
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
    docstring: DocstringStyle | None
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
    `evidence` tells people how that is known.
    """

    expression: str
    optional: bool
    evidence: str


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
    a branch that tests that session; `both` says in words why both are meant, else None.
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
class ClassFacts:
    """A class: `bases` are dotted names, resolved through the imports where that is possible."""

    name: str
    position: Position
    bases: tuple[str, ...]
    methods: Mapping[str, Position]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Something a test replaces: `target` is a dotted name (`boto3.client`, `pkg.mod.boto3`)."""

    target: str
    position: Position


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """All that later stages know of one file.

    `is_test`: matched by the `tests` setting. `functions` are those with no function around them.
    `mentions_default_session`: the text names `setup_default_session` or `DEFAULT_SESSION`.
    `future_annotations`: `from __future__ import annotations` is in force. `boto3_binding` says how
    the name `boto3` is bound at module level. `boto3_imports` are the names of boto3 that are bound unconditionally
    there, with their lines. `star_imports` are modules, `attributes` what is read of imported names.
    `optional_name` is how `typing.Optional` is written
    here, None where it is not imported. `old_generics`: it uses `typing.List` and its like;
    `union_operator`: it writes `X | None`. `signature_readers` are its functions and classes that read
    the signatures of functions they are given. `keyword_calls` are (last part of the callee, keyword) pairs
    for the keywords a session parameter might have, `**` for an unpacked mapping; ("", word) for such a
    word in a string. `handed_over` maps a dotted name to the callees
    it is passed to; under `*` are the callees called with nothing. `exports` maps module-level
    names to the dotted names they certainly mean. `read_names` counts the reads of plain names.
    `suppressed` maps a line that has a `noqa` to the text that holds it; line 0 is the whole file.
    """

    path: Path
    module: str
    is_test: bool
    functions: Mapping[Position, FunctionFacts]
    sites: tuple[SessionSite, ...]
    classes: tuple[ClassFacts, ...]
    replacements: tuple[Replacement, ...]
    mentions_default_session: bool
    future_annotations: bool
    boto3_binding: Literal["unconditional", "conditional", "absent", "other"]
    boto3_imports: Mapping[str, int]
    star_imports: tuple[str, ...]
    attributes: frozenset[str]
    optional_name: str | None
    old_generics: bool
    union_operator: bool
    signature_readers: frozenset[str]
    keyword_calls: frozenset[tuple[str, str]]
    handed_over: Mapping[str, frozenset[str]]
    exports: Mapping[str, str]
    read_names: Mapping[str, int]
    suppressed: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class FileContext:
    """The one object a rule's check gets."""

    facts: ModuleFacts


# --- The plan -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddSessionParameter:
    """Gives the function (or lambda) at `function` a parameter `name=default`.

    It goes last among the positional ones; keyword-only where there is `*args` or a bare `*`;
    before `**kwargs`. `annotation` is source text (`boto3.Session | None`), None for none.
    `line_length` is what the project's formatter keeps: a signature on one line that would be longer is
    laid out as black does it.
    """

    function: Position
    name: str
    annotation: str | None = None
    default: str = "None"
    line_length: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentParameter:
    """Adds an entry for the session parameter to the docstring's parameter section."""

    function: Position
    name: str
    style: DocstringStyle


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


Edit = AddSessionParameter | DocumentParameter | FillSession | UseSession | AddImport | RemoveImport


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
class Plan:
    """What is to be done: one resolution a finding, in the order of path and position."""

    resolutions: tuple[Resolution, ...] = ()

    def edits(self, *, unsafe: bool) -> dict[Path, tuple[Edit, ...]]:
        """The edits of all safe (with `unsafe`, of all) fixes, by file, each once."""
        chosen: dict[Path, dict[Edit, None]] = {}
        for resolution in self.resolutions:
            fix = resolution.outcome
            if isinstance(fix, Fix) and (unsafe or fix.applicability is Applicability.SAFE):
                for path, edit in fix.edits:
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
