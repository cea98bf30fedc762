"""An outcome in, the new text or a word on why there is none out."""

from __future__ import annotations

from session_first.dependencies.outcome import Added, Outcome, Refused

PRESENT = "(declared already)"


def after(outcome: Outcome) -> str:
    """The new text, PRESENT, or what a person is told to do."""
    if isinstance(outcome, Added):
        return outcome.text
    return outcome.todo if isinstance(outcome, Refused) else PRESENT
