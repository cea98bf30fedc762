"""Answers in; while the context lasts, every call of botocore's clients recorded, and answered or sent, out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials
from botocore.model import OperationModel
from botocore.waiter import Waiter

from session_first.trace.answers import Answers, ServiceError, canned
from session_first.trace.call import Call, plain

_DEFAULT_ANSWERS = canned()

_CALL: ContextVar[Call] = ContextVar("call")
"""The call that this thread or task is making."""


class Recording:
    """The calls made so far. Several threads may add to it at once."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._issued: list[str | None] = []
        self._lock = threading.Lock()

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls, in the order in which they were made."""
        with self._lock:
            return tuple(self._calls)

    @property
    def issued(self) -> tuple[str | None, ...]:
        """For each call the access key that it returned, as AssumeRole does."""
        with self._lock:
            return tuple(self._issued)

    def add(self, call: Call) -> int:
        """Adds a call, and gives its index."""
        with self._lock:
            self._calls.append(call)
            self._issued.append(None)
            return len(self._calls) - 1

    def issue(self, index: int, access_key: str) -> None:
        """Adds what the call at `index` returned."""
        with self._lock:
            self._issued[index] = access_key


@contextmanager
def record(answers: Answers | None = _DEFAULT_ANSWERS) -> Iterator[Recording]:
    """Records the calls of this process's clients and resources, those made earlier included.

    With `answers` nothing is sent, and a waiter polls once and is content. With None every call is
    sent on: to AWS, or to moto where it is active. Either way botocore checks the parameters, and
    its event handlers (Stubber's, the resources' transformations) run.
    """
    recording = Recording()
    call_api: Callable[..., object] = vars(BaseClient)["_make_api_call"]
    send: Callable[..., object] = vars(BaseClient)["_make_request"]

    def make_api_call(client: BaseClient, operation_name: str, api_params: Mapping[str, object]) -> object:
        call = _call(client, operation_name, api_params)
        index = recording.add(call)
        token = _CALL.set(call)
        try:
            answer = call_api(client, operation_name, api_params)
        finally:
            _CALL.reset(token)
        match answer:
            case {"Credentials": {"AccessKeyId": str(access_key)}}:
                recording.issue(index, access_key)
            case _:
                pass
        return answer

    def make_request(client: BaseClient, operation_model: OperationModel, *request: object) -> object:
        answer = answers(_CALL.get(), operation_model) if answers else None
        return send(client, operation_model, *request) if answer is None else _response(client, answer)

    def wait(waiter: Waiter, **parameters: object) -> None:
        parameters.pop("WaiterConfig", None)
        waiter._operation_method(**parameters)  # type: ignore[attr-defined] # not in the stubs

    replaced = _replaced(BaseClient, {"_make_api_call": make_api_call, "_make_request": make_request})
    with replaced, _replaced(Waiter, {"wait": wait} if answers else {}):
        yield recording


@contextmanager
def _replaced(owner: type, methods: Mapping[str, Callable[..., object]]) -> Iterator[None]:
    originals = {name: vars(owner)[name] for name in methods}
    for name, method in methods.items():
        setattr(owner, name, method)
    try:
        yield
    finally:
        for name, method in originals.items():
            setattr(owner, name, method)


def _call(client: BaseClient, operation_name: str, parameters: Mapping[str, object]) -> Call:
    return Call(
        service=client.meta.service_model.service_name,
        operation=operation_name,
        region=client.meta.region_name,
        endpoint=client.meta.endpoint_url,
        access_key=_access_key(client, operation_name),
        parameters={name: plain(value) for name, value in parameters.items()},
    )


def _access_key(client: BaseClient, operation_name: str) -> str | None:
    """The key that signs the call; it may have to be fetched, by calls that are recorded before it."""
    operation = client.meta.service_model.operation_model(operation_name)
    signature: object = client.meta.config.signature_version  # type: ignore[attr-defined] # not in the stubs
    if operation.auth_type == "none" or signature is UNSIGNED:
        return None
    credentials: Credentials | None = client._request_signer._credentials  # type: ignore[attr-defined] # nor is it
    return credentials.get_frozen_credentials().access_key if credentials else None


def _response(
    client: BaseClient, answer: Mapping[str, object] | ServiceError
) -> tuple[AWSResponse, dict[str, object]]:
    match answer:
        case ServiceError(code, message, status):
            parsed: dict[str, object] = {"Error": {"Code": code, "Message": message}}
        case _:
            parsed, status = dict(answer), 200
    parsed["ResponseMetadata"] = {
        "RequestId": "00000000-0000-0000-0000-000000000000",
        "HTTPStatusCode": status,
        "HTTPHeaders": {},
        "RetryAttempts": 0,
    }
    return AWSResponse(client.meta.endpoint_url, status, HTTPHeaders(), None), parsed
