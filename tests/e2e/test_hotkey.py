"""The real `parleq-hotkey`: on an X server of its own with real keys, and where there is nothing for it to use."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
import pytest

from parleqd._tools.private_x import PrivateX, private_x
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from tests.desktop_targets.targets import gtk
from tests.e2e.programs import eventually
from tests.fakes.client import Client
from tests.fakes.engine import SECOND
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import ROOT, need
from tests.x_desktop import aside

pytestmark = pytest.mark.timeout(60)

COMMAND = [sys.executable, "-m", "parleq_hotkey"]


def needs() -> None:
    for part in ("xvfb", "openbox", "xdotool"):
        need(part)


@pytest.fixture
def server() -> Iterator[PrivateX]:
    needs()
    with private_x() as started:
        yield started


def environment(folder: Path, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Nothing of this session but what is ``given``."""
    base = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_ALL": "C.UTF-8"}
    base["DISPLAY"] = ""  # no display of a test beside this one is looked for
    return {**base, "PYTHONPATH": f"{ROOT}:{ROOT / 'clients'}", **(given or {})}


def run(folder: Path, *arguments: str, given: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(folder, given),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


class Hotkey:
    """A running `parleq-hotkey`. ``log``: what it wrote to stderr."""

    def __init__(self, socket: Path, folder: Path, arguments: Sequence[str], given: Mapping[str, str]) -> None:
        self._log = folder / "hotkey.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "--socket", str(socket), "--log-level", "info", *arguments],
                env=environment(folder, given),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def says(self, what: str) -> None:
        """Waits until it has logged that."""
        eventually(lambda: what in self.log or self.process.poll() is not None, what, 20.0)
        assert what in self.log, self.log

    def kill(self) -> None:
        """A blow that it cannot soften, if it still runs."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """SIGTERM; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@contextmanager
def hotkey_at(socket: Path, folder: Path, *arguments: str, given: Mapping[str, str] | None = None) -> Iterator[Hotkey]:
    started = Hotkey(socket, folder, arguments, given or {})
    try:
        yield started
    finally:
        started.kill()


@asynccontextmanager
async def dictating(
    server: PrivateX, folder: Path, *texts: str
) -> AsyncIterator[tuple[Daemon, FakeMicrophone, Hotkey]]:
    """A daemon in this process that hears the texts, and the real program on the X server."""
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(texts)) as daemon:
        hotkey = await aside(Hotkey, daemon.path, folder, (), server.env)
        try:
            await aside(hotkey.says, "keys are watched by x11")
            await aside(hotkey.says, "texts are inserted by x11")
            yield daemon, microphone, hotkey
        finally:
            await aside(hotkey.kill)
        written = await aside(lambda: hotkey.log)
        assert not any(text in written for text in texts)


def back_ends(done: subprocess.CompletedProcess[str]) -> dict[tuple[str, str], dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return {(one["kind"], one["name"]): one for one in json.loads(done.stdout)["back_ends"]}


async def pending(client: Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await client.call("session/pending", all=True))["sessions"]
    return found


@pytest.mark.asyncio
async def test_a_key_that_is_held_dictates_into_the_window_that_has_the_focus(server: PrivateX, tmp_path: Path) -> None:
    need("gtk")
    target = await aside(gtk, server, tmp_path)
    async with dictating(server, tmp_path, "hello there", "second one") as (daemon, microphone, hotkey):
        await aside(target.focus)
        shown = ""
        for text in ("hello there", "second one"):
            await aside(server.run, "xdotool", "keydown", "F9")
            await microphone.until_open()
            await anyio.sleep(0.3)  # the hold itself
            await aside(server.run, "xdotool", "keyup", "F9")
            shown += instant.clean(text).text
            await aside(target.shows, shown)
        assert await aside(hotkey.end) == 0
        async with daemon.client("looker") as client:
            assert await pending(client) == []


@pytest.mark.asyncio
async def test_a_text_is_inserted_though_the_key_is_down_again(server: PrivateX, tmp_path: Path) -> None:
    need("gtk")
    target = await aside(gtk, server, tmp_path)
    async with dictating(server, tmp_path, "hello there") as (_, microphone, _hotkey):
        await aside(target.focus)
        await aside(server.run, "xdotool", "keydown", "F9")
        await microphone.until_open()
        await anyio.sleep(0.3)  # the hold itself
        await aside(server.run, "xdotool", "keyup", "F9", "sleep", "0.05", "keydown", "F9")
        await aside(target.shows, instant.clean("hello there").text)
        await microphone.until_open()
        await aside(server.run, "xdotool", "keyup", "F9")
        await microphone.until_closed()


@pytest.mark.asyncio
async def test_killed_with_the_key_held_it_leaves_no_microphone_open_and_the_text_pending(
    server: PrivateX, tmp_path: Path
) -> None:
    async with dictating(server, tmp_path, "hello there") as (daemon, microphone, hotkey):
        await aside(server.run, "xdotool", "keydown", "F9")
        await microphone.until_open()
        await aside(hotkey.kill)
        with anyio.fail_after(1.0):
            await microphone.until_closed()
        await aside(server.run, "xdotool", "keyup", "F9")
        async with daemon.client("looker") as client:
            with anyio.fail_after(10.0):
                while [one["state"] for one in await pending(client)] != ["ready"]:  # noqa: ASYNC110 - there is no event
                    await anyio.sleep(0.02)


def test_back_ends_without_a_display(tmp_path: Path) -> None:
    found = back_ends(run(tmp_path, "--list-back-ends", "--json"))
    assert not any(one["usable"] for (kind, _), one in found.items() if kind in ("keys", "insertion"))
    assert found["insertion", "x11"]["reason"] == "no_display"
    assert found["keys", "x11"]["hint"]


def test_back_ends_on_an_x_server(server: PrivateX, tmp_path: Path) -> None:
    found = back_ends(run(tmp_path, "--list-back-ends", "--json", given=server.env))
    assert found["keys", "x11"]["usable"]
    assert found["insertion", "x11"]["usable"]
    assert "usable" not in run(tmp_path, "--list-back-ends", given=server.env).stdout


@contextmanager
def deaf(path: Path) -> Iterator[None]:
    """Whoever connects there gets no answer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        yield


def test_what_hangs_is_named_and_does_not_keep_the_program(tmp_path: Path) -> None:
    bus, sound, display = (tmp_path / name for name in ("bus", "native", "wayland-0"))
    given = {
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}",
        "PULSE_SERVER": f"unix:{sound}",
        "WAYLAND_DISPLAY": display.name,
    }
    with deaf(bus), deaf(sound), deaf(display):
        found = back_ends(run(tmp_path, "--list-back-ends", "--json", given=given))
    assert not any(one["usable"] for (kind, name), one in found.items() if name != "overlay")
    assert {kind for kind, _ in found} == {"keys", "insertion", "feedback"}


def test_a_key_that_another_program_has_is_told_and_taken_when_it_is_free(server: PrivateX, tmp_path: Path) -> None:
    with hotkey_at(tmp_path / "a.sock", tmp_path, given=server.env) as first:
        first.says("keys are watched by x11")
        second_folder = tmp_path / "second"
        second_folder.mkdir()
        with hotkey_at(tmp_path / "b.sock", second_folder, given=server.env) as second:
            second.says("keys: key_taken")
            assert first.end() == 0
            second.says("keys are watched by x11")


def test_a_second_one_for_the_same_daemon_is_refused(tmp_path: Path) -> None:
    with hotkey_at(tmp_path / "d.sock", tmp_path) as first:
        first.says("daemon lost or not there")
        second = run(tmp_path, "--socket", str(tmp_path / "d.sock"))
        assert second.returncode == 4
        assert "already" in second.stderr
        assert first.end() == 0


def test_without_daemon_and_display_it_waits_says_so_once_and_ends_cleanly(tmp_path: Path) -> None:
    with hotkey_at(tmp_path / "d.sock", tmp_path) as hotkey:
        hotkey.says("daemon lost or not there")
        hotkey.says("keys: ")
        assert hotkey.log.count("daemon lost") == 1
        assert hotkey.end() == 0
        assert "Traceback" not in hotkey.log


def test_a_display_that_ends_and_begins_again_is_found(server: PrivateX, tmp_path: Path) -> None:
    with hotkey_at(tmp_path / "d.sock", tmp_path, given=server.env) as hotkey:
        hotkey.says("keys are watched by x11")
        server.kill()
        hotkey.says("keys: no_display")
        server.start()
        eventually(lambda: hotkey.log.count("keys are watched by x11") == 2, "the keys are watched again", 20.0)
        assert hotkey.end() == 0


def test_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "--json").returncode == 2
    assert "parleq-hotkey" in run(tmp_path, "--version").stdout
    assert run(tmp_path, "--socket", "/tmp/" + "x" * 200).returncode == 4
