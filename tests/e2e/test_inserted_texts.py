"""From the daemon's `text/insert` to the window, by the real `parleq-hotkey`: exact, once, where it was meant to go."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from parleqd._tools.private_x import PrivateX, private_x
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from tests.desktop_targets.targets import KINDS, gtk
from tests.e2e.hotkeys import hotkey_at
from tests.fakes.client import Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import scale
from tests.x_desktop import all_types, aside, copies_all_types, digests, needs

SAID = [
    "plain text, twice;",
    "naïve zoë à la carte – “so” €5",
    "👩‍👩‍👧 🏳️‍🌈 👍🏽",
    "Привет, мир!",
    "世界 こんにちは 한국어",
    "first new line second new paragraph third",
    " ".join(["zwölf Boxkämpfer jagen Виктор 多 👍"] * 290),  # 10,000 characters
]
SOUND = base64.b64encode(SECOND).decode()
LAYOUTS = ["us", "de", "ru", "us,ru"]

pytestmark = pytest.mark.timeout(scale(90, 900))


@pytest.fixture
def server() -> Iterator[PrivateX]:
    needs()
    with private_x() as started:
        yield started


def said(count: int) -> list[str]:
    """So many texts, each with its number; each kind once, at least."""
    return [f"{number} {SAID[number % len(SAID)]}" for number in range(max(count, len(SAID)))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_texts_arrive_exactly_on_every_layout_and_the_clipboard_is_as_before(
    server: PrivateX, tmp_path: Path, kind: str
) -> None:
    texts, expected = said(scale(1, 100)), ""
    target = await aside(KINDS[kind], server, tmp_path)
    await aside(copies_all_types, server, tmp_path)
    async with daemon_and_hotkey(server, texts, tmp_path) as (_, client):
        for number, text in enumerate(texts):
            await aside(server.run, "setxkbmap", LAYOUTS[number % len(LAYOUTS)])
            await dictated(client, "instant")
            clean = instant.clean(text).text
            expected += clean.replace("\n\n", " ").replace("\n", " ") if kind == "xterm" else clean
            await aside(target.shows, expected)
            assert await aside(digests, server) == all_types()


@pytest.mark.asyncio
async def test_never_into_a_window_that_has_got_the_focus_since(server: PrivateX, tmp_path: Path) -> None:
    rounds = scale(3, 50)
    wanted = await aside(gtk, server, tmp_path, "wanted")
    other = await aside(gtk, server, tmp_path, "other")
    async with daemon_and_hotkey(server, [f"text {number}" for number in range(rounds)], tmp_path) as (daemon, client):
        for number in range(rounds):
            await aside(wanted.focus)
            session_id = (await client.call("session/start", source="stream", deliver="insert", mode="raw"))[
                "session_id"
            ]
            (live,) = daemon.engine.sessions.busy()
            with anyio.fail_after(10):
                await live.prepared.wait()  # the hotkey client has said where the text goes
            await aside(other.focus)
            await client.call("session/audio", session_id=session_id, pcm=SOUND)
            await client.call("session/stop", session_id=session_id)
            notice = await client.note("daemon/notice", reason="no_insert_client")
            assert notice["session_id"] == session_id
            pending = (await client.call("session/pending", all=True))["sessions"]
            assert len(pending) == number + 1
            shown = await client.call("history/show", session_id=session_id)
            assert shown["result"]["text"] == f"text {number}"
    assert (await aside(wanted.content), await aside(other.content)) == ("", "")


async def dictated(client: Client, mode: str) -> None:
    """One dictation, until its text is delivered."""
    await client.call("session/start", source="file", path="/speech.flac", pace="fast", deliver="insert", mode=mode)
    ended = await client.note("session/state", phase="ended")
    assert ended["end"] == "delivered", ended


@asynccontextmanager
async def daemon_and_hotkey(
    server: PrivateX, texts: Sequence[str], folder: Path
) -> AsyncIterator[tuple[Daemon, Client]]:
    """A daemon that hears these texts, with the real hotkey client on the desktop, and a client that dictates."""
    async with running_daemon(recognisers=ScriptedFactory(texts)) as daemon:
        async with daemon.client("starter", topics=["state", "notice"]) as client:
            running = hotkey_at(daemon.path, environment(server, folder), folder / "hotkey.log")
            hotkey = await aside(running.__enter__)
            try:
                yield daemon, client
            finally:
                await aside(running.__exit__, None, None, None)
            assert hotkey.process.returncode == 0


def environment(server: PrivateX, folder: Path) -> dict[str, str]:
    """Of the hotkey client."""
    return {**server.env, "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "XDG_RUNTIME_DIR": str(folder)}
