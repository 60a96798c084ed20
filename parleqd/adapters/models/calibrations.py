"""How fast the models are here: tried by a child process, and kept in one small file."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import anyio
import msgspec
from anyio import to_thread

from parleqd.core.errors import OutsideError
from parleqd.core.inheritance import without_secrets
from parleqd.core.ports import Log
from parleqd.core.speech.calibration import Calibration
from parleqd.core.speech.devices import CPU
from parleqd.protocol.names import Reason

_PROGRAM = "parleqd.speech_worker.calibrate"
_LIBRARY = "ctranslate2"
_KEPT = msgspec.json.Decoder(dict[str, Calibration])
_ANSWER = msgspec.json.Decoder(Calibration)


class FileCalibrations:
    """Fills the port ``Calibrations``. ``replace`` writes a file as a whole, or raises ``OSError``; ``python``: the
    interpreter that has the worker's libraries.

    What the file cannot take is known until the daemon ends, and ``log`` is told why, once.
    """

    def __init__(
        self, file: Path, replace: Callable[[Path, str], None], log: Log, python: str = sys.executable
    ) -> None:
        self._file = file
        self._replace = replace
        self._log = log
        self._python = python
        self._unkept: Mapping[str, Calibration] = {}  # never changed, only replaced: several threads read it

    def find(self, path: str, device: str) -> Calibration | None:
        """What is known; a file that cannot be read holds nothing."""
        return self._known().get(_key(path, device))

    async def measure(self, path: str, device: str) -> Calibration:
        """Run the child. One that a GPU makes crash is run again without it."""
        found = await self._tried(path, device)
        if found is None and device != CPU:
            found = await self._tried(path, CPU)
        if found is None:
            message = f"how fast the model in {path} is could not be measured"
            raise OutsideError(Reason.WORKER_FAILED, message, "`parleqctl doctor` tries the speech worker")
        told = bool(self._unkept)
        problem = await to_thread.run_sync(self._keep, path, device, found)
        if problem and not told:
            self._log("calibration_not_kept", detail=problem)
        return found

    async def _tried(self, path: str, device: str) -> Calibration | None:
        with anyio.CancelScope(shield=True):  # a start cancelled half-way is waited for by nobody
            process = await anyio.open_process(
                [self._python, "-P", "-m", _PROGRAM, path, device],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a traceback quotes nothing, but helps nobody either
                env=without_secrets(os.environ),
                start_new_session=True,
            )
        async with process:  # waits for its end; cancelled, kills it
            assert process.stdout is not None
            answer = b"".join([chunk async for chunk in process.stdout])
        try:
            return _ANSWER.decode(answer)
        except msgspec.DecodeError:
            return None

    # all below runs off the event loop

    def _known(self) -> dict[str, Calibration]:
        try:
            kept = _KEPT.decode(self._file.read_bytes())
        except (OSError, msgspec.DecodeError):
            kept = {}
        return {**kept, **self._unkept}

    def _keep(self, path: str, device: str, found: Calibration) -> str:
        """Write it, and all that could not be written before; says why it cannot be, if so."""
        key = _key(path, device)
        known = {**self._known(), key: found}
        try:
            self._replace(self._file, msgspec.json.format(msgspec.json.encode(known)).decode())
        except OSError as error:
            self._unkept = {**self._unkept, key: found}
            return f"{self._file}: {error.strerror}"
        self._unkept = {}
        return ""


def _key(path: str, device: str) -> str:
    """What makes a measurement worthless when it changes: the model, the device, the library, the processors."""
    weights = Path(path) / "model.bin"
    size = weights.stat().st_size if weights.is_file() else 0
    return f"{path} {size} {device} {_LIBRARY}-{importlib.metadata.version(_LIBRARY)} {os.cpu_count()}"
