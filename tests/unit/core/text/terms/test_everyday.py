from __future__ import annotations

import pytest

from parleqd.core.text.terms.everyday import EVERYDAY


def test_the_words_are_keys() -> None:
    assert all(word == word.lower() and word.replace("-", "").isalpha() and len(word) > 1 for word in EVERYDAY)


def test_words_that_sound_like_terms_are_known() -> None:
    assert EVERYDAY.issuperset("sneak crane cram radish sink stack key tree work sonnet bedrock slack rust".split())


@pytest.mark.parametrize("name", "jason siobhan katherine sean jon sara philip marcus stephen diana".split())
def test_names_that_are_no_words_are_not_among_them(name: str) -> None:
    assert name not in EVERYDAY
