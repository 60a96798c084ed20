from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.command_line import Outcome, parleqctl, parleqctl_process

TELLS_ARGUMENTS = "import json, sys; print(json.dumps(sys.argv[1:]))"


def bench_that(source: str, folder: Path) -> dict[str, str]:
    """The variables under which the bench is this program, which is put into ``folder``."""
    package = folder / "stand_in" / "parleqd" / "_tools" / "bench" / "speech"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(source)
    place = package
    while place.name != "stand_in":
        (place / "__init__.py").touch()
        place = place.parent
    return {"PYTHONPATH": str(place)}


def bench(source: str, folder: Path, *arguments: str) -> Outcome:
    return parleqctl("bench", *arguments, environment=bench_that(source, folder))


def test_options_are_passed_on_and_its_text_is_printed(tmp_path: Path) -> None:
    outcome = bench(
        TELLS_ARGUMENTS, tmp_path,
        "--clips", "3", "--lengths", "5,30", "--adverse", "--recordings", "-x", "--plot", "a.svg",
    )  # fmt: skip
    assert outcome.code == 2  # -x is no folder, it is an option
    outcome = bench(TELLS_ARGUMENTS, tmp_path / "again", "--clips", "3", "--lengths", "5,30", "--adverse")
    assert outcome.code == 0
    assert json.loads(outcome.out) == ["--clips=3", "--lengths=5,30", "--adverse"]
    assert outcome.out.count("\n") == 1


def test_with_json_it_is_one_object_on_one_line(tmp_path: Path) -> None:
    source = "import json, sys; print(json.dumps({'given': sys.argv[1:]}, indent=2))"
    assert bench(source, tmp_path, "--json").json == [{"given": ["--json", "-"]}]


def test_a_missed_target_is_a_result_like_others(tmp_path: Path) -> None:
    outcome = bench("print('missed'); raise SystemExit(10)", tmp_path)
    assert (outcome.code, outcome.out) == (0, "missed\n")


def test_a_bench_that_failed_is_told(tmp_path: Path) -> None:
    outcome = bench("raise SystemExit(2)", tmp_path, "--json")
    assert (outcome.code, outcome.reason) == (4, "internal")
    assert "the bench ended with exit code 2" in outcome.err


def test_a_bench_that_crashed_is_no_missed_target(tmp_path: Path) -> None:
    outcome = bench("raise ZeroDivisionError", tmp_path, "--json")
    assert (outcome.code, outcome.reason) == (4, "internal")
    assert "the bench ended with exit code 1 [internal]" in outcome.err


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_bench_without_a_result_failed(tmp_path: Path, options: tuple[str, ...]) -> None:
    outcome = bench("", tmp_path, *options)
    assert outcome.code == 4
    assert "the bench ended with exit code 0, but without a result" in outcome.err


@pytest.mark.parametrize(
    ("option", "value", "right"),
    [
        ("--lengths", "abc", "seconds with commas between them, each more than 0 and at most 3600, as in 3,5,30"),
        ("--lengths", "nan", "seconds with commas between them"),
        ("--lengths", "3,,5", "seconds with commas between them"),
        ("--lengths", "inf", "seconds with commas between them"),
        ("--release", "-1", "a number of seconds from 0 to 3600, as in 0.05"),
        ("--release", "nan", "a number of seconds from 0 to 3600"),
        ("--seed", "-5", "a whole number from 0 up"),
        ("--clips", "0", "a whole number from 1 up"),
        ("--clips", "two", "a whole number from 1 up"),
    ],
)
def test_a_wrong_value_is_wrong_usage_and_what_is_right_is_told(
    tmp_path: Path, option: str, value: str, right: str
) -> None:
    outcome = bench(TELLS_ARGUMENTS, tmp_path, option, value, "--json")
    assert (outcome.code, outcome.reason) == (2, "usage")
    assert f"argument {option}: {value!r} is not {right}" in outcome.err


def test_an_interrupt_is_passed_on_and_what_is_known_is_printed(tmp_path: Path) -> None:
    source = """
import signal, sys
signal.signal(signal.SIGTERM, signal.default_int_handler)
try:
    print("started", file=sys.stderr, flush=True)
    input()
except KeyboardInterrupt:
    print("known so far")
    raise SystemExit(130)
"""
    assert interrupted(source, tmp_path) == (130, "known so far\n", "")


def test_an_interrupt_that_became_another_error_is_an_interrupt(tmp_path: Path) -> None:
    source = """
import signal, sys
signal.signal(signal.SIGTERM, signal.default_int_handler)
try:
    print("started", file=sys.stderr, flush=True)
    input()
except KeyboardInterrupt:
    raise SystemExit(1)
"""
    code, out, err = interrupted(source, tmp_path, "--json")
    assert (code, json.loads(out)["error"]["reason"], out.count("\n")) == (130, "cancelled", 1)
    assert err == "parleqctl: error: interrupted [cancelled]\n"


def interrupted(source: str, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr when Ctrl-C comes once the bench has said "started", which is left out."""
    command, paths = parleqctl_process()
    stand_in = bench_that(source, folder)["PYTHONPATH"]
    # The stand-in goes to the bench alone: the command itself is the real one.
    starter = (
        f"import os, sys; os.environ['PYTHONPATH'] = {stand_in!r}; from parleqctl.main import main; sys.exit(main())"
    )
    with subprocess.Popen(
        [command[0], "-c", starter, "bench", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **paths},
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        out, err = process.stdout.read(), process.stderr.read()  # communicate() would end its input
        return process.wait(), out, err


@pytest.mark.parametrize("by", ["SIGTERM", "SIGINT"])
def test_one_that_is_stopped_before_it_knows_anything_was_interrupted(tmp_path: Path, by: str) -> None:
    source = f"import os, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), signal.{by})"
    outcome = bench(source, tmp_path)
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err == "parleqctl: error: interrupted [cancelled]\n"


def test_with_json_one_that_is_stopped_so_is_one_line(tmp_path: Path) -> None:
    outcome = bench("raise SystemExit(130)", tmp_path, "--json")
    assert (outcome.code, outcome.reason) == (130, "cancelled")
    assert outcome.out.count("\n") == 1


def test_it_runs_the_program_of_this_python() -> None:
    from parleqctl.commands.bench import PROGRAM

    done = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=True)
    assert "--recordings FOLDER" in done.stdout
    assert PROGRAM[0] == sys.executable
