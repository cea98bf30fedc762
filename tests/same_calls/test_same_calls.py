"""Every fixture that can run makes the same calls after the fix, and those of a session that is passed."""

from __future__ import annotations

import pytest

from tests.same_calls.runner import Runner
from tests.same_calls.runs import differences, leaks
from tests.situations import SITUATIONS, Situation

each_program = pytest.mark.parametrize(
    "situation",
    [pytest.param(situation, id=situation.name) for situation in SITUATIONS if situation.program.exists()],
)


@each_program
def test_the_fix_keeps_every_call(runner: Runner, situation: Situation) -> None:
    before = runner.run(situation.before, situation.program)
    after = runner.run(situation.after, situation.program)
    problems = differences(before, after)
    if before.takes_foreign_session:
        problems += leaks(before, runner.run(situation.after, situation.program, foreign=True))
    assert not problems, "\n\n".join(problems)
