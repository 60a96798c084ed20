from __future__ import annotations

import msgspec

from parleqd.core.session.outcome import Cleaned
from parleqd.protocol.names import Mode
from tests.fakes.dictations import heard, outcome


def test_a_text_is_news_and_silence_is_not() -> None:
    assert outcome("Hello.").news
    assert not outcome("", raw="um").news
    assert not outcome("").news


def test_a_refinement_is_news_when_something_was_said() -> None:
    refined = msgspec.structs.replace(outcome("New.", raw="make it new"), baseline="Old.")
    assert refined.news
    failed = msgspec.structs.replace(refined, cleaned=Cleaned("Old.", Mode.RAW))
    assert failed.news
    assert not msgspec.structs.replace(failed, heard=heard("")).news
