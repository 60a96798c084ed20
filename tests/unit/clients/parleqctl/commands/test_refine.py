from __future__ import annotations

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import USUAL, running_daemon

REFINED = USUAL["text/refine"]
HOW = {"text": "x", "instruction": "make it longer"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("argv", "stdin", "params"),
    [
        (["--instruction", "make it longer", "x"], b"", HOW),
        (["x", "--instruction", "make it longer"], b"", HOW),
        (["--instruction", "make it longer"], b"x\n", HOW),
        (["--instruction", "make it longer", "-"], b"x", HOW),
        (["--preset", "4", "x"], b"", {"text": "x", "preset": "4"}),
        (["--preset", "formal", "--mode", "instant", "x"], b"", {"text": "x", "preset": "formal", "mode": "instant"}),
    ],
)
async def test_text_and_instruction_are_sent_and_the_new_text_printed(
    argv: list[str], stdin: bytes, params: dict[str, str]
) -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "refine", *argv, stdin=stdin)
        json = await parleqctl_at(daemon, "refine", "--json", *argv, stdin=stdin)
    assert (text.code, text.out, text.err) == (0, "Hello, world.\n", "")
    assert (json.code, json.json) == (0, [REFINED])
    assert daemon.asked("text/refine") == [params, params]


@pytest.mark.asyncio
async def test_a_text_that_could_not_be_changed_is_printed_with_the_reason() -> None:
    assert isinstance(REFINED, dict)
    kept = {
        **REFINED,
        "text": "Hello world.",
        "mode": {"asked": "polished", "used": "raw"},
        "fallback": {"reason": "timeout", "message": "no answer in 4 s", "hint": "raise budget_s", "target": "eu"},
    }
    async with running_daemon({"text/refine": kept}) as daemon:
        outcome = await parleqctl_at(daemon, "refine", "--preset", "1", "Hello world.")
    assert (outcome.code, outcome.out) == (0, "Hello world.\n")
    assert outcome.err.count("\n") == 1
    assert "the text is as it was: no answer in 4 s [timeout]; raise budget_s" in outcome.err


@pytest.mark.asyncio
async def test_presets_are_listed() -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "refine", "--list")
        json = await parleqctl_at(daemon, "refine", "--list", "--json")
    assert text.out == "1  shorter  Make it shorter.\n-  odd      Make it odd.\n"
    assert json.json == [USUAL["text/presets"]]


@pytest.mark.asyncio
@pytest.mark.parametrize("argv", [["x"], ["--instruction", "a", "--preset", "b", "x"], ["--list", "--preset", "b"]])
async def test_one_of_instruction_and_preset_is_needed(argv: list[str]) -> None:
    async with running_daemon() as daemon:
        assert (await parleqctl_at(daemon, "refine", *argv)).code == 2
    assert daemon.received == []
