"""Which calls a test expects with certain arguments, and what it puts in a method's place."""

from __future__ import annotations

import pytest

from tests.analysis import code, facts_of

IMPORTS = """\
from types import SimpleNamespace
from unittest import mock
from unittest.mock import Mock, call

"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("repo.save.assert_called_once_with(1)", {"save"}, id="assert_called_once_with"),
        pytest.param("repo.save.assert_called_with(1)", {"save"}, id="assert_called_with"),
        pytest.param("repo.save.assert_any_call(1)", {"save"}, id="assert_any_call"),
        pytest.param("repo.save.assert_has_calls([])", {"save"}, id="assert_has_calls"),
        pytest.param("repo.save.assert_awaited_once_with(1)", {"save"}, id="assert_awaited_once_with"),
        pytest.param("assert repo.save.called_once_with(1)", {"save"}, id="called_once_with"),
        pytest.param("make.return_value.save.assert_any_call(1)", {"save"}, id="of what a mock gives"),
        pytest.param("assert repo.save.call_args == call(1)", {"save"}, id="call_args"),
        pytest.param("assert repo.save.call_args.kwargs['x'] == 1", {"save"}, id="keywords of call_args"),
        pytest.param("assert repo.save.call_args_list[0][0] == (1,)", {"save"}, id="call_args_list"),
        pytest.param("assert repo.save.mock_calls == [call(1)]", {"save"}, id="mock_calls"),
        pytest.param(
            "assert repo.mock_calls == [call.save(1), call.load()]", {"save", "load"}, id="call.save"
        ),
        pytest.param("assert make.mock_calls == [mock.call().save(1)]", {"save"}, id="call().save"),
        pytest.param("save = repo.save\nsave.assert_called_with(1)", {"save"}, id="under a name of its own"),
        pytest.param("fake = Mock()\nrepo.save = fake\nfake.assert_called_with(1)", {"save"}, id="assigned"),
        pytest.param("fake = Mock()\nrun(save=fake)\nfake.assert_called_with(1)", {"save"}, id="passed"),
        pytest.param(
            "from mockito import verify\nverify(repo).save(1)",
            {"save"},
            id="mockito",
        ),
        pytest.param("repo.save.assert_called_once()", set(), id="not which arguments"),
        pytest.param("assert repo.save.call_count == 1", set(), id="how often"),
        pytest.param("repo.save.return_value = 1", set(), id="what it gives"),
        pytest.param("repo.assert_called_with(1)", set(), id="a mock that is called itself"),
        pytest.param("phone.call.save(1)", set(), id="a call of another kind"),
    ],
)
def test_asserted_calls(text: str, expected: set[str]) -> None:
    assert set(facts_of(IMPORTS + code(text), "tests/test_jobs.py").asserted_calls) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("repo.save = lambda key: None", {"save"}, id="a lambda"),
        pytest.param("def fake(key): ...\nrepo.save = fake", {"save"}, id="a function"),
        pytest.param("repo.save.side_effect = lambda key: None", {"save"}, id="side_effect"),
        pytest.param("repo.save = Mock(side_effect=lambda key: None)", {"save"}, id="side_effect at once"),
        pytest.param("run(SimpleNamespace(save=lambda key: None))", {"save"}, id="a namespace"),
        pytest.param(
            "from types import SimpleNamespace as N\nrun(N(save=lambda key: None))",
            {"save"},
            id="a namespace by another name",
        ),
        pytest.param(
            "run(type('Fake', (), {'save': lambda self, key: None, 'n': 1})())",
            {"save"},
            id="a class of a dict",
        ),
        pytest.param("run(Mock(save=lambda key: None, size=3))", {"save"}, id="a mock's attribute"),
        pytest.param("repo.save = lambda *args, **kwargs: None", set(), id="takes any keyword"),
        pytest.param("def fake(key, **kw): ...\nrepo.save = fake", set(), id="takes any keyword, a function"),
        pytest.param("repo.save = Mock(return_value=1)", set(), id="a mock, which takes everything"),
        pytest.param("repo.size = 3", set(), id="a number"),
        pytest.param("run(key=lambda x: x)", set(), id="an argument"),
    ],
)
def test_stand_ins(text: str, expected: set[str]) -> None:
    assert set(facts_of(IMPORTS + code(text), "tests/test_jobs.py").stand_ins) == expected


def test_only_tests_expect() -> None:
    facts = facts_of("repo.save.assert_called_with(1)\nrepo.load = lambda: 1\n")
    assert not facts.asserted_calls
    assert not facts.stand_ins
