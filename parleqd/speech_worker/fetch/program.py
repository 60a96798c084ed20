"""The child's life: one download at a time into a folder, told line by line on stdout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from parleqd.core.errors import OutsideError, ParleqError
from parleqd.core.fetching import FetchDone, FetchFailed, FetchLine, FetchProgress
from parleqd.protocol.names import Reason


def main(arguments: Sequence[str], out: BinaryIO, environment: MutableMapping[str, str] = os.environ) -> int:
    """Fetch and verify the files of a model into a folder; exit status 0 when they are all there.

    ``arguments``: repository, revision, sha256 of ``model.bin``, folder.
    """
    *wanted, folder = arguments
    settle(environment)

    def say(line: FetchLine) -> None:
        out.write(msgspec.json.encode(line) + b"\n")
        out.flush()

    try:
        last = _outcome(wanted, Path(folder), say)
        say(last)
    except BrokenPipeError:
        return 1  # nobody listens any more
    return 0 if isinstance(last, FetchDone) else 1


def _outcome(wanted: Sequence[str], folder: Path, say: Callable[[FetchProgress], None]) -> FetchDone | FetchFailed:
    try:
        with alone_in(folder):
            from parleqd.speech_worker.fetch.hub import Download, Wanted  # read the settled environment

            Download(Wanted(*wanted), folder, say).run()
    except ParleqError as error:
        return FetchFailed(error.reason, error.message, error.hint)
    return FetchDone()


def settle(environment: MutableMapping[str, str]) -> None:
    """What huggingface_hub must know before it is imported: plain HTTP, and nothing but the download.

    A token is sent only when HF_TOKEN names one: not the one that some other tool left in the user's home.
    """
    environment.update(
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_DISABLE_IMPLICIT_TOKEN="1",
        HF_HUB_DISABLE_XET="1",
        HF_HUB_DISABLE_PROGRESS_BARS="1",
        HF_HUB_VERBOSITY="error",
    )


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder against a second download. Raises ``OutsideError`` (``download_failed``) if held."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        message = "this model is being downloaded already"
        raise OutsideError(Reason.DOWNLOAD_FAILED, message, "wait for that download to end") from error
    finally:
        os.close(descriptor)
