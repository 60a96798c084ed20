"""A server that sends back what it was sent, key and transcript, wherever an answer has room for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
from anyio.abc import SocketAttribute

from tests.fakes.failing_server import OPTIONS, transcript_of
from tests.fakes.http_server import Do, HttpServer, Script, Seen, Step, chunk, whole

Echo = Callable[[str, str], Script]
"""An answer, from the key or token and the transcript."""


def _id(key: str) -> dict[str, str]:
    return {"apim-request-id": key, "x-request-id": key, "x-ms-region": key}


def _error(status: int, **error: object) -> Echo:
    def echo(key: str, said: str) -> Script:
        body = json.dumps({"error": {"message": f"{key} {said}", "code": key, "param": said, **error}})
        return [whole(body.encode(), status, {**_id(key), "WWW-Authenticate": f'Bearer error="{key}"'})]

    return echo


def _unauthorised(key: str, said: str) -> Script:
    message = f"Unauthorized. Access token {key} is invalid, audience is incorrect (https://{key}). {said}"
    return [whole(json.dumps({"statusCode": 401, "message": message}).encode(), 401, _id(key))]


def _limited(key: str, said: str) -> Script:
    headers = {**_id(key), "Retry-After": key, "x-ratelimit-remaining-tokens": said}
    return [whole(f"{said}: please retry after 1 seconds, {key}".encode(), 429, headers)]


def _moved(key: str, said: str) -> Script:
    return [whole(said.encode(), 307, {**_id(key), "Location": f"/{key}?said={said.replace(' ', '+')}"})]


def _status_line(key: str, said: str) -> Script:
    return [f"HTTP/1.1 500 {key} {said}\r\nContent-Length: 0\r\n\r\n".encode()]


def _no_http(key: str, said: str) -> Script:
    return [f"{key} {said}\r\n\r\n".encode(), Do.CLOSE]


def _bad_header(key: str, said: str) -> Script:
    return [f"HTTP/1.1 200 OK\r\n{said} {key}\r\n{key}: \0{said}\r\n\r\n".encode(), Do.CLOSE]


def _stream(*events: Callable[[str, str], object]) -> Echo:
    def echo(key: str, said: str) -> Script:
        head = f"HTTP/1.1 200 OK\r\napim-request-id: {key}\r\nTransfer-Encoding: chunked\r\n\r\n"
        steps: list[Step] = [head.encode()]
        for event in events:
            data = event(key, said)
            text = data if isinstance(data, str) else json.dumps(data)
            steps.append(chunk(f"data: {text}\n\n".encode()))
        return [*steps, chunk(b"data: [DONE]\n\n"), chunk(b"")]

    return echo


def _piece(content: str, finish: str | None = None, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}], **more}


ECHOES: list[Echo] = [
    _error(400),
    _error(400, code="unsupported_parameter"),
    _error(400, code="content_filter"),
    _error(401),
    _unauthorised,
    _error(403),
    _error(404, code="DeploymentNotFound"),
    _limited,
    _error(500),
    _moved,
    _status_line,
    _no_http,
    _bad_header,
    lambda key, said: [whole(f"<html>{key} {said}</html>".encode(), 200)],
    lambda key, said: [whole(json.dumps({key: said}).encode(), 200)],
    _stream(lambda key, said: f"{{{key} {said}"),
    _stream(lambda key, said: {"error": {"message": f"{key} {said}", "code": key, "type": said}}),
    _stream(lambda key, said: _piece(f"Sure! Your key is {key} and you said: {said}", "stop", model=key)),
    _stream(lambda key, said: _piece(said, key, model=said)),
    _stream(lambda key, said: _piece(said, "stop", model=key, system_fingerprint=key, usage={key: said})),
]


class HostileServer(HttpServer):
    """Echoes in each way in turn, over and over. ``keys``: every key or token it was sent."""

    def __init__(self, address: str) -> None:
        super().__init__([], address)
        self.keys = set[str]()
        self.answered = 0

    def script_for(self, request: Seen) -> Script:
        """The answer to this request."""
        if request.method == "OPTIONS":
            return [OPTIONS]
        key = request.headers.get("api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        self.keys.add(key)
        self.answered += 1
        return ECHOES[(self.answered - 1) % len(ECHOES)](key, transcript_of(request))


@asynccontextmanager
async def running_hostile_server() -> AsyncIterator[HostileServer]:
    """A hostile server on a port of its own."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    server = HostileServer(f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()
