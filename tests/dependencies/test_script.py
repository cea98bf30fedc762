"""Scripts that declare their own dependencies."""

from __future__ import annotations

import pytest

from session_first.dependencies import script
from session_first.dependencies.outcome import Present, Refused

ASKED = Refused("add aws-assume-role-lib>=2.10 to the dependencies in its block `# /// script`")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import boto3\n", None, id="no block"),
        pytest.param(
            '# /// script\n# dependencies = ["boto3"]\n# ///\nimport boto3\n', ASKED, id="without it"
        ),
        pytest.param(
            '#!/usr/bin/env python3\n# /// script\r\n# dependencies = [\r\n#   "boto3",\r\n#\r\n# ]\r\n# ///\r\n',
            ASKED,
            id="below a first line, CRLF",
        ),
        pytest.param(
            '# /// script\n# dependencies = ["aws-assume-role-lib"]\n# ///\n', Present(), id="with it"
        ),
        pytest.param("# /// script\nimport boto3\n", None, id="a block that does not end"),
    ],
)
def test_look(source: str, expected: Present | Refused | None) -> None:
    assert script.look(source.encode()) == expected
