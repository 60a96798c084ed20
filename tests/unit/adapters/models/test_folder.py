from __future__ import annotations

from pathlib import Path

import pytest

from parleqd.adapters.models.folder import check_folder, is_model
from parleqd.core.errors import OutsideError, RefusedError
from parleqd.protocol.names import Reason
from tests.fakes.hub import MODEL_FILES, write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path / "model", MODEL_FILES)
    return tmp_path / "model"


def test_a_model_is_one(folder: Path) -> None:
    check_folder(folder)
    assert is_model(folder)


def test_either_vocabulary_will_do(folder: Path) -> None:
    (folder / "vocabulary.txt").rename(folder / "vocabulary.json")
    assert is_model(folder)


@pytest.mark.parametrize("place", ["nothing", "model/model.bin"])
def test_what_is_no_folder_is_missing(folder: Path, place: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_folder(folder.parent / place)
    assert refused.value.reason == Reason.MODEL_MISSING
    assert not is_model(folder.parent / place)


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.txt"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(OutsideError) as damaged:
        check_folder(folder)
    assert (damaged.value.reason, damaged.value.message) == (Reason.MODEL_DAMAGED, f"{folder} has no {name}")
    assert not is_model(folder)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"PK\3\4 some archive of pytorch", "ct2-transformers-converter"),
        (b"", "ct2-transformers-converter"),
    ],
)
def test_weights_of_another_kind_are_told(folder: Path, content: bytes, hint: str) -> None:
    (folder / "model.bin").write_bytes(content)
    with pytest.raises(OutsideError, match="is not a Whisper model of CTranslate2") as damaged:
        check_folder(folder)
    assert hint in damaged.value.hint
