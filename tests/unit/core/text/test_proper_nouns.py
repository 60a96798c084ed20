from __future__ import annotations

import pytest

from parleqd.core.text.proper_nouns import NAMES, TITLES


def test_names_are_in_the_form_that_tokens_are_compared_by() -> None:
    assert all(name == name.lower() for name in NAMES | TITLES)


@pytest.mark.parametrize("word", "march may polish turkey china nice reading bath mobile jordan chad lima".split())
def test_what_is_another_word_too_is_no_name(word: str) -> None:
    assert word not in NAMES
