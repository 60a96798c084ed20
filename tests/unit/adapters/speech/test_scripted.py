"""The scripted recogniser's levers, beyond the contract (``tests/contract/test_recogniser.py``)."""

from __future__ import annotations

import anyio
import pytest

from parleqd.adapters.speech.scripted import At, Life, ScriptedFactory, ScriptedRecogniser
from parleqd.core.speech import messages as m
from tests import clips

SECOND = m.Audio("u", clips.tone(1.0))


async def said(recogniser: ScriptedRecogniser) -> list[m.Event]:
    """What it has said until nothing more comes."""
    await anyio.wait_all_tasks_blocked()
    events: list[m.Event] = []
    while recogniser.answers.statistics().current_buffer_used:
        events.append(await recogniser.answers.receive())
    return events


def send(recogniser: ScriptedRecogniser, *commands: m.Command) -> None:
    for command in commands:
        recogniser.send(command)


def texts(events: list[m.Event]) -> list[tuple[float, float, str]]:
    return [(event.start, event.end, event.text) for event in events if isinstance(event, m.Segment)]


@pytest.mark.asyncio
async def test_what_is_said_belongs_to_utterances_in_the_order_of_their_beginning() -> None:
    async with ScriptedFactory(["one", "two"]).start() as it:
        send(it, m.Open("u"), m.Open("v"), SECOND, m.Audio("v", clips.tone(1.0)), m.Finish("v"), m.Finish("u"))
        assert texts(await said(it)) == [(0.0, 1.0, "two"), (0.0, 1.0, "one")]


@pytest.mark.asyncio
async def test_segments_are_committed_and_a_replay_goes_on_behind_them() -> None:
    factory = ScriptedFactory(["a b c d e"], commit_s=2.0)
    async with factory.start() as it:
        send(it, m.Open("u"), SECOND, SECOND, SECOND)
        assert texts(await said(it)) == [(0.0, 2.0, "a b")]
    async with factory.start() as it:
        send(it, m.Open("u", start=2.0), SECOND, SECOND, SECOND, m.Finish("u"))
        assert texts(await said(it)) == [(2.0, 4.0, "c d"), (4.0, 5.0, "e")]


@pytest.mark.asyncio
async def test_each_life_has_its_own_end() -> None:
    factory = ScriptedFactory(["text"], [Life(dies=At(m.Audio, 2)), Life(dies=At(m.Finish))])
    lives: list[list[m.Command]] = [[m.Open("u"), SECOND, SECOND], [m.Open("u"), m.Finish("u")]]
    for commands in lives:
        async with factory.start() as it:
            send(it, *commands)
            assert [event async for event in it.events() if isinstance(event, m.Segment | m.Final)] == []
    async with factory.start() as it:
        send(it, m.Open("u"), SECOND, m.Finish("u"))
        assert texts(await said(it)) == [(0.0, 1.0, "text")]
    assert len(factory.started) == 3


@pytest.mark.asyncio
async def test_hanging_it_answers_no_pings_and_can_be_killed() -> None:
    async with ScriptedFactory(["text"], [Life(hangs=At(m.Finish))]).start() as it:
        send(it, m.Open("u"), SECOND, m.Ping(1), m.Finish("u"))
        assert m.Pong(1, 0.0) in await said(it)
        send(it, m.Ping(2))
        assert await said(it) == []
        it.kill()
        assert [event async for event in it.events()] == []


@pytest.mark.asyncio
async def test_behind_a_gate_it_is_still_alive() -> None:
    gate = anyio.Event()
    async with ScriptedFactory(["text"], [Life(gate=gate)]).start() as it:
        send(it, m.Open("u"), SECOND, m.Finish("u"))
        assert (await said(it))[-1] == m.Working("u")
        send(it, m.Ping(1))
        assert await said(it) == [m.Pong(1, 0.0)]
        gate.set()
        assert texts(await said(it)) == [(0.0, 1.0, "text")]


@pytest.mark.asyncio
async def test_an_utterance_fails_and_the_next_does_not() -> None:
    async with ScriptedFactory(["one", "two"], [Life(fails=At(m.Finish))]).start() as it:
        send(it, m.Open("u"), SECOND, m.Finish("u"))
        assert m.Failed("u", "the script says so") in await said(it)
        send(it, m.Open("v"), m.Audio("v", clips.tone(1.0)), m.Finish("v"))
        assert texts(await said(it)) == [(0.0, 1.0, "two")]


@pytest.mark.asyncio
async def test_a_model_that_cannot_be_loaded_ends_it() -> None:
    failed = m.LoadFailed(missing=True, message="there is no model folder")
    async with ScriptedFactory(lives=[Life(load_failed=failed)]).start() as it:
        send(it, m.Load("none", "/nowhere"))
        assert [event async for event in it.events()] == [failed]


@pytest.mark.asyncio
async def test_tests_can_see_what_it_was_told() -> None:
    async with ScriptedFactory().start() as it:
        send(it, m.Ping(1), m.Open("u"))
        assert it.received == [m.Ping(1), m.Open("u")]
