from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from parleq_hotkey.feedback.overlay_process import Outbox, OverlayProcess, back_end, python_with_tk
from parleq_hotkey.ports import Feedback, ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, Reason, ReceiptStatus
from tests.parts import need

KEYS = {"cancel": "F12", "offer": "F10"}
ON, OFF = FeedbackSettings(overlay=True, cancel_key="F12", offer_key="F10"), FeedbackSettings(overlay=False)

# Stands for the overlay: writes down its process id and what it is told; "die" is the end of it.
PEER = """
import os, sys
with open(sys.argv[1], "a", buffering=1) as told:
    told.write(f'{{"pid": {os.getpid()}, "args": {len(sys.argv)}}}\\n')
    for line in sys.stdin:
        told.write(line)
        if "die" in line:
            sys.exit(1)
    told.write('{"ended": true}\\n')
"""


class Peer:
    """What the processes that stand for the overlay wrote down."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "told"
        self.program = ("-I", "-S", "-c", PEER, str(self.file))

    async def lines(self) -> list[dict[str, Any]]:
        path = anyio.Path(self.file)
        text = await path.read_text("utf-8") if await path.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    async def until(self, condition: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        with anyio.fail_after(10):
            while not condition(lines := await self.lines()):  # noqa: ASYNC110 - another process sets no event here
                await anyio.sleep(0.01)
        return lines


@asynccontextmanager
async def running_overlay(peer: Peer, settings: FeedbackSettings = ON) -> AsyncIterator[OverlayProcess]:
    need("tk")
    shown = OverlayProcess([sys.executable], peer.program, (0.001, 0.01))
    shown.choose(settings)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.run)
        yield shown
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_everything_is_told_in_its_order(tmp_path: Path) -> None:
    peer = Peer(tmp_path)
    async with running_overlay(peer) as shown:
        feedback: Feedback = shown
        await feedback.before_recording()
        feedback.recording(False)
        feedback.level(-23.0)
        feedback.partial("so", " I")
        feedback.working(Phase.TRANSCRIBING)
        feedback.review(ReadyText("So I.", "so I"))
        feedback.problem("journal_failed", "the disk is full", "make room")
        feedback.inserted(Receipt(ReceiptStatus.READ), ReadyText("So I.", "so I"))
        feedback.waits(Receipt(ReceiptStatus.FAILED, "another window has the focus"))
        feedback.nothing_said()
        feedback.failed("dead_input", "no sound came", "check the microphone")
        feedback.cancelled()
        feedback.dropped()
        lines = await peer.until(lambda lines: len(lines) == 13)
    assert lines[1:] == [
        {"state": "recording", "hands_free": False, "keys": KEYS},
        {"level": -23.0},
        {"partial": {"stable": "so", "provisional": " I"}},
        {"state": "working", "phase": "transcribing"},
        {"state": "review", "text": "So I.", "raw": "so I", "keys": KEYS},
        {"notice": "the disk is full", "hint": "make room"},
        {"state": "inserted", "status": "read", "text": "So I.", "raw": "so I"},
        {"state": "waiting", "message": "another window has the focus", "keys": KEYS},
        {"state": "nothing_said"},
        {"state": "problem", "message": "no sound came", "hint": "check the microphone"},
        {"state": "hidden"},
        {"state": "hidden"},
    ]


@pytest.mark.asyncio
async def test_it_ends_with_the_client(tmp_path: Path) -> None:
    peer = Peer(tmp_path)
    async with running_overlay(peer):
        await peer.until(lambda lines: len(lines) == 1)
    assert (await peer.lines())[-1] == {"ended": True}


@pytest.mark.asyncio
async def test_one_that_does_not_end_is_ended(tmp_path: Path) -> None:
    need("tk")
    begun = tmp_path / "begun"
    program = ("-c", f"import signal; open({str(begun)!r}, 'w').close(); signal.pause()")
    shown = OverlayProcess([sys.executable], program)
    shown.choose(ON)
    with anyio.fail_after(15):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(shown.run)
            while not await anyio.Path(begun).exists():  # noqa: ASYNC110 - another process sets no event here
                await anyio.sleep(0.01)
            tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_the_setting_starts_and_ends_it(tmp_path: Path) -> None:
    peer = Peer(tmp_path)
    async with running_overlay(peer, OFF) as shown:
        shown.recording(False)
        shown.choose(ON)
        await peer.until(lambda lines: len(lines) == 1)
        shown.choose(ON)
        shown.choose(OFF)
        await peer.until(lambda lines: lines[-1] == {"ended": True})
        shown.recording(False)
        shown.choose(ON)
        await peer.until(lambda lines: len(lines) == 3)
        shown.cancelled()
        lines = await peer.until(lambda lines: len(lines) == 4)
    assert [line for line in lines if "pid" not in line] == [{"ended": True}, {"state": "hidden"}]


@pytest.mark.asyncio
async def test_switched_off_and_on_at_once_it_runs(tmp_path: Path) -> None:
    peer = Peer(tmp_path)
    async with running_overlay(peer, OFF) as shown:
        for settings in (ON, OFF, ON):
            shown.choose(settings)
        shown.nothing_said()
        await peer.until(lambda lines: lines[-1:] == [{"state": "nothing_said"}])


@pytest.mark.asyncio
async def test_one_that_died_is_started_again_for_what_is_next_however_often(tmp_path: Path) -> None:
    peer = Peer(tmp_path)
    async with running_overlay(peer) as shown:

        def started(times: int) -> Callable[[list[dict[str, Any]]], bool]:
            def holds(lines: list[dict[str, Any]]) -> bool:
                shown.nothing_said()  # what is told while it dies may be lost: only what comes later starts the next
                return sum("pid" in line for line in lines) == times

            return holds

        for times in range(1, 8):
            await peer.until(started(times))
            shown.failed("", "die", "")
            await peer.until(lambda lines, times=times: sum("message" in line for line in lines) == times)  # type: ignore[misc]


@pytest.mark.asyncio
async def test_without_tkinter_nothing_is_started_and_the_log_says_what_is_missing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shown = OverlayProcess(["/nowhere/python"])
    shown.choose(ON)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.run)
        for _ in range(200):
            shown.recording(False)
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert "python3-tk" in caplog.text


def test_levels_and_old_partials_are_left_out_first() -> None:
    outbox = Outbox()
    outbox.put("state", {"state": "recording"})
    for number in range(500):
        outbox.put("level", {"level": number})
        outbox.put("partial", {"partial": number})
    outbox.put("state", {"state": "working"})
    lines = [json.loads(line) for line in outbox.take().splitlines()]
    assert lines[0] == {"state": "recording"}
    assert lines[-1] == {"state": "working"}
    assert [line["level"] for line in lines if "level" in line] == list(range(492, 500))
    assert [line["partial"] for line in lines if "partial" in line] == [499]
    assert outbox.take() == b""


def test_however_much_is_told_it_stays_small() -> None:
    outbox = Outbox()
    outbox.put("level", {"level": 1})
    for number in range(500):
        outbox.put("state", {"number": number})
    lines = outbox.take().splitlines()
    assert len(lines) == 64
    assert json.loads(lines[-1]) == {"number": 499}
    assert json.loads(lines[0]) == {"number": 436}


@pytest.mark.asyncio
async def test_a_python_without_tkinter_is_passed_over(tmp_path: Path) -> None:
    need("tk")
    without = anyio.Path(tmp_path / "python")
    await without.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    await without.chmod(0o700)
    assert await python_with_tk(["/nowhere", str(without), sys.executable]) == sys.executable
    assert await python_with_tk([str(without)]) == ""


@pytest.mark.asyncio
async def test_the_back_end_says_what_is_missing() -> None:
    need("tk")
    usable = await back_end({"DISPLAY": ":0"}, [sys.executable])
    assert (usable.kind, usable.name, usable.usable) == ("feedback", "overlay", True)
    no_tk = await back_end({"DISPLAY": ":0"}, [])
    assert (no_tk.usable, no_tk.message) == (False, "no Python here has tkinter")
    assert "`sudo apt install python3-tk`" in no_tk.hint


@pytest.mark.asyncio
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no DISPLAY")
@pytest.mark.parametrize(
    "environ, hint",
    [({}, "start parleq-hotkey on a desktop"), ({"WAYLAND_DISPLAY": "w"}, "under Wayland, start Xwayland")],
)
async def test_without_an_x_display_there_is_no_overlay(environ: dict[str, str], hint: str) -> None:
    found = await back_end(environ, [sys.executable])
    assert (found.usable, found.reason, found.hint) == (False, Reason.NO_DISPLAY, hint)
