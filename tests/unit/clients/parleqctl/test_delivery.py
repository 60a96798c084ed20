from __future__ import annotations

from argparse import Namespace

import pytest
from anyio.to_thread import run_sync

from parleq_client import Connection, LocalError
from parleqctl.console import Console
from parleqctl.delivery import deliver, exit_code, print_result, report, show_progress
from parleqctl.invocation import Invocation
from tests.fakes.command_line import MemoryStream
from tests.fakes.daemon import RESULT, FakeDaemon, Object, Peer, Refusal, Reply, never, running_daemon


def invocation(*, json: bool = False, terminal: bool = False) -> tuple[Invocation, MemoryStream, MemoryStream]:
    out, err = MemoryStream(), MemoryStream(terminal=terminal)
    return Invocation(Namespace(json=json), Console(None, out, err, {})), out, err


def dictate(daemon: FakeDaemon, one: Invocation) -> int:
    with Connection.open(daemon.path) as connection:
        dictation = show_progress(connection, one.console)
        dictation.start_file("/a.flac")
        return deliver(dictation, one)


@pytest.mark.asyncio
async def test_a_text_is_printed_and_then_acknowledged() -> None:
    one, out, err = invocation()
    async with running_daemon() as daemon:
        assert await run_sync(dictate, daemon, one) == 0
    assert (out.written, err.written) == ("Hello world.\n", "")
    assert daemon.asked("session/acknowledge") == [
        {"session_id": "s1", "receipt": {"status": "sent", "detail": "stdout"}}
    ]


@pytest.mark.asyncio
async def test_a_text_that_could_not_be_printed_stays_pending() -> None:
    one = Invocation(Namespace(json=True), Console(None, None, None, {}))
    async with running_daemon() as daemon:
        with pytest.raises(LocalError, match="stays pending") as error:
            await run_sync(dictate, daemon, one)
    assert error.value.reason == "output_closed"
    assert "parleqctl last" in error.value.hint
    assert daemon.asked("session/acknowledge") == []


@pytest.mark.asyncio
async def test_phases_and_partials_are_shown_on_a_terminal_and_gone_before_the_text() -> None:
    async def result(peer: Peer, params: Object) -> Object:
        for phase in ("transcribing", "ended"):
            await peer.notify("session/state", {"session_id": "s1", "phase": phase})
        await peer.notify("session/partial", {"session_id": "s1", "stable": "hello", "provisional": "wor"})
        return RESULT

    one, _, err = invocation(terminal=True)
    async with running_daemon({"session/result": result}) as daemon:
        await run_sync(dictate, daemon, one)
    assert err.written == "\rtranscribing…\x1b[K\rhello wor\x1b[K\r\x1b[K"


@pytest.mark.asyncio
@pytest.mark.parametrize("cancelled", [{"session_id": "s1"}, Refusal("unknown_session")])
async def test_an_interrupt_cancels_the_dictation(cancelled: Object | Refusal) -> None:
    async def interrupted(peer: Peer, params: Object) -> Object:
        await peer.notify("session/state", {"session_id": "s1", "phase": "recording"})
        return await never(peer, params)

    def interrupt(text: str) -> None:
        if text == "recording…":
            raise KeyboardInterrupt

    one, _, _ = invocation(terminal=True)
    one.console.live.show = interrupt  # type: ignore[method-assign]
    async with running_daemon({"session/result": interrupted, "session/cancel": cancelled}) as daemon:
        with pytest.raises(KeyboardInterrupt):
            await run_sync(dictate, daemon, one)
    assert daemon.asked("session/cancel") == [{"session_id": "s1"}]
    assert daemon.asked("session/acknowledge") == []


@pytest.mark.asyncio
async def test_an_interrupt_leaves_a_text_pending_that_is_to_be_kept() -> None:
    async def interrupted(peer: Peer, params: Object) -> Object:
        await peer.notify("session/state", {"session_id": "s1", "phase": "transcribing"})
        return await never(peer, params)

    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    def take(daemon: FakeDaemon) -> None:
        with Connection.open(daemon.path) as connection:
            dictation = show_progress(connection, one.console)
            dictation.take_over()
            deliver(dictation, one, keep=True)

    one, _, err = invocation(terminal=True)
    one.console.live.show = interrupt  # type: ignore[method-assign]
    async with running_daemon({"session/result": interrupted}) as daemon:
        with pytest.raises(KeyboardInterrupt):
            await run_sync(take, daemon)
    assert "stays pending" in err.written
    assert daemon.asked("session/cancel") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(("raw", "said"), [("hello", True), ("", False)])
async def test_a_receipt_that_is_refused_matters_only_where_there_was_a_text(raw: str, said: bool) -> None:
    one, _, err = invocation(json=True)
    replies: dict[str, Reply] = {
        "session/result": {**RESULT, "raw": raw},
        "session/acknowledge": Refusal("unknown_session"),
    }
    async with running_daemon(replies) as daemon:
        assert await run_sync(dictate, daemon, one) == (0 if said else 5)
    assert ("not acknowledged" in err.written) is said


@pytest.mark.parametrize(("raw", "code"), [("um", 0), ("", 5)])
def test_nothing_said_is_exit_code_5(raw: str, code: int) -> None:
    assert exit_code({**RESULT, "raw": raw, "text": "", "verdict": "speech"}) == code


def test_nothing_said_is_printed_as_json_only() -> None:
    result = {**RESULT, "raw": "", "text": "", "verdict": "silence"}
    one, out, err = invocation()
    print_result(result, one)
    assert (out.written, err.written) == ("", "parleqctl: nothing was said (silence)\n")
    one, out, err = invocation(json=True)
    print_result(result, one)
    assert '"verdict": "silence"' in out.written
    assert err.written == ""


def test_all_filler_prints_an_empty_line() -> None:
    one, out, _ = invocation()
    print_result({**RESULT, "raw": "um", "text": ""}, one)
    assert out.written == "\n"


def test_a_fallback_and_each_warning_are_one_line_on_stderr() -> None:
    one, _, err = invocation()
    report(
        {
            "mode": {"asked": "polished", "used": "instant"},
            "fallback": {
                "reason": "rate_limited",
                "message": "too many\nrequests",
                "hint": "wait",
                "target": "eu",
            },
            "warnings": [{"reason": "audio_incomplete", "message": "the end is missing", "hint": ""}],
        },
        one.console,
    )
    assert err.written.splitlines() == [
        "parleqctl: warning: cleanup was instant, not polished: too many requests [rate_limited]; wait",
        "parleqctl: warning: the end is missing [audio_incomplete]",
    ]
