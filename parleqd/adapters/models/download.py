"""Runs the downloading child, follows what it says, and kills it when nobody wants the model any more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import anyio
import msgspec
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from parleqd.adapters.models.catalogue import Published
from parleqd.core.errors import OutsideError
from parleqd.core.fetching import FetchDone, FetchFailed, FetchLine, FetchProgress
from parleqd.core.inheritance import without_secrets
from parleqd.core.ports import DownloadProgress, ProgressSink
from parleqd.protocol.names import Reason

_PROGRAM = "parleqd.speech_worker.fetch"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_WAY_TO_A_MIRROR = ("HF_TOKEN", "HF_ENDPOINT", *_PROXIES, *map(str.lower, _PROXIES))
"""May hold passwords, which this child alone has a use for."""
_MAX_LINE = 64 * 1024
_LINE: msgspec.json.Decoder[FetchLine] = msgspec.json.Decoder(FetchLine)


async def download(model: Published, folder: Path, progress: ProgressSink) -> None:
    """Fetch the model's files into ``folder``; complete and verified when this returns.

    Raises ``OutsideError``: ``download_failed`` or ``model_damaged``. What was fetched stays, to go on from.
    """
    command = [
        sys.executable,
        "-P",
        "-m",
        _PROGRAM,
        model.repository,
        model.revision,
        model.sha256,
        str(folder),
    ]
    with anyio.CancelScope(shield=True):  # a start cancelled half-way is waited for by nobody
        process = await anyio.open_process(
            command,
            stdin=subprocess.DEVNULL,
            stderr=None,
            env=without_secrets(os.environ, but=_WAY_TO_A_MIRROR),
            start_new_session=True,
        )
    async with process:  # waits for its end; cancelled, kills it
        last = await _follow(process, progress)
    match last:
        case FetchDone():
            return
        case FetchFailed():
            raise OutsideError(Reason(last.reason), last.message, last.hint)
        case None:
            message = f"the download of {model.name} ended unexpectedly (exit status {process.returncode})"
            raise OutsideError(Reason.DOWNLOAD_FAILED, message, "try again: it goes on where it stopped")


async def _follow(process: Process, progress: ProgressSink) -> FetchDone | FetchFailed | None:
    """Pass progress on until the child's last word; ``None`` when it ended without one."""
    assert process.stdout is not None
    lines = BufferedByteReceiveStream(process.stdout)
    while True:
        try:
            said = _LINE.decode(await lines.receive_until(b"\n", _MAX_LINE))
        except (anyio.EndOfStream, anyio.IncompleteRead, anyio.DelimiterNotFound, msgspec.DecodeError):
            return None
        if not isinstance(said, FetchProgress):
            return said
        progress(DownloadProgress(said.file, said.done, said.total))
