from __future__ import annotations

import datetime
import math

import pytest

from parleqd.core.settings.rules import (
    Rule,
    Wrong,
    choice,
    closest,
    flag,
    kind,
    list_of,
    member,
    number,
    numbers,
    path,
    pattern,
    shown,
    table_of,
    text,
    whole,
)
from parleqd.protocol.names import Mode


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (text, "a", "a"),
        (flag, True, True),
        (number(0, 2), 2, 2),
        (number(0, 2), 0.5, 0.5),
        (number(0, 2, also=-1), -1, -1),
        (whole(0, 5), 0, 0),
        (choice(Mode), "polished", Mode.POLISHED),
        (pattern("[a-z]+", ""), "abc", "abc"),
        (member(frozenset({"en"}), ""), "en", "en"),
        (list_of(flag, ""), [True, False], (True, False)),
        (list_of(flag, ""), [], ()),
    ],
)
def test_a_right_value_is_taken(rule: Rule, value: object, expected: object) -> None:
    assert rule(value) == expected


@pytest.mark.parametrize(
    ("rule", "value", "message", "hint"),
    [
        (text, 3, "must be text, not a number", "write it in quotes"),
        (text, ["a"], "must be text, not a list", 'write it as "…"'),
        (text, "  ", "must not be empty", ""),
        (flag, "true", 'must be true or false, not "true"', "write true or false, without quotes"),
        (flag, 1, "must be true or false, not 1", "write true or false, without quotes"),
        (number(0, 2), "1", 'must be a number, not "1"', "a number from 0 to 2, without quotes"),
        (number(0, 2), True, "must be a number, not true", "a number from 0 to 2, without quotes"),
        (number(0, 2, also=-1), -2, "-2 is out of range", "a number from 0 to 2, or -1"),
        (number(0, 2), math.nan, "nan is out of range", "a number from 0 to 2"),
        (number(0, 2), math.inf, "inf is out of range", "a number from 0 to 2"),
        (whole(0, 5), 1.0, "must be a whole number, not 1.0", "a whole number from 0 to 5, without quotes"),
        (whole(0, 5), True, "must be a whole number, not true", "a whole number from 0 to 5, without quotes"),
        (whole(0, 5), 6, "6 is out of range", "a whole number from 0 to 5"),
        (
            choice(Mode),
            "polishd",
            '"polishd" is none of the choices',
            'did you mean "polished"? one of raw, instant, polished, in quotes',
        ),
        (choice(Mode), 1, "must be text, not a number", "one of raw, instant, polished, in quotes"),
        (pattern("[a-z]+", "letters"), "a1", '"a1" is not of the right form', "letters"),
        (list_of(flag, "a list"), True, "must be a list, not true or false", "a list"),
        (list_of(member(frozenset({"en"}), "a code"), ""), ["en", "xx"], '"xx" is not known', "a code"),
        (member(frozenset({"en"}), "a code"), "english", '"english" is not known', "a code"),
    ],
)
def test_a_wrong_value_is_told_what_would_be_right(rule: Rule, value: object, message: str, hint: str) -> None:
    with pytest.raises(Wrong) as wrong:
        rule(value)
    assert (wrong.value.message, wrong.value.hint) == (message, hint)


def test_a_choice_that_resembles_nothing_is_not_repeated() -> None:
    with pytest.raises(Wrong) as wrong:
        choice(Mode)("sk-0123456789")
    assert "sk-" not in wrong.value.message + wrong.value.hint


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true or false"),
        (1, "a number"),
        (1.5, "a number"),
        ("", "text"),
        ([], "a list"),
        ({}, "a table"),
        (datetime.date(2025, 4, 1), "a date or time"),
    ],
)
def test_a_kind_has_a_name(value: object, expected: str) -> None:
    assert kind(value) == expected


def test_long_text_is_not_shown() -> None:
    assert shown("x" * 41) == "a long text"


@pytest.mark.parametrize(("name", "meant"), [("kep", "keep"), ("KEEP", "keep"), ("colour", None)])
def test_the_closest_name_is_found(name: str, meant: str | None) -> None:
    assert closest(name, ["keep", "mode"]) == meant


def test_a_path_may_be_empty_but_must_be_one() -> None:
    assert [path(value) for value in ("", "~/ca.pem")] == ["", "~/ca.pem"]
    for value in (3, "a\0b"):
        with pytest.raises(Wrong):
            path(value)


def test_a_table_of_lists_is_read_or_says_which_entry_is_wrong() -> None:
    prices = table_of(numbers(3, 0, 10, "[1, 2, 3]"), "a table")
    assert prices({"a": [1, 2.5, 3]}) == {"a": (1, 2.5, 3)}
    assert prices({}) == {}
    for value, message in (
        ([1], "must be a table"),
        ({"a": 1}, '"a": must be a list of 3 numbers'),
        ({"a": [1, 2]}, '"a": must be a list of 3 numbers'),
        ({"a": [1, 2, 30]}, '"a": 30 is out of range'),
        ({"a": [1, 2, True]}, '"a": must be a number'),
    ):
        with pytest.raises(Wrong) as raised:
            prices(value)
        assert raised.value.message.startswith(message)
