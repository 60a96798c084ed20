"""The overlay as feedback: starts its process, tells it what to show without ever waiting for it, and ends it.

What it is told goes through a pipe: no text is on a command line or in an environment.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.abc

from parleq_hotkey import overlay
from parleq_hotkey.feedbacks import Silent
from parleq_hotkey.ports import BackEnd, ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, Reason

PROGRAM = str(Path(overlay.__file__).parent / "__main__.py")
PYTHONS = (sys.executable, "/usr/bin/python3")
"""The Pythons that may run it, in order: not every one was built with tkinter."""

PAUSES = (1.0, 60.0)
"""Before the overlay is started again, in seconds: first, and at the longest. It may lack a display, or have a bug."""

_END_S = 1.0
_QUEUED = 64
_LEVELS = 8
_NO_TK = ("no Python here has tkinter", "`sudo apt install python3-tk`, or the package that your system has it in")
_log = logging.getLogger(__name__)
_PROBE = "import sys, tkinter; sys.exit(sys.version_info < (3, 10))"


class Outbox:
    """Lines on their way to the overlay. When it does not keep up, levels are left out first, then old partials."""

    def __init__(self) -> None:
        self._lines: deque[tuple[str, bytes]] = deque()
        self._filled = anyio.Event()

    def put(self, kind: str, message: Mapping[str, Any]) -> None:
        """Appends a message. ``kind``: "level" (the latest are kept), "partial" (the last one), or anything else."""
        if kind == "partial":
            self._leave_out(kind, 0)
        elif kind == "level":
            self._leave_out(kind, _LEVELS - 1)
        if len(self._lines) >= _QUEUED:
            self._leave_out("level", 0)
        if len(self._lines) >= _QUEUED:
            self._lines.popleft()
        self._lines.append((kind, json.dumps(message).encode() + b"\n"))
        self._filled.set()

    async def filled(self) -> None:
        """Waits until there is something to send."""
        await self._filled.wait()

    def take(self) -> bytes:
        """All lines; none is left."""
        lines = b"".join(line for _, line in self._lines)
        self._lines.clear()
        self._filled = anyio.Event()
        return lines

    def _leave_out(self, kind: str, but: int) -> None:
        """Drops the oldest lines of that kind, ``but`` so many."""
        surplus = sum(queued == kind for queued, _ in self._lines) - but
        for entry in [entry for entry in self._lines if entry[0] == kind][: max(0, surplus)]:
            self._lines.remove(entry)


class OverlayProcess(Silent):
    """Shows dictations in the overlay while ``feedback.overlay`` is set and the overlay can be had."""

    def __init__(
        self,
        pythons: Sequence[str] = PYTHONS,
        program: Sequence[str] = ("-I", "-S", PROGRAM),
        pauses: tuple[float, float] = PAUSES,
    ) -> None:
        self._pythons = pythons
        self._pauses = pauses
        self._program = tuple(program)
        self._outbox = Outbox()
        self._keys = {"cancel": "", "offer": ""}
        self._wanted = anyio.Event()
        self._serving = anyio.CancelScope()
        self._is_served = False

    async def run(self) -> None:
        """Keeps the overlay running while it is wanted, until cancelled; it has ended then."""
        while True:
            while not self._wanted.is_set():
                await self._wanted.wait()
            with anyio.CancelScope() as self._serving:
                await self._serve()

    def choose(self, settings: FeedbackSettings) -> None:
        """Starts the overlay, or ends it, if that is what changed."""
        self._keys = {"cancel": settings.cancel_key, "offer": settings.offer_key}
        if settings.overlay and not self._wanted.is_set():
            self._wanted.set()
            self._is_served = True
        elif not settings.overlay and self._wanted.is_set():
            self._wanted = anyio.Event()
            self._is_served = False
            self._outbox.take()
            self._serving.cancel()

    def recording(self, hands_free: bool) -> None:
        """Shows that the microphone listens."""
        self._tell({"state": "recording", "hands_free": hands_free, "keys": self._keys})

    def level(self, dbfs: float) -> None:
        """Moves the meter."""
        self._tell({"level": dbfs}, "level")

    def partial(self, stable: str, provisional: str) -> None:
        """Shows the text so far."""
        self._tell({"partial": {"stable": stable, "provisional": provisional}}, "partial")

    def working(self, phase: Phase) -> None:
        """Shows what is done with the recording."""
        self._tell({"state": "working", "phase": phase.value})

    def review(self, ready: ReadyText) -> None:
        """Shows the text, and what was changed of what was recognised."""
        self._tell({"state": "review", "text": ready.text, "raw": ready.raw, "keys": self._keys})

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """Says so for a moment, with the text and what was changed of what was recognised."""
        self._tell({"state": "inserted", "status": receipt.status.value, "text": ready.text, "raw": ready.raw})

    def waits(self, receipt: Receipt) -> None:
        """Says why the text was not placed."""
        self._tell({"state": "waiting", "message": receipt.detail, "keys": self._keys})

    def nothing_said(self) -> None:
        """Says so for a moment."""
        self._tell({"state": "nothing_said"})

    def cancelled(self) -> None:
        """Hides the overlay."""
        self._tell({"state": "hidden"})

    def dropped(self) -> None:
        """Hides the overlay."""
        self._tell({"state": "hidden"})

    def failed(self, reason: str, message: str, hint: str) -> None:
        """Shows why there is no text."""
        self._tell({"state": "problem", "message": message, "hint": hint})

    def problem(self, reason: str, message: str, hint: str) -> None:
        """Shows the message, beside the dictation if there is one."""
        self._tell({"notice": message, "hint": hint})

    def _tell(self, message: Mapping[str, Any], kind: str = "state") -> None:
        if self._is_served:
            self._outbox.put(kind, message)

    async def _serve(self) -> None:
        """Runs the overlay; when it has ended, starts it again once there is something to show, ever less often."""
        python = await python_with_tk(self._pythons)
        if not python:
            _log.warning("feedback.overlay: %s; %s", *_NO_TK)
            self._is_served = False
            self._outbox.take()
            await anyio.sleep_forever()
        pause, longest = self._pauses
        while True:
            began = anyio.current_time()
            await self._run_once([python, *self._program])
            if anyio.current_time() - began > longest:
                pause = self._pauses[0]
            await anyio.sleep(pause)
            pause = min(2 * pause, longest)
            await self._outbox.filled()

    async def _run_once(self, command: Sequence[str]) -> None:
        """Starts the overlay and feeds it until it ends."""
        try:
            with anyio.CancelScope(shield=True):  # a start cancelled half-way is waited for by nobody
                process = await anyio.open_process(
                    command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
        except OSError:
            return
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._feed, process)
                await process.wait()
                tasks.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await _end(process)

    async def _feed(self, process: anyio.abc.Process) -> None:
        assert process.stdin is not None
        try:
            while True:
                await self._outbox.filled()
                await process.stdin.send(self._outbox.take())
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            pass  # It has ended, or is about to.


async def back_end(environ: Mapping[str, str] = os.environ, pythons: Sequence[str] = PYTHONS) -> BackEnd:
    """Can the overlay be had here, and if not, what helps?"""
    if sys.platform != "darwin" and not environ.get("DISPLAY"):
        message = "there is no X display; notifications are shown instead"
        hint = "under Wayland, start Xwayland" if environ.get("WAYLAND_DISPLAY") else "start parleq-hotkey on a desktop"
        return BackEnd("feedback", "overlay", False, message, hint, Reason.NO_DISPLAY)
    python = await python_with_tk(pythons)
    if not python:
        return BackEnd("feedback", "overlay", False, *_NO_TK)
    return BackEnd("feedback", "overlay", True, f"Tk, run by {python}")


async def python_with_tk(pythons: Sequence[str]) -> str:
    """The first of them that can run the overlay; "" for none."""
    for python in pythons:
        try:
            done = await anyio.run_process([python, "-I", "-S", "-c", _PROBE], check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return ""


async def _end(process: anyio.abc.Process) -> None:
    """Ends it by the end of its input, or else by force."""
    if process.stdin is not None:
        await process.stdin.aclose()
    with anyio.move_on_after(_END_S):
        await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
