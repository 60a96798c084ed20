"""What the Neovim client does with every answer that a daemon may give; the daemon answers from a script."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from anyio import from_thread
from anyio.to_thread import run_sync

from tests.e2e.neovim import Neovim, neovim
from tests.e2e.neovim_scenes import CANCEL, IDLE, START, dictate, numbered, play, played, receipts
from tests.fakes.daemon import RESULT, FakeDaemon, Object, Peer, Refusal, Reply, never, running_daemon
from tests.parts import need

pytestmark = pytest.mark.timeout(60)

WAITS = {"session_id": "s7", "state": "ready", "deliver": "return", "started": 1.0, "audio_seconds": 2.0}
WELCOME = {
    "server": {"name": "parleqd", "version": "0.1.0"},
    "protocol": 1,
    "capabilities": {"sources": [], "modes": [], "topics": []},
    "pending": [],
}


@pytest.mark.asyncio
async def test_it_says_who_it_is_and_of_the_buffer_only_its_file_type() -> None:
    def scene(editor: Neovim) -> None:
        editor.set_text("a secret")
        editor.lua("vim.bo.filetype = 'lua'")
        dictate(editor)

    async with played(scene) as daemon:
        (said,) = daemon.asked("initialize")
        assert said["protocol"] == 1
        assert said["capabilities"] == {"insert": False, "partials": True}
        assert len(said["client"]["instance"]) == 36
        (started,) = daemon.asked("session/start")
        assert started == {
            "source": "microphone",
            "deliver": "return",
            "on_disconnect": "stop",
            "context": {"app": "nvim", "file_type": "lua"},
        }
        assert "secret" not in str(daemon.received)
        assert receipts(daemon) == {"s1": "verified"}


@pytest.mark.asyncio
async def test_a_key_that_repeats_is_held_and_a_tap_is_ended_by_the_next() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua("require('parleq').setup({hold = '<F9>'})")
        editor.keys("<F9><F9><F9>")
        editor.until_holds(lambda: editor.text() == "Hello world.1", "no repetition is the release")
        editor.keys("<F9>")
        editor.until("return require('parleq.hold').is_up()", "that was a tap")
        assert editor.status() == "● REC"
        editor.keys("<F9>")
        editor.until(IDLE, "the text has come")

    async with played(scene) as daemon:
        assert receipts(daemon) == {"s1": "verified", "s2": "verified"}


@pytest.mark.asyncio
async def test_the_last_recording_is_recognised_again() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua("vim.cmd('Parleq recover')")
        editor.until(IDLE, "the text has come")
        assert editor.text() == "Hello world."

    async with played(scene, {"session/result": RESULT}) as daemon:
        assert len(daemon.asked("session/recover")) == 1
        assert daemon.asked("session/stop") == []


@pytest.mark.asyncio
async def test_what_is_cancelled_while_the_daemon_is_gone_is_cancelled_when_it_is_back() -> None:
    async def result(peer: Peer, params: Object) -> Object:
        await peer.hang_up()
        return await never(peer, params)

    async def later(peer: Peer, params: Object) -> Object:
        if len(lives) and not let_in.is_set():
            await peer.hang_up()
            return await never(peer, params)
        lives.append(1)
        return WELCOME

    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until("return require('parleq').status() == 'parleqd?'", "the loss is noticed")
        editor.lua(CANCEL)
        assert (editor.marks(), editor.status()) == (0, "")
        from_thread.run_sync(let_in.set)
        from_thread.run(daemons[0].until_asked, "session/cancel")
        assert editor.text() == ""

    lives: list[int] = []
    daemons: list[FakeDaemon] = []
    let_in = anyio.Event()
    need("neovim")
    async with running_daemon({**numbered(), "session/result": result, "initialize": later}) as daemon:
        daemons.append(daemon)
        await run_sync(play, daemon.path, scene)
        assert len(daemon.asked("session/result")) == 1


@pytest.mark.asyncio
async def test_what_waits_is_offered_and_inserted_when_asked_for() -> None:
    claimed: list[str] = []

    async def claim(_: Peer, params: Object) -> Object:
        claimed.append(params["session_id"])
        if params["session_id"] == "s8":
            raise Refusal("not_owner")
        return WAITS

    async def result(_: Peer, params: Object) -> Object:
        return {**RESULT, "session_id": params["session_id"]}

    def scene(editor: Neovim) -> None:
        editor.until("return #messages == 1", "it is offered")
        assert editor.messages()[0].startswith("parleq: 2 dictations wait")
        assert editor.text() == ""
        editor.lua("vim.cmd('Parleq last | Parleq last')")
        editor.until_holds(lambda: editor.text(), "it is there")
        assert editor.messages()[1] == "parleq: a text is on its way already"
        assert editor.text() == "Hello world."

    replies: dict[str, Reply] = {
        "session/pending": {"sessions": [WAITS, {**WAITS, "session_id": "s8", "started": 2.0}]},
        "session/claim": claim,
        "session/result": result,
    }
    async with played(scene, replies) as daemon:
        await daemon.until_asked("session/acknowledge")
        assert claimed == ["s8", "s7"]
        assert receipts(daemon) == {"s7": "verified"}


@pytest.mark.asyncio
async def test_a_receipt_that_was_not_confirmed_is_told_again_and_the_text_inserted_once() -> None:
    async def acknowledge(peer: Peer, params: Object) -> Object:
        if not broken:
            broken.append(True)
            await peer.hang_up()
        return {}

    def scene(editor: Neovim) -> None:
        dictate(editor)
        editor.until_holds(lambda: len(daemons[0].asked("session/acknowledge")) == 2, "it is told again")
        assert editor.text() == "Hello world.1"

    broken: list[bool] = []
    daemons: list[FakeDaemon] = []
    need("neovim")
    async with running_daemon({**numbered(), "session/acknowledge": acknowledge}) as daemon:
        daemons.append(daemon)
        await run_sync(play, daemon.path, scene)
        assert len({said["client"]["instance"] for said in daemon.asked("initialize")}) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Refusal("protocol_unsupported", "this daemon speaks version 2"),
        {**WELCOME, "protocol": 2},
    ],
)
@pytest.mark.asyncio
async def test_a_daemon_of_another_version_is_told_and_nothing_done(answer: Reply) -> None:
    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until("return #messages > 0", "it is told")
        assert "one release" in editor.messages()[-1]
        assert (editor.marks(), editor.status()) == (0, "")

    async with played(scene, {"initialize": answer}) as daemon:
        assert daemon.asked("session/start") == []


@pytest.mark.asyncio
async def test_a_daemon_that_comes_back_as_another_version_is_told_to_whoever_waits() -> None:
    async def result(peer: Peer, params: Object) -> Object:
        daemons[0].replies["initialize"] = {**WELCOME, "protocol": 2}
        await peer.hang_up()
        return await never(peer, params)

    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until("return #messages == 2", "both are told")
        assert "start it with" in editor.messages()[0]
        assert "protocol 2" in editor.messages()[1]
        assert "what was said is kept (install" in editor.messages()[1]
        editor.lua(CANCEL)
        assert (editor.marks(), editor.status()) == (0, "")

    daemons: list[FakeDaemon] = []
    need("neovim")
    async with running_daemon({**numbered(), "session/result": result}) as daemon:
        daemons.append(daemon)
        await run_sync(play, daemon.path, scene)


@pytest.mark.asyncio
async def test_what_the_daemon_refuses_is_told_with_its_hint() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until("return #messages > 0", "it is told")
        assert editor.messages() == ["parleq: in use by my-editor (stop that first)"]
        assert (editor.marks(), editor.status()) == (0, "")

    refusal = Refusal("microphone_busy", "in use by my-editor", "stop that first")
    async with played(scene, {"session/start": refusal}):
        pass


@pytest.mark.asyncio
async def test_the_status_says_that_it_records_once_the_microphone_gives_sound() -> None:
    async def start(peer: Peer, params: Object) -> Object:
        peers.append(peer)
        return {"session_id": "s1"}

    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until_holds(lambda: daemons[0].asked("session/result"), "it was started")
        assert editor.status() == "… parleq"
        note = {"session_id": "s1", "phase": "recording", "source": "microphone", "deliver": "return"}
        from_thread.run(peers[0].notify, "session/state", note)
        editor.until_holds(lambda: editor.status() == "● REC", "it is told")

    peers: list[Peer] = []
    daemons: list[FakeDaemon] = []
    need("neovim")
    async with running_daemon({**numbered(), "session/start": start, "session/result": never}) as daemon:
        daemons.append(daemon)
        await run_sync(play, daemon.path, scene)


@pytest.mark.asyncio
async def test_what_happens_to_the_microphone_is_told_while_it_is_heard() -> None:
    async def start(peer: Peer, params: Object) -> Object:
        changed = {"reason": "device_changed", "message": "the headset has gone", "hint": "", "session_id": None}
        await peer.notify("daemon/notice", changed)
        return {"session_id": "s1"}

    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until_holds(lambda: editor.messages() == ["parleq: the headset has gone"], "it is told")

    async with played(scene, {"session/start": start, "session/result": never}):
        pass


@pytest.mark.asyncio
async def test_a_daemon_that_hangs_is_hung_up_on_so_that_nothing_begins_unseen() -> None:
    def scene(editor: Neovim) -> None:
        editor.lua(START)
        editor.until("return #messages > 0", "it is told")
        assert editor.messages()[0].startswith("parleq: parleqd has not answered session/start within 10 s (it hangs")
        assert (editor.marks(), editor.status()) == (0, "")
        editor.until_holds(lambda: len(daemons[0].asked("initialize")) == 2, "there is a new connection")

    daemons: list[FakeDaemon] = []
    need("neovim")
    async with running_daemon({**numbered(), "session/start": never}) as daemon:
        daemons.append(daemon)
        await run_sync(play, daemon.path, scene)


@pytest.mark.asyncio
async def test_silence_inserts_nothing_and_is_told() -> None:
    def scene(editor: Neovim) -> None:
        dictate(editor)
        assert (editor.text(), editor.marks()) == ("", 0)
        assert editor.messages() == ["parleq: nothing was said"]

    async with played(scene, {"session/result": {**RESULT, "text": "", "verdict": "silence"}}):
        pass


def test_without_a_daemon_the_command_that_starts_it_is_told(tmp_path: Path) -> None:
    with neovim({"PARLEQ_SOCKET": str(tmp_path / "s")}) as editor:
        assert editor.messages() == []
        editor.lua(START)
        assert f"parleqd --socket {tmp_path / 's'}" in editor.messages()[0]
        assert editor.marks() == 0


def test_a_path_is_written_as_people_write_it_and_told_as_a_shell_takes_it(tmp_path: Path) -> None:
    with neovim({"HOME": str(tmp_path)}, setup="socket = '~/my socket'") as editor:
        editor.lua(START)
        assert f"`parleqd --socket '{tmp_path}/my socket'`" in editor.messages()[0]


def test_nothing_is_loaded_before_it_is_used(tmp_path: Path) -> None:
    with neovim({"PARLEQ_SOCKET": str(tmp_path / "s")}, setup=None) as editor:
        loaded = "return vim.fn.match(vim.tbl_keys(package.loaded), '^parleq')"
        assert editor.lua(loaded) == -1
        assert editor.lua("return vim.fn.getcompletion('Parleq re', 'cmdline')") == ["recover", "refine"]


def test_messages_may_come_in_any_pieces(tmp_path: Path) -> None:
    with neovim({}, setup=None) as editor:
        read = """
            local take, found = require('parleq.wire').reader(), {}
            local all = '{"id":1,"text":"grö👍"}\\r\\n\\n{"id":2}\\n'
            for at = 1, #all do vim.list_extend(found, assert(take(all:sub(at, at)))) end
            return found"""
        assert editor.lua(read) == [{"id": 1, "text": "grö👍"}, {"id": 2}]
        huge = "return {require('parleq.wire').reader()(('x'):rep(8 * 1024 * 1024 + 1))}"
        assert "8 MiB" in str(editor.lua(huge))
