from __future__ import annotations

import os
from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.console import Console
from parleqctl.text_input import line_of, text_of, text_of_file
from parleqd.protocol.names import MAX_MESSAGE_BYTES, Reason
from tests.fakes.command_line import MemoryStream


def console(data: bytes = b"") -> Console:
    return Console(MemoryStream(data), None, None, {})


@pytest.mark.parametrize(
    ("argument", "data", "text"),
    [
        ("hello", b"unread", "hello"),
        ("", b"unread", ""),
        ("-", "é\n".encode(), "é"),
        (None, b"a\n\n", "a\n"),
        (None, b"", ""),
        ("-", b"nul \x00 too", "nul \x00 too"),
    ],
)
def test_the_text_is_the_argument_or_standard_input(argument: str | None, data: bytes, text: str) -> None:
    assert text_of(argument, console(data)) == text


def test_a_closed_standard_input_is_empty() -> None:
    assert text_of(None, Console(None, None, None, {})) == ""


@pytest.mark.parametrize("data", [b"h\xc3\xa9\xff!", b"h\xc3\xa9\xed\xa0\x80", b"h\xc3\xa9\xc3"])
def test_bytes_that_are_no_utf_8_are_named_with_their_place(data: bytes) -> None:
    with pytest.raises(LocalError, match="position 3") as from_stdin:
        text_of("-", console(data))
    with pytest.raises(LocalError, match="position 3") as from_argument:
        text_of(os.fsdecode(data), console())
    assert from_stdin.value.reason == from_argument.value.reason == "bad_request"
    assert f"0x{data[3]:02x}" in from_stdin.value.message


def test_more_than_a_message_holds_is_too_large() -> None:
    with pytest.raises(LocalError) as error:
        text_of(None, console(b"x" * (MAX_MESSAGE_BYTES + 1)))
    assert error.value.reason == "too_large"


def test_lines_come_one_by_one_without_their_ends() -> None:
    lines = console("é\r\n\nlast".encode())
    assert [line_of(lines) for _ in range(5)] == ["é", "", "last", None, None]
    assert line_of(Console(None, None, None, {})) is None


def test_a_line_that_is_no_utf_8_is_told() -> None:
    with pytest.raises(LocalError, match="position 1"):
        line_of(console(b"h\xff\n"))


def test_a_file_is_text_too_or_told_why_it_is_none(tmp_path: Path) -> None:
    place = tmp_path / "list.txt"
    place.write_bytes("\ufeffkäse\n".encode())
    assert text_of_file(str(place)) == "käse\n"
    place.write_bytes(b"k\xe4se")
    with pytest.raises(LocalError, match=r"list\.txt is not UTF-8"):
        text_of_file(str(place))
    place.write_bytes(bytes(MAX_MESSAGE_BYTES + 1))
    with pytest.raises(LocalError, match=r"list\.txt has more than") as refused:
        text_of_file(str(place))
    assert refused.value.reason == Reason.TOO_LARGE
    with pytest.raises(LocalError, match="cannot be read: Is a directory"):
        text_of_file(str(tmp_path))
