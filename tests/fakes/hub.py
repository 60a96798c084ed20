"""A model hub on loopback: what huggingface_hub asks of one, with levers for everything that goes wrong.

Answers the listing of a revision and the files of it; large ones by a redirect to the store of large files,
as the real hub does, ranges included. Enter it inside the test: ``async with running_hub(files) as hub``.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import anyio
import msgspec

REPOSITORY = "somebody/some-model"
OLD_REPOSITORY = "somebody/its-former-name"
REVISION = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = b"\6\0\0\0\x0c\0WhisperSpec\0" + bytes(range(256)) * 16 * 1024
"""4 MiB that begin as CTranslate2's model file does."""
MODEL_FILES: Mapping[str, bytes] = {
    "config.json": b'{"alignment_heads": []}',
    "tokenizer.json": b'{"model": {}}',
    "vocabulary.txt": b"a\nb\n",
    "model.bin": WEIGHTS,
    "README.md": b"not wanted",
}
_LARGE = 1024


class Request(msgspec.Struct, frozen=True):
    """What was asked: path, and the headers that matter ("" where absent)."""

    path: str
    range: str
    authorization: str
    agent: str


class LoopbackHub:
    """The hub's content and its levers; pull them before the request that they are for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.endpoint = ""
        self.requests: list[Request] = []
        self.listing_status = 200
        self.file_status = 200
        self.listing: bytes | None = None
        self.token = ""
        self.corrupt: set[str] = set()
        self.cut_after: int | None = None
        self.hold_after: int | None = None
        self.holding = anyio.Event()

    @property
    def ranges(self) -> list[str]:
        """The ranges that were asked for, in order."""
        return [request.range for request in self.requests if request.range]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while request := await _read(reader):
                self.requests.append(request)
                if not await self._respond(request, writer):
                    break
        writer.close()

    async def _respond(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection lives on."""
        path = request.path.partition("?")[0]
        if self.token and request.authorization != f"Bearer {self.token}":
            return await _send(writer, 401, b"")
        if OLD_REPOSITORY in path:
            moved = self.endpoint + request.path.replace(OLD_REPOSITORY, REPOSITORY)
            return await _send(writer, 307, b"", {"Location": moved})
        if path == f"/api/models/{REPOSITORY}/revision/{REVISION}":
            body = self._listing() if self.listing is None else self.listing
            return await _send(writer, self.listing_status, body)
        if path.startswith("/large/"):
            content = next(body for body in self.files.values() if _sha256(body) == path.removeprefix("/large/"))
            return await self._send_large(writer, content, request.range)
        name = path.removeprefix(f"/{REPOSITORY}/resolve/{REVISION}/")
        if name not in self.files:
            return await _send(writer, 404, b"")
        if self.file_status != 200:
            return await _send(writer, self.file_status, b"")
        content = self.files[name]
        if len(content) >= _LARGE:
            return await _send(writer, 302, b"", {"Location": f"{self.endpoint}/large/{_sha256(content)}"})
        return await _send(writer, 200, self._body(name))

    async def _send_large(self, writer: asyncio.StreamWriter, content: bytes, asked: str) -> bool:
        name = next(name for name, body in self.files.items() if body is content)
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        body = self._body(name)[start:]
        span = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if asked else {}
        status = 206 if asked else 200
        if self.cut_after is not None:
            cut, self.cut_after = self.cut_after, None
            await _send(writer, status, body[:cut], {**span, "Content-Length": str(len(body))})
            return False
        if self.hold_after is not None:
            held, self.hold_after = self.hold_after, None
            await _send(writer, status, body[:held], {**span, "Content-Length": str(len(body))})
            self.holding.set()
            await anyio.sleep_forever()
        return await _send(writer, status, body, span)

    def _body(self, name: str) -> bytes:
        body = self.files[name]
        return body[:-1] + bytes([body[-1] ^ 1]) if name in self.corrupt else body

    def _listing(self) -> bytes:
        siblings = []
        for name, body in self.files.items():
            sibling: dict[str, object] = {"rfilename": name, "size": len(body), "blobId": _git_sha1(body)}
            if len(body) >= _LARGE:
                sibling["lfs"] = {"size": len(body), "sha256": _sha256(body), "pointerSize": 134}
            siblings.append(sibling)
        return json.dumps({"id": REPOSITORY, "sha": REVISION, "siblings": siblings}).encode()


@asynccontextmanager
async def running_hub(files: Mapping[str, bytes] = MODEL_FILES) -> AsyncIterator[LoopbackHub]:
    """A hub that listens on a free port of loopback."""
    hub = LoopbackHub(files)
    serving: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(asyncio.CancelledError):  # the hub goes away in the middle of an answer
            await hub.answer(reader, writer)
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    hub.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield hub
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    fields = (headers.get(name, "") for name in ("range", "authorization", "user-agent"))
    return Request(first.split(" ")[1], *fields)


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> bool:
    head = {"Content-Length": str(len(body)), **(headers or {})}
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *(f"{name}: {value}" for name, value in head.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
    return True


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _git_sha1(body: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def write_model(folder: Path, files: Mapping[str, bytes]) -> None:
    """The same files as a folder on disk."""
    folder.mkdir(parents=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
