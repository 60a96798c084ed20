"""Torn, damaged, or strange bytes: every whole record is found, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.adapters.journal.records import frame, scan, write

RECORDS = [(0, b"first"), (5, b""), (7, bytes(300)), (2**40, b"\xf1PQ\x1e inside")]
WHOLE = b"".join(frame(*record) for record in RECORDS)
ENDS = [sum(len(frame(*record)) for record in RECORDS[: count + 1]) for count in range(len(RECORDS))]


def found(data: bytes) -> list[tuple[int, bytes]]:
    return [(record.number, record.payload) for record in scan(data)]


def test_what_was_framed_is_found_in_order_with_its_place() -> None:
    assert found(WHOLE) == RECORDS
    assert [record.offset for record in scan(WHOLE)] == [0, *ENDS[:-1]]


def test_torn_anywhere_only_the_torn_record_is_lost() -> None:
    for length in range(len(WHOLE)):
        assert found(WHOLE[:length]) == RECORDS[: sum(end <= length for end in ENDS)]


def test_one_wrong_byte_anywhere_costs_one_record() -> None:
    for at in range(len(WHOLE)):
        damaged = sum(end <= at for end in ENDS)
        wrong = WHOLE[:at] + bytes([WHOLE[at] ^ 0x41]) + WHOLE[at + 1 :]
        assert found(wrong) == RECORDS[:damaged] + RECORDS[damaged + 1 :]


@given(st.lists(st.binary(max_size=40)), st.binary(max_size=60))
def test_after_bytes_that_are_no_record_the_next_one_is_found(payloads: list[bytes], strange: bytes) -> None:
    records = list(enumerate(payloads))
    data = b"".join(strange + frame(*record) for record in records)
    assert found(data) == records


@given(st.binary(max_size=200))
def test_strange_bytes_are_no_error(data: bytes) -> None:
    assert found(data) == []


def test_a_write_of_which_only_a_part_was_taken_is_an_error() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        with pytest.raises(OSError, match="No space left"):
            write(writer, bytes(1 << 20))  # more than a pipe holds
    finally:
        os.close(reader)
        os.close(writer)


def test_a_whole_write_is_appended(tmp_path: Path) -> None:
    with open(tmp_path / "file", "ab", buffering=0) as file:
        write(file.fileno(), b"one")
        write(file.fileno(), b"two")
    assert (tmp_path / "file").read_bytes() == b"onetwo"
