"""The hotkey client: keeps its parts going, each for itself, and puts the settings into effect."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import anyio
from anyio.abc import TaskGroup

from parleq_client import ClientError
from parleq_hotkey.desktop import Desktop
from parleq_hotkey.dictating import Dictating
from parleq_hotkey.gesture import Gestures
from parleq_hotkey.link import Link
from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import DesktopError, Feedback
from parleq_hotkey.retrying import PAUSES, hold
from parleq_hotkey.settings import InsertionSettings, Settings, read
from parleq_hotkey.watching import Watching
from parleqd.protocol.names import Topic

FAREWELL_S = 3.0
"""So long an insertion may go on when the program ends, and the daemon take to hear how the recording ends."""

Object = dict[str, Any]
_log = logging.getLogger(__name__)


class Program:
    """``key`` goes before the setting, where it is given. ``pauses``: between attempts to open what is lost."""

    def __init__(
        self,
        tasks: TaskGroup,
        link: Link,
        desktop: Desktop,
        feedback: Feedback,
        *,
        key: str = "",
        pauses: tuple[float, float] = PAUSES,
    ) -> None:
        settings = read({"settings": []}, key)
        self._tasks = tasks
        self._link = link
        self._desktop = desktop
        self._feedback = feedback
        self._key = key
        self._pauses = pauses
        self._settings = settings
        self._reached = False
        self._insertion_scope = anyio.CancelScope()
        self.gestures = Gestures(settings.hotkey)
        self.placing = Placing(settings.insertion, lambda wanted: self.watching.let_chords_through(wanted))
        self.dictating = Dictating(
            tasks, link, self.gestures, self.placing, feedback, lambda wanted: self.watching.listen_for_cancel(wanted)
        )
        self.watching = Watching(desktop, self.gestures, self.dictating.do, self._keys_lost, pauses)

    async def run(self) -> None:
        """Runs until cancelled. A recording that is under way then ends, and its text is kept."""
        self._feedback.choose(self._settings.feedback)
        for part in (self._feedback.run, self._keep_inserter, self.dictating.waiting.run):
            self._tasks.start_soon(part)
        self._tasks.start_soon(self._link.run, self)
        await self._link.reach()  # a key that is not the configured one is better not grabbed at all
        await self.watching.run()

    async def end(self) -> None:
        """Ends in order: what is recorded stops, what is in review is left with the daemon. Cancel it then."""
        self.watching.stop()
        with anyio.move_on_after(FAREWELL_S):
            await self.dictating.farewell()

    # The daemon, as the link tells of it

    async def connected(self) -> None:
        """Reads the settings and says who this is."""
        await self._read_settings(introduce=True)
        self._reached = True

    def disconnected(self, failure: ClientError) -> None:
        """Told once, by whichever of the two knows more."""
        if not self.dictating.disconnected():
            self._feedback.problem(failure.reason, failure.message, failure.hint)

    def told(self, method: str, params: Object) -> None:
        """A notification."""
        if method == "settings/changed":
            self._tasks.start_soon(self._read_settings_again)
        else:
            self.dictating.told(method, params)

    async def asked(self, method: str, params: Object) -> Object:
        """A request of the daemon."""
        return await self.dictating.inserting.asked(method, params)

    # Settings

    async def _read_settings_again(self) -> None:
        try:
            await self._read_settings(introduce=False)
        except ClientError as problem:
            _log.warning("settings not read: %s", problem.reason)

    async def _read_settings(self, *, introduce: bool) -> None:
        settings = read(await self._link.call("settings/get"), self._key)
        if introduce:
            await self._link.introduce()
        overlay = settings.feedback.overlay  # nothing else shows partial texts and levels
        if introduce or overlay != self._settings.feedback.overlay:
            topics = [Topic.STATE, Topic.NOTICE, *([Topic.PARTIAL, Topic.LEVEL] if overlay else [])]
            await self._link.call("events/subscribe", {"topics": [str(topic) for topic in topics]})
        self._choose(settings)

    def _choose(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        self.watching.choose(settings.hotkey)
        self.placing.settings = settings.insertion
        if settings.feedback != before.feedback:
            self._feedback.choose(settings.feedback)
        if _inserter(settings.insertion) != _inserter(before.insertion):
            self._insertion_scope.cancel()

    # The desktop

    async def _keep_inserter(self) -> None:
        while True:  # once for all settings
            with anyio.CancelScope() as self._insertion_scope:
                await hold("insertion", self._serve, self._told_lost, self._pauses)

    async def _serve(self, works: Callable[[], None]) -> None:
        async with self._desktop.inserter(self.placing.settings) as inserter:
            _log.info("texts are inserted by %s", inserter.name)
            works()
            problem = await self.placing.serve(inserter)
        raise problem

    def _keys_lost(self, problem: DesktopError) -> None:
        """The display may have ended, and a new one begun: then the inserter is one of the old one's."""
        self.placing.lost(problem)
        self._told_lost(problem)

    def _told_lost(self, problem: DesktopError) -> None:
        self._feedback.problem(problem.reason, problem.message, problem.hint)


def _inserter(settings: InsertionSettings) -> tuple[object, ...]:
    """What an inserter is opened with."""
    return settings.method, dict(settings.paste_keys), settings.typing
