"""What the daemon cannot be made to do in tests/integration/test_hotkey.py, where dictating is tried as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleq_hotkey.dictating import Dictating
from parleq_hotkey.gesture import Gestures, Intent
from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import KeyAction, KeyEvent, ReadyText, Role, Window
from parleq_hotkey.settings import HotkeySettings, InsertionSettings
from tests.fakes.daemon import FakeDaemon, Object, Peer, Refusal, Reply
from tests.fakes.desktop import Desktop, FakeInserter
from tests.fakes.hotkey import FakeFeedback, linked

PRESS = KeyEvent(Role.DICTATE, KeyAction.PRESSED, 0.0)


class Made:
    def __init__(self, daemon: FakeDaemon, dictating: Dictating, feedback: FakeFeedback) -> None:
        self.daemon = daemon
        self.dictating = dictating
        self.feedback = feedback
        self.cancellable: list[bool] = []

    def press(self) -> None:
        for intent in self.dictating.gestures.handle(PRESS, 0.0):
            self.dictating.do(intent)

    def state(self, phase: str, **more: object) -> None:
        note: Object = {"session_id": "s1", "phase": phase, "source": "microphone", "deliver": "insert"}
        self.dictating.told("session/state", note | more)


@asynccontextmanager
async def dictating(**replies: Reply) -> AsyncIterator[Made]:
    named = {name.replace("_", "/"): reply for name, reply in replies.items()}
    async with linked(named) as (daemon, link), anyio.create_task_group() as tasks:
        world, placing, feedback = Desktop(), Placing(InsertionSettings()), FakeFeedback()
        world.program("editor")
        placing.inserter = FakeInserter(world)
        cancellable: list[bool] = []
        made = Made(
            daemon,
            Dictating(tasks, link, Gestures(HotkeySettings()), placing, feedback, cancellable.append),
            feedback,
        )
        made.cancellable = cancellable
        yield made
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_release_before_the_daemon_has_answered_is_told_as_soon_as_it_has() -> None:
    answer = anyio.Event()

    async def slow(_: Peer, __: Object) -> Object:
        await answer.wait()
        return {"session_id": "s1"}

    async with dictating(session_start=slow) as made:
        made.press()
        await made.daemon.until_asked("session/start")
        made.dictating.do(Intent.STOP)
        made.state("recording")
        answer.set()
        await made.daemon.until_asked("session/stop")
        assert made.daemon.asked("session/stop") == [{"session_id": "s1"}]
        (asked,) = made.daemon.asked("session/start")
        assert asked.pop("pressed_ms") >= 0
        assert asked == {"source": "microphone", "deliver": "insert", "on_disconnect": "stop"}


@pytest.mark.asyncio
@pytest.mark.parametrize(("ending", "told"), [(Intent.STOP, "nothing_said"), (Intent.DROP, "dropped")])
async def test_a_hold_that_was_over_before_it_began_is_told_as_such(ending: Intent, told: str) -> None:
    async with dictating() as made:
        made.press()
        made.dictating.do(ending)
        await made.feedback.until(told)
        assert made.daemon.asked("session/start") == []
        assert made.cancellable == [True, False]


@pytest.mark.asyncio
async def test_a_change_that_was_over_before_it_began_leaves_its_text_in_review() -> None:
    async with dictating() as made:
        made.dictating.reviewing.hold("s0", ReadyText("text"), Window("editor"))
        await made.feedback.until("review")
        made.dictating.do(Intent.REFINE)
        made.dictating.do(Intent.HELD)
        made.dictating.do(Intent.STOP)
        await made.feedback.until("review")
        made.dictating.do(Intent.ACCEPT)
        await made.feedback.until("inserted")


@pytest.mark.asyncio
async def test_what_is_told_before_the_name_is_known_is_not_lost() -> None:
    async def early(peer: Peer, _: Object) -> Object:
        note = {"session_id": "s1", "phase": "recording", "source": "microphone", "deliver": "insert"}
        made.dictating.told("session/state", note)
        return {"session_id": "s1"}

    async with dictating(session_start=early) as made:
        made.press()
        await made.feedback.until("recording", False)


@pytest.mark.asyncio
async def test_what_becomes_of_a_dictation_does_not_end_what_the_next_shows() -> None:
    names = iter(["s1", "s2"])

    async def start(_: Peer, __: Object) -> Object:
        return {"session_id": next(names)}

    async with dictating(session_start=start) as made:
        for name in ("s1", "s2"):
            made.dictating.do(Intent.START)
            await made.daemon.until_asked("session/start", int(name[1]))
            await anyio.wait_all_tasks_blocked()
            made.state("recording", session_id=name)
            await made.feedback.until("recording")
            if name == "s1":
                made.dictating.do(Intent.STOP)
        made.state("cleaning", session_id="s1")
        await made.dictating.inserting.asked("text/insert", {"session_id": "s1", "text": "Hello."})
        assert made.feedback.names() == []
        made.dictating.do(Intent.STOP)
        made.state("transcribing", session_id="s2")
        assert made.feedback.names() == ["working"]


@pytest.mark.asyncio
async def test_a_refusal_is_told_and_frees_the_key() -> None:
    async with dictating(session_start=Refusal("microphone_busy", "busy", "wait")) as made:
        made.press()
        assert await made.feedback.until("failed") == ("microphone_busy", "busy", "wait")
        assert not made.dictating.gestures.recording
        assert made.cancellable == [True, False]


@pytest.mark.asyncio
async def test_an_accident_is_no_capture_and_a_cancelled_one_is() -> None:
    async with dictating() as made:
        for intent in (Intent.DROP, Intent.CANCEL):
            made.press()
            await made.daemon.until_asked("session/start")
            await anyio.wait_all_tasks_blocked()
            made.dictating.do(intent)
            made.state("ended", end="cancelled")
        await made.daemon.until_asked("session/cancel", 2)
        assert made.daemon.asked("session/cancel") == [{"session_id": "s1", "keep": False}, {"session_id": "s1"}]
        assert [name for name in made.feedback.names() if name != "before_recording"] == ["dropped", "cancelled"]


@pytest.mark.asyncio
async def test_a_dictation_that_fails_is_told_with_what_was_in_the_way() -> None:
    async with dictating(session_result=Refusal("no_microphone", "there is none", "plug one in")) as made:
        made.press()
        await made.daemon.until_asked("session/start")
        await anyio.wait_all_tasks_blocked()
        made.state("ended", end="failed", reason="no_microphone")
        assert await made.feedback.until("failed") == ("no_microphone", "there is none", "plug one in")


@pytest.mark.asyncio
async def test_notices_are_passed_on_but_for_what_was_told_already() -> None:
    async with dictating() as made:
        made.dictating.told("daemon/notice", {"reason": "no_insert_client", "message": "m", "hint": "h"})
        made.dictating.told("daemon/notice", {"reason": "dead_input", "message": "m", "hint": "h"})
        assert made.feedback.moments == [("problem", ("dead_input", "m", "h"))]


@pytest.mark.asyncio
async def test_a_connection_that_ends_in_a_dictation_is_told_once() -> None:
    async with dictating() as made:
        assert not made.dictating.disconnected()
        made.press()
        await made.daemon.until_asked("session/start")
        await anyio.wait_all_tasks_blocked()
        assert made.dictating.disconnected()
        await made.feedback.until("failed", "daemon_unreachable")
        assert not made.dictating.gestures.recording
        assert not made.dictating.disconnected()


@pytest.mark.asyncio
async def test_nothing_to_undo_is_told() -> None:
    async with dictating() as made:
        made.dictating.do(Intent.UNDO)
        await made.feedback.until("problem", "no_insertion")
