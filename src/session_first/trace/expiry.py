"""A clock in; while the context lasts, credentials expire by it in botocore's eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

from botocore import credentials


@contextmanager
def expire_by(now: Callable[[], dt.datetime]) -> Iterator[None]:
    """Lets credentials expire by `now`, which gives an aware time, instead of by the machine's clock.

    Those of canned answers are issued by it too, and role sessions that have no name are named after it.
    """
    seconds = SimpleNamespace(time=lambda: now().timestamp())
    with (
        mock.patch.object(credentials, "tzlocal", return_value=_Zone(now)),
        mock.patch.object(credentials, "time", seconds),
    ):
        yield


def botocore_now() -> dt.datetime:
    """The time by which botocore's credentials expire, in UTC."""
    local: dt.datetime = vars(credentials)["_local_now"]()
    return local.astimezone(dt.timezone.utc)


class _Zone(dt.tzinfo):
    """A time zone in which it is always `now`.

    botocore holds its clock, `datetime.now(tzlocal())`, in default arguments; the zone is what it looks up each time.
    """

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now

    def fromutc(self, _: dt.datetime, /) -> dt.datetime:
        return self._now().astimezone(dt.timezone.utc).replace(tzinfo=self)

    def utcoffset(self, _: dt.datetime | None, /) -> dt.timedelta:
        return dt.timedelta(0)

    def dst(self, _: dt.datetime | None, /) -> dt.timedelta:
        return dt.timedelta(0)

    def tzname(self, _: dt.datetime | None, /) -> str:
        return "UTC"
