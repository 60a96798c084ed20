"""The hotkey client at a daemon in this process, over the real socket; desktop, microphone and speech are fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleq_hotkey.ports import DesktopError, Role
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from parleqd.protocol.names import Reason, ReceiptStatus
from tests.fakes.command_line import parleqctl_at
from tests.fakes.engine import SECOND
from tests.fakes.hotkey import FakeDesktop, Hotkey, running_hotkey
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import Daemon, running_daemon

TEXT = instant.clean("hello there").text


@asynccontextmanager
async def dictating(
    *texts: str, config: str = "", watched: bool = True
) -> AsyncIterator[tuple[Daemon, FakeMicrophone, Hotkey]]:
    """A daemon that hears two seconds at once, and a hotkey client; the microphone must be closed in the end."""
    microphone = FakeMicrophone(SECOND, SECOND)
    recognisers = ScriptedFactory(texts or ["hello there"])
    async with running_daemon(config, microphone=microphone, recognisers=recognisers) as daemon:
        async with running_hotkey(str(daemon.path), watched=watched) as hotkey:
            yield daemon, microphone, hotkey
        await microphone.until_closed()


async def pending(daemon: Daemon) -> list[str]:
    async with daemon.client("looker") as client:
        return [one["state"] for one in (await client.call("session/pending", all=True))["sessions"]]


async def dictate_and_leave(hotkey: Hotkey) -> None:
    """A text whose window has lost the focus by the time it is there."""
    hotkey.press()
    await hotkey.feedback.until("recording")
    hotkey.desktop.world.program("browser")
    hotkey.release()
    await hotkey.feedback.until("waits")


async def hold(hotkey: Hotkey) -> None:
    hotkey.press()
    await hotkey.feedback.until("recording")
    hotkey.release()


@pytest.mark.asyncio
async def test_what_is_said_while_the_key_is_held_is_inserted_once_into_the_window_of_the_press() -> None:
    async with dictating() as (daemon, microphone, hotkey):
        editor = hotkey.desktop.world.focus
        hotkey.press()
        await hotkey.feedback.until("recording", False)
        assert microphone.open == 1
        hotkey.release()
        await hotkey.feedback.until("inserted")
        assert hotkey.desktop.inserts.inserted == [(TEXT, editor)]
        await hotkey.until(lambda: not daemon.engine.sessions.busy())
        assert await pending(daemon) == []
        assert "inserted" not in hotkey.feedback.names()


@pytest.mark.asyncio
async def test_a_text_whose_window_has_lost_the_focus_waits_told_once_and_last_has_it() -> None:
    async with dictating() as (daemon, _, hotkey):
        hotkey.press()
        await hotkey.feedback.until("recording")
        hotkey.desktop.world.program("browser")
        hotkey.release()
        (receipt,) = await hotkey.feedback.until("waits")
        assert getattr(receipt, "status", None) is ReceiptStatus.FAILED
        assert hotkey.inserted == []
        assert await pending(daemon) == ["ready"]
        assert TEXT in (await parleqctl_at(daemon, "last")).out
        assert not {"waits", "problem", "inserted"} & set(hotkey.feedback.names())


@pytest.mark.asyncio
async def test_what_waits_is_inserted_where_the_focus_is_when_the_offer_key_is_pressed() -> None:
    async with dictating("hello there", "second one") as (daemon, _, hotkey):
        await dictate_and_leave(hotkey)
        hotkey.tap(Role.OFFER)
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == [TEXT]
        assert hotkey.desktop.inserts.inserted[0][1] is None
        hotkey.tap(Role.OFFER)
        assert await pending(daemon) == []
        await hold(hotkey)
        await hotkey.feedback.until("inserted")
        assert len(hotkey.inserted) == 2


@pytest.mark.asyncio
async def test_what_waits_has_the_blank_of_the_settings_when_it_is_inserted() -> None:
    async with dictating(config="[insertion]\ntrailing_space = true") as (_, _, hotkey):
        await dictate_and_leave(hotkey)
        hotkey.tap(Role.OFFER)
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == [f"{TEXT} "]


@pytest.mark.asyncio
async def test_what_an_earlier_client_left_is_inserted_by_the_next_when_asked_for() -> None:
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(["hello there"])) as daemon:
        async with running_hotkey(str(daemon.path)) as first:
            await dictate_and_leave(first)
            first.desktop.world.focus_on(None)
            first.tap(Role.OFFER)  # taken over by the first client, and still not placed
            await first.feedback.until("waits")
            await first.until(lambda: not daemon.engine.sessions.busy())
        async with running_hotkey(str(daemon.path)) as second:
            second.tap(Role.OFFER)
            await second.feedback.until("inserted")
            assert second.inserted == [TEXT]
        assert await pending(daemon) == []


@pytest.mark.asyncio
async def test_a_text_may_wait_for_its_own_window() -> None:
    async with dictating(config='[insertion]\nmissed = "next-focus"') as (daemon, _, hotkey):
        editor = hotkey.desktop.world.focus
        await dictate_and_leave(hotkey)
        hotkey.desktop.world.focus_on(editor)
        await hotkey.feedback.until("inserted")
        assert hotkey.desktop.inserts.inserted == [(TEXT, editor)]
        assert await pending(daemon) == []


@pytest.mark.asyncio
async def test_a_live_target_is_whichever_window_has_the_focus() -> None:
    async with dictating(config='[insertion]\ntarget = "live"') as (_, _, hotkey):
        hotkey.press()
        await hotkey.feedback.until("recording")
        hotkey.desktop.world.program("browser")
        hotkey.release()
        await hotkey.feedback.until("inserted")
        assert hotkey.desktop.inserts.inserted == [(TEXT, None)]


@pytest.mark.asyncio
async def test_the_daemon_knows_the_window_of_the_press_before_it_cleans() -> None:
    rule = '[[app]]\nwindow_class = "Entry"\nmode = "raw"\n'
    async with dictating("um hello there", config=rule) as (_, _, hotkey):
        await hold(hotkey)
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == ["um hello there"]


@pytest.mark.asyncio
async def test_one_tap_is_an_accident_and_does_not_cost_the_last_capture() -> None:
    async with dictating("hello there", "an accident", "hello there") as (daemon, microphone, hotkey):
        await hold(hotkey)
        await hotkey.feedback.until("inserted")
        hotkey.press()
        await hotkey.feedback.until("recording")
        hotkey.release(after=0.1)
        await hotkey.feedback.until("dropped")
        await microphone.until_closed()
        assert "cancelled" not in hotkey.feedback.names()
        recovered = (await parleqctl_at(daemon, "recover", "--json")).json[0]
        assert recovered["raw"] == "hello there"
        assert recovered["audio_seconds"] == 2.0


@pytest.mark.asyncio
async def test_two_taps_dictate_hands_free_until_the_next() -> None:
    async with dictating() as (_, microphone, hotkey):
        hotkey.tap(ago=0.8)
        hotkey.tap(ago=0.6)
        await hotkey.feedback.until("recording", True)
        assert microphone.open == 1
        hotkey.tap()
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == [TEXT]


@pytest.mark.asyncio
async def test_the_cancel_key_gives_the_recording_up_and_recover_has_it() -> None:
    async with dictating("cut off", "hello there") as (daemon, microphone, hotkey):
        assert hotkey.keys.cancel_wanted is False
        hotkey.press()
        await hotkey.feedback.until("recording")
        await hotkey.until(lambda: hotkey.keys.cancel_wanted)
        hotkey.tap(Role.CANCEL)
        await hotkey.feedback.until("cancelled")
        await microphone.until_closed()
        await hotkey.until(lambda: not hotkey.keys.cancel_wanted)
        hotkey.release()
        assert (await parleqctl_at(daemon, "recover")).out.strip() == TEXT
        assert hotkey.inserted == []


REVIEW = "[insertion]\nreview = true"


@pytest.mark.asyncio
async def test_a_text_in_review_is_inserted_by_a_tap() -> None:
    async with dictating("um hello there", config=REVIEW) as (daemon, microphone, hotkey):
        await hold(hotkey)
        (ready,) = await hotkey.feedback.until("review")
        assert getattr(ready, "text", "") == instant.clean("um hello there").text
        assert getattr(ready, "raw", "") == "um hello there"
        assert getattr(ready, "edits", ())
        assert hotkey.inserted == []
        assert await pending(daemon) == ["maybe_delivered"]
        hotkey.tap()
        await hotkey.feedback.until("inserted")
        assert len(hotkey.inserted) == 1
        await microphone.until_closed()
        await hotkey.until(lambda: not daemon.engine.sessions.busy())
        assert await pending(daemon) == []


@pytest.mark.asyncio
async def test_a_text_in_review_is_changed_by_voice_and_then_inserted() -> None:
    async with dictating("hello there", "scratch that", config=REVIEW) as (daemon, _, hotkey):
        await hold(hotkey)
        await hotkey.feedback.until("review")
        await hold(hotkey)
        (ready,) = await hotkey.feedback.until("review")
        hotkey.tap()
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == [getattr(ready, "text", "")]
        await hotkey.until(lambda: not daemon.engine.sessions.busy())
        assert await pending(daemon) == []


@pytest.mark.asyncio
async def test_a_text_in_review_may_be_given_up_and_history_has_it() -> None:
    async with dictating(config=REVIEW) as (daemon, _, hotkey):
        await hold(hotkey)
        await hotkey.feedback.until("review")
        hotkey.tap(Role.CANCEL)
        await hotkey.feedback.until("cancelled")
        await hotkey.until(lambda: not daemon.engine.sessions.busy())
        assert await pending(daemon) == []
        assert TEXT in (await parleqctl_at(daemon, "last")).out
        assert hotkey.inserted == []


@pytest.mark.asyncio
async def test_a_text_in_review_is_left_pending_when_the_client_ends() -> None:
    microphone = FakeMicrophone(SECOND, SECOND)
    recognisers = ScriptedFactory(["hello there"])
    async with running_daemon(REVIEW, microphone=microphone, recognisers=recognisers) as daemon:
        async with running_hotkey(str(daemon.path)) as hotkey:
            await hold(hotkey)
            await hotkey.feedback.until("review")
        assert await pending(daemon) == ["ready"]


@pytest.mark.asyncio
async def test_a_tap_and_a_hold_insert_without_review() -> None:
    async with dictating(config=REVIEW) as (_, _, hotkey):
        hotkey.tap(ago=1.0)
        hotkey.press(ago=0.8)
        await hotkey.feedback.until("recording")
        hotkey.release()
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == [TEXT]


@pytest.mark.asyncio
async def test_nothing_said_is_told() -> None:
    async with dictating("") as (_, _, hotkey):
        await hold(hotkey)
        await hotkey.feedback.until("nothing_said")
        assert hotkey.inserted == []


@pytest.mark.asyncio
async def test_a_microphone_that_another_client_holds_is_told_and_left_alone() -> None:
    async with dictating() as (daemon, microphone, hotkey), daemon.client("other") as other:
        await other.call("session/start", source="microphone")
        await microphone.until_open()
        hotkey.press()
        reason, *_ = await hotkey.feedback.until("failed")
        assert reason == "microphone_busy"
        hotkey.release()
        assert microphone.open == 1
        await other.call("session/stop")
        assert (await other.call("session/result"))["raw"] == "hello there"
        hotkey.press()
        await hotkey.feedback.until("recording")


@pytest.mark.asyncio
async def test_a_dictation_that_another_client_stops_frees_the_key() -> None:
    async with dictating("hello there", "second one") as (daemon, _, hotkey):
        hotkey.tap(ago=0.8)
        hotkey.tap(ago=0.6)
        await hotkey.feedback.until("recording", True)
        assert (await parleqctl_at(daemon, "stop", "--no-wait")).code == 0
        await hotkey.feedback.until("inserted")
        await hold(hotkey)
        await hotkey.feedback.until("inserted")
        assert len(hotkey.inserted) == 2


@pytest.mark.asyncio
async def test_what_a_key_binding_of_the_desktop_toggles_is_inserted_and_shown_too() -> None:
    async with dictating() as (daemon, _, hotkey):
        assert (await parleqctl_at(daemon, "toggle")).code == 0
        await hotkey.feedback.until("recording")
        assert (await parleqctl_at(daemon, "toggle")).code == 0
        await hotkey.feedback.until("inserted")
        assert hotkey.inserted == [TEXT]


@pytest.mark.asyncio
async def test_a_client_that_dies_with_the_key_held_stops_the_recording_and_the_text_waits() -> None:
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(["hello there"])) as daemon:
        async with running_hotkey(str(daemon.path), end=False) as hotkey:
            hotkey.press()
            await hotkey.feedback.until("recording")
        with anyio.fail_after(1.0):
            await microphone.until_closed()
        async with daemon.client("looker", topics=["state"]) as client:
            while [one["state"] for one in (await client.call("session/pending", all=True))["sessions"]] != ["ready"]:
                await client.read_one()


@pytest.mark.asyncio
async def test_a_client_that_is_ended_with_the_key_held_stops_the_recording() -> None:
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(["hello there"])) as daemon:
        async with running_hotkey(str(daemon.path)) as hotkey:
            hotkey.press()
            await hotkey.feedback.until("recording")
        await microphone.until_closed()


@pytest.mark.asyncio
async def test_a_daemon_that_dies_is_told_once_and_found_again() -> None:
    async with running_daemon() as daemon:
        path = str(daemon.path)
    async with running_hotkey(path) as hotkey:
        reason, _, hint = await hotkey.feedback.until("problem", "daemon_unreachable")
        assert reason == Reason.DAEMON_UNREACHABLE
        assert "parleqd" in str(hint)
        hotkey.press()
        await hotkey.feedback.until("failed", "daemon_unreachable")
        assert "problem" not in hotkey.feedback.names()


@pytest.mark.asyncio
async def test_settings_take_effect_when_they_change() -> None:
    async with dictating() as (daemon, _, hotkey):
        async with daemon.client("setter") as client:
            await client.call("settings/set", key="hotkey.key", value='"F8"')
        await hotkey.until(lambda: hotkey.keys.keys is not None and hotkey.keys.keys.dictate == "F8")


@pytest.mark.asyncio
async def test_a_desktop_that_comes_late_and_goes_is_opened_again() -> None:
    desktop = FakeDesktop()
    gone = DesktopError(Reason.NO_DISPLAY, "there is no display", "log in")
    desktop.missing = gone
    desktop.keys.refusals = [gone, gone, gone]
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(["hello there"])) as daemon:
        async with running_hotkey(str(daemon.path), desktop, watched=False) as hotkey:
            await hotkey.feedback.until("problem", "no_display")
            desktop.missing = None
            await hotkey.keys.watched()
            await hotkey.until(lambda: hotkey.program.placing.inserter is not None)
            hotkey.press()
            await hotkey.feedback.until("recording")
            opened = desktop.opened
            hotkey.keys.lose()
            await microphone.until_closed()
            await hotkey.feedback.until("inserted")
            await hotkey.keys.watched()
            await hotkey.until(lambda: desktop.opened > opened)
            assert hotkey.inserted == [TEXT]


@pytest.mark.asyncio
async def test_an_overlay_that_is_switched_on_gets_partial_texts() -> None:
    async with dictating() as (daemon, _, hotkey):
        async with daemon.client("setter") as client:
            await client.call("settings/set", key="feedback.overlay", value="true")
        await hotkey.until(lambda: hotkey.feedback.settings[-1].overlay)
        hotkey.press()
        await hotkey.feedback.until("partial")
        hotkey.release()
        await hotkey.feedback.until("inserted")
