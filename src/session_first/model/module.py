"""All that is known of one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from session_first.model.calls import CallSite, Reference, ThreadFacts
from session_first.model.credentials import ValueFacts
from session_first.model.entry_points import EntryPoints
from session_first.model.functions import ClassFacts, Definition, FunctionFacts, OptionalStyle, Wrapper
from session_first.model.places import Position, Span
from session_first.model.sites import (
    HandWrittenRefresh,
    MadeSession,
    SessionBinding,
    SessionParameter,
    SessionSite,
)


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
    as they stand in an f-string; `kept_calls` those whose result is kept for every caller, with where; `set_attributes` the attributes that something sets on other objects than a method's
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
    kept_calls: Mapping[Span, str] = field(default_factory=dict)
    set_attributes: frozenset[str] = frozenset()
    wrappers: tuple[Wrapper, ...] = ()
    entry_points: EntryPoints = field(default_factory=EntryPoints)
    asserted_calls: Mapping[str, int] = field(default_factory=dict)
    stand_ins: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    reflections: tuple[Reflection, ...] = ()
    loads: frozenset[str] = frozenset()
    environment_changes: tuple[EnvironmentChange, ...] = ()
