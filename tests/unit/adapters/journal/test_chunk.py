"""One file of audio: damage is silence of the same length, and a deleted file is noticed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.adapters.journal.chunk import Chunk, chunks_in
from parleqd.adapters.journal.seal import Plain, Seal
from tests.fakes.journals import SEALS, numbered

FRAMES = [(1000, 1040), (1040, 1041), (1041, 1100), (1100, 1160)]


@pytest.fixture(params=SEALS, ids=["plain", "encrypted"])
def seal(request: pytest.FixtureRequest) -> Seal:
    make: Callable[[], Seal] = request.param
    return make()


def written(folder: Path, seal: Seal) -> Chunk:
    chunk = Chunk(folder, 1000, 16_000)
    chunk.create()
    for start, end in FRAMES:
        chunk.write(start, numbered(start, end), seal)
    return chunk


def test_what_was_written_is_read(tmp_path: Path, seal: Seal) -> None:
    chunk = written(tmp_path, seal)
    assert chunk.pcm(seal) == numbered(1000, 1160)
    chunk.close()
    assert [(one.first, one.rate, bytes(one.pcm(seal))) for one in chunks_in(tmp_path)] == [
        (1000, 16_000, numbered(1000, 1160))
    ]


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        chunk = written(tmp_path, Plain())
    finally:
        os.umask(before)
    assert stat.S_IMODE(chunk.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("damaged", range(3))
def test_a_damaged_record_is_silence_of_its_length(tmp_path: Path, seal: Seal, damaged: int) -> None:
    chunk = written(tmp_path, seal)
    data = bytearray(chunk.path.read_bytes())
    each = [20 + len(seal.seal("audio", 0, numbered(*frame))) for frame in FRAMES]
    data[sum(each[:damaged]) + 4] ^= 0x10  # its length
    chunk.path.write_bytes(data)
    silent = b"".join(
        numbered(*frame) if at != damaged else bytes(len(numbered(*frame))) for at, frame in enumerate(FRAMES)
    )
    assert chunk.pcm(seal) == silent


@given(at=st.integers(0, 4 * 20 + 320 - 1), bit=st.integers(0, 7))
def test_whatever_is_damaged_all_other_samples_keep_their_place(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    chunk = written(tmp_path_factory.mktemp("chunk"), Plain())
    data = bytearray(chunk.path.read_bytes())
    data[at] ^= 1 << bit
    chunk.path.write_bytes(data)
    pcm = chunk.pcm(Plain())
    whole = [pcm[(a - 1000) * 2 : (b - 1000) * 2] == numbered(a, b) for a, b in FRAMES]
    assert whole.count(False) == 1
    chunk.close()


def test_torn_at_every_byte_only_the_last_record_is_lost(tmp_path: Path, seal: Seal) -> None:
    chunk = written(tmp_path, seal)
    whole = chunk.path.stat().st_size
    for size in range(whole - 1, whole - len(seal.seal("audio", 0, numbered(1100, 1160))) - 20, -1):
        os.truncate(chunk.path, size)
        assert chunk.pcm(seal) == numbered(1000, 1100)


def test_a_record_that_claims_to_lie_far_ahead_makes_no_silence(tmp_path: Path) -> None:
    chunk = written(tmp_path, Plain())
    chunk.write(1 << 50, numbered(0, 10), Plain())
    assert chunk.pcm(Plain()) == numbered(1000, 1160)


def test_a_deleted_file_takes_no_more_and_can_still_be_read(tmp_path: Path) -> None:
    chunk = written(tmp_path, Plain())
    chunk.path.unlink()
    with pytest.raises(FileNotFoundError, match="was deleted"):
        chunk.write(1160, numbered(1160, 1170), Plain())
    assert chunk.pcm(Plain()) == numbered(1000, 1160)


def test_a_moved_chunk_goes_on(tmp_path: Path) -> None:
    chunk = written(tmp_path, Plain())
    (tmp_path / "heir").mkdir()
    chunk.move(tmp_path / "heir")
    chunk.write(1160, numbered(1160, 1170), Plain())
    assert chunks_in(tmp_path) == []
    assert chunks_in(tmp_path / "heir")[0].pcm(Plain()) == numbered(1000, 1170)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    chunk = Chunk(tmp_path, 0, 16_000)
    chunk.path.symlink_to(target)
    with pytest.raises(FileExistsError):
        chunk.create()
    with pytest.raises(OSError, match="symbolic links"):
        chunk.hold()
    assert not target.exists()


def test_removing_twice_is_no_error(tmp_path: Path) -> None:
    chunk = written(tmp_path, Plain())
    chunk.remove()
    chunk.remove()
    assert os.listdir(tmp_path) == []
