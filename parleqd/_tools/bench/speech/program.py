"""The program: makes the clips, compares them one by one, tells what is known at the end or at Ctrl-C."""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from parleq_client import ClientError
from parleqctl.commands import bench
from parleqctl.commands.bench import EXIT_MISSED
from parleqd._tools.bench.speech import adverse
from parleqd._tools.bench.speech.clips import LENGTHS, Clip, ClipMaker
from parleqd._tools.bench.speech.comparison import Compared, Comparison, comparing
from parleqd._tools.bench.speech.recordings import RecordingsError, utterances
from parleqd._tools.bench.speech.report import Report
from parleqd._tools.bench.speech.simulated import Simulation, simulating
from parleqd._tools.private_daemon import NoDaemonError
from parleqd.core.errors import ParleqError

EXIT_FAILED = 2
EXIT_INTERRUPTED = 130
_WHOLE_SHARE, _WHOLE_LEAST_S = 0.12, 2.0
"""What decoding a whole clip twice takes, about: a share of its length, and at least so much."""
_SIMULATED_SHARE = 0.25
"""And decoding it in advance, in pieces."""
_START_S = 15.0


class WrongUsageError(Exception):
    """What was asked for cannot be done; found out before minutes were spent on it."""


def parser() -> argparse.ArgumentParser:
    """The command line, which ``parleqctl bench`` passes on."""
    parser = argparse.ArgumentParser(prog="bench", description="Release → raw text, beside whole-clip faster-whisper.")
    parser.add_argument("--recordings", type=Path, metavar="FOLDER", help="with a manifest.jsonl (default: the demo's)")
    parser.add_argument("--clips", type=bench.clips, default=2, metavar="N", help="of each length (default: 2)")
    parser.add_argument("--lengths", type=bench.lengths, default=LENGTHS, metavar="S,S,…", help="in seconds")
    parser.add_argument("--adverse", action="store_true", help="also hesitant, continuous, fast and noisy speech")
    parser.add_argument("--release", type=bench.release, default=0.05, metavar="S", help="seconds after the last word")
    parser.add_argument("--seed", type=bench.seed, default=1, help="of the clips and the intervals (default: 1)")
    parser.add_argument("--model", metavar="NAME", help="an installed model, or a folder with a / in it")
    parser.add_argument("--partials", action="store_true", help="a client reads along")
    parser.add_argument("--json", metavar="FILE", help="everything as JSON; - instead of the tables")
    parser.add_argument("--texts", action="store_true", help="what was said and heard, into the JSON too")
    parser.add_argument("--plot", metavar="FILE", help="latency over length, as SVG")
    parser.add_argument("--simulated", action="store_true", help="ours on a virtual clock: to compare rules, sooner")
    return parser


def run(options: argparse.Namespace) -> Iterator[Report]:
    """What is known after each clip, the first of each length before the second of any."""
    if options.simulated and (options.plot or options.partials):
        raise WrongUsageError("--plot and --partials need a daemon: leave --simulated out")
    for file in (options.json, options.plot):
        _expect_writable(file)
    clips = make_clips(options)
    paced = _SIMULATED_SHARE if options.simulated else 1.0
    total = sum(clip.seconds * (paced + _WHOLE_SHARE) + _WHOLE_LEAST_S for clip in clips) + _START_S
    _note(f"{len(clips)} clips, {sum(clip.seconds for clip in clips) / 60:.1f} minutes of speech, seed {options.seed}")
    _note(f"this takes about {math.ceil(total / 60)} min; Ctrl-C prints what is known by then")
    compared: list[Compared] = []
    with _both(options, clips) as comparison:
        for number, clip in enumerate(clips, 1):
            compared.append(comparison.compare(clip))
            _note(f"[{number}/{len(clips)}] {line(compared[-1])}")
            yield Report(
                comparison.model,
                comparison.threads,
                options.seed,
                options.release,
                options.partials,
                tuple(compared),
                options.texts,
                options.simulated,
            )


def main(
    arguments: Sequence[str] | None = None, reports: Callable[[argparse.Namespace], Iterator[Report]] = run
) -> int:
    """Tell the last of the ``reports``; returns the exit code: 10 when a target was missed."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that its processes end with it
    known: list[Report] = []
    code = 0
    try:
        for report in reports(options):
            known = [report]
    except KeyboardInterrupt:
        _note("stopped; this is what is known so far" if known else "stopped before the first clip was done")
        code = EXIT_INTERRUPTED
    except (WrongUsageError, RecordingsError, NoDaemonError, EOFError) as problem:
        code = _fail(str(problem))
    except (ParleqError, ClientError) as problem:
        code = _fail(f"{problem.message} [{problem.reason}]" + (f"; {problem.hint}" if problem.hint else ""))
    held = [tell(report, options.json, options.plot) for report in known]
    return code or (EXIT_MISSED if False in held else 0)


def _both(options: argparse.Namespace, clips: Sequence[Clip]) -> AbstractContextManager[Comparison | Simulation]:
    if not options.simulated:
        probe = min(clips, key=lambda clip: abs(clip.seconds - 10))
        return comparing(options.model, probe, partials=options.partials)
    return simulating(options.model)


def make_clips(options: argparse.Namespace) -> list[Clip]:
    """All of them, in the order in which they are compared. Raises ``RecordingsError``."""
    maker = ClipMaker(utterances(options.recordings), options.seed, options.release)
    ways = adverse.WAYS if options.adverse else ()
    return [
        clip
        for _ in range(options.clips)
        for clip in (
            *(maker.make(length) for length in options.lengths),
            *(maker.make(adverse.LENGTH_S, way) for way in ways),
        )
    ]


def line(clip: Compared) -> str:
    """A clip as it is done."""
    whole = ", ".join(f"beam {beam} {theirs.milliseconds / 1000:.2f} s" for beam, theirs in clip.whole.items())
    return f"{clip.way} {clip.seconds:.1f} s: {whole}, parleqd {clip.release_to_raw / 1000:.2f} s".lstrip()


def tell(report: Report, json_file: str | None, plot_file: str | None) -> bool:
    """The tables on stdout, or JSON instead; files as they were asked for. Were all targets held?"""
    as_json = json.dumps(report.as_dict())
    print(as_json if json_file == "-" else report.text(), flush=True)
    if json_file not in (None, "-"):
        Path(str(json_file)).write_text(f"{as_json}\n", encoding="utf-8")
    if plot_file is not None:
        try:
            Path(plot_file).write_text(report.plot(), encoding="utf-8")
        except ValueError as problem:
            _note(f"no plot: {problem}")
    missed = [figure.what for figure in report.figures() if figure.held is False]
    for what in missed:
        _note(f"missed: {what}")
    return not missed


def _expect_writable(file: str | None) -> None:
    if file not in (None, "-") and not os.access(Path(str(file)).absolute().parent, os.W_OK):
        raise WrongUsageError(f"{file} cannot be written: there is no such folder, or it is not yours")


def _note(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _fail(text: str) -> int:
    _note(text)
    return EXIT_FAILED
