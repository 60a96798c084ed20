"""Where checks are made: the socket of the server under test, and what the caller gave for them."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from uuid import uuid4

from parleq_client import ClientError
from parleq_client.wire import absent, check_place
from parleqctl.conformance.line import Line
from parleqctl.conformance.unmet import Inapplicable, Unmet

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 10.0
_HEARING_FACTOR = 12
"""Recognising takes longer than answering: a model may have to be loaded first."""


class Place:
    """``recording``: the absolute path of a file with speech, or None."""

    def __init__(self, path: str, *, recording: str | None = None, patience: float = PATIENCE_SECONDS) -> None:
        self.path = path
        self.patience = patience
        self._recording = recording

    @property
    def recording(self) -> str:
        """The file. Raises Inapplicable where none was given."""
        if self._recording is None:
            raise Inapplicable("needs a file with speech: --recording FILE")
        return self._recording

    @property
    def hearing_patience(self) -> float:
        """Seconds that a text may take."""
        return self.patience * _HEARING_FACTOR

    @contextmanager
    def line(self, *, headers: bool = False) -> Iterator[Line]:
        """A connection on which nothing has been said."""
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.settimeout(self.patience)
        try:
            check_place(self.path)
            stream.connect(self.path)
        except OSError as error:
            stream.close()
            raise Unmet(f"no connection: {absent(self.path, error).message}") from error
        except ClientError as error:
            stream.close()
            raise Unmet(f"no connection: {error.message}") from error
        with Line(stream, self.patience, headers=headers) as line:
            yield line

    @contextmanager
    def client(self, instance: str = "", **capabilities: bool) -> Iterator[Line]:
        """A connection that has introduced itself; as somebody new, unless an ``instance`` is given."""
        with self.line() as line:
            line.initialize(instance or new_instance(), **capabilities)
            yield line


def new_instance() -> str:
    """The name of an instance that never was."""
    return str(uuid4())
