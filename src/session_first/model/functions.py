"""What a file says of its functions and classes."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from session_first.model.places import Position


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
class Constructor:
    """The `__init__` that a class has itself. `body` is where its first statement after the docstring stands, None where no
    other can precede it; `receiver` what it calls the object. `runs_first` is the call of an `__init__` above that it always makes
    before it uses the object other than to set the attributes `sets_before`, None where there is none."""

    body: Position | None
    receiver: str
    runs_first: Position | None
    sets_before: frozenset[str] = frozenset()


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
