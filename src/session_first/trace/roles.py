"""A call that asks for temporary credentials in; credentials that tell who asked, and for which role, out."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from session_first.trace.call import Call, Value, shown
from session_first.trace.expiry import botocore_now

_IDENTITY = ("RoleArn", "RoleSessionName", "Policy", "PolicyArns", "Tags")
"""What makes two sessions of a caller different ones; the rest is how they are had."""

_SECONDS = 3600


def temporary_credentials(call: Call) -> dict[str, object]:
    """What STS answers: good for as long as `call` asks, an hour if it does not say."""
    key = access_key(call)
    seconds = call.parameters.get("DurationSeconds")
    lifetime = dt.timedelta(seconds=seconds if isinstance(seconds, int) else _SECONDS)
    return {
        "AccessKeyId": key,
        "SecretAccessKey": _digest(key),
        "SessionToken": _digest(f"{key} token"),
        "Expiration": (botocore_now() + lifetime).replace(microsecond=0),
    }


def assumed_role_user(call: Call) -> dict[str, object]:
    """Who the credentials make one, as STS says it."""
    key = access_key(call)
    role, name = (str(call.parameters.get(each, "text")) for each in ("RoleArn", "RoleSessionName"))
    account = role.split(":")[4] if role.count(":") > 4 else "123456789012"
    return {
        "AssumedRoleId": f"AROA{key[4:]}:{name}",
        "Arn": f"arn:aws:sts::{account}:assumed-role/{_role_name(role)}/{name}",
    }


def access_key(call: Call) -> str:
    """A key of 20 characters: the role's name as far as it fits, then a hash of the caller and of what is asked."""
    asked: dict[str, Value] = {name: call.parameters.get(name) for name in _IDENTITY}
    if asked["RoleArn"] is None:
        asked = {"operation": call.name, "parameters": call.parameters}
    role = re.sub(r"[^A-Z0-9]", "", _role_name(str(call.parameters.get("RoleArn", ""))).upper())
    return f"ASIA{role[:8]}{_digest(f'{call.access_key} {shown(asked)}')}"[:20]


def _role_name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest().upper()
