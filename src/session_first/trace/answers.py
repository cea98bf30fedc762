"""A call and the model of its operation in; what AWS is to have answered out."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from session_first.trace.call import Call

if TYPE_CHECKING:
    from botocore.model import OperationModel

_OPERATION = re.compile(r"[a-z][a-z0-9-]*\.[A-Z]\w*")


@dataclass(frozen=True, slots=True)
class ServiceError:
    """An error of the service: the client raises the exception that it has for `code`."""

    code: str
    message: str = "canned"
    status: int = 400


class Answers(Protocol):
    """What answers calls. Its None sends the call on; what it raises, the program gets."""

    def __call__(
        self, call: Call, operation: OperationModel, /
    ) -> Mapping[str, object] | ServiceError | None:
        """The answer to `call`."""


Override: TypeAlias = (
    "Mapping[str, object] | ServiceError | Exception | list[Override] | Callable[[Call], Override]"
)
"""The whole answer, as a client or a table returns it; an error; a list of answers, used in turn, the
last again and again; or what makes one of these from the call."""


def canned(overrides: Mapping[str, Override] | None = None) -> Answers:
    """Answers with which programs work: derived from the service's model, or as `overrides` says.

    A derived answer has one element in every list, and no next page. The keys of `overrides` are
    written `service.Operation` (`s3.ListBuckets`).

    Raises:
        ValueError: a key is not written so.
    """
    for name in overrides or {}:
        if not _OPERATION.fullmatch(name):
            raise ValueError(f"{name!r} is not written service.Operation, as in 's3.ListBuckets'")
    return _Canned(overrides or {})


class _Canned:
    def __init__(self, overrides: Mapping[str, Override]) -> None:
        self._overrides = overrides
        self._turns: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, call: Call, operation: OperationModel, /) -> Mapping[str, object] | ServiceError:
        from session_first.trace import shapes  # noqa: PLC0415 # it imports boto3

        if call.name not in self._overrides:
            return shapes.derive(call, operation)
        with self._lock:
            turn = self._turns[call.name]
            self._turns[call.name] += 1
        answer = _settle(self._overrides[call.name], call, turn)
        return answer if isinstance(answer, ServiceError) else shapes.fit(answer, call, operation)


def _settle(override: Override, call: Call, turn: int) -> Mapping[str, object] | ServiceError:
    match override:
        case list():
            return _settle(override[min(turn, len(override) - 1)], call, turn)
        case Exception():
            return _raised(override)
        case ServiceError() | Mapping():
            return override
        case _:
            return _settle(override(call), call, turn)


def _raised(error: Exception) -> ServiceError:
    from botocore.exceptions import ClientError  # noqa: PLC0415 # only when used

    if not isinstance(error, ClientError):
        raise error
    details = error.response.get("Error", {})  # the client has a class of its own for each code
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return ServiceError(details.get("Code", "Unknown"), details.get("Message", "canned"), status)
