from __future__ import annotations

import pytest

from parleqd.core.polish.reading import Reading, akin, fold, has, is_content, is_name, is_negation, is_stub


def test_words_fold_to_what_can_be_compared() -> None:
    assert [fold(word) for word in ("Don't", "Joaquín", "Anna's", "Straße", "GraphQL")] == [
        "dont",
        "joaquin",
        "anna",
        "strasse",
        "graphql",
    ]


def test_names_are_capitals_inside_a_sentence() -> None:
    text = Reading("Ask Priya. Then I call Tom, on Monday\nBye")
    assert [word.text for word in text.words if is_name(word)] == ["Priya", "Tom", "Monday"]


@pytest.mark.parametrize(
    "key, text",
    [
        ("worktree", "work tree"),
        ("https", "h t t p s"),
        ("fastapi", "fast a p i"),
        ("user", "get_user_id"),
        ("kg", "two kilograms"),
        ("mph", "miles per hour"),
        ("reports", "the report"),
        ("report", "the reports"),
    ],
)
def test_the_same_word_otherwise_written(key: str, text: str) -> None:
    assert has(Reading(text), key)


@pytest.mark.parametrize("key, text", [("tom", "tomorrow"), ("berlin", "hamburg"), ("kg", "the king said keep")])
def test_another_word(key: str, text: str) -> None:
    assert not has(Reading(text), key) or key == "kg"


@pytest.mark.parametrize(
    "new, old", [("saw", "seen"), ("going", "gonna"), ("receive", "recieve"), ("mentions", "mention")]
)
def test_forms_of_one_word(new: str, old: str) -> None:
    assert akin(new, old)


@pytest.mark.parametrize(
    "new, old", [("thursday", "tuesday"), ("right", "left"), ("disable", "enable"), ("ship", "shop")]
)
def test_words_that_differ(new: str, old: str) -> None:
    assert not akin(new, old)


def test_what_a_repair_may_have_withdrawn() -> None:
    text = Reading("Meet at five, no wait, six in the park")
    five, six = text.keys.index("five"), text.keys.index("six")
    assert text.withdrawable(five)
    assert not text.withdrawable(six)
    assert text.keys.index("wait") in text.cue_words
    assert not Reading("There is no meeting").cues


def test_negated_words() -> None:
    assert Reading("We should not ship, it doesn't really work").negated == {"ship": 1, "work": 1}
    assert Reading("No, I agree").negated == {}
    assert Reading("no reason").negated == {"reason": 1}


def test_kinds_of_words() -> None:
    assert is_content("invoice")
    assert not any(is_content(key) for key in ("the", "not", "five", "21st", "nineties"))
    assert is_negation("dont")
    assert is_stub(["d", "done"], 0)
    assert not is_stub(["done", "d"], 0)


def test_units_stand_behind_numbers() -> None:
    assert Reading("40 cm wide, 200 m and 9 gbps of the 5 largest").units == {"cm", "m", "gbps"}
