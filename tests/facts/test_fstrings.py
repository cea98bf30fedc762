"""Which expressions within f-strings can be edited where they stand."""

from __future__ import annotations

import sys

import pytest

from tests.analysis import facts_of

since_312 = pytest.mark.skipif(sys.version_info < (3, 12), reason="a syntax of Python 3.12")


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        pytest.param("up(1)", True, id="no f-string"),
        pytest.param("f'{up(1)}'", True, id="in an f-string"),
        pytest.param("f'a{up(1)!r:>5}b'", True, id="with a conversion and a format"),
        pytest.param("f'{1:{up(1)}}'", True, id="in a format"),
        pytest.param("f'{up(1)=}'", False, id="its source is printed"),
        pytest.param("f'{ up(1) = }'", False, id="its source is printed, with spaces"),
        pytest.param("f'{[up(1)]=}'", False, id="the source around it is printed"),
        pytest.param("f'{(up(1)) = !r}'", False, id="its source is printed, with brackets"),
        pytest.param("f'{up(1)=:>{width}}'", False, id="its source is printed, with a format"),
        pytest.param("f'{f(a, b[up(1)])=}'", False, id="the source around its source is printed"),
        pytest.param("f'up={up(1)}'", True, id="a text that looks as if it were"),
        pytest.param("f'up(1)={up(1)}'", True, id="a text that looks exactly as if it were"),
        pytest.param("f'a={(up(1))!r}'", True, id="a text, with brackets and a conversion"),
        pytest.param("f'a={x==up(1)}'", True, id="compared"),
        pytest.param("f'a={up(1):=^9}'", True, id="a format with an equals sign"),
        pytest.param("f'a={1:={up(1)}}'", True, id="behind an equals sign in a format"),
        pytest.param("f'{up(\"a\")}'", True, id="quotes in it"),
        pytest.param("f'{up( 1,k =2 )}'", True, id="spaces in it"),
        pytest.param('f"""\nup={\n  up(1)\n}"""', True, id="over several lines"),
        pytest.param('f"""{\n  up(1)\n =}"""', False, id="its source is printed, over several lines"),
        pytest.param("f'{up}'", True, id="no call in it"),
        pytest.param("up(f'{x=}')", True, id="around an f-string"),
        pytest.param("f'{x=}{up(1)}'", True, id="beside what is printed"),
        pytest.param("f'{(lambda: up(1))()}'", True, id="in a lambda in it"),
    ],
)
def test_calls(text: str, exact: bool) -> None:
    assert (not facts_of(text).inexact_calls) is exact


@since_312
def test_the_quotes_of_the_string_in_it() -> None:
    assert not facts_of("f'{up('a')}'").inexact_calls
