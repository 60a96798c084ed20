"""A calibration comes from a child process, and is kept for as long as it is worth anything."""

from __future__ import annotations

import gc
import stat
import sys
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from anyio import to_thread

from parleqd.adapters.models.calibrations import FileCalibrations
from parleqd.app.whole_file import replace_file
from parleqd.core.errors import OutsideError
from parleqd.core.speech.calibration import Calibration
from parleqd.core.speech.devices import ON_CPU
from parleqd.protocol.names import Reason
from tests.fakes.log import MemoryLog
from tests.parts import need

SAID = '{"computing": {"device": "cpu", "compute_type": "int8", "threads": 1}, "factor": 0.125}'
FOUND = Calibration(ON_CPU, 0.125)


@pytest.fixture
def model(tmp_path: Path) -> str:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    return str(folder)


def child(tmp_path: Path, script: str, log: MemoryLog | None = None) -> FileCalibrations:
    """With a program in the child's place, whose last argument is the device."""
    program = tmp_path / "child"
    program.write_text(f"#!/bin/sh\nfor device; do :; done\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return FileCalibrations(tmp_path / "state" / "calibrations.json", replace_file, log or MemoryLog(), str(program))


def test_what_was_measured_is_kept_for_this_model_and_device(tmp_path: Path, model: str) -> None:
    calibrations = child(tmp_path, f"echo '{SAID}'")
    assert calibrations.find(model, "auto") is None
    assert anyio.run(calibrations.measure, model, "auto") == FOUND
    again = FileCalibrations(tmp_path / "state" / "calibrations.json", replace_file, MemoryLog())
    assert again.find(model, "auto") == FOUND
    assert again.find(model, "cuda") is again.find("/elsewhere", "auto") is None
    (Path(model) / "model.bin").write_bytes(b"others")
    assert again.find(model, "auto") is None


@pytest.mark.parametrize("obstacle", ["state/calibrations.json/folder", "state"])
def test_what_cannot_be_kept_is_known_all_the_same_and_told_once(tmp_path: Path, model: str, obstacle: str) -> None:
    """The file is a folder, or the folder that it should be in is a file."""
    (tmp_path / obstacle).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / obstacle).write_text("")
    log = MemoryLog()
    calibrations = child(tmp_path, f"echo '{SAID}'", log)
    for device in ("auto", "cpu"):
        assert anyio.run(calibrations.measure, model, device) == FOUND
        assert calibrations.find(model, device) == FOUND
    assert [fields["detail"] for fields in log.fields("calibration_not_kept")] == [
        f"{tmp_path}/state/calibrations.json: {'File exists' if obstacle == 'state' else 'Is a directory'}"
    ]
    assert list(tmp_path.glob("state/calibrations.json.*")) == []


def test_what_could_not_be_kept_is_kept_with_the_next_that_can(tmp_path: Path, model: str) -> None:
    log = MemoryLog()
    calibrations = child(tmp_path, f"echo '{SAID}'", log)
    file = tmp_path / "state" / "calibrations.json"
    file.mkdir(parents=True)
    anyio.run(calibrations.measure, model, "auto")
    file.rmdir()
    anyio.run(calibrations.measure, model, "cpu")
    again = FileCalibrations(file, replace_file, MemoryLog())
    assert again.find(model, "auto") == again.find(model, "cpu") == FOUND


def test_a_child_that_dies_on_a_gpu_is_run_again_without(tmp_path: Path, model: str) -> None:
    calibrations = child(tmp_path, f"""[ "$device" = cpu ] || kill -9 $$; echo '{SAID}'""")
    assert anyio.run(calibrations.measure, model, "auto") == FOUND


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense"])
def test_a_child_that_does_not_say_how_fast_it_is(tmp_path: Path, model: str, script: str) -> None:
    calibrations = child(tmp_path, script)
    with pytest.raises(OutsideError) as raised:
        anyio.run(calibrations.measure, model, "auto")
    assert raised.value.reason is Reason.WORKER_FAILED
    assert calibrations.find(model, "auto") is None


def test_cancelling_ends_the_child(tmp_path: Path, model: str) -> None:
    calibrations = child(tmp_path, f"echo $$ >{tmp_path}/pid.new; mv {tmp_path}/pid.new {tmp_path}/pid; exec sleep 600")

    async def cancelled() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(calibrations.measure, model, "auto")
            with anyio.fail_after(10):
                while not await to_thread.run_sync((tmp_path / "pid").exists):
                    await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()

    anyio.run(cancelled)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


@pytest.mark.parametrize("steps", range(12))
def test_cancelling_while_the_child_is_begun_leaves_none_behind(tmp_path: Path, model: str, steps: int) -> None:
    """Python would warn of a process that was not waited for: pytest makes that a failure."""
    calibrations = child(tmp_path, "exec sleep 600")

    async def cancelled() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(calibrations.measure, model, "auto")
            for _ in range(steps):
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()

    anyio.run(cancelled)
    gc.collect()


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}'])
def test_a_file_that_holds_something_else_holds_nothing(tmp_path: Path, model: str, content: str) -> None:
    file = tmp_path / "calibrations.json"
    file.write_text(content)
    assert FileCalibrations(file, replace_file, MemoryLog()).find(model, "auto") is None


@pytest.mark.timeout(60)
def test_the_real_child_measures_the_real_model(tmp_path: Path) -> None:
    folder = str(need("embedded-model") / "model")
    calibrations = FileCalibrations(tmp_path / "calibrations.json", replace_file, MemoryLog(), sys.executable)
    found = anyio.run(calibrations.measure, folder, "cpu")
    assert (found.computing.device, found.computing.compute_type) == ("cpu", "int8")
    assert found == calibrations.find(folder, "cpu")
