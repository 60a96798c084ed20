"""Text from an argument, a file or standard input, as Unicode, or a clear word on why it is none."""

from __future__ import annotations

import os

from parleq_client import LocalError
from parleqd.protocol.names import MAX_MESSAGE_BYTES, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.console import Console


def text_of(argument: str | None, console: Console) -> str:
    """The argument itself; without one, or for ``-``, standard input without its last line end.

    Raises LocalError for bytes that are not UTF-8, naming the first, and for more than a message may have.
    """
    if argument is None or argument == "-":
        return _decoded(_read(console), "standard input").removesuffix("\n")
    # What is not UTF-8 in an argument has become lone surrogates (PEP 383): look at the bytes typed.
    return argument if _is_unicode(argument) else _decoded(os.fsencode(argument), "the text")


def line_of(console: Console) -> str | None:
    """The next line of standard input without its end; ``None`` where there is no more. Raises LocalError as above."""
    data = console.stdin.buffer.readline(MAX_MESSAGE_BYTES) if console.stdin is not None else b""
    return _decoded(data, "standard input").rstrip("\r\n") if data else None


def text_of_file(name: str) -> str:
    """The text of a file. Raises LocalError as above, and for a file that cannot be read."""
    try:
        with open(name, "rb") as file:
            data = file.read(MAX_MESSAGE_BYTES + 1)
    except OSError as error:
        raise LocalError(Reason.USAGE, f"{name} cannot be read: {error.strerror or error}", "") from None
    return _decoded(_bounded(data, name), name).removeprefix("\ufeff")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read(console: Console) -> bytes:
    if console.stdin is None:
        return b""
    return _bounded(console.stdin.buffer.read(MAX_MESSAGE_BYTES + 1), "standard input")


def _bounded(data: bytes, what: str) -> bytes:
    if len(data) > MAX_MESSAGE_BYTES:
        raise LocalError(
            Reason.TOO_LARGE,
            f"{what} has more than {MAX_MESSAGE_BYTES} bytes (8 MiB)",
            "send it in parts",
        )
    return data


def _decoded(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise LocalError(
            Reason.BAD_REQUEST,
            f"{what} is not UTF-8: byte 0x{data[error.start]:02x} at position {error.start} ({error.reason})",
            "convert it first, for example with iconv",
        ) from None
