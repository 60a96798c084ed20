from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parleqctl.commands.bench import EXIT_MISSED
from parleqd._tools.bench.speech import adverse, program
from parleqd._tools.bench.speech.comparison import Compared
from parleqd._tools.bench.speech.recordings import RecordingsError
from parleqd._tools.bench.speech.report import Report
from parleqd._tools.private_daemon import NoDaemonError
from parleqd.core.errors import RefusedError
from parleqd.protocol.names import Reason
from tests.compared import compared

HELD = [compared(5, 100, 500), compared(120, 110, 5000)]


def report(clips: list[Compared]) -> Report:
    return Report("tiny.en", 1, 1, 0.05, partials=False, compared=clips)


def reports(options: argparse.Namespace) -> Iterator[Report]:
    """One after each clip."""
    yield report(HELD[:1])
    yield report(HELD)


def failing(problem: BaseException, *known: Report) -> Callable[[argparse.Namespace], Iterator[Report]]:
    """What is known, and then something that is in the way."""

    def run(options: argparse.Namespace) -> Iterator[Report]:
        yield from known
        raise problem

    return run


def test_the_last_report_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], reports) == 0
    told = capsys.readouterr()
    assert "| 120 s |" in told.out
    assert told.err == ""


def test_a_missed_target_fails_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], lambda _: iter([report([compared(5, 400, 500)])])) == 10
    assert capsys.readouterr().err == "bench: missed: release → raw over whole clip, 5 s\n"


def test_an_interrupt_tells_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], failing(KeyboardInterrupt(), report(HELD[:1]))) == 130
    told = capsys.readouterr()
    assert "| 5 s " in told.out
    assert "120 s" not in told.out
    assert told.err == "bench: stopped; this is what is known so far\n"


def test_an_interrupt_before_anything_is_known_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], failing(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "bench: stopped before the first clip was done\n")


def test_an_interrupt_while_libraries_are_imported_is_told_in_one_line() -> None:
    source = """
import runpy, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == "parleqd._tools.bench.speech.program":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
runpy.run_module("parleqd._tools.bench.speech", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "bench: stopped\n")


def test_a_bug_is_no_missed_target() -> None:
    with pytest.raises(ZeroDivisionError):
        program.main([], failing(ZeroDivisionError(), report(HELD)))
    assert EXIT_MISSED not in (1, program.EXIT_FAILED, program.EXIT_INTERRUPTED)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (RecordingsError("no manifest"), "no manifest"),
        (NoDaemonError("it ended at once"), "it ended at once"),
        (EOFError("no model"), "no model"),
        (RefusedError(Reason.MODEL_MISSING, "base.en is not installed", "install it"), "[model_missing]; install it"),
    ],
)
def test_what_is_in_the_way_is_told(capsys: pytest.CaptureFixture[str], problem: Exception, told: str) -> None:
    assert program.main([], failing(problem)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err


def test_what_is_known_is_told_whatever_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], failing(EOFError("it died"), report(HELD))) == 2
    told = capsys.readouterr()
    assert "| 120 s |" in told.out
    assert told.err == "bench: it died\n"


def test_json_and_plot_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    json_file, plot = tmp_path / "a.json", tmp_path / "a.svg"
    assert program.main(["--json", str(json_file), "--plot", str(plot)], reports) == 0
    assert "| clip " in capsys.readouterr().out
    assert len(json.loads(json_file.read_text())["rows"]) == 2
    assert plot.read_text().startswith("<svg")


def test_json_may_take_the_place_of_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--json", "-", "--plot", str(tmp_path / "a.svg")]
    assert program.main(arguments, lambda _: iter([report(HELD[:1])])) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["rows"][0]["name"] == "5 s"
    assert told.err == "bench: no plot: a line needs two lengths, and there are 1\n"


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["--plot", str(tmp_path / "missing" / "a.svg")]) == 2
    assert "a.svg cannot be written" in capsys.readouterr().err


def test_the_first_clip_of_each_length_comes_before_the_second_of_any() -> None:
    options = program.parser().parse_args(["--lengths", "2,4", "--clips", "2"])
    assert [clip.length for clip in program.make_clips(options)] == [2, 4, 2, 4]


def test_adverse_clips_come_with_each_round() -> None:
    options = program.parser().parse_args(["--lengths", "2", "--clips", "1", "--adverse"])
    assert [clip.way for clip in program.make_clips(options)] == ["", *(way.name for way in adverse.WAYS)]


@pytest.mark.parametrize(
    "arguments",
    [["--clips", "0"], ["--lengths", "3,x"], ["--lengths", "nan"], ["--seed", "-5"], ["--release", "-1"]],
)
def test_nonsense_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        program.parser().parse_args(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_a_clip_is_told_as_it_is_done() -> None:
    assert program.line(compared(60, 210, 4000, way="fast")) == (
        "fast 60.0 s: beam 1 4.00 s, beam 5 8.00 s, parleqd 0.21 s"
    )
