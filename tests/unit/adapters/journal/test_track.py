"""Audio over many small files behaves as one long string of samples, whatever becomes of the files."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.adapters.journal.seal import Plain
from parleqd.adapters.journal.track import Track
from tests.fakes.journals import numbered

CHUNK = 200  # bytes
SMALL = st.integers(1, 80)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), SMALL),
        st.tuples(st.just("trim"), st.floats(0, 1)),
        st.tuples(st.just("restart"), st.none()),
        st.tuples(st.just("hand over"), st.none()),
        st.tuples(st.just("lose the folder"), st.none()),
    ),
    max_size=30,
)


def filled(folder: Path, samples: int) -> Track:
    folder.mkdir(exist_ok=True)
    track = Track(Plain(), chunk_bytes=CHUNK)
    for start in range(0, samples, 40):
        assert track.append(folder, numbered(start, start + 40)) is None
    return track


@given(steps=STEPS, start=st.floats(0, 1), count=st.integers(0, 500))
def test_it_reads_as_one_string(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, float]], start: float, count: int
) -> None:
    top = tmp_path_factory.mktemp("track")
    folder = top / "0"
    track = filled(folder, 0)
    trimmed = 0
    lost = restarted = False
    model = array("h")
    for what, amount in steps:
        if what == "append":
            new = array("h", range(len(model), len(model) + int(amount)))
            model += new
            track.append(folder, new.tobytes())
        elif what == "trim":
            trimmed = max(trimmed, int(amount * len(model)))
            track.trim(trimmed)
        elif what == "restart" and not lost:
            restarted = True
            track.close()
            track = Track.found(folder, Plain())
            track.trim(trimmed)
        elif what == "hand over" and not lost:
            folder = top / str(len(os.listdir(top)))
            folder.mkdir()
            track, problem = track.hand_over(folder)
            assert problem is None
        elif what == "lose the folder" and not restarted:  # an earlier daemon's files are opened when they are read
            lost = True
            for name in os.listdir(folder):
                (folder / name).unlink()
    assert track.samples == len(model)
    first = trimmed + int(start * (len(model) - trimmed))
    assert track.read(first, count) == model[first : first + count].tobytes()
    track.close()


def test_only_the_files_that_are_needed_are_there(tmp_path: Path) -> None:
    track = filled(tmp_path, 1000)
    assert len(os.listdir(tmp_path)) == 13
    track.trim(before=900)
    assert len(os.listdir(tmp_path)) == 2
    track.trim(before=1000)
    assert os.listdir(tmp_path) == []
    assert track.append(tmp_path, numbered(1000, 1100)) is None
    assert (track.samples, track.read(1000, 200)) == (1100, numbered(1000, 1100))
    track.close()


def test_found_again_it_begins_at_its_oldest_file_and_goes_on(tmp_path: Path) -> None:
    filled(tmp_path, 400).trim(before=100)
    track = Track.found(tmp_path, Plain())
    assert track.samples == 400
    assert track.read(80, 400) == numbered(80, 400)
    with pytest.raises(ValueError, match="79 was trimmed: the first that is kept is 80"):
        track.read(79, 1)
    assert track.append(tmp_path, numbered(400, 500)) is None
    assert Track.found(tmp_path, Plain()).read(80, 1000) == numbered(80, 500)


def test_a_file_that_is_missing_in_the_middle_is_silence(tmp_path: Path) -> None:
    filled(tmp_path, 400).close()
    sorted(tmp_path.iterdir())[1].unlink()
    track = Track.found(tmp_path, Plain())
    assert track.read(0, 400) == numbered(0, 80) + bytes(160) + numbered(160, 400)


def test_a_torn_end_of_a_file_is_silence_up_to_the_next(tmp_path: Path) -> None:
    filled(tmp_path, 400).close()
    os.truncate(sorted(tmp_path.iterdir())[1], 150)
    track = Track.found(tmp_path, Plain())
    assert track.read(0, 400) == numbered(0, 120) + bytes(80) + numbered(160, 400)


def test_files_that_vanish_cost_nothing_that_was_said(tmp_path: Path) -> None:
    track = filled(tmp_path, 440)
    for path in tmp_path.iterdir():
        path.unlink()
    error = track.append(tmp_path, numbered(440, 480))
    assert isinstance(error, FileNotFoundError)
    assert track.append(tmp_path, numbered(480, 520)) is None
    assert not track.in_files
    assert track.read(0, 520) == numbered(0, 520)
    track.trim(before=470)
    assert track.read(470, 520) == numbered(470, 520)


def test_where_files_cannot_be_moved_the_heir_reads_them_where_they_are(tmp_path: Path) -> None:
    track = filled(tmp_path / "a", 400)
    heir, problem = track.hand_over(tmp_path / "missing")
    assert isinstance(problem, FileNotFoundError)
    assert heir.read(0, 400) == numbered(0, 400)
    for path in (tmp_path / "a").iterdir():
        path.unlink()
    assert heir.read(0, 400) == numbered(0, 400)
