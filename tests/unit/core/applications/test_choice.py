from __future__ import annotations

import pytest

from parleqd.core.applications.choice import choose, told
from parleqd.core.ports import SettingOrigin
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.settings import AppRule, Cleanup, Newlines, Settings
from parleqd.protocol.messages import SessionContext
from parleqd.protocol.names import Mode


def settings(*rules: AppRule, mode: Mode = Mode.INSTANT) -> Settings:
    return Settings(cleanup=Cleanup(mode=mode), apps=rules)


@pytest.mark.parametrize("place", [None, SessionContext(), SessionContext(title="anything")])
def test_without_a_rule_that_fits_the_general_settings_hold(place: SessionContext | None) -> None:
    found = choose(settings(AppRule(app=("a",), mode=Mode.RAW), AppRule()), place)
    assert (found.mode, found.behaviour) == (Mode.INSTANT, Behaviour())
    assert found.origins["mode"] == "cleanup.mode"
    assert found.origins["trailing_space"] == "insertion.trailing_space"
    assert found.origins["newlines"] == "default"


def test_the_most_specific_rule_wins_wherever_it_stands() -> None:
    rules = [
        AppRule(app=("code",), mode=Mode.RAW),
        AppRule(app=("code",), file_type=("markdown",), mode=Mode.POLISHED),
        AppRule(window_class=("code",), mode=Mode.INSTANT),
    ]
    place = SessionContext(app="code", window_class="code", file_type="markdown")
    for order in (rules, rules[::-1]):
        found = choose(settings(*order), place)
        assert found.mode is Mode.POLISHED
        assert found.origins["mode"] == f"app[{order.index(rules[1])}].mode"


def test_of_equally_specific_rules_the_first_wins() -> None:
    found = choose(
        settings(AppRule(app=("code",), mode=Mode.RAW), AppRule(app=("code",), mode=Mode.POLISHED)),
        SessionContext(app="code"),
    )
    assert (found.mode, found.origins["mode"]) == (Mode.RAW, "app[0].mode")


def test_what_a_rule_leaves_open_others_decide() -> None:
    rules = (AppRule(title=("*ssh*",), preset="plain"), AppRule(app=("kitty",), final_mark=False))
    found = choose(settings(*rules, mode=Mode.POLISHED), SessionContext(app="kitty", title="ssh host"))
    assert found.mode is Mode.INSTANT
    assert found.behaviour == Behaviour(final_mark=False, newlines=Newlines.SPACE, preset="plain")
    assert found.origins == {
        "mode": "built in: terminals",
        "spoken_punctuation": "default",
        "capitals": "default",
        "final_mark": "app[1].final_mark",
        "trailing_space": "built in: terminals",
        "newlines": "built in: terminals",
        "vocabulary": "default",
        "preset": "app[0].preset",
    }


def test_a_rule_of_the_user_s_goes_before_one_built_in_however_little_it_says() -> None:
    rule = AppRule(window_class=("k*",), mode=Mode.POLISHED, newlines=Newlines.KEEP)
    found = choose(settings(rule), SessionContext(app="kitty", window_class="kitty"))
    assert (found.mode, found.behaviour.newlines) == (Mode.POLISHED, Newlines.KEEP)


@pytest.mark.parametrize("mode", list(Mode))
def test_only_the_user_lifts_the_user(mode: Mode) -> None:
    lifted = choose(settings(AppRule(app=("slack",), mode=Mode.POLISHED), mode=mode), SessionContext(app="slack"))
    assert lifted.mode is Mode.POLISHED
    assert choose(settings(mode=mode), SessionContext(app="slack")).mode is mode


def test_texts_are_refined_no_further_than_a_rule_of_the_user_s_lets_them_go() -> None:
    own = settings(AppRule(app=("diary",), mode=Mode.RAW))
    assert choose(own, SessionContext(app="diary")).refine_mode(own) is Mode.RAW
    assert choose(own, SessionContext(app="nvim")).refine_mode(own) is Mode.POLISHED


def test_it_is_told_with_where_each_rule_is_written_down() -> None:
    found = choose(settings(AppRule(app=("a",), mode=Mode.RAW)), SessionContext(app="a"))
    shown = told(found, [SettingOrigin("app[0].mode", '"raw"', "c.toml:7")])
    assert shown[0] == SettingOrigin("mode", '"raw"', "app[0].mode (c.toml:7)")
    assert [one.key for one in shown] == ["mode", *Behaviour.__struct_fields__]
    assert {one.key: one.value for one in shown}["vocabulary"] == "[]"


@pytest.mark.parametrize(
    ("rules", "refined"),
    [
        ((), Mode.POLISHED),
        ((AppRule(app=("kitty",), mode=Mode.RAW),), Mode.RAW),
        ((AppRule(app=("kitty",), mode=Mode.POLISHED),), Mode.POLISHED),
        ((AppRule(app=("kitty",), capitals=False),), Mode.POLISHED),
    ],
)
def test_texts_are_refined_no_further_than_one_s_own_rule_lets_dictations_go(
    rules: tuple[AppRule, ...], refined: Mode
) -> None:
    given = settings(*rules)
    assert choose(given, SessionContext(app="kitty")).refine_mode(given) is refined
