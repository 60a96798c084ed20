from __future__ import annotations

import msgspec
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import RefusedError
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Cleaned, Outcome
from parleqd.core.session.states import Delivering, Offer
from parleqd.core.text import instant
from parleqd.engine.history import Entry
from parleqd.engine.live import LiveSession
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import (
    HISTORY_CLEAR,
    HISTORY_LAST,
    HISTORY_LIST,
    HISTORY_SEARCH,
    HISTORY_SHOW,
    HISTORY_UNDO,
    SESSION_CANCEL,
)
from parleqd.protocol.names import ErrorCode, Mode, Reason
from parleqd.rpc.handlers.history import LIST_CHARACTERS
from tests.fakes.dictations import outcome, spec
from tests.fakes.engine import Engine, ask, running_engine


def told(engine: Engine, number: int, text: str, pending: bool = False) -> None:
    """A dictation in the history; ``pending``: it also still waits."""
    one = spec(id=f"s{number}", number=number)
    engine.services.records.history.record(Entry(one, outcome(text)))
    if pending:
        machine = Session(one)
        machine.state = Delivering(outcome(text), Offer.READY)
        engine.sessions.driver.add(LiveSession(machine, engine.sessions._journal.open(one.id)))


def ids(result: dict[str, list[dict[str, object]]]) -> list[object]:
    return [entry["session_id"] for entry in result["entries"]]


@pytest.mark.asyncio
async def test_the_newest_come_first_with_what_became_of_them() -> None:
    async with running_engine() as engine:
        told(engine, 1, "One.")
        told(engine, 2, "Two.", pending=True)
        listed = await ask(engine, HISTORY_LIST)
        assert ids(listed) == ["s2", "s1"]
        assert [entry["delivery"] for entry in listed["entries"]] == ["pending", "delivered"]
        assert listed["entries"][1]["result"]["text"] == "One."
        assert ids(await ask(engine, HISTORY_LIST, limit=1)) == ["s2"]


@pytest.mark.asyncio
async def test_a_dictation_that_was_cancelled_instead_of_fetched_says_so() -> None:
    async with running_engine() as engine:
        told(engine, 1, "One.", pending=True)
        await ask(engine, SESSION_CANCEL, session_id="s1")
        assert (await ask(engine, HISTORY_SHOW, session_id="s1"))["delivery"] == "cancelled"


@pytest.mark.parametrize("limit", [0, -1, 10_001, "all"])
@pytest.mark.asyncio
async def test_a_bad_limit_is_a_bad_parameter(limit: object) -> None:
    async with running_engine() as engine:
        with pytest.raises(RpcError) as raised:
            await ask(engine, HISTORY_LIST, limit=limit)
        assert raised.value.code == ErrorCode.INVALID_PARAMS


@pytest.mark.asyncio
async def test_a_list_fits_into_one_message() -> None:
    async with running_engine() as engine:
        for number in range(1, 5):
            told(engine, number, "x" * (LIST_CHARACTERS // 6))  # raw, cleaned and Instant: two fit
        assert ids(await ask(engine, HISTORY_LIST)) == ["s4", "s3"]
        told(engine, 5, "y" * LIST_CHARACTERS)
        assert ids(await ask(engine, HISTORY_LIST)) == ["s5"]
        assert ids(await ask(engine, HISTORY_SEARCH, words="y")) == ["s5"]


@pytest.mark.asyncio
async def test_words_are_searched_for() -> None:
    async with running_engine() as engine:
        told(engine, 1, "One fox.")
        told(engine, 2, "Two foxes.")
        assert ids(await ask(engine, HISTORY_SEARCH, words="FOX two")) == ["s2"]
        assert ids(await ask(engine, HISTORY_SEARCH, words="hare")) == []
        assert ids(await ask(engine, HISTORY_SEARCH, words="fox", limit=1)) == ["s2"]


@pytest.mark.asyncio
async def test_one_dictation_is_shown() -> None:
    async with running_engine() as engine:
        told(engine, 1, "One.")
        assert (await ask(engine, HISTORY_SHOW, session_id="s1"))["result"]["text"] == "One."
        with pytest.raises(RefusedError) as raised:
            await ask(engine, HISTORY_SHOW, session_id="s9")
        assert raised.value.reason is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_the_last_is_the_latest_started_kept_or_waiting() -> None:
    async with running_engine() as engine:
        with pytest.raises(RefusedError) as raised:
            await ask(engine, HISTORY_LAST)
        assert raised.value.reason is Reason.UNKNOWN_SESSION
        told(engine, 1, "One.", pending=True)
        told(engine, 2, "Two.")
        assert (await ask(engine, HISTORY_LAST))["session_id"] == "s2"


@pytest.mark.asyncio
async def test_what_waits_can_be_read_where_nothing_is_kept() -> None:
    async with running_engine("[history]\nkeep = 0\n") as engine:
        told(engine, 1, "One.", pending=True)
        last = await ask(engine, HISTORY_LAST)
        assert (last["delivery"], last["result"]["text"]) == ("pending", "One.")
        assert ids(await ask(engine, HISTORY_LIST)) == []


@pytest.mark.asyncio
async def test_clearing_forgets_texts_and_audio_but_nothing_that_somebody_waits_for() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        told(engine, 1, "One.")
        told(engine, 2, "Two.", pending=True)
        engine.services.records.recovery.keep(spec(), MemoryJournal().open("s"))
        assert await ask(engine, HISTORY_CLEAR) == {"cleared": 2}
        assert ids(await ask(engine, HISTORY_LIST)) == []
        with pytest.raises(RefusedError):
            engine.services.records.recovery.last()
        assert (await ask(engine, HISTORY_LAST))["session_id"] == "s2"


def cleaned(engine: Engine, raw: str = "um hello there um") -> Outcome:
    """A dictation in the history that was cleaned on the device."""
    done = instant.clean(raw)
    made = msgspec.structs.replace(outcome(done.text, raw), cleaned=Cleaned(done.text, Mode.INSTANT, tuple(done.edits)))
    engine.services.records.history.record(Entry(spec(id="s1"), made))
    return made


@pytest.mark.asyncio
async def test_an_entry_has_all_its_texts() -> None:
    async with running_engine() as engine:
        made = cleaned(engine)
        entry = await ask(engine, HISTORY_SHOW, session_id="s1")
        assert entry["texts"] == {"raw": "um hello there um", "instant": made.cleaned.text, "polished": None}
        assert entry["result"]["baseline"] is None


@pytest.mark.asyncio
async def test_edits_are_taken_back_by_number_and_the_entry_stays() -> None:
    async with running_engine() as engine:
        made = cleaned(engine)
        count = len(made.cleaned.edits)
        nothing = await ask(engine, HISTORY_UNDO, session_id="s1", edits=[])
        assert (nothing["text"], len(nothing["edits"])) == (made.cleaned.text, count)
        everything = await ask(engine, HISTORY_UNDO, session_id="s1", edits=list(range(1, count + 1)))
        assert everything == {"text": "um hello there um", "edits": []}
        first = await ask(engine, HISTORY_UNDO, session_id="s1", edits=[1])
        assert len(first["edits"]) < count
        assert (await ask(engine, HISTORY_SHOW, session_id="s1"))["result"]["text"] == made.cleaned.text


@pytest.mark.asyncio
async def test_edits_that_are_not_there_are_told() -> None:
    async with running_engine() as engine:
        told(engine, 1, "One.")
        with pytest.raises(RefusedError) as refused:
            await ask(engine, HISTORY_UNDO, session_id="s1", edits=[1])
        assert refused.value.reason is Reason.UNKNOWN_EDIT
        with pytest.raises(RefusedError) as refused:
            await ask(engine, HISTORY_UNDO, session_id="s2", edits=[1])
        assert refused.value.reason is Reason.UNKNOWN_SESSION
        for edits in ([0], [-1], ["x"], 1, None):
            with pytest.raises(RpcError) as raised:
                await ask(engine, HISTORY_UNDO, session_id="s1", edits=edits)
            assert raised.value.code == ErrorCode.INVALID_PARAMS


@pytest.mark.asyncio
async def test_a_text_that_waits_can_be_had_without_its_edits_though_nothing_is_kept() -> None:
    async with running_engine("[history]\nkeep = 0\n") as engine:
        await engine.dictated("um hello there", id="s1")
        live = engine.sessions.pending()[0]
        entry = await ask(engine, HISTORY_LAST)
        assert entry["texts"]["raw"] == "um hello there"
        count = len(entry["result"]["edits"])
        undone = await ask(engine, HISTORY_UNDO, session_id=live.id, edits=list(range(1, count + 1)))
        assert undone["text"] == "um hello there"
