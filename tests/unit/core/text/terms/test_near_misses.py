from __future__ import annotations

import pytest

from parleqd.core.text.confidence import Span, with_confidence
from parleqd.core.text.terms.index import compiled
from parleqd.core.text.terms.near_misses import UNSURE, near_word, near_words
from parleqd.core.text.tokens import tokenise
from parleqd.core.vocabulary.entry import Entry

INDEX = compiled(
    Entry(term)
    for term in "Parleq Kubernetes Terraform Grafana Contoso Siobhan Katherine Vercel Qwen PyTorch CRAN Snyk Redis "
    "Indiana Marina Sørensen Consul Noirtier Netlify Anthropic".split()
)


def term_at(text: str, word: str, confidence: float | None = None) -> str | None:
    tokens = tokenise(text)
    if confidence is not None:
        tokens = with_confidence(tokens, [Span(0, len(text), confidence)])
    place = next(place for place, token in enumerate(tokens) if token.text == word)
    term = near_word(INDEX, tokens, place)
    return None if term is None else term.text


@pytest.mark.parametrize(
    "heard, term",
    [
        ("Parlaq", "Parleq"),
        ("Parleg", "Parleq"),
        ("Kubernetties", "Kubernetes"),
        ("Terraphorm", "Terraform"),
        ("Conteso", "Contoso"),
        ("Sorenson", "Sørensen"),
        ("Nortier", "Noirtier"),
        ("Antropic", "Anthropic"),
    ],
)
def test_a_name_that_is_none_is_the_term_it_sounds_like(heard: str, term: str) -> None:
    assert term_at(f"we have used {heard} for a year", heard) == term


def test_so_is_what_english_would_not_spell() -> None:
    assert term_at("this is parlaq for you", "parlaq") == "Parleq"


@pytest.mark.parametrize(
    "text, word",
    [
        ("we have used parleg for a year", "parleg"),  # it may be a word
        ("Parleg is good", "Parleg"),  # a sentence begins
        ("he met Catherine there", "Catherine"),  # another person
        ("the Marine corps", "Marine"),
        ("an Indian dish", "Indian"),
        ("the Crane company", "Crane"),  # the term is too short
        ("the Radish company", "Radish"),
        ("John Parleg Smith", "Parleg"),  # a person's name
        ("the PARLEG", "PARLEG"),
        ("the Parley there", "Parley"),
        ("in the Parlors there", "Parlors"),
        ("we Terraformed it", "Terraformed"),
        ("the Kubernetes2 there", "Kubernetes2"),
    ],
)
def test_without_confidence_most_words_stay(text: str, word: str) -> None:
    assert term_at(text, word) is None


@pytest.mark.parametrize(
    "heard, term",
    [
        ("gravana", "Grafana"),
        ("kubernetis", "Kubernetes"),
        ("versel", "Vercel"),
        ("quen", "Qwen"),
        ("parleg", "Parleq"),
    ],
)
def test_an_unsure_word_is_the_term_it_sounds_like(heard: str, term: str) -> None:
    assert term_at(f"the {heard} thing", heard, UNSURE - 0.1) == term
    assert term_at(f"the {heard} thing", heard, UNSURE) is None


@pytest.mark.parametrize(
    "heard", ["crane", "cram", "radish", "parley", "marine", "indian", "catherine", "sneak", "the"]
)
@pytest.mark.parametrize("confidence", [None, 0.0, 0.3, 0.99])
def test_ordinary_words_and_names_stay_however_unsure(heard: str, confidence: float | None) -> None:
    assert term_at(f"it was {heard} again", heard, confidence) is None
    assert term_at(f"it was {heard.capitalize()} again", heard.capitalize(), confidence) is None


def test_a_sure_word_stays() -> None:
    assert term_at("we have used Parleg here", "Parleg", 0.98) is None


def test_two_terms_as_near_are_none() -> None:
    index = compiled([Entry("Carlsen"), Entry("Carlson")])
    assert near_word(index, tokenise("we met Carlsin there"), 2) is None


def broken(text: str, confidence: float | None = None) -> tuple[int, str] | None:
    tokens = tokenise(text)
    if confidence is not None:
        tokens = with_confidence(tokens, [Span(0, len(text), confidence)])
    found = near_words(INDEX, tokens, 0)
    return None if found is None else (found[0], found[1].text)


def test_a_term_that_was_heard_as_a_word_and_a_letter() -> None:
    assert broken("parlay q is here") == (2, "Parleq")


@pytest.mark.parametrize(
    "text",
    [
        "plan b is here",
        "parlay a bet",
        "pie torch",
        "parlay\nq",
        "parlay, q",
        "vitamin c",
        "q",
        "",
        "the q",
        "q Parleq",
    ],
)
def test_words_and_letters_that_are_no_term(text: str) -> None:
    assert broken(text) is None


def test_unsure_words_may_be_pieces_of_a_term() -> None:
    assert broken("net lifi again", 0.3) == (2, "Netlify")
    assert broken("net lifi again", 0.9) is None
    assert broken("net life again", 0.3) is None  # two words
