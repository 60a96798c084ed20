"""Scenes for a Neovim whose daemon answers from a script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from tests.e2e.neovim import Neovim, neovim
from tests.fakes.daemon import RESULT, FakeDaemon, Object, Peer, Reply, running_daemon
from tests.parts import need

START, STOP, CANCEL = "vim.cmd('Parleq start')", "vim.cmd('Parleq stop')", "vim.cmd('Parleq cancel')"
RECORDED = {"source": "microphone", "deliver": "return"}
RECORDING = "return require('parleq').status():find('REC') ~= nil"
IDLE = "return require('parleq').status() == ''"
Scene = Callable[[Neovim], None]


def numbered(text: str = "Hello world.") -> dict[str, Reply]:
    """Sessions s1, s2, …: each started is recorded at once; its text is ``text`` and its number once it was stopped."""
    count = 0
    stopped: dict[str, anyio.Event] = {}

    async def start(peer: Peer, params: Object) -> Object:
        nonlocal count
        count += 1
        session = f"s{count}"
        stopped[session] = anyio.Event()
        await peer.notify("session/state", {"session_id": session, "phase": "recording", **RECORDED})
        return {"session_id": session}

    async def stop(_: Peer, params: Object) -> Object:
        stopped[params["session_id"]].set()
        return {"session_id": params["session_id"]}

    async def result(_: Peer, params: Object) -> Object:
        await stopped[params["session_id"]].wait()
        return {**RESULT, "session_id": params["session_id"], "text": f"{text}{params['session_id'][1:]}"}

    return {"session/start": start, "session/stop": stop, "session/result": result, "session/pending": {"sessions": []}}


@asynccontextmanager
async def played(scene: Scene, replies: Mapping[str, Reply] | None = None) -> AsyncIterator[FakeDaemon]:
    """The daemon, once the scene is over."""
    need("neovim")
    async with running_daemon({**numbered(), **(replies or {})}) as daemon:
        await run_sync(play, daemon.path, scene)
        yield daemon


def play(socket: str, scene: Scene) -> None:
    with neovim({"PARLEQ_SOCKET": socket, "HOME": str(Path(socket).parent)}) as editor:
        scene(editor)
        # What it has told the daemon is noted there once the answer to a later question has come.
        editor.lua("require('parleq.client').call('status/get', {}, function() _G.noted = true end)")
        editor.until("return noted == true", "the daemon has read everything")


def dictate(editor: Neovim) -> None:
    """From the start to the text."""
    editor.lua(START)
    editor.lua(STOP)
    editor.until(IDLE, "the text has come")


def receipts(daemon: FakeDaemon) -> dict[str, str]:
    """What the daemon was told became of each session."""
    return {asked["session_id"]: asked["receipt"]["status"] for asked in daemon.asked("session/acknowledge")}
