from __future__ import annotations

from parleqd.core.text.numbers.currencies import ENGLISH


def test_singular_and_plural_have_one_sign() -> None:
    for name in ENGLISH.counted:
        assert ENGLISH.names[name] == ENGLISH.names[(*name[:-1], name[-1] + "s")]


def test_what_is_ambiguous_is_a_currency_at_all() -> None:
    assert set(ENGLISH.names) >= ENGLISH.ambiguous


def test_no_name_is_longer_than_readers_look() -> None:
    assert max(map(len, ENGLISH.names)) == 3
