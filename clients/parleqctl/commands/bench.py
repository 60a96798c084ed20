"""``parleqctl bench``: how soon the text is there after release, on this machine, beside whole-clip faster-whisper."""

from __future__ import annotations

import json
import signal
import sys
from argparse import ArgumentTypeError

from parleq_client import LocalError
from parleqctl import exits
from parleqctl.parser import json_option
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from parleqctl.invocation import Invocation

# -P: a folder named parleqd in the working directory is not what is meant. The daemon never imports it, and this
# command neither: what it needs of numpy and the speech libraries is loaded in a process of its own.
PROGRAM = (sys.executable, "-P", "-m", "parleqd._tools.bench.speech")
EXIT_MISSED = 10
"""The program's exit code when it has a result that misses a target. Not 1, with which Python ends after a bug."""
_MEASURED = (exits.DONE, EXIT_MISSED)
_STOPPED = (exits.INTERRUPTED, -signal.SIGINT, -signal.SIGTERM)
"""Stopped by us: with what it knew by then, or before it knew anything."""
_LONGEST_S = 3600
_VALUES = ("recordings", "clips", "lengths", "release", "seed", "model", "plot")
_SWITCHES = ("adverse", "partials", "texts")


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Clips of 3 to 120 s go through a daemon of its own, with default settings, at the pace of speech, and
whole through faster-whisper with the same model, in turn: about 9 minutes. Do nothing else meanwhile.
Ctrl-C prints what is known so far. Without --recordings it is the demo's synthetic voice.

A folder of recordings, in English, has a manifest.jsonl: {"file": "a.flac", "text": "what is said"} a line.

examples:
  parleqctl bench --lengths 5,30 --clips 1      about a minute
  parleqctl bench --recordings ~/speech --clips 7 --adverse --plot latency.svg
  parleqctl bench --model base.en --json | jq '.rows[] | {name, ours, ratio}'"""
    parser.add_argument("--recordings", metavar="FOLDER", help="spoken by you or others, with a manifest.jsonl")
    parser.add_argument("--clips", type=_as_typed(clips), metavar="N", help="clips of each length (default: 2)")
    parser.add_argument(
        "--lengths", type=_as_typed(lengths), metavar="S,S,…", help="seconds (default: 3,5,10,15,30,60,120)"
    )
    parser.add_argument("--adverse", action="store_true", help="also hesitant, continuous, fast and noisy speech")
    said = "seconds from the last word to release (default: 0.05)"
    parser.add_argument("--release", type=_as_typed(release), metavar="S", help=said)
    parser.add_argument("--model", metavar="NAME", help="an installed model, or a folder with a / in it")
    parser.add_argument("--partials", action="store_true", help="with a client that reads along")
    said = "other clips from the same recordings (default: 1)"
    parser.add_argument("--seed", type=_as_typed(seed), metavar="N", help=said)
    parser.add_argument("--texts", action="store_true", help="with --json: what was said and heard, too")
    parser.add_argument("--plot", metavar="FILE", help="write latency over length as SVG")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code. Raises LocalError without a result, KeyboardInterrupt when stopped so."""
    command = [*PROGRAM, *_options(invocation.arguments), *(("--json", "-") if invocation.as_json else ())]
    output, code = _to_the_end(command, invocation.console.environment)
    if code not in (*_MEASURED, *_STOPPED):
        raise LocalError(Reason.INTERNAL, f"the bench ended with exit code {code}", "the lines above say why")
    if not output.strip():
        if code in _STOPPED:
            raise KeyboardInterrupt
        raise LocalError(Reason.INTERNAL, f"the bench ended with exit code {code}, but without a result")
    if invocation.as_json:
        invocation.console.json(json.loads(output))
    else:
        invocation.console.text(output.rstrip("\n"))
    return exits.DONE if code in _MEASURED else exits.INTERRUPTED


def clips(text: str) -> int:
    """``--clips``, here and of the program. These four raise ArgumentTypeError, which tells what would be right."""
    return _whole_number(text, 1)


def lengths(text: str) -> tuple[float, ...]:
    """``--lengths``, in seconds."""
    found = tuple(_seconds(part) for part in text.split(","))
    if not all(0 < length <= _LONGEST_S for length in found):
        right = f"seconds with commas between them, each more than 0 and at most {_LONGEST_S}, as in 3,5,30"
        raise ArgumentTypeError(f"{text!r} is not {right}")
    return found


def release(text: str) -> float:
    """``--release``, in seconds."""
    if not 0 <= (found := _seconds(text)) <= _LONGEST_S:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {_LONGEST_S}, as in 0.05")
    return found


def seed(text: str) -> int:
    """``--seed``: numpy takes none below 0."""
    return _whole_number(text, 0)


def _seconds(text: str) -> float:
    """NaN, which is in no range, for what is no number."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _whole_number(text: str, least: int) -> int:
    try:
        found = int(text)
    except ValueError:
        found = least - 1
    if found < least:
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
    return found


def _as_typed(check: Callable[[str], object]) -> Callable[[str], str]:
    """The text itself, checked: it is passed on."""

    def checked(text: str) -> str:
        check(text)
        return text

    return checked


def _options(arguments: Namespace) -> Iterator[str]:
    for name in _VALUES:
        if (value := getattr(arguments, name)) is not None:
            yield f"--{name}={value}"
    for name in _SWITCHES:
        if getattr(arguments, name):
            yield f"--{name}"


def _to_the_end(command: Sequence[str], environment: Mapping[str, str]) -> tuple[str, int]:
    """What it printed, and its exit code; its progress goes to stderr. An interrupt is passed on, and its end awaited.

    It has a session of its own, so that Ctrl-C reaches this process alone; and SIGINT may be ignored, as in the
    background of a script, so that SIGTERM is what stops it.
    """
    from subprocess import PIPE, Popen

    interrupted = False
    with Popen(command, stdout=PIPE, text=True, env=dict(environment), start_new_session=True) as process:
        while True:
            try:
                output, _ = process.communicate()
                code = process.returncode
                # A library that is being imported may make any error of an interrupt.
                return output, exits.INTERRUPTED if interrupted and code not in _MEASURED else code
            except KeyboardInterrupt:
                interrupted = True
                process.terminate()
