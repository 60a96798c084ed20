from __future__ import annotations

import io
from pathlib import Path

import pytest

from parleqd.core.errors import OutsideError
from parleqd.speech_worker.fetch.program import alone_in, main, settle


def test_the_environment_is_settled_before_the_hub_is_known() -> None:
    environment = {"HF_ENDPOINT": "https://mirror.example", "HF_HUB_DISABLE_TELEMETRY": "0"}
    settle(environment)
    assert environment["HF_ENDPOINT"] == "https://mirror.example"
    assert {name for name, value in environment.items() if value == "1"} >= {
        "HF_HUB_DISABLE_TELEMETRY",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN",
        "HF_HUB_DISABLE_XET",
    }


def test_a_folder_is_held_against_a_second_download(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        with pytest.raises(OutsideError, match="already"), alone_in(tmp_path):
            pass
    with alone_in(tmp_path):
        pass


def test_a_refusal_is_the_last_line(tmp_path: Path) -> None:
    out = io.BytesIO()
    with alone_in(tmp_path):
        assert main(["repository", "revision", "sha256", str(tmp_path)], out, {}) == 1
    assert out.getvalue().startswith(b'{"is":"failed","reason":"download_failed"')
    assert out.getvalue().count(b"\n") == 1


def test_nobody_listening_is_no_error(tmp_path: Path) -> None:
    class Gone(io.BytesIO):
        def write(self, data: object, /) -> int:
            raise BrokenPipeError

    with alone_in(tmp_path):
        assert main(["repository", "revision", "sha256", str(tmp_path)], Gone(), {}) == 1
