from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.bench.added_latency import decoded
from parleqd._tools.bench.bare_whisper import DEFAULT_THREADS, bare_whisper
from parleqd._tools.demo_recording import RECORDING
from tests.parts import need


@pytest.mark.timeout(60)  # it loads a model, on whatever machine this is
def test_a_clip_is_decoded_whole_and_timed(tmp_path: Path) -> None:
    folder = need("embedded-model") / "model"
    clip = decoded(RECORDING, tmp_path)
    with bare_whisper(str(folder), DEFAULT_THREADS) as bare:
        for beam in (1, 5):
            heard = bare.decode(clip, beam)
            assert heard.milliseconds > 0
            assert "garden party" in heard.text
        with pytest.raises(EOFError, match=r"ended at missing\.s16"):
            bare.decode(tmp_path / "missing.s16")


@pytest.mark.timeout(60)
def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(EOFError, match="could not load the model"), bare_whisper(str(tmp_path), 1):
        pass
