"""What is no model folder is said in words that name the missing file."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleqd.speech_worker.folder import MissingModelError, check_folder


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match=r"no model folder .*nowhere"):
        check_folder(tmp_path / "nowhere")


def test_a_folder_with_files_missing(tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()
    with pytest.raises(MissingModelError, match=r"has no config\.json and no tokenizer\.json"):
        check_folder(tmp_path)


def test_a_whole_one(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).touch()
    check_folder(tmp_path)
