from __future__ import annotations

import pytest

from parleqctl.conformance.judge import RULES, Judge


def verdict(judge: Judge, rule: str) -> tuple[str, str]:
    return next((one["verdict"], one["hint"]) for one in judge.reports() if one["check"] == rule)


def test_a_rule_that_was_broken_once_stays_so() -> None:
    judge = Judge()
    judge.see("own_ids", True, "")
    judge.see("own_ids", False, "first")
    judge.see("own_ids", False, "second")
    judge.met("own_ids")
    assert verdict(judge, "own_ids") == ("failed", "first")


def test_what_never_came_up_is_skipped_with_its_reason() -> None:
    judge = Judge()
    judge.skipped("pending", "offered to a person?")
    judge.met("reconnect")
    judge.skipped("reconnect", "never told")
    assert verdict(judge, "pending") == ("skipped", "offered to a person?")
    assert verdict(judge, "acknowledge") == ("skipped", "it did not come up")
    assert verdict(judge, "reconnect") == ("ok", "")


def test_every_rule_is_reported_and_no_other_can_be_judged() -> None:
    assert [one["check"] for one in Judge().reports()] == list(RULES)
    with pytest.raises(KeyError):
        Judge().met("no_such")
