from __future__ import annotations

from parleqd.core.text.addresses import names


def test_words_are_in_the_form_that_tokens_are_compared_by() -> None:
    classes = [value for name, value in vars(names).items() if name.isupper() and isinstance(value, frozenset)]
    assert classes
    assert all(word == word.lower() for members in classes for word in members)


def test_domains_that_read_as_words_are_apart_from_the_others() -> None:
    assert names.DOMAINS.isdisjoint(names.DOMAINS_THAT_ARE_WORDS)
    assert names.COMMANDS_THAT_ARE_WORDS <= names.COMMANDS
