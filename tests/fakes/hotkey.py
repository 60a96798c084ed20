"""The hotkey client over a desktop of our own making: its keys pressed and its windows moved by the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from time import monotonic

import anyio

from parleq_client import ClientError
from parleq_hotkey.link import Link
from parleq_hotkey.ports import BackEnd, DesktopError, Inserter, KeySource, ReadyText, Receipt, Role
from parleq_hotkey.program import Program
from parleq_hotkey.settings import FeedbackSettings, InsertionSettings
from parleqd.protocol.names import Phase
from tests.fakes.daemon import FakeDaemon, Object, Reply, running_daemon
from tests.fakes.desktop import Desktop as World
from tests.fakes.desktop import FakeInserter
from tests.fakes.key_source import FakeKeySource

DEADLINE = 10.0
PAUSES = (0.01, 0.05)


class FakeDesktop:
    """The port `Desktop` over ``keys`` and ``inserts``; ``world`` says which window has the focus.

    ``missing``: opening the inserter raises this. ``opened``: how often it was opened. ``presses``:
    of the dictation key, repeats left out.
    """

    def __init__(self) -> None:
        self.world = World()
        self.keys = FakeKeySource()
        self.inserts = FakeInserter(self.world)
        self.missing: DesktopError | None = None
        self.opened = self.presses = 0

    async def back_ends(self) -> list[BackEnd]:
        return [BackEnd("keys", self.keys.name, True, "pressed by the test")]

    async def key_source(self, wanted: str) -> KeySource:
        return self.keys

    @asynccontextmanager
    async def inserter(self, settings: InsertionSettings) -> AsyncIterator[Inserter]:
        if self.missing is not None:
            raise self.missing
        self.opened += 1
        yield self.inserts


class FakeFeedback:
    """Keeps every moment: its name and what came with it. `until` waits for one, and takes it and those before it."""

    def __init__(self) -> None:
        self.moments: list[tuple[str, tuple[object, ...]]] = []
        self.settings: list[FeedbackSettings] = []
        self._changed = anyio.Event()

    async def run(self) -> None:
        await anyio.sleep_forever()

    async def before_recording(self) -> None:
        self._note("before_recording")

    def choose(self, settings: FeedbackSettings) -> None:
        self.settings.append(settings)

    def recording(self, hands_free: bool) -> None:
        self._note("recording", hands_free)

    def level(self, dbfs: float) -> None:
        pass

    def partial(self, stable: str, provisional: str) -> None:
        self._note("partial", stable, provisional)

    def working(self, phase: Phase) -> None:
        self._note("working", phase)

    def review(self, ready: ReadyText) -> None:
        self._note("review", ready)

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        self._note("inserted", receipt, ready)

    def waits(self, receipt: Receipt) -> None:
        self._note("waits", receipt)

    def nothing_said(self) -> None:
        self._note("nothing_said")

    def cancelled(self) -> None:
        self._note("cancelled")

    def dropped(self) -> None:
        self._note("dropped")

    def failed(self, reason: str, message: str, hint: str) -> None:
        self._note("failed", reason, message, hint)

    def problem(self, reason: str, message: str, hint: str) -> None:
        self._note("problem", reason, message, hint)

    def names(self) -> list[str]:
        """The names of the moments that no `until` has taken."""
        return [name for name, _ in self.moments]

    async def until(self, name: str, *with_first: object) -> tuple[object, ...]:
        """Waits for the next moment of that name, and of that first value if one is given; gives what came with it."""
        with anyio.fail_after(DEADLINE):
            while True:
                for number, (found, values) in enumerate(self.moments):
                    if found == name and values[: len(with_first)] == with_first:
                        del self.moments[: number + 1]
                        return values
                await self._changed.wait()

    def _note(self, name: str, *values: object) -> None:
        self.moments.append((name, values))
        changed, self._changed = self._changed, anyio.Event()
        changed.set()


class FakeUser:
    """The port `User` of a link: introduces itself, and keeps what it is told."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.failures: list[ClientError] = []
        self.notes: list[str] = []
        self.changed = anyio.Event()

    async def connected(self) -> None:
        await self.link.introduce()

    def disconnected(self, failure: ClientError) -> None:
        self.failures.append(failure)
        self.changed.set()

    def told(self, method: str, params: Object) -> None:
        self.notes.append(method)

    async def asked(self, method: str, params: Object) -> Object:
        return {"status": "sent", "detail": method}


@asynccontextmanager
async def linked(replies: Mapping[str, Reply] | None = None) -> AsyncIterator[tuple[FakeDaemon, Link]]:
    """A daemon that answers from a script, and a link to it that is up."""
    async with running_daemon(replies) as daemon, anyio.create_task_group() as tasks:
        link = Link(daemon.path, pauses=PAUSES)
        tasks.start_soon(link.run, FakeUser(link))
        await link.reach(DEADLINE)
        yield daemon, link
        tasks.cancel_scope.cancel()


class Hotkey:
    """A running hotkey client. What its keys do happened a little while ago, so that no test waits for time to pass."""

    def __init__(self, desktop: FakeDesktop, feedback: FakeFeedback, program: Program) -> None:
        self.desktop = desktop
        self.feedback = feedback
        self.program = program
        self._pressed_at = 0.0

    @property
    def keys(self) -> FakeKeySource:
        return self.desktop.keys

    @property
    def inserted(self) -> list[str]:
        """The texts that were inserted, in order."""
        return [text for text, _ in self.desktop.inserts.inserted]

    def press(self, role: Role = Role.DICTATE, ago: float = 1.0) -> None:
        """Down, a second ago: the next `release` ends a hold."""
        self.desktop.presses += role is Role.DICTATE
        self._pressed_at = monotonic() - ago
        self.keys.press(role, self._pressed_at)

    def release(self, role: Role = Role.DICTATE, after: float | None = None) -> None:
        """Up, some milliseconds ago: chatter is over. ``after``: so long after the press instead."""
        self.keys.release(role, monotonic() - 0.05 if after is None else self._pressed_at + after)

    def tap(self, role: Role = Role.DICTATE, ago: float = 0.15) -> None:
        """Down so long ago, and up within 100 ms."""
        self.press(role, ago)
        self.release(role, 0.1)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for something inside the client that nothing tells of."""
        with anyio.fail_after(DEADLINE):
            while not holds():  # noqa: ASYNC110 - there is no event
                await anyio.sleep(0.005)


@asynccontextmanager
async def running_hotkey(
    path: str, desktop: FakeDesktop | None = None, *, key: str = "", watched: bool = True, end: bool = True
) -> AsyncIterator[Hotkey]:
    """A client of the daemon at ``path`` with a window "editor" that has the focus; ended in order after the block.

    Without ``end`` it dies instead. ``watched``: the block begins once its keys are watched.
    """
    desktop = FakeDesktop() if desktop is None else desktop
    if desktop.world.focus is None and not desktop.world.programs:
        desktop.world.program("editor")
    feedback = FakeFeedback()
    async with anyio.create_task_group() as tasks:
        program = Program(tasks, Link(path, pauses=PAUSES), desktop, feedback, key=key, pauses=PAUSES)
        hotkey = Hotkey(desktop, feedback, program)
        tasks.start_soon(program.run)
        if watched:
            with anyio.fail_after(DEADLINE):
                await desktop.keys.watched()
            await hotkey.until(lambda: program.placing.inserter is not None)
        yield hotkey
        if end:
            await program.end()
        tasks.cancel_scope.cancel()
