"""What a file says of its calls, and of what it hands over to be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from session_first.model.places import Position


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
    `getattr(x, "name")` is. Of one whose meaning is not certain, the first in each function is kept. `plain`: it is a name
    without a dot, as a method's in the body of its class.
    """

    name: str
    certain: bool
    receiver_class: str | None
    position: Position
    caller: Position | None
    plain: bool = False
