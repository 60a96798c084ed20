"""Fetches the files of a pinned revision from the hub (HF_ENDPOINT), going on where an earlier run stopped.

``snapshot_download`` of huggingface_hub throws a broken download away, so its building blocks are used: the
listing with checksums, the address of a file, and ``http_get``, which resumes and repeats.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

from parleqd import __version__
from parleqd.core.errors import OutsideError, ParleqError
from parleqd.core.fetching import FetchProgress
from parleqd.protocol.names import Reason
from parleqd.speech_worker.fetch.checksum import Promise, is_kept
from parleqd.speech_worker.fetch.failures import check_endpoint, explained, host, local_folder

# What faster-whisper reads (faster_whisper.utils.download_model), and no other name that a hub may offer.
WEIGHTS = "model.bin"
_FILES = (
    "config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "vocabulary.txt",
    "vocabulary.json",
    WEIGHTS,
)
_LISTING_SECONDS = 20
_CHECK_ENDPOINT = "check which hub HF_ENDPOINT names"
_CHUNK_BYTES = 1024 * 1024

Say = Callable[[FetchProgress], None]


class Wanted(msgspec.Struct, frozen=True):
    """Which files: those of a repository at a pinned revision, the weights with this checksum."""

    repository: str
    revision: str
    sha256: str


class Download:
    """One model on its way from the hub into a folder."""

    def __init__(self, wanted: Wanted, folder: Path, say: Say) -> None:
        self._wanted = wanted
        self._folder = folder
        self._say = say
        self._token: str | bool = os.environ.get("HF_TOKEN") or False
        constants.DOWNLOAD_CHUNK_SIZE = _CHUNK_BYTES  # its own 10 MiB: no progress for minutes on a slow line

    def run(self) -> None:
        """Bring every file of the model into the folder, verified.

        Raises ``OutsideError``: ``download_failed``, or ``model_damaged`` for files other than published.
        """
        try:
            check_endpoint()
            promises = self._listing()
            self._check_space(promises)
            total = sum(promise.size or 0 for promise in promises)
            done = 0
            for promise in promises:
                self._file(promise, done, total)
                done += (self._folder / promise.name).stat().st_size
        except (ParleqError, BrokenPipeError):
            raise
        except Exception as error:
            failure = explained(error, self._wanted.repository, self._wanted.revision, self._folder)
            if failure is None:
                raise
            raise failure from error

    def _listing(self) -> list[Promise]:
        """The files to fetch, small ones first, with what the hub promises of them."""
        api, wanted = (
            HfApi(token=self._token, library_name="parleqd", library_version=__version__),
            self._wanted,
        )
        seconds = _LISTING_SECONDS
        try:
            info = api.model_info(wanted.repository, revision=wanted.revision, files_metadata=True, timeout=seconds)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            hint = f"a proxy or a login page may stand between; {local_folder()}"
            raise _failed(f"{host()} does not answer like a model hub", hint) from error
        promises = []
        for file in sorted(info.siblings or [], key=lambda file: file.size or 0):
            if file.rfilename in _FILES and file.lfs is not None:
                promises.append(Promise(file.rfilename, file.lfs.size, file.lfs.sha256))
            elif file.rfilename in _FILES:
                promises.append(Promise(file.rfilename, file.size, None, file.blob_id))
        if not any(promise.name == WEIGHTS for promise in promises):
            raise _failed(f"{host()} lists no {WEIGHTS} for {wanted.repository}", _CHECK_ENDPOINT)
        return [self._pinned(promise) if promise.name == WEIGHTS else promise for promise in promises]

    def _pinned(self, promise: Promise) -> Promise:
        """The weights' checksum is known beforehand: a hub that promises another one is not believed."""
        if promise.sha256 not in (None, self._wanted.sha256):
            message = f"{host()} offers other weights for {self._wanted.repository} than those that were published"
            raise OutsideError(Reason.MODEL_DAMAGED, message, f"{_CHECK_ENDPOINT}; else {local_folder()}")
        return msgspec.structs.replace(promise, sha256=self._wanted.sha256)

    def _check_space(self, promises: list[Promise]) -> None:
        """Refuse early what would fill the disk."""
        present = sum(file.stat().st_size for file in self._folder.iterdir())
        needed = sum(promise.size or 0 for promise in promises) - present
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            message = f"{self._folder} has room for {free / 1e6:.0f} MB, and {needed / 1e6:.0f} MB are needed"
            raise _failed(message, "make room, then try again")

    def _file(self, promise: Promise, before: int, total: int) -> None:
        """Fetch one file, unless it is there already. ``before``: bytes of the files before it."""
        path, part = self._folder / promise.name, self._folder / f"{promise.name}.part"
        if path.exists() and is_kept(promise, path):
            return

        def told(length: int) -> None:
            self._say(FetchProgress(promise.name, before + length, total))

        with _PartialFile(part, told) as file:
            have = file.tell()
            if promise.size is None or have > promise.size:
                file.truncate(0)
                have = 0
            told(have)
            url = hf_hub_url(self._wanted.repository, promise.name, revision=self._wanted.revision)
            http_get(url, file, resume_size=have, headers=self._headers(), expected_size=promise.size)
        if not is_kept(promise, part):
            part.unlink()
            message = f"{promise.name} from {host()} is not the file that was published"
            hint = f"try again; if that does not help, a mirror or a proxy alters it: {local_folder()}"
            raise OutsideError(Reason.MODEL_DAMAGED, message, hint)
        os.replace(part, path)

    def _headers(self) -> dict[str, str]:
        headers = build_hf_headers(token=self._token, library_name="parleqd", library_version=__version__)
        return {**headers, "Accept-Encoding": "identity"}  # a compressed answer cannot be resumed


class _PartialFile(io.FileIO):
    """A file that goes on where it ended, and tells its length after each write."""

    def __init__(self, path: Path, told: Callable[[int], None]) -> None:
        super().__init__(path, "a")
        self._told = told

    def write(self, data: Any, /) -> int:
        rest = memoryview(data)
        while rest:  # a full disk takes a part first, and refuses only then
            rest = rest[super().write(rest) :]
        self._told(self.tell())
        return len(data)


def _failed(message: str, hint: str) -> OutsideError:
    return OutsideError(Reason.DOWNLOAD_FAILED, message, hint)
