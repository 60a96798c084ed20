"""A model is opened on the best device that works (with the real model; there need be no GPU)."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import pytest

from parleqd.core.speech.devices import CPU_TYPE, Computing
from parleqd.speech_worker.loading import opened
from tests.parts import need


@pytest.fixture
def folder() -> Path:
    return need("embedded-model") / "model"


@pytest.fixture
def without_gpu() -> None:
    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a GPU")


@pytest.mark.usefixtures("without_gpu")
@pytest.mark.parametrize(("device", "told"), [("auto", False), ("cpu", False), ("cuda", True)])
def test_without_a_gpu_the_processor_computes_and_who_asked_for_one_is_told(
    folder: Path, device: str, told: bool
) -> None:
    found = opened(folder, Computing(device, threads=2))
    assert found.computing == Computing("cpu", CPU_TYPE, 2)
    assert found.whisper.model.device == "cpu"
    assert bool(found.problem) == told


def test_a_damaged_model_is_no_matter_of_devices(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"nothing")
    with pytest.raises(RuntimeError, match="model"):
        opened(tmp_path, Computing("cuda"))
