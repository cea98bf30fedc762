"""How a file's annotations say that None is allowed."""

from __future__ import annotations

import pytest

from tests.analysis import facts_of

TYPING = "import typing\nimport typing as t\nfrom typing import Literal, Optional, Union\n"


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        pytest.param("a: Optional[str]", "Optional", id="Optional"),
        pytest.param("a: t.Optional[str]", "Optional", id="Optional of typing"),
        pytest.param("a: Union[str, int, None]", "Optional", id="Union with None"),
        pytest.param("a: 'Optional[str]'", "Optional", id="in quotes"),
        pytest.param("*a: list[Optional[str]]", "Optional", id="within another type"),
        pytest.param("a: str | None", "|", id="the operator"),
        pytest.param("a: None | str", "|", id="the operator, None first"),
        pytest.param("a: str | int | None", "|", id="the operator twice"),
        pytest.param("a: 'str | None'", "|", id="the operator in quotes"),
        pytest.param("a: str | None, *, b: Optional[str]", None, id="both"),
        pytest.param("a: Union[str, int]", None, id="Union without None"),
        pytest.param("a: str | int", None, id="the operator without None"),
        pytest.param("a: My[str]", None, id="another type"),
        pytest.param("a: 'no type'", None, id="a text"),
        pytest.param("a: None, b=None", None, id="None"),
    ],
)
def test_style_of_a_function(parameters: str, style: str | None) -> None:
    facts = facts_of(f"{TYPING}\ndef f({parameters}): ...\n")
    [function] = facts.functions.values()
    assert function.optional_style == style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        pytest.param("def f(a) -> Optional[str]: ...", "Optional", id="a result"),
        pytest.param("class C:\n    a: Optional[str]", "Optional", id="an attribute"),
        pytest.param("def f():\n    a: str | None = 1", "|", id="a local"),
        pytest.param("a: str | None\nb: Optional[str]", None, id="both"),
        pytest.param("A = Optional[str]", None, id="no annotation"),
    ],
)
def test_style_of_a_file(text: str, style: str | None) -> None:
    assert facts_of(f"{TYPING}\n{text}\n").optional_style == style


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("from boto3 import Session", {"Session": 1}, id="its name"),
        pytest.param("from boto3.session import Session as S", {"S": 1}, id="another name"),
        pytest.param(
            "if TYPE_CHECKING:\n    from boto3 import Session", {"Session": None}, id="for type checking"
        ),
        pytest.param("try:\n    from boto3 import Session\nexcept E: ...", {}, id="maybe not there"),
        pytest.param(
            "from boto3 import Session\nclass Session: ...", {}, id="bound to something else as well"
        ),
        pytest.param("from sqlalchemy.orm import Session", {}, id="another session"),
        pytest.param("import boto3", {}, id="boto3 alone"),
    ],
)
def test_session_class(text: str, expected: dict[str, int | None]) -> None:
    assert facts_of(text).session_imports == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("from typing import Optional", "Optional", id="its name"),
        pytest.param("from typing import Optional as Maybe", "Maybe", id="another name"),
        pytest.param("import typing as t", "t.Optional", id="of typing"),
        pytest.param("from typing import Union", None, id="not there"),
        pytest.param("try:\n    from typing import Optional\nexcept E: ...", None, id="maybe not there"),
        pytest.param("if TYPE_CHECKING:\n    from typing import Optional", None, id="for type checking only"),
        pytest.param(
            "from __future__ import annotations\nif TYPE_CHECKING:\n    from typing import Optional",
            "Optional",
            id="for type checking only, where annotations are postponed",
        ),
    ],
)
def test_name(text: str, name: str | None) -> None:
    assert facts_of(text).optional_name == name
