from __future__ import annotations

import pytest

from parleqd.core.session.behaviour import Behaviour
from parleqd.core.settings import Newlines
from parleqd.core.text import instant
from parleqd.engine.bus import Bus
from parleqd.engine.cleanup import INLINE_CHARACTERS, Cleanup
from parleqd.engine.metrics import Metrics
from parleqd.engine.targets import Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.names import Mode, Reason
from tests.fakes.cloud import no_cloud
from tests.fakes.log import MemoryLog
from tests.fakes.vocabulary import MemoryVocabulary

CLEANUP = Cleanup(Targets(no_cloud(), Bus(), MemoryLog()), Metrics(), Vocabulary(MemoryVocabulary(), MemoryLog()))
clean = CLEANUP.clean


@pytest.mark.asyncio
async def test_raw_is_left_alone() -> None:
    cleaned = await clean("um  hello", Mode.RAW)
    assert (cleaned.text, cleaned.used, cleaned.edits, cleaned.fallback) == ("um  hello", Mode.RAW, (), None)


@pytest.mark.parametrize("repeats", [1, INLINE_CHARACTERS])
@pytest.mark.asyncio
async def test_instant_cleans_short_texts_and_long_ones_alike(repeats: int) -> None:
    raw = "um hello world " * repeats
    cleaned = await clean(raw, Mode.INSTANT)
    done = instant.clean(raw, language="en")
    assert (cleaned.text, cleaned.used, cleaned.fallback) == (done.text, Mode.INSTANT, None)
    assert cleaned.edits == tuple(done.edits)


@pytest.mark.asyncio
async def test_polished_without_a_target_is_instant_and_says_why() -> None:
    cleaned = await clean("um hello", Mode.POLISHED)
    assert cleaned.used is Mode.INSTANT
    assert cleaned.text == (await clean("um hello", Mode.INSTANT)).text
    assert cleaned.fallback is not None
    assert cleaned.fallback.reason is Reason.NOT_CONFIGURED


@pytest.mark.parametrize("raw", ["", "   ", "um", "\ud800", "a\0b", "\n\n", "x" * 10_000])
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.asyncio
async def test_no_text_makes_it_fail(raw: str, mode: Mode) -> None:
    assert isinstance((await clean(raw, mode)).text, str)


@pytest.mark.asyncio
async def test_the_language_is_passed_on() -> None:
    raw = "ähm hallo um welt"
    assert (await clean(raw, Mode.INSTANT, "de")).text == instant.clean(raw, language="de").text


@pytest.mark.parametrize(
    ("mode", "longer"), [(Mode.RAW, "Old. um so new"), (Mode.INSTANT, f"Old. {instant.clean('um so new').text}")]
)
@pytest.mark.asyncio
async def test_without_a_model_what_was_said_goes_behind_the_text(mode: Mode, longer: str) -> None:
    refined = await CLEANUP.refine("Old.", "um so new", mode)
    assert (refined.text, refined.used, refined.fallback) == (longer, mode, None)


@pytest.mark.asyncio
async def test_a_refinement_that_no_target_can_do_keeps_the_text() -> None:
    refined = await CLEANUP.refine("Old.", "make it new", Mode.POLISHED)
    assert (refined.text, refined.used, refined.edits) == ("Old.", Mode.RAW, ())
    assert refined.fallback is not None


@pytest.mark.asyncio
async def test_a_policy_that_forbids_models_keeps_the_text() -> None:
    cleanup = Cleanup(Targets(no_cloud(), Bus(), MemoryLog()), Metrics(), Vocabulary(MemoryVocabulary(), MemoryLog()))
    cleanup.most = Mode.INSTANT
    refined = await cleanup.refine("Old.", "make it new", Mode.POLISHED)
    assert refined.text == "Old."
    assert refined.fallback is not None
    assert refined.fallback.reason is Reason.MANAGED
    assert (await cleanup.refine("Old.", "and new", Mode.RAW)).text == "Old. and new"


@pytest.mark.asyncio
async def test_a_place_has_its_say_in_any_mode() -> None:
    there = Behaviour(spoken_punctuation=False, newlines=Newlines.SPACE)
    for mode in Mode:
        assert "\n" not in (await clean("one\ntwo comma three", mode, "en", there)).text
    assert "comma" in (await clean("well comma yes", Mode.INSTANT, "en", there)).text


@pytest.mark.parametrize(
    ("most", "asked", "used"),
    [
        (Mode.INSTANT, Mode.POLISHED, Mode.INSTANT),
        (Mode.RAW, Mode.POLISHED, Mode.RAW),
        (Mode.RAW, Mode.INSTANT, Mode.RAW),
    ],
)
@pytest.mark.asyncio
async def test_nobody_gets_more_than_the_policy_allows(most: Mode, asked: Mode, used: Mode) -> None:
    cleanup = Cleanup(Targets(no_cloud(), Bus(), MemoryLog()), Metrics(), Vocabulary(MemoryVocabulary(), MemoryLog()))
    cleanup.most = most
    cleaned = await cleanup.clean("um hello", asked)
    assert cleaned.used is used
    assert cleaned.fallback is not None
    assert (cleaned.fallback.reason, asked.value in cleaned.fallback.message) == (Reason.MANAGED, True)
    allowed = await cleanup.clean("um hello", most)
    assert (allowed.used, allowed.fallback) == (most, None)


@pytest.mark.parametrize("repeats", [1, INLINE_CHARACTERS])
@pytest.mark.asyncio
async def test_the_terms_of_the_vocabulary_and_of_the_place_are_put_right(repeats: int) -> None:
    vocabulary = Vocabulary(MemoryVocabulary('{"term": "Parleq", "aliases": ["Parlek"]}\nMorrel\n'), MemoryLog())
    await vocabulary.start()
    cleanup = Cleanup(Targets(no_cloud(), Bus(), MemoryLog()), Metrics(), vocabulary)
    raw = "we use parlek on Kubectl " * repeats
    there = Behaviour(vocabulary=("kubectl",))
    assert (await cleanup.clean(raw, Mode.INSTANT, behaviour=there)).text.startswith("We use Parleq on kubectl")
    assert (await cleanup.clean(raw, Mode.INSTANT)).text.startswith("We use Parleq on Kubectl")
    assert (await cleanup.clean(raw, Mode.RAW, behaviour=there)).text == raw
    assert vocabulary.expected() == ("Parleq", "Morrel")  # it was heard under its alias, and counts as used
