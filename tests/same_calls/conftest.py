"""The runner that the tests of this folder share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest

from tests.same_calls.runner import Runner


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    if not hasattr(os, "fork"):
        pytest.skip("the runs are forks")
    with contextlib.closing(Runner(tmp_path_factory.mktemp("runs"))) as shared:
        yield shared
