from __future__ import annotations

import pytest

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

clean = Cleanup(Targets(no_cloud(), Bus(), MemoryLog()), Metrics(), Vocabulary(MemoryVocabulary(), MemoryLog())).clean


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
