"""Whether a folder holds a model that faster-whisper opens, told without loading it.

faster-whisper 1.2 reads ``model.bin`` and a vocabulary, fetches ``tokenizer.json`` from the network when it
is not there, and takes decoding parameters from ``config.json``; so all four are asked for.
"""

from __future__ import annotations

import os
from pathlib import Path

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.protocol.names import Reason

_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
# CTranslate2's model file: a version, then the name of what it holds, length first.
_SPECIFICATION = b"WhisperSpec\0"
_SPECIFICATION_AT = 6
_CONVERT = "ct2-transformers-converter --copy_files tokenizer.json preprocessor_config.json makes such a folder"


def check_folder(folder: Path) -> None:
    """Raise ``RefusedError`` (``model_missing``) for no folder, ``OutsideError`` (``model_damaged``) else."""
    if not os.path.isdir(folder):  # unlike Path.is_dir, never an error: a name may be too long for any folder
        raise RefusedError(Reason.MODEL_MISSING, f"{folder} is not a folder", "name a folder that holds model.bin")
    missing = [name for name in ("model.bin", "config.json", "tokenizer.json") if not os.path.isfile(folder / name)]
    if not any(os.path.isfile(folder / name) for name in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise OutsideError(Reason.MODEL_DAMAGED, f"{folder} has no {', '.join(missing)}", _CONVERT)
    try:
        with open(folder / "model.bin", "rb") as file:
            head = file.read(_SPECIFICATION_AT + len(_SPECIFICATION))
    except OSError as error:
        message = f"{folder / 'model.bin'} cannot be read: {error.strerror or error}"
        raise OutsideError(Reason.MODEL_DAMAGED, message, "check who may read it") from error
    if head[_SPECIFICATION_AT:] != _SPECIFICATION:
        message = f"{folder / 'model.bin'} is not a Whisper model of CTranslate2"
        hint = "a file of a few hundred bytes is a Git LFS pointer: run git lfs pull"
        raise OutsideError(Reason.MODEL_DAMAGED, message, hint if head.startswith(b"version") else _CONVERT)


def is_model(folder: Path) -> bool:
    """Whether ``check_folder`` finds nothing wrong."""
    try:
        check_folder(folder)
    except (RefusedError, OutsideError):
        return False
    return True
