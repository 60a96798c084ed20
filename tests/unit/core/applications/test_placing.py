from __future__ import annotations

import msgspec
import pytest

from parleqd.core.applications.placing import Asked, completed, placed
from parleqd.core.settings import AppRule, Cleanup, Settings
from parleqd.protocol.messages import SessionContext
from parleqd.protocol.names import Mode
from tests.fakes.dictations import spec

DIARY = SessionContext(app="diary", title="my-canary-title")
SETTINGS = Settings(
    cleanup=Cleanup(mode=Mode.POLISHED), apps=(AppRule(app=("diary",), mode=Mode.RAW, final_mark=False),)
)


def test_a_spec_is_as_its_place_wants_it() -> None:
    found = placed(spec(), Asked(None, DIARY), SETTINGS)
    assert (found.mode, found.behaviour.final_mark) == (Mode.RAW, False)
    assert placed(spec(), Asked(), SETTINGS).mode is Mode.POLISHED


def test_a_mode_that_was_asked_for_stands() -> None:
    found = placed(spec(), Asked(Mode.INSTANT, DIARY), SETTINGS)
    assert (found.mode, found.behaviour.final_mark) == (Mode.INSTANT, False)


@pytest.mark.parametrize(("place", "mode"), [(DIARY, Mode.RAW), (SessionContext(), Mode.POLISHED)])
def test_a_refinement_goes_by_its_own_mode(place: SessionContext, mode: Mode) -> None:
    settings = msgspec.structs.replace(SETTINGS, cleanup=Cleanup(mode=Mode.INSTANT))
    assert placed(spec(baseline="A text."), Asked(None, place), settings).mode is mode


def test_the_place_is_nowhere_in_the_spec() -> None:
    assert b"canary" not in msgspec.json.encode(placed(spec(), Asked(None, DIARY), SETTINGS))


def test_what_the_inserting_client_knows_goes_first() -> None:
    asked = completed(Asked(Mode.RAW, SessionContext(app="a", language="de")), SessionContext(app="b", title="t"))
    assert asked == Asked(Mode.RAW, SessionContext(app="b", title="t", language="de"))
