from __future__ import annotations

import os
import signal

import anyio
import pytest

from parleqctl.recording import uninterrupted
from tests.fakes.command_line import parleqctl_at, parleqctl_process
from tests.fakes.daemon import FakeDaemon, Object, Peer, Refusal, never, running_daemon

OTHERS = {"session_id": "other"}


def state(phase: str, deliver: str = "insert", **more: str) -> Object:
    return {"session_id": "s1", "phase": phase, "source": "microphone", "deliver": deliver, **more}


async def tell(peer: Peer, *notes: Object) -> None:
    """Sends notes: a phase, a notice (``reason``), or the final one."""
    for note in notes:
        if "phase" in note:
            await peer.notify("session/state", note)
        elif "verdict" in note:
            await peer.notify("session/final", note)
        else:
            await peer.notify("daemon/notice", note)


class Microphone:
    """A daemon's side of a microphone session that goes as a test has it."""

    def __init__(self, *after_stop: Object) -> None:
        self.after_stop = after_stop

    async def stop(self, peer: Peer, params: Object) -> Object:
        await tell(peer, state("ended", end="failed") | OTHERS, *self.after_stop)
        return {"session_id": "s1"}

    async def start(self, peer: Peer, params: Object) -> Object:
        await tell(peer, state("recording") | OTHERS, state("recording"))
        return {"session_id": "s1"}


# Beginning


@pytest.mark.asyncio
async def test_beginning_waits_for_the_first_frame_of_its_own_session() -> None:
    gate = anyio.Event()

    async def start(peer: Peer, params: Object) -> Object:
        await tell(peer, state("recording") | OTHERS)
        tasks.start_soon(later, peer)
        return {"session_id": "s1"}

    async def later(peer: Peer) -> None:
        await gate.wait()
        await tell(peer, state("recording"))

    async def run(daemon: FakeDaemon) -> None:
        outcome = await parleqctl_at(daemon, "start", "--mode", "raw", "--json")
        assert gate.is_set()
        assert (outcome.code, outcome.json, outcome.err) == (0, [{"session_id": "s1"}], "")

    async with running_daemon({"session/start": start}) as daemon, anyio.create_task_group() as tasks:
        tasks.start_soon(run, daemon)
        await daemon.until_asked("session/start")
        gate.set()
    assert daemon.asked("session/start") == [
        {
            "source": "microphone",
            "deliver": "insert",
            "mode": "raw",
            "on_disconnect": "continue",
        }
    ]


@pytest.mark.asyncio
async def test_a_microphone_that_never_hears_anything_gives_its_reason() -> None:
    async def start(peer: Peer, params: Object) -> Object:
        await tell(peer, state("ended", end="failed", reason="no_microphone"))
        return {"session_id": "s1"}

    why = Refusal("no_microphone", "the system has no microphone", "plug one in")
    async with running_daemon({"session/start": start, "session/result": why}) as daemon:
        outcome = await parleqctl_at(daemon, "start", "--json")
    assert (outcome.code, outcome.reason) == (4, "no_microphone")
    assert "plug one in" in outcome.err


@pytest.mark.asyncio
async def test_an_interrupt_before_the_first_frame_gives_the_dictation_up() -> None:
    command, variables = parleqctl_process()
    async with running_daemon() as daemon:
        environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
        async with await anyio.open_process([*command, "start"], env=environment) as process:
            await daemon.until_asked("session/start")
            process.send_signal(signal.SIGINT)
            assert await process.wait() == 130
    assert daemon.asked("session/cancel") == [{"session_id": "s1"}]


# Ending


@pytest.mark.asyncio
async def test_the_end_is_waited_for_and_the_text_is_taken_by_nobody_here() -> None:
    microphone = Microphone(
        state("transcribing"), state("delivering"), {"session_id": "s1", "verdict": "speech"},
        {"session_id": "s1", "reason": "device_changed", "message": "it went on with Headset", "hint": ""},
        {"session_id": None, "reason": "no_insert_client", "message": "not ours"},
        state("ended", end="delivered"),
    )  # fmt: skip
    async with running_daemon({"session/stop": microphone.stop}) as daemon:
        text = await parleqctl_at(daemon, "stop")
        json = await parleqctl_at(daemon, "stop", "--json")
    warning = "parleqctl: warning: it went on with Headset [device_changed]\n"
    assert (text.code, text.out, text.err) == (0, "", warning)
    assert (json.code, json.json) == (0, [{"session_id": "s1", "end": "delivered"}])
    assert [method for method, _ in daemon.received[:4]] == [
        "initialize",
        "initialized",
        "events/subscribe",  # before the end can come
        "session/stop",
    ]
    assert daemon.asked("session/result") == []


@pytest.mark.parametrize(
    ("notes", "code", "told"),
    [
        ([state("ended", end="nothing_said")], 5, "nothing was said"),
        ([state("ended", end="cancelled", reason="cancelled")], 4, "[cancelled]"),
        ([state("ended", end="failed", reason="worker_failed")], 4, "[worker_failed]"),
        (
            [{"session_id": "s1", "reason": "no_insert_client", "message": "it is kept", "hint": "see `last`"}],
            4,
            "it is kept [no_insert_client]\n  hint: see `last`",
        ),
        ([{"session_id": "s1", "reason": "timeout", "message": "nobody knows", "hint": ""}], 4, "parleqctl last"),
        (
            [state("transcribing", "return"), {"session_id": "s1", "verdict": "speech"}],
            0,
            "for the program that began the dictation",
        ),
    ],
)
@pytest.mark.asyncio
async def test_every_way_in_which_it_ends_has_its_code_and_word(notes: list[Object], code: int, told: str) -> None:
    async with running_daemon({"session/stop": Microphone(*notes).stop}) as daemon:
        outcome = await parleqctl_at(daemon, "stop")
        assert outcome.code == code
        assert told in outcome.err
        assert outcome.out == ""
        as_json = await parleqctl_at(daemon, "stop", "--json")
        assert as_json.code == code
        assert ("error" in as_json.json[0]) is (code == 4)


@pytest.mark.parametrize("arguments", [["stop"], ["stop", "--print"], ["stop", "--no-wait"]])
@pytest.mark.asyncio
async def test_when_nothing_records_it_says_how_to_begin(arguments: list[str]) -> None:
    refusal = Refusal("unknown_session", "the microphone is not recording")
    async with running_daemon({"session/stop": refusal}) as daemon:
        outcome = await parleqctl_at(daemon, *arguments)
    assert outcome.code == 4
    assert "the microphone is not recording [unknown_session]" in outcome.err
    assert "parleqctl start" in outcome.err


@pytest.mark.asyncio
async def test_an_interrupt_while_the_text_is_awaited_leaves_it_pending() -> None:
    command, variables = parleqctl_process()
    async with running_daemon({"session/result": never}) as daemon:
        environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
        async with await anyio.open_process([*command, "stop", "--print"], env=environment) as process:
            await daemon.until_asked("session/result")
            process.send_signal(signal.SIGINT)
            assert await process.wait() == 130
            assert process.stderr is not None
            assert b"stays pending" in await process.stderr.receive()
    assert daemon.asked("session/cancel") == []


def test_an_interrupt_waits_for_the_end_of_a_request() -> None:
    done = False
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the point is where it is raised
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done = True
    assert done
