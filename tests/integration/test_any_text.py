"""Whatever was said and whatever is known: cleanup never fails, loses nothing, and can be taken back edit by edit."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parleqd.core.text.confidence import Span
from parleqd.core.text.edits import Edit, replay, undo
from parleqd.core.text.fillers import HESITATIONS, INTERJECTIONS, MARKERS
from parleqd.core.text.instant import Profile, clean
from parleqd.core.text.terms.index import Index, compiled
from parleqd.core.text.tokens import tokenise
from parleqd.core.vocabulary.entry import Entry
from tests.parts import scale, shared_data

PROSE = (
    "um uh er err ah like you know I mean i the a to on that he we it is was can do what if and w- w-we I-I Um Uh The "
    "I'm John iPhone api.py p.m report deploy went five 5 uh-huh thank no yes very had Tuesday alot can't an hour"
).split()
NUMBERS = (
    "zero oh one two three twenty twenty-five forty hundred thousand million first third twenty-first half quarter "
    "point dollars percent pm a.m. o'clock march monday version double and of kilometres 10 1,000 3.5 $5 9:30 -3 5th"
).split()
CUES = (
    "no|wait|sorry|actually|i mean|make that|or rather|scratch that|strike that|let me rephrase|hold on|when was|what|"
    "Tuesday|Wednesday|Paris|London|oops|correction|instead|the report|the letter|at five|who did"
).split("|")
SIGNS = "dot com at example slash underscore http colon www anna gmail dash case camel snake equals open brace".split()
COMMANDS = (
    "comma|period|full stop|question mark|exclamation mark|new line|new paragraph|open quote|close quote|bullet|"
    "bullet point|number one|number two|semicolon|hyphen|open bracket|close bracket|ellipsis|hashtag|three things|first"
).split("|")
MARKS = [*", . ? ! ... … — - : ; \" ' ( ) “ ” « » [ ] { } ` @ # * = ++".split(), "\n", "\n\n", "\t", "\u00a0"]
ODD = [
    *("é ß ŉ İ ǰ ﬁ 😀 שלום ² ٣ ½ Ⅷ 一 १ ’ 's 👩‍👩‍👧").split(),
    *("\u0301", "\u200f", "\u2028", "\x1c", "\x85", "\ud800", "\x00"),
]
TERMS = ("cooper netties", "kubernetes", "post gress", "parlay queue", "cowalski", "c plus plus", "five g")

_GAPS = st.sampled_from((" ", " ", " ", "", "  "))


def spoken(*pools: list[str] | tuple[str, ...]) -> st.SearchStrategy[str]:
    """Words of the pools, with and without blanks between, and now and then any characters at all."""
    word = st.one_of(*(st.sampled_from(pool) for pool in pools), st.text(max_size=4))
    return st.lists(st.tuples(word, _GAPS), max_size=30).map(lambda said: "".join(one + gap for one, gap in said))


plain = st.one_of(spoken(PROSE, MARKS, ODD, PROSE), st.text(), st.binary().map(lambda data: data.decode("latin-1")))
"""Anything without spoken commands."""
texts = st.one_of(
    plain, spoken(PROSE, CUES, MARKS), spoken(NUMBERS, SIGNS, COMMANDS, ODD), spoken(CUES, COMMANDS, TERMS, NUMBERS)
)
languages = st.sampled_from(("en", "en-GB", "de", "fr", "es", "ja", "auto", "", "x-unknown"))
profiles = st.builds(Profile, st.booleans(), st.booleans(), st.booleans())
VOCABULARY = compiled(
    [
        Entry("Kubernetes", ("k8s",), ("cooper netties",)),
        Entry("PostgreSQL", spoken=("post gress",)),
        Entry("parleq", spoken=("parlay queue",)),
        *map(Entry, ("Anna Kowalski", "C++", "5G", "um", "the the", "new line", "😀")),
    ]
)
vocabularies = st.sampled_from((compiled(()), VOCABULARY))
spans = st.lists(st.builds(Span, st.integers(0, 90), st.integers(0, 99), st.floats(0, 1)), max_size=3)


@settings(max_examples=scale(60, 3000))
@given(texts, languages, profiles, vocabularies, spans)
def test_nothing_fails_and_the_edits_tell_all(
    raw: str, language: str, profile: Profile, vocabulary: Index, confidence: list[Span]
) -> None:
    result = clean(raw, language=language, profile=profile, vocabulary=vocabulary, confidence=confidence)
    assert result.skipped == ()
    assert replay(raw, result.edits) == result.text


@settings(max_examples=scale(60, 3000))
@given(texts, vocabularies, st.data())
def test_each_undo_restores_what_was_and_all_of_them_the_raw_text(
    raw: str, vocabulary: Index, data: st.DataObject
) -> None:
    edits = clean(raw, vocabulary=vocabulary).edits
    if edits:
        assert replay(raw, undo(edits, len(edits) - 1)) == replay(raw, edits[:-1])
    for index, edit in enumerate(edits):
        assert edit not in undo(edits, index)
        replay(raw, undo(edits, index))
    while edits:
        edits = undo(edits, data.draw(st.integers(0, len(edits) - 1)))
        replay(raw, edits)
    assert replay(raw, edits) == raw


@settings(max_examples=scale(60, 3000))
@given(plain, languages, profiles, vocabularies)
def test_clean_text_is_clean(raw: str, language: str, profile: Profile, vocabulary: Index) -> None:
    # Terms that are put right may be what tells the language of so short a text.
    vocabulary = compiled(()) if language in ("auto", "") else vocabulary
    once = clean(raw, language=language, profile=profile, vocabulary=vocabulary).text
    assert clean(once, language=language, profile=profile, vocabulary=vocabulary).text == once


FILLING = HESITATIONS | INTERJECTIONS | {word for marker in MARKERS.values() for word in marker}
WITHDRAWING = {"repairs", "scratch_that"}


@settings(max_examples=scale(60, 3000))
@given(texts)
def test_nothing_is_left_only_of_fillers_and_of_what_was_withdrawn(raw: str) -> None:
    result = clean(raw)
    if result.text.strip(" ") or any(edit.stage in WITHDRAWING for edit in result.edits):
        return
    assert [token.key for token in tokenise(raw) if token.is_word and token.key not in FILLING] == []


@given(st.lists(st.sampled_from(["um", "Um,", "uh", "er.", "uh...", "uhm", "\n"]), max_size=20).map(" ".join))
def test_only_fillers_leave_nothing(raw: str) -> None:
    assert clean(raw).text.strip() == ""


@pytest.mark.parametrize("name", ["dictations", "disfl_qa", "itn_en", "parleq_bench"])
@pytest.mark.parametrize("profile", [Profile(), Profile(False, False, False)], ids=["default", "terminal"])
def test_the_public_texts(name: str, profile: Profile) -> None:
    for raw in list(_public(name))[:: scale(4, 1)]:
        for vocabulary in (compiled(()), VOCABULARY):
            result = clean(raw, profile=profile, vocabulary=vocabulary)
            assert (result.skipped, replay(raw, result.edits)) == ((), result.text)
            assert clean(result.text, profile=profile, vocabulary=vocabulary).text == result.text
            assert _taken_back(raw, result.edits) == raw


def _public(name: str) -> Iterator[str]:
    for line in (shared_data("cleanup") / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["raw"]


def _taken_back(raw: str, edits: tuple[Edit, ...]) -> str:
    """The text after all undos, every other one the first of what is left."""
    while edits:
        edits = undo(edits, 0 if len(edits) % 2 else len(edits) - 1)
        replay(raw, edits)
    return replay(raw, edits)
