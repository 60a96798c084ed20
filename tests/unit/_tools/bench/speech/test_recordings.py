from __future__ import annotations

import json
from pathlib import Path

import pytest

from parleqd._tools.bench.speech.recordings import RecordingsError, shared_recordings, utterances
from tests import clips
from tests.audio_files import write_wav
from tests.parts import shared_data


def folder(path: Path, *entries: object) -> Path:
    write_wav(path / "a.wav", clips.demo())
    lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
    (path / "manifest.jsonl").write_text("\n".join(lines))
    return path


def test_without_a_folder_it_is_the_demo_in_three_parts() -> None:
    found = utterances(None)
    assert [one.reader for one in found] == ["demo"] * 3
    assert sum(one.seconds for one in found) == pytest.approx(10, abs=0.7)
    assert "garden party" in found[0].text


def test_a_manifest_names_file_text_and_reader(tmp_path: Path) -> None:
    first, second = utterances(
        folder(
            tmp_path,
            {"file": "a.wav", "text": "one", "kind": "utterance", "source": "a book"},
            {"file": "a.wav", "text": "a noise", "kind": "noise"},
            "",
            {"file": "a.wav", "text": "two", "reader": "ann", "source": "a book"},
        )
    )
    assert (first.reader, first.text, second.reader, second.text) == ("a book", "one", "ann", "two")
    assert first.seconds == pytest.approx(10.3, abs=0.3)  # without the silence around it


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{", r"manifest\.jsonl:1: not a JSON object"),
        ({"file": "a.wav"}, 'with the strings "file" and "text"'),
        ({"file": "b.wav", "text": "x"}, r"b\.wav does not exist"),
        ({"file": "manifest.jsonl", "text": "x"}, r"manifest\.jsonl is no audio"),
        ({"file": "a.wav", "text": "x", "kind": "noise"}, "lists no recording of the kind 'utterance'"),
    ],
)
def test_what_is_wrong_with_a_folder_is_told(tmp_path: Path, entry: object, problem: str) -> None:
    with pytest.raises(RecordingsError, match=problem):
        utterances(folder(tmp_path, entry))


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingsError, match=r"a folder of recordings has a manifest\.jsonl"):
        utterances(tmp_path)


def test_the_public_recordings_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = shared_data("speech")
    assert shared_recordings() == there
    monkeypatch.setenv("PARLEQ_SHARED", str(tmp_path))
    assert shared_recordings() is None
