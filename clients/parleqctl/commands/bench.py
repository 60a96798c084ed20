"""``parleqctl bench``: how soon the text is there after release, on this machine, beside whole-clip faster-whisper."""

from __future__ import annotations

import json
import signal
import sys

from parleq_client import LocalError
from parleqctl import exits
from parleqctl.parser import json_option
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping, Sequence

    from parleqctl.invocation import Invocation

# -P: a folder named parleqd in the working directory is not what is meant. The daemon never imports it, and this
# command neither: what it needs of numpy and the speech libraries is loaded in a process of its own.
PROGRAM = (sys.executable, "-P", "-m", "parleqd._tools.bench.speech")
_MEASURED = (0, 1)
"""Exit codes of the program: all targets held; some missed, which is a result too."""
_STOPPED = (exits.INTERRUPTED, -signal.SIGTERM)
"""Stopped by us: with what it knew by then, or before it knew anything."""
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
    parser.add_argument("--clips", metavar="N", help="clips of each length (default: 2)")
    parser.add_argument("--lengths", metavar="S,S,…", help="seconds (default: 3,5,10,15,30,60,120)")
    parser.add_argument("--adverse", action="store_true", help="also hesitant, continuous, fast and noisy speech")
    parser.add_argument("--release", metavar="S", help="seconds from the last word to release (default: 0.05)")
    parser.add_argument("--model", metavar="NAME", help="an installed model, or a folder with a / in it")
    parser.add_argument("--partials", action="store_true", help="with a client that reads along")
    parser.add_argument("--seed", metavar="N", help="other clips from the same recordings (default: 1)")
    parser.add_argument("--texts", action="store_true", help="with --json: what was said and heard, too")
    parser.add_argument("--plot", metavar="FILE", help="write latency over length as SVG")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    command = [*PROGRAM, *_options(invocation.arguments), *(("--json", "-") if invocation.as_json else ())]
    output, code = _to_the_end(command, invocation.console.environment)
    if code not in (*_MEASURED, *_STOPPED):
        raise LocalError(Reason.INTERNAL, f"the bench ended with exit code {code}", "the lines above say why")
    if invocation.as_json and output:
        invocation.console.json(json.loads(output))
    elif output:
        invocation.console.text(output.rstrip("\n"))
    return exits.DONE if code in _MEASURED else exits.INTERRUPTED


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

    with Popen(command, stdout=PIPE, text=True, env=dict(environment), start_new_session=True) as process:
        while True:
            try:
                output, _ = process.communicate()
                return output, process.returncode
            except KeyboardInterrupt:
                process.terminate()
