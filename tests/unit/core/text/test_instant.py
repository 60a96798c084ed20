from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from parleqd.core.text.edits import Edit, replay
from parleqd.core.text.instant import OTHERS, Profile, clean, pipeline
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.pipeline import run
from parleqd.core.text.tokens import tokenise
from tests.parts import shared_data
from tests.work import work_of


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


@pytest.mark.parametrize("language", ["fr-FR", "ja", "en"])
def test_other_languages_than_the_tag_says_only_have_their_spacing_tidied(language: str) -> None:
    raw = " Wir treffen uns um acht Uhr,  und er er kommt auch "
    assert clean(raw, language=language).text == "Wir treffen uns um acht Uhr, und er er kommt auch"


@pytest.mark.parametrize(
    "language, raw, text",
    [
        ("de-AT", "äh wir kommen um acht Uhr Komma und er kommt auch", "Wir kommen um acht Uhr, und er kommt auch."),
        ("auto", "äh wir kommen um acht Uhr Komma und er kommt auch", "Wir kommen um acht Uhr, und er kommt auch."),
        ("fr_FR", "euh on se voit demain virgule à quinze heures trente", "On se voit demain, à 15 h 30."),
        ("", "euh je ne sais pas si vous êtes prêts", "Je ne sais pas si vous êtes prêts."),
        ("ES", "ehm cuándo es la reunión", "¿Cuándo es la reunión?"),
        ("auto", "ehm no sé qué hacer pero está bien", "No sé qué hacer pero está bien."),
        ("de", "um you know we met at the office", "um you know we met at the office"),
    ],
)
def test_german_french_and_spanish_by_their_tag_or_by_what_they_show(language: str, raw: str, text: str) -> None:
    assert clean(raw, language=language).text == text


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


@pytest.mark.parametrize("language, unit", [("es", "eh "), ("es", "yo , "), ("fr", "euh "), ("de", "äh , ")])
def test_so_it_does_in_other_languages(language: str, unit: str) -> None:
    assert _work(unit * 1600, language) <= 3 * 8 * _work(unit * 200, language)


def _work(text: str, language: str = "en") -> int:
    return work_of(lambda: clean(text, language=language))


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


def test_the_languages_beside_english_are_those_that_have_stages() -> None:
    assert frozenset(LANGUAGES) == OTHERS
