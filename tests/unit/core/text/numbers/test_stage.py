from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.edits import replay
from parleqd.core.text.numbers.english_grammar import GRAMMAR
from parleqd.core.text.numbers.numerals import Numerals, vocabulary
from parleqd.core.text.numbers.phrase import Phrase, Reading
from parleqd.core.text.numbers.stage import Grammar, find
from parleqd.core.text.pipeline import Cleaned, Stage, run
from parleqd.core.text.tokens import tokenise
from tests.parts import shared_data

SPOKEN = sorted(
    {*GRAMMAR.vocabulary.cardinals, *GRAMMAR.vocabulary.ordinals, *GRAMMAR.starts}
    | set("and of to dollars dollar cents percent kilograms hour pm am p m p.m. dot dash at oh o'clock".split())
    | set("past nineties . , - -5".split())
    | set("9 30 2027 1,250 3.5 twenty-five twenty-first people Twenty May".split())
)
spoken = st.lists(st.sampled_from(SPOKEN), max_size=14).map(" ".join)
texts = st.one_of(spoken, st.text(max_size=40))

FRENCH = Numerals(small={("deux",): 2, ("vingt",): 20, ("vingt", "deux"): 22}, scales={"mille": 1000}, digits={})


def french(words: Phrase, at: int) -> Reading | None:
    number = words.number(at)
    return None if number is None else Reading(at, number.last, str(number.value))


def nothing(_words: Phrase, _at: int) -> Reading | None:
    return None


def clean(text: str, grammar: Grammar = GRAMMAR) -> Cleaned:
    return run(text, tokenise(text), [[Stage("numbers", lambda tokens: find(tokens, grammar))]])


@given(texts)
def test_any_text_is_read_without_failing_and_its_edits_replay(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.skipped
    assert replay(text, cleaned.edits) == cleaned.text


@given(texts)
def test_what_it_wrote_it_leaves(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once


def test_a_run_of_number_words_is_read_whole_or_not_at_all() -> None:
    assert clean("twenty five twenty dollars for six people").text == "twenty five twenty dollars for six people"


def test_white_space_before_a_number_stays() -> None:
    assert clean("\n\n  twenty  five").text == "\n\n  25"


def test_a_number_does_not_go_on_behind_a_line_break() -> None:
    assert clean("twenty\nfive hundred").text == "20\n500"


def test_a_language_is_a_grammar() -> None:
    grammar = Grammar(FRENCH, (french,), frozenset(), nothing, vocabulary(FRENCH))
    assert clean("deux mille vingt-deux jours", grammar).text == "2022 jours"
    assert clean("two people", grammar).text == "two people"


@pytest.mark.parametrize("name", ["dictations", "parleq_bench", "disfl_qa"])
def test_text_that_keeps_its_number_words(name: str) -> None:
    """Of the public texts, those that are to stay as they are keep every word."""
    for line in (shared_data("cleanup") / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if not {"keep", "overfire", "number_word_keep", "llm_trap", "repeat_keep"}.isdisjoint(item["tags"]):
            assert clean(item["raw"]).text == item["raw"]
