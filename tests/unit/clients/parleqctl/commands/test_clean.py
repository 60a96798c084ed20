from __future__ import annotations

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import USUAL, running_daemon

CLEANED = USUAL["text/clean"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("argv", "stdin", "params"),
    [
        (["um hello"], b"", {"text": "um hello"}),
        (["--mode", "raw", "x"], b"", {"text": "x", "mode": "raw"}),
        (["-"], "naïve\n".encode(), {"text": "naïve"}),
        ([], b"piped", {"text": "piped"}),
        ([""], b"", {"text": ""}),
        (["--", "--json"], b"", {"text": "--json"}),
    ],
)
async def test_the_text_is_sent_and_the_clean_one_printed(
    argv: list[str], stdin: bytes, params: dict[str, str]
) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "clean", *argv, stdin=stdin)
    assert (outcome.code, outcome.out, outcome.err) == (0, "Hello world.\n", "")
    assert daemon.asked("text/clean") == [params]


@pytest.mark.asyncio
async def test_a_cleanup_that_fell_back_is_still_done() -> None:
    assert isinstance(CLEANED, dict)
    fallback = {"reason": "timeout", "message": "no answer in 4 s", "hint": "raise budget_s", "target": "eu"}
    fell_back = {
        **CLEANED,
        "fallback": fallback,
        "mode": {"asked": "polished", "used": "instant"},
        "text": "",
    }
    async with running_daemon({"text/clean": fell_back}) as daemon:
        text = await parleqctl_at(daemon, "clean", "um")
        json = await parleqctl_at(daemon, "clean", "um", "--json")
    assert (text.code, text.out) == (0, "\n")
    assert text.err.count("\n") == 1
    assert "cleanup was instant, not polished: no answer in 4 s [timeout]; raise budget_s" in text.err
    assert (json.code, json.json) == (0, [fell_back])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("argv", "stdin", "reason"),
    [(["a\udcff"], b"", "bad_request"), ([], b"\xff", "bad_request"), (["-"], b"x" * 8_388_609, "too_large")],
)
async def test_what_cannot_be_sent_is_told_without_asking(argv: list[str], stdin: bytes, reason: str) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "clean", "--json", *argv, stdin=stdin)
    assert (outcome.code, outcome.reason) == (4, reason)
    assert daemon.received == []
