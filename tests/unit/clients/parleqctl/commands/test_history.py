from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.clipboard import Clipboard
from tests.fakes.command_line import parleqctl, parleqctl_at
from tests.fakes.daemon import ENTRY, running_daemon


@pytest.fixture
def clipboard(tmp_path: Path) -> Clipboard:
    return Clipboard(tmp_path)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        (["list"], ("history/list", {"limit": 100})),
        (["list", "--limit", "3"], ("history/list", {"limit": 3})),
        (["search", "two", "words"], ("history/search", {"words": "two words", "limit": 100})),
    ],
)
async def test_dictations_are_listed_a_line_each(argv: list[str], asked: tuple[str, dict[str, object]]) -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "history", *argv)
        json = await parleqctl_at(daemon, "history", *argv, "--json")
    assert text.code == json.code == 0
    assert text.out.startswith("s1  2023-11-1")
    assert text.out.endswith("1 s  delivered  Hello world.\n")
    assert json.json == [{"entries": [ENTRY]}]
    assert daemon.received == [asked, asked]


@pytest.mark.asyncio
async def test_an_empty_history_is_an_empty_list() -> None:
    async with running_daemon({"history/list": {"entries": []}}) as daemon:
        text = await parleqctl_at(daemon, "history", "list")
        json = await parleqctl_at(daemon, "history", "list", "--json")
    assert (text.code, text.out, text.err) == (0, "", "no dictations\n")
    assert json.json == [{"entries": []}]


@pytest.mark.asyncio
async def test_one_is_shown_clean_or_raw() -> None:
    async with running_daemon() as daemon:
        assert (await parleqctl_at(daemon, "history", "show", "s1")).out == "Hello world.\n"
        assert (await parleqctl_at(daemon, "history", "show", "s1", "--raw")).out == "um hello world\n"
        assert (await parleqctl_at(daemon, "history", "show", "s1", "--json")).json == [ENTRY]
    assert daemon.received == [("history/show", {"session_id": "s1"})] * 3


@pytest.mark.asyncio
@pytest.mark.parametrize(("argv", "printed"), [([], []), (["--json"], [ENTRY])])
async def test_one_is_copied(argv: list[str], printed: list[object], clipboard: Clipboard) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "history", "copy", "s1", *argv, environment=clipboard.environment)
    assert (outcome.code, outcome.json) == (0, printed)
    assert await clipboard.text() == "Hello world."


@pytest.mark.asyncio
async def test_all_are_forgotten() -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "history", "clear")
        json = await parleqctl_at(daemon, "history", "clear", "--json")
    assert (text.out, text.err, json.json) == ("", "forgot 1 dictations\n", [{"cleared": 1}])


@pytest.mark.asyncio
@pytest.mark.parametrize("argv", [["list"], ["search", "word"]])
@pytest.mark.parametrize("limit", ["0", "-1", "few"])
async def test_a_limit_below_one_is_wrong_usage(argv: list[str], limit: str) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "history", *argv, f"--limit={limit}")
    assert outcome.code == 2
    assert f"--limit: {limit!r} is not a whole number from 1 up" in outcome.err
    assert daemon.received == []


def test_the_help_of_clear_says_what_else_is_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parleqctl("history", "--help")
    printed = capsys.readouterr().out
    assert "last capture" in printed
    assert "programs that are gone" in printed


@pytest.mark.asyncio
async def test_the_text_before_a_model_changed_it_is_shown_and_copied(clipboard: Clipboard) -> None:
    async with running_daemon() as daemon:
        assert (await parleqctl_at(daemon, "history", "show", "s1", "--instant")).out == "Hello, world.\n"
        await parleqctl_at(daemon, "history", "copy", "s1", "--raw", environment=clipboard.environment)
        assert (await parleqctl_at(daemon, "history", "show", "s1", "--instant", "--raw")).code == 2
    assert await clipboard.text() == "um hello world"


@pytest.mark.asyncio
async def test_edits_are_listed_and_taken_back() -> None:
    async with running_daemon() as daemon:
        assert (await parleqctl_at(daemon, "history", "edits", "s1")).out == "1  fillers  'um ' → ''\n"
        text = await parleqctl_at(daemon, "history", "undo", "s1", "1", "3")
        json = await parleqctl_at(daemon, "history", "undo", "s1", "1", "--json")
        assert (await parleqctl_at(daemon, "history", "undo", "s1", "0")).code == 2
        assert (await parleqctl_at(daemon, "history", "undo", "s1")).code == 2
    assert (text.code, text.out) == (0, "um Hello world.\n")
    assert json.json == [{"text": "um Hello world.", "edits": []}]
    assert daemon.asked("history/undo") == [{"session_id": "s1", "edits": [1, 3]}, {"session_id": "s1", "edits": [1]}]
