"""The speech models on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from parleqd.core.speech.calibration import Calibration
from parleqd.core.speech.devices import Computing


class Model(msgspec.Struct, frozen=True):
    """A speech model that is, or can be, installed. ``path`` is "" while it is not installed.
    ``size``: of its weights in bytes, 0 where nobody knows.

    As one that is chosen to decode, it may stand behind a ``server`` (a URL on this machine) and its ``server_model``,
    and helps out while they do not answer; a model of a store never does. ``computing``: how it is to compute.
    """

    name: str
    path: str
    installed: bool
    removable: bool = True
    description: str = ""
    size: int = 0
    server: str = ""
    server_model: str = ""
    computing: Computing = Computing()


class DownloadProgress(msgspec.Struct, frozen=True):
    """How far a download is, in bytes; ``total`` is 0 while unknown."""

    file: str
    done: int
    total: int


class ProgressSink(Protocol):
    """Told how far a download is."""

    def __call__(self, progress: DownloadProgress, /) -> None:
        """Never waits."""


class ModelStore(Protocol):
    """The speech models on this machine and those that can be fetched."""

    def list(self) -> Sequence[Model]:
        """All known models: embedded, installed, and those that can be installed by name."""

    def find(self, name: str) -> Model:
        """The model of that name or folder. Raises ``RefusedError`` (``model_missing``) with what would be right."""

    async def install(self, name: str, progress: ProgressSink) -> Model:
        """Fetch a model by name, or register a local folder. Cancelling keeps what was fetched, to resume from.

        Raises ``OutsideError`` (``download_failed``, ``model_damaged``) or ``RefusedError`` (``model_missing``).
        """

    async def remove(self, name: str) -> None:
        """Delete an installed model (a registered local folder is only forgotten, the embedded one refused)."""


class Calibrations(Protocol):
    """How fast the models are on this machine."""

    def find(self, path: str, device: str) -> Calibration | None:
        """What is known of the model in this folder on the device of the settings. Blocks: call it off the loop."""

    async def measure(self, path: str, device: str) -> Calibration:
        """Try it, which takes a few seconds and two processors, and keep what was found; ``find`` then knows it.

        Raises ``OutsideError`` (``worker_failed``). Cancelling ends it at once.
        """
