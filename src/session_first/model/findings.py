"""What the rules look at, and what they find."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from session_first.model.module import ModuleFacts
from session_first.model.places import Location, Position
from session_first.model.sites import Api, SessionBinding


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
