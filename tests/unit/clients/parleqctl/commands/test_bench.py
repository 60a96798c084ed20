from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

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
    outcome = bench("print('missed'); raise SystemExit(1)", tmp_path)
    assert (outcome.code, outcome.out) == (0, "missed\n")


def test_a_bench_that_failed_is_told(tmp_path: Path) -> None:
    outcome = bench("raise SystemExit(2)", tmp_path, "--json")
    assert (outcome.code, outcome.reason) == (4, "internal")
    assert "the bench ended with exit code 2" in outcome.err


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
    command, paths = parleqctl_process()
    stand_in = bench_that(source, tmp_path)["PYTHONPATH"]
    # The stand-in goes to the bench alone: the command itself is the real one.
    starter = (
        f"import os, sys; os.environ['PYTHONPATH'] = {stand_in!r}; from parleqctl.main import main; sys.exit(main())"
    )
    with subprocess.Popen(
        [command[0], "-c", starter, "bench"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **paths},
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        assert process.stderr.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "known so far\n"
        assert process.wait() == 130


def test_one_that_is_stopped_before_it_knows_anything_was_interrupted(tmp_path: Path) -> None:
    outcome = bench("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", tmp_path)
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "")


def test_it_runs_the_program_of_this_python() -> None:
    from parleqctl.commands.bench import PROGRAM

    done = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=True)
    assert "--recordings FOLDER" in done.stdout
    assert PROGRAM[0] == sys.executable
