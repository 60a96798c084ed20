from __future__ import annotations

import pytest

from parleqctl.conformance.checks import Group
from parleqctl.conformance.place import Place
from parleqctl.conformance.unmet import Inapplicable, Unmet

PLACE = Place("/nowhere")


def attempt(raised: Exception | None) -> dict[str, str]:
    group = Group()

    @group.check
    def holds(_: Place) -> None:
        """It holds."""
        if raised is not None:
            raise raised

    (check,) = group
    return check.report(PLACE)


@pytest.mark.parametrize(
    ("raised", "verdict", "hint"),
    [(None, "ok", ""), (Unmet("that"), "failed", "that"), (Inapplicable("a file"), "skipped", "a file")],
)
def test_a_check_says_what_was_expected_and_what_came(raised: Exception | None, verdict: str, hint: str) -> None:
    assert attempt(raised) == {"check": "holds", "verdict": verdict, "message": "It holds", "hint": hint}


@pytest.mark.parametrize("raised", [KeyError("session_id"), TypeError("'int' object …"), AttributeError("'str' …")])
def test_an_answer_of_another_shape_is_a_breach_and_no_crash(raised: Exception) -> None:
    report = attempt(raised)
    assert report["verdict"] == "failed"
    assert repr(raised) in report["hint"]


def test_a_bug_in_a_check_is_no_verdict() -> None:
    with pytest.raises(ZeroDivisionError):
        attempt(ZeroDivisionError())
