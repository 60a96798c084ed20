from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.edits import Edit, replay, undo
from parleqd.core.text.instant import Profile, clean, pipeline
from parleqd.core.text.pipeline import run
from parleqd.core.text.tokens import tokenise
from tests.parts import shared_data

SPOKEN = [
    *("um uh er err ah like you know I mean i the a to on that he we it is was can do what if and w- w-we I-I").split(),
    *("Um Uh The I'm John iPhone api.py p.m report deploy went five 5 uh-huh thank no yes").split(),
    *(", . ? ! ... … — - : ; \" ' ( ) “ ”").split(),
    *("\n", "\n\n", "\t", "\u00a0", "\u0301", "é", "ß", "😀", "\ud800", "\x00", "שלום", "\u200f"),
]
speech = st.lists(st.tuples(st.sampled_from(SPOKEN), st.sampled_from((" ", " ", " ", "", "  "))), max_size=30).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
texts = st.one_of(speech, st.text(), st.binary().map(lambda data: data.decode("latin-1")))
"""Anything, and mixtures of what stages look for; no spoken punctuation."""


@pytest.mark.parametrize(
    "raw, text",
    [
        ("", ""),
        ("Um.", ""),
        ("um uh you know", ""),
        ("so um i wanted to to follow up on the er invoice", "So I wanted to follow up on the invoice."),
        ("W- we should, uh, go new line i think comma now", "We should go\nI think, now."),
        ("can you can you send it", "Can you send it?"),
        ("the um the report is late", "The report is late."),
        ("I-I, um, I think so", "I think so."),
        ("um write to anna dot uh lopez at example dot com on friday", "Write to anna.lopez@example.com on Friday"),
        ("alot of an um useful thing", "A lot of a useful thing"),
        ("bullet milk bullet uh eggs", "- Milk\n- Eggs"),
        ("git commit dash m open quote fix it close quote", 'git commit -m "fix it"'),
    ],
)
def test_all_stages_together(raw: str, text: str) -> None:
    assert clean(raw).text == text


def test_the_edits_say_what_each_stage_did() -> None:
    assert clean("um so the the end is near").edits == (
        Edit("fillers", "um ", "", 0, 0),
        Edit("stutters", " the", "", 6, 1),
        Edit("capitals", "so", "So", 0, 2),
        Edit("final_mark", "", ".", 18, 3),
    )


@pytest.mark.parametrize("language", ["de", "fr-FR", "ja", "auto", "en"])
def test_other_languages_only_have_their_spacing_tidied(language: str) -> None:
    raw = " Wir treffen uns um acht Uhr,  und er er kommt auch "
    assert clean(raw, language=language).text == "Wir treffen uns um acht Uhr, und er er kommt auch"


@pytest.mark.parametrize("text", ["com um amigo", "er is een man", "jeg er glad", "", "zwei  Worte"])
def test_without_a_tag_english_has_to_show(text: str) -> None:
    assert clean(text, language="auto").text == " ".join(text.split())


@pytest.mark.parametrize("language", ["en", "en-GB", "en_US", "EN", "auto", ""])
def test_english_by_any_tag(language: str) -> None:
    assert clean("um hello", language=language).text == "Hello"


def test_a_place_can_want_less() -> None:
    terminal = Profile(spoken_punctuation=False, capitals=False, final_mark=False)
    assert clean("um git commit comma i think so", profile=terminal).text == "git commit comma i think so"
    assert clean("milk new line eggs", profile=Profile(capitals=False)).text == "milk\neggs"


def test_a_stage_that_fails_costs_only_itself() -> None:
    def fail(_: object) -> list[object]:
        raise RuntimeError("broken")

    meaning, writing = pipeline()
    broken = [msgspec.structs.replace(stage, find=fail) if stage.name == "fillers" else stage for stage in meaning]
    raw = "um i I think so"
    result = run(raw, tokenise(raw), [broken, writing])
    assert (result.text, result.skipped) == ("Um I think so.", ("fillers",))


def test_every_stage_has_a_name_of_its_own() -> None:
    names = [stage.name for group in pipeline() for stage in group]
    meaning = ["scratch_that", "repairs", "fillers", "stutters", "addresses", "run_together", "lists", "punctuation"]
    assert names == [*meaning, "numbers", "articles", "capitals", "final_mark", "spacing"]


@pytest.mark.parametrize(
    "raw",
    ["\ud800\udfff", "\x00\x01\x02", "e\u0301 n\u0303", "👩‍👩‍👧 👍🏽", "שלום עולם", "\u202eabc", "…" * 50, "((((" * 50],
)
def test_odd_text_stays_as_it_is(raw: str) -> None:
    assert clean(raw, profile=Profile(capitals=False)).text == raw


@given(texts)
def test_never_raises_and_skips_nothing(raw: str) -> None:
    assert clean(raw).skipped == ()


@given(texts)
def test_edits_replay_exactly(raw: str) -> None:
    result = clean(raw)
    assert replay(raw, result.edits) == result.text


@given(texts, st.data())
def test_each_undo_restores_what_was_and_all_of_them_the_raw_text(raw: str, data: st.DataObject) -> None:
    edits = clean(raw).edits
    if edits:
        assert replay(raw, undo(edits, len(edits) - 1)) == replay(raw, edits[:-1])
    while edits:
        edits = undo(edits, data.draw(st.integers(0, len(edits) - 1)))
        replay(raw, edits)
    assert replay(raw, edits) == raw


@given(texts)
def test_clean_text_is_clean(raw: str) -> None:
    once = clean(raw).text
    assert clean(once).text == once


@given(st.lists(st.sampled_from(["um", "Um,", "uh", "er.", "uh...", "uhm", "\n"]), max_size=20).map(" ".join))
def test_only_fillers_leave_nothing(raw: str) -> None:
    assert clean(raw).text.strip() == ""


@pytest.mark.parametrize(
    "unit",
    [
        "um ",
        "the ",
        "w- ",
        "you know ",
        "open quote ",
        "new line , ",
        '"um" ',
        "( ",
        "can you ",
        "i ",
        "a.",
        "um, like, ",
    ],
)
def test_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    # 8 times the text; the number of rounds may differ by 3. Quadratic work would be 64 times as much.
    assert _work(unit * 1600) <= 3 * 8 * _work(unit * 200)


def _work(text: str) -> int:
    """How many Python functions a cleanup enters and leaves: a measure of work that no busy machine disturbs."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        clean(text)
    finally:
        sys.setprofile(None)
    return count


TRAPS = {"punct_content", "not_a_repair", "repeat_keep", "like_verb", "you_know_verb", "um_keep", "number_word_keep"}
TRAPS |= {"llm_trap", "profanity", "non_english", "keep", "quoted"}


@pytest.mark.parametrize("name", ["dictations", "disfl_qa", "itn_en", "parleq_bench"])
def test_the_public_dictations(name: str) -> None:
    folder = shared_data("cleanup")
    scorer = _module(folder / "score_cleanup.py")
    for item in map(json.loads, (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
        result = clean(item["raw"])
        score = scorer.score_item(item, result.text)
        assert not score["harmW"], (item["raw"], result.text)
        assert not (TRAPS & set(item["tags"]) and score["keep"]), (item["raw"], result.text)
        assert score["loose"] or "stutter" not in item["tags"], (item["raw"], result.text)
        assert clean(result.text).text == result.text
        assert replay(item["raw"], result.edits) == result.text


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
