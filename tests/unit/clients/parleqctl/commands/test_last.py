from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.clipboard import Clipboard
from tests.fakes.command_line import parleqctl, parleqctl_at
from tests.fakes.daemon import ENTRY, RESULT, Object, Refusal, Reply, running_daemon

PENDING: dict[str, Reply] = {
    "history/last": {**ENTRY, "delivery": "pending"},
    "session/claim": {
        "session_id": "s1",
        "state": "ready",
        "deliver": "return",
        "started": 0.0,
        "audio_seconds": 1.0,
    },
}


@pytest.fixture
def clipboard(tmp_path: Path) -> Clipboard:
    return Clipboard(tmp_path)


@pytest.mark.asyncio
@pytest.mark.parametrize(("argv", "out"), [([], "Hello world.\n"), (["--raw"], "um hello world\n")])
async def test_the_text_is_printed(argv: list[str], out: str) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "last", *argv)
    assert (outcome.code, outcome.out, outcome.err) == (0, out, "")
    assert [method for method, _ in daemon.received] == ["history/last"]


@pytest.mark.asyncio
async def test_json_is_the_result_object() -> None:
    async with running_daemon() as daemon:
        assert (await parleqctl_at(daemon, "last", "--json", "--raw")).json == [RESULT]


@pytest.mark.asyncio
async def test_a_last_dictation_in_which_nothing_was_said_is_exit_code_5() -> None:
    silent = {**ENTRY, "result": {**RESULT, "raw": "", "text": "", "verdict": "silence"}}
    async with running_daemon({"history/last": silent}) as daemon:
        outcome = await parleqctl_at(daemon, "last")
    assert (outcome.code, outcome.out) == (5, "")


@pytest.mark.asyncio
async def test_a_pending_text_that_is_only_printed_still_waits() -> None:
    async with running_daemon(PENDING) as daemon:
        outcome = await parleqctl_at(daemon, "last")
    assert (outcome.code, outcome.out) == (0, "Hello world.\n")
    assert daemon.asked("session/claim") == []


@pytest.mark.asyncio
async def test_a_pending_text_whose_owner_is_there_stays_the_owner_s(clipboard: Clipboard) -> None:
    async with running_daemon({**PENDING, "session/claim": Refusal("not_owner")}) as daemon:
        outcome = await parleqctl_at(daemon, "last", "--copy", environment=clipboard.environment)
    assert outcome.code == 0
    assert daemon.asked("session/acknowledge") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(("argv", "out"), [([], []), (["--json"], [RESULT])])
async def test_copying_fills_the_clipboard_instead(argv: list[str], out: list[Object], clipboard: Clipboard) -> None:
    async with running_daemon(PENDING) as daemon:
        outcome = await parleqctl_at(daemon, "last", "--copy", *argv, environment=clipboard.environment)
    assert (outcome.code, outcome.json) == (0, out)
    assert await clipboard.text() == "Hello world."
    assert daemon.asked("session/acknowledge")[0]["receipt"]["detail"] == "clipboard"


@pytest.mark.asyncio
async def test_a_copy_that_failed_delivers_nothing(tmp_path: Path) -> None:
    async with running_daemon(PENDING) as daemon:
        outcome = await parleqctl_at(daemon, "last", "--copy", "--json", environment={"PATH": f"{tmp_path}"})
    assert (outcome.code, outcome.reason) == (4, "clipboard_missing")
    assert daemon.asked("session/claim") == []


def test_the_help_says_that_printing_settles_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parleqctl("last", "--help")
    assert "stays so when it is only printed" in capsys.readouterr().out


@pytest.mark.asyncio
async def test_it_is_printed_without_some_of_its_edits(clipboard: Clipboard) -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "last", "--undo", "1", "--undo", "2")
        json = await parleqctl_at(daemon, "last", "--undo", "1", "--json")
        await parleqctl_at(daemon, "last", "--undo", "1", "--copy", environment=clipboard.environment)
        edits = await parleqctl_at(daemon, "last", "--edits")
        instant = await parleqctl_at(daemon, "last", "--instant")
    assert (text.code, text.out) == (0, "um Hello world.\n")
    assert json.json == [{**RESULT, "text": "um Hello world.", "edits": []}]
    assert await clipboard.text() == "um Hello world."
    assert edits.out == "1  fillers  'um ' → ''\n"
    assert instant.out == "Hello, world.\n"
    assert daemon.asked("history/undo")[0] == {"session_id": "s1", "edits": [1, 2]}
