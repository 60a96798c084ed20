"""A model store in memory: names without files. Kept honest by ``tests/contract/test_model_store.py``."""

from __future__ import annotations

import os
from collections.abc import Sequence

import anyio
import anyio.lowlevel
import msgspec

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import DownloadProgress, Model, ProgressSink
from parleqd.core.speech.calibration import Calibration
from parleqd.core.speech.devices import Computing
from parleqd.protocol.names import Reason


class MemoryModelStore:
    """``embedded`` is there from the start; ``offered`` can be installed, unless ``failure`` is set."""

    def __init__(self, embedded: str = "tiny.en", offered: Sequence[str] = ("base",)) -> None:
        self.failure: OutsideError | None = None
        self._models = {name: Model(name, "", installed=False) for name in offered}
        self._models[embedded] = Model(embedded, f"/embedded/{embedded}", installed=True, removable=False)

    def list(self) -> Sequence[Model]:
        return list(self._models.values())

    def find(self, name: str) -> Model:
        if os.path.isabs(name):
            return Model(name, name, installed=True, removable=False)
        if name not in self._models or not self._models[name].installed:
            raise RefusedError(Reason.MODEL_MISSING, f"the model {name} is not installed", "install it")
        return self._models[name]

    async def install(self, name: str, progress: ProgressSink) -> Model:
        if os.path.isabs(name):
            return self._put(Model(os.path.basename(name), name, installed=True))
        if name not in self._models:
            raise RefusedError(Reason.MODEL_MISSING, f"there is no model {name}", "list names them")
        if not self._models[name].installed:
            progress(DownloadProgress("model.bin", 0, 2))
            if self.failure is not None:
                raise self.failure
            progress(DownloadProgress("model.bin", 2, 2))
            self._put(Model(name, f"/models/{name}", installed=True))
        return self._models[name]

    async def remove(self, name: str) -> None:
        model = self.find(name)
        if not model.removable:
            raise RefusedError(Reason.MODEL_CONFLICT, f"the model {name} is part of the program")
        self._put(msgspec.structs.replace(model, path="", installed=False))

    def _put(self, model: Model) -> Model:
        self._models[model.name] = model
        return model


class MemoryCalibrations:
    """A tenth of real time, by two threads; ``never_ends``: a measurement goes on until somebody ends it."""

    FOUND = Calibration(Computing("cpu", "int8", 2), 0.1)

    def __init__(self, *, never_ends: bool = False, failure: OutsideError | None = None) -> None:
        self.began: list[tuple[str, str]] = []
        self.known: dict[tuple[str, str], Calibration] = {}
        self.failure = failure
        self.beginning = anyio.Event()
        self.cancelled = 0
        self._never_ends = never_ends

    def find(self, path: str, device: str) -> Calibration | None:
        return self.known.get((path, device))

    async def measure(self, path: str, device: str) -> Calibration:
        self.began.append((path, device))
        self.beginning.set()
        self.beginning = anyio.Event()
        await anyio.lowlevel.checkpoint()
        try:
            if self._never_ends:
                await anyio.sleep_forever()
        finally:
            self.cancelled += self._never_ends
        if self.failure is not None:
            raise self.failure
        self.known[path, device] = self.FOUND
        return self.FOUND
