"""Is this a model's folder? Asked before anything heavy looks at it."""

from __future__ import annotations

from pathlib import Path

_FILES = ("model.bin", "config.json", "tokenizer.json")


class MissingModelError(Exception):
    """There is no such model; the message says what is missing."""


def check_folder(folder: Path) -> None:
    """Raise ``MissingModelError`` when the folder, or a file that faster-whisper needs, is not there.

    faster-whisper itself would take a missing folder for a name, and look for a missing tokenizer on the network.
    """
    if not folder.is_dir():
        raise MissingModelError(f"there is no model folder {folder}")
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise MissingModelError(f"the model folder {folder} has no {' and no '.join(missing)}")
