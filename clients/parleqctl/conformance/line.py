"""One connection to the server under test: bytes and messages as the check wants them, wrong ones too.

`parleq_client` will not do here: it sends nothing that is wrong, and takes what the protocol lets it overlook.
"""

from __future__ import annotations

import json
import socket
from time import monotonic

from parleqctl.conformance.unmet import Unmet, expect, short
from parleqd.protocol.names import PROTOCOL_VERSION, ErrorCode

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any, Self

    Object = dict[str, Any]

_CHUNK = 64 * 1024
_LONGEST_HEADER = 100


class Silence(Unmet):
    """Nothing came in time."""


class Closed(Unmet):
    """The other side has ended the connection."""


class Line:
    """``headers``: which framing is spoken. ``patience``: seconds that anything may take.

    What the server tells stands in ``notes``, what it asks in ``requests``, until it is asked for.
    """

    def __init__(self, stream: socket.socket, patience: float, *, headers: bool = False) -> None:
        self.notes: list[Object] = []
        self.requests: list[Object] = []
        self.answers: list[Object] = []
        self.headers = headers
        self.patience = patience
        self._stream = stream
        self._received = bytearray()
        self._latest_id = 100  # what checks send as bytes has smaller ones

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._stream.close()

    def send_no_more(self) -> None:
        """Closes the sending side."""
        self._stream.shutdown(socket.SHUT_WR)

    def send_raw(self, data: bytes) -> None:
        """Sends these bytes."""
        self._stream.settimeout(self.patience)
        try:
            self._stream.sendall(data)
        except OSError as error:
            raise Unmet(f"nothing more could be sent: {error}") from error

    def send(self, message: object) -> None:
        """Sends a message, in the framing of this connection."""
        body = json.dumps(message).encode()
        self.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) if self.headers else body + b"\n")

    def request(self, method: str, params: Object) -> int:
        """Sends a request; its id."""
        self._latest_id += 1
        self.send({"jsonrpc": "2.0", "id": self._latest_id, "method": method, "params": params})
        return self._latest_id

    def notify(self, method: str, **params: Any) -> None:
        """Sends a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def answer(self, number: int | str | None, patience: float | None = None) -> Object:
        """The answer that bears this id."""
        deadline = monotonic() + (self.patience if patience is None else patience)
        while True:
            for message in self.answers:
                if message.get("id") == number:
                    self.answers.remove(message)
                    return message
            self.read_one(deadline)

    def result(self, number: int, patience: float | None = None) -> Object:
        """The result of a request. Raises Unmet for an error."""
        message = self.answer(number, patience)
        expect(isinstance(message.get("result"), dict), f"answered with {short(message)}")
        result: Object = message["result"]
        return result

    def call(self, method: str, **params: Any) -> Object:
        """Asks and waits: the result."""
        return self.result(self.request(method, params))

    def refused(self, code: ErrorCode, method: str, reason: str = "", **params: Any) -> None:
        """Asks for what must be refused. Raises Unmet unless it is, with this code and reason."""
        expect_error(self.answer(self.request(method, params)), code, reason)

    def note(self, method: str, **fields: Any) -> Object:
        """The params of the next notification of that kind that has these fields."""
        deadline = monotonic() + self.patience
        while True:
            for note in self.notes:
                params = note.get("params") or {}
                if note["method"] == method and fields.items() <= params.items():
                    self.notes.remove(note)
                    found: Object = params
                    return found
            self.read_one(deadline)

    def asked(self, method: str) -> Object:
        """The next request of the server of that kind."""
        deadline = monotonic() + self.patience
        while True:
            for request in self.requests:
                if request["method"] == method:
                    self.requests.remove(request)
                    return request
            self.read_one(deadline)

    def reply(self, request: Object, result: Object) -> None:
        """Answers a request of the server."""
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": result})

    def still_answers(self) -> None:
        """Raises Unmet unless the connection goes on."""
        self.call("status/get")

    def initialize(self, instance: str, **capabilities: bool) -> Object:
        """The handshake; the answer."""
        client = {"name": "parleqctl conformance", "version": "", "instance": instance}
        result = self.call("initialize", client=client, protocol=PROTOCOL_VERSION, capabilities=capabilities)
        self.notify("initialized")
        return result

    def read_one(self, deadline: float) -> None:
        """Reads the next message and puts it aside. Raises Unmet for what is none, and for silence."""
        message = self.receive(deadline)
        if "method" not in message:
            self.answers.append(message)
        else:
            (self.requests if "id" in message else self.notes).append(message)

    def receive(self, deadline: float) -> Object:
        """The next message, whatever it is. Raises Unmet for what is none, and for silence."""
        body = self._body(deadline)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            raise Unmet(f"no JSON came: {short(body)}") from None
        expect(isinstance(message, dict) and message.get("jsonrpc") == "2.0", message)
        found: Object = message
        return found

    def _body(self, deadline: float) -> bytes:
        if not self.headers:
            return self._until(b"\n", deadline)
        head = self._until(b"\r\n\r\n", deadline)
        lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        fits = len(lengths) == 1 and lengths[0][15:].strip().isdigit() and len(lengths[0]) < _LONGEST_HEADER
        expect(fits, f"no Content-Length came, but {short(head)}")
        length = int(lengths[0][15:])
        while len(self._received) < length:
            self._read(deadline)
        body = bytes(self._received[:length])
        del self._received[:length]
        return body

    def _until(self, mark: bytes, deadline: float) -> bytes:
        while (end := self._received.find(mark)) < 0:
            self._read(deadline)
        found = bytes(self._received[:end])
        del self._received[: end + len(mark)]
        return found

    def _read(self, deadline: float) -> None:
        left = deadline - monotonic()
        if left <= 0:
            raise Silence(f"nothing came{self._so_far()}")
        self._stream.settimeout(left)
        try:
            chunk = self._stream.recv(_CHUNK)
        except TimeoutError:
            raise Silence(f"nothing came{self._so_far()}") from None
        except OSError as error:
            raise Closed(f"the connection broke: {error}") from error
        if not chunk:
            raise Closed(f"the connection was closed{self._so_far()}")
        self._received += chunk

    def _so_far(self) -> str:
        came = [*self.answers, *self.notes]
        return f"; before that, {short(came[-1])}" if came else ""


def expect_error(answer: Object, code: ErrorCode, reason: str = "") -> None:
    """Raises Unmet unless it is an error of this code and, if one is given, reason."""
    error = answer.get("error")
    expect(isinstance(error, dict) and error.get("code") == code, answer)
    assert isinstance(error, dict)
    expect(isinstance(error.get("message"), str), answer)
    if code in (ErrorCode.REFUSED, ErrorCode.CANCELLED):
        data = error.get("data")
        expect(isinstance(data, dict) and isinstance(data.get("reason"), str) and "hint" in data, answer)
        assert isinstance(data, dict)
        expect(not reason or data["reason"] == reason, answer)
