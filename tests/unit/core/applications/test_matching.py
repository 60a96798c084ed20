from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.applications.matching import matches, weight_of
from parleqd.core.settings import AppRule
from parleqd.protocol.messages import SessionContext


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("kitty", "kitty"),
        ("Kitty", "kitty"),
        ("*Mail*", "Inbox - Mail - Browser"),
        ("*mail", "Thundermail"),
        ("jetbrains-*", "JetBrains-PyCharm"),
        ("a*b*c", "a--b--b--c"),
        ("*", ""),
        ("a*", "a"),
        ("straße", "STRASSE"),
    ],
)
def test_it_fits(pattern: str, value: str) -> None:
    assert matches(pattern, value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("kitty", "kitty2"),
        ("kitty", ""),
        ("ab*ba", "aba"),
        ("a*b*c", "acb"),
        ("*mail", "mailbox"),
        ("k?tty", "kitty"),
        ("[a]", "a"),
        ("a*b*b", "ab"),
    ],
)
def test_it_does_not_fit(pattern: str, value: str) -> None:
    assert not matches(pattern, value)


@given(st.lists(st.text(max_size=5), min_size=1, max_size=5), st.lists(st.text(max_size=5), max_size=4))
def test_what_stands_between_the_parts_makes_no_difference(parts: list[str], between: list[str]) -> None:
    parts = [part.replace("*", "") for part in parts]
    filler = [*between, "", "", "", ""]
    value = "".join(part + fill for part, fill in zip(parts, filler, strict=False)) if len(parts) > 1 else parts[0]
    assert matches("*".join(parts), value + "".join(parts[-1:] if len(parts) > 1 else []))


def test_a_pattern_made_to_take_long_does_not() -> None:
    assert not matches("*a" * 5000 + "*b", "a" * 20_000)


PLACE = SessionContext(app="/usr/bin/code", window_class="Code", title="notes.md - vault", file_type=".md")


@pytest.mark.parametrize(
    "rule",
    [
        AppRule(app=("code",)),
        AppRule(app=("/usr/bin/*",)),
        AppRule(app=("kitty", "code")),
        AppRule(window_class=("code",), title=("*vault",)),
        AppRule(file_type=("md",)),
        AppRule(file_type=(".MD",)),
    ],
)
def test_a_rule_fits_where_all_that_it_names_does(rule: AppRule) -> None:
    assert weight_of(rule, PLACE) is not None


@pytest.mark.parametrize(
    "rule",
    [
        AppRule(),
        AppRule(app=("kitty",)),
        AppRule(app=("code",), title=("*secret*",)),
        AppRule(app=("bin/code",)),
        AppRule(file_type=("python",)),
    ],
)
def test_a_rule_does_not_fit(rule: AppRule) -> None:
    assert weight_of(rule, PLACE) is None


def test_nothing_fits_what_is_not_known() -> None:
    assert weight_of(AppRule(title=("*a*", "*")), SessionContext(app="a")) is None


def test_the_more_specific_weighs_more() -> None:
    rising = [
        AppRule(window_class=("c*",)),
        AppRule(window_class=("code",)),
        AppRule(app=("*",)),
        AppRule(app=("code",)),
        AppRule(app=("code",), window_class=("code",)),
        AppRule(file_type=("m*",)),
        AppRule(file_type=("md",), app=("code",), window_class=("code",)),
        AppRule(title=("*vault",)),
        AppRule(title=("notes*vault",)),
        AppRule(title=("*vault",), window_class=("c*",)),
    ]
    weights = [weight_of(rule, PLACE) for rule in rising]
    assert [weight for weight in weights if weight is None or weight == (0, 0)] == []
    assert weights == sorted(weights, key=lambda weight: weight or (0, 0))
    assert len(set(weights)) == len(weights)
