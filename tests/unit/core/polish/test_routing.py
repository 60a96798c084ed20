from __future__ import annotations

import random
from collections import Counter

import pytest

from parleqd.core.polish.failure import Failure
from parleqd.core.polish.routing import (
    LONGEST_COOLDOWN_S,
    LONGEST_PAUSE_S,
    MEND_FIRST_PAUSE_S,
    MEND_LONGEST_PAUSE_S,
    Health,
    Router,
    next_roll,
)
from parleqd.core.settings import Auth, Provider, Strategy, Target
from parleqd.protocol.names import Reason

DOWN = Failure(Reason.SERVICE_UNAVAILABLE, "503", "wait")
DAY = 86_400.0


def router(*weights: float, strategy: Strategy = Strategy.LOADBALANCE) -> Router:
    """Targets a, b, c, … with these weights."""
    targets = [
        Target("abcdef"[i], Provider.AZURE_OPENAI, Auth.API_KEY, "abcdef"[i], weight=weight)
        for i, weight in enumerate(weights)
    ]
    return Router(targets, strategy)


def limited(seconds: float | None) -> Failure:
    return Failure(Reason.RATE_LIMITED, "429", retry_after_s=seconds)


def health(it: Router, name: str, now: float) -> Health:
    return next(one.health for one in it.status(now) if one.name == name)


def test_no_targets_no_router() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Router([], Strategy.SINGLE)


def test_single_has_the_first_alone() -> None:
    it = router(1, 1, strategy=Strategy.SINGLE)
    assert it.order(0, 0.9) == ["a"]
    it.failed("a", DOWN, 0)
    assert it.order(0, 0.9) == []


def test_fallback_keeps_the_order_of_the_settings() -> None:
    it = router(0, 5, 1, strategy=Strategy.FALLBACK)
    assert it.order(0, 0.9) == ["a", "b", "c"]
    it.failed("a", DOWN, 0)
    assert it.order(0, 0.9) == ["b", "c"]


@pytest.mark.parametrize("seed", range(5))
def test_three_to_one_over_2000_rolls(seed: int) -> None:
    it = router(3, 1)
    roll = random.Random(seed).random()
    firsts = Counter[str]()
    for _ in range(2000):
        firsts[it.order(0, roll)[0]] += 1
        roll = next_roll(roll)
    assert abs(firsts["a"] / 1500 - 1) < 0.003
    assert abs(firsts["b"] / 500 - 1) < 0.01


def test_independent_rolls_keep_the_shares_too() -> None:
    it, rolls = router(3, 1), random.Random(5)
    firsts = Counter(it.order(0, rolls.random())[0] for _ in range(2000))
    assert abs(firsts["a"] / 2000 - 0.75) < 0.03


def test_the_next_healthy_targets_follow_the_chosen_one() -> None:
    it = router(1, 1, 1)
    assert it.order(0, 0.0) == ["a", "b", "c"]
    assert it.order(0, 0.4) == ["b", "c", "a"]
    assert it.order(0, 0.99) == ["c", "a", "b"]
    assert it.order(0, 1.0) == ["c", "a", "b"]
    it.failed("c", DOWN, 0)
    assert it.order(0, 0.99) == ["b", "a"]


def test_weight_zero_is_a_reserve() -> None:
    it = router(1, 0, 2)
    assert {it.order(0, i / 100)[0] for i in range(100)} == {"a", "c"}
    assert it.order(0, 0.0) == ["a", "c", "b"]
    it.failed("a", DOWN, 0)
    it.failed("c", DOWN, 0)
    assert it.order(0, 0.5) == ["b"]


def test_all_weights_zero_count_equally() -> None:
    it = router(0, 0)
    firsts = Counter(it.order(0, i / 100)[0] for i in range(100))
    assert firsts == {"a": 50, "b": 50}
    assert it.order(0, 0.9) == ["b", "a"]


def test_a_short_hint_is_kept_and_then_over() -> None:
    it = router(1)
    it.failed("a", limited(12), 100)
    assert health(it, "a", 100) is Health.COOLING
    assert it.order(111.9, 0) == []
    assert it.probe_due(111.9) == []
    assert it.order(112, 0) == ["a"]


def test_a_later_shorter_hint_does_not_cut_a_cooldown() -> None:
    it = router(1)
    it.failed("a", limited(30), 0)
    it.failed("a", limited(1), 1)
    assert it.order(29, 0) == []


def test_hints_in_a_row_break_the_circuit() -> None:
    it = router(1)
    now = 0.0
    for _ in range(2):
        it.failed("a", limited(5), now)
        now += 5
        assert it.order(now, 0) == ["a"]
    it.failed("a", limited(5), now)
    assert it.order(now + DAY, 0) == []
    assert it.probe_due(now + 8) == ["a"]


def test_a_success_between_begins_the_count_again() -> None:
    it = router(1)
    for turn in range(10):
        it.failed("a", limited(1), turn * 10)
        it.succeeded("a", turn * 10 + 5)
        assert it.order(turn * 10 + 5, 0) == ["a"]


def test_a_day_is_a_quota_and_waits_for_a_probe() -> None:
    it = router(1, 1, strategy=Strategy.FALLBACK)
    it.failed("a", limited(DAY), 0)
    assert health(it, "a", 1) is Health.DOWN
    assert it.order(2 * DAY, 0) == ["b"]
    assert it.next_probe(0) == LONGEST_COOLDOWN_S


@pytest.mark.parametrize("hint", [None, 0.0, -5.0, float("nan"), float("inf")])
def test_a_useless_hint_is_none(hint: float | None) -> None:
    it = router(1)
    it.failed("a", limited(hint), 0)
    assert health(it, "a", 0) is Health.DOWN
    due = it.next_probe(0)
    assert due is not None
    assert 0 < due <= LONGEST_COOLDOWN_S


@pytest.mark.parametrize(
    "reason",
    [
        Reason.KEY_REJECTED,
        Reason.PERMISSION_DENIED,
        Reason.NETWORK_BLOCKED,
        Reason.RESOURCE_NOT_FOUND,
        Reason.DEPLOYMENT_NOT_FOUND,
        Reason.QUOTA_EXHAUSTED,
    ],
)
def test_what_must_be_mended_stays_down_until_a_probe(reason: Reason) -> None:
    it = router(1)
    it.failed("a", Failure(reason, "no", retry_after_s=1), 0)
    assert it.order(30 * DAY, 0) == []
    assert it.next_probe(0) == MEND_FIRST_PAUSE_S
    it.probed("a", None, 100)
    assert it.order(100, 0) == ["a"]


def test_what_does_not_ail_changes_nothing() -> None:
    it = router(1)
    it.failed("a", Failure(Reason.CONTENT_FILTERED, "filtered", ails=False), 0)
    assert it.order(0, 0) == ["a"]
    assert it.status(0)[0].failures == 0


@pytest.mark.parametrize("failure, longest", [(DOWN, LONGEST_PAUSE_S), (limited(DAY), MEND_LONGEST_PAUSE_S)])
def test_pauses_between_probes_grow_to_a_limit(failure: Failure, longest: float) -> None:
    it = router(1)
    it.failed("a", failure, 0)
    now, pauses = 0.0, list[float]()
    for _ in range(40):
        due = it.next_probe(now)
        assert due is not None
        pauses.append(due - now)
        now = due
        assert it.probe_due(now) == ["a"]
        it.probed("a", failure, now)
        assert it.probe_due(now) == []
    assert pauses == sorted(pauses)
    assert pauses[0] >= 2
    assert pauses[-1] == longest


def test_a_probe_that_fails_for_another_reason_waits_too() -> None:
    it = router(1)
    it.failed("a", DOWN, 0)
    it.probed("a", Failure(Reason.AZ_NOT_LOGGED_IN, "not logged in", ails=False), 10)
    assert it.probe_due(10) == []
    it.probed("a", limited(1), 20)
    assert it.order(500, 0) == []


def test_the_refusal_says_what_and_until_when() -> None:
    it = router(1, 1)
    it.failed("a", Failure(Reason.KEY_REJECTED, "the key is wrong", "set it"), 0)
    it.failed("b", Failure(Reason.RATE_LIMITED, "too many", "raise the quota", retry_after_s=20), 0)
    refusal = it.refusal(5)
    assert refusal.reason is Reason.COOLING_DOWN
    assert refusal.message == "b is used again in 15 s, after: too many"
    assert refusal.hint == "raise the quota"
    assert refusal.retry_after_s == 15
    assert not refusal.ails


def test_status_shows_every_target() -> None:
    it = router(1, 1)
    it.failed("b", DOWN, 0)
    a, b = it.status(1)
    assert (a.name, a.health, a.last) == ("a", Health.HEALTHY, None)
    assert (b.name, b.health, b.failures, b.again_in_s, b.last) == ("b", Health.DOWN, 1, 1.0, DOWN)


def test_a_dead_target_costs_one_request_then_only_probes() -> None:
    it = router(3, 1)
    rolls = random.Random(7)
    asked, probes, lost = Counter[str](), 0, 0
    dead = False
    for turn in range(2000):
        now = turn * 3.0
        dead = 500 <= turn < 1500
        for name in it.probe_due(now):
            probes += 1
            it.probed(name, DOWN if dead else None, now)
        for name in it.order(now, rolls.random()):
            if dead:
                asked[name] += 1
            if dead and name == "a":
                it.failed(name, DOWN, now)
                continue
            it.succeeded(name, now)
            break
        else:
            lost += 1
    assert lost == 0
    assert asked["a"] == 1
    assert probes < 30
    assert it.order(6000, 0.0)[0] == "a"


def test_random_histories_never_ask_who_rests() -> None:
    rolls = random.Random(11)
    it = router(2, 1, 0)
    now = 0.0
    for _ in range(3000):
        now += rolls.random() * 5
        resting = {one.name for one in it.status(now) if one.health is not Health.HEALTHY}
        order = it.order(now, rolls.random())
        assert not resting & set(order)
        assert sorted(order) == sorted({"a", "b", "c"} - resting)
        if not order:
            assert it.refusal(now).reason is Reason.COOLING_DOWN
        name = rolls.choice("abc")
        failure = Failure(rolls.choice(list(Reason)), "x", retry_after_s=rolls.choice([None, 0.5, 45.0, DAY]))
        match rolls.randrange(4):
            case 0:
                it.succeeded(name, now)
            case 1 if order:
                it.failed(order[0], failure, now)
            case _:
                for due in it.probe_due(now):
                    it.probed(due, rolls.choice([None, failure]), now)


def test_a_success_that_was_under_way_ends_no_hint() -> None:
    it = router(1)
    it.failed("a", limited(30), 0)
    it.succeeded("a", 1)
    assert it.order(29, 0) == []
    assert it.cooling("a", 29)
    assert it.order(30, 0) == ["a"]
    assert not it.cooling("a", 30)


def test_a_success_that_was_under_way_ends_what_needs_a_probe_but_not_the_hint() -> None:
    it = router(1)
    it.failed("a", limited(DAY), 0)
    assert health(it, "a", 1) is Health.DOWN
    it.succeeded("a", 1)
    assert health(it, "a", LONGEST_COOLDOWN_S - 1) is Health.COOLING
    assert health(it, "a", LONGEST_COOLDOWN_S) is Health.HEALTHY
    it.failed("a", DOWN, 100)
    it.succeeded("a", 101)
    assert health(it, "a", 101) is Health.HEALTHY


def test_new_settings_heal_what_is_down_and_keep_what_was_asked_for() -> None:
    before, after = router(1, 1, 1), router(1, 1, 1)
    before.failed("a", limited(30), 0)
    before.failed("b", DOWN, 0)
    after.take_over(before)
    assert [one.health for one in after.status(29)] == [Health.COOLING, Health.HEALTHY, Health.HEALTHY]
    assert after.order(30, 0) == ["a", "b", "c"]


def test_failures_of_what_was_under_way_together_count_once() -> None:
    it = router(1)
    for now in (0.0, 0.1, 0.2, 0.3):
        it.failed("a", limited(2), now)
    assert health(it, "a", 2.2) is Health.COOLING
    assert health(it, "a", 2.3) is Health.HEALTHY
    it.failed("a", limited(2), 3)
    it.failed("a", limited(2), 6)
    assert health(it, "a", 8) is Health.DOWN
