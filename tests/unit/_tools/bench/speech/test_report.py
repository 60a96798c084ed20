from __future__ import annotations

import json
from dataclasses import replace

import pytest

from parleqd._tools.bench.speech.report import Report
from tests.compared import compared

REPORT = Report("tiny.en", 0, 5, 0.05, partials=False, compared=[compared(5, 100, 500), compared(120, 300, 5000)])


def test_the_text_says_how_it_was_measured_and_what_was_missed() -> None:
    text = REPORT.text()
    assert text.startswith("tiny.en, int8, ")
    assert "released 0.05 s after the last word, without partial texts" in text
    assert "faster-whisper with its own number of threads, the faster here; seed 5" in text
    assert "MISSED     3.00 ×  ≤ 1.3 ×   flatness: 120 s over 5 s" in text


def test_one_thread_and_a_reader_are_told_too() -> None:
    other = Report("x", 1, 5, 0.5, partials=True, compared=REPORT.compared)
    assert "with partial texts" in other.text()
    assert "faster-whisper with 1 thread" in other.text()


def test_for_programs_it_is_everything_as_json() -> None:
    told = json.loads(json.dumps(REPORT.as_dict()))
    assert [row["name"] for row in told["rows"]] == ["5 s", "120 s"]
    assert {line["what"]: line["held"] for line in told["lines"]}["flatness: 120 s over 5 s"] is False
    assert told["clips"][0]["ratio"] == 0.2
    assert told["clips"][0]["whole"]["5"] == {"milliseconds": 1000, "errors": {"substituted": 0, "lost": 0, "added": 0}}
    assert not {"said", "heard"} & set(told["clips"][0])
    assert (told["seed"], told["release_s"], told["partials"]) == (5, 0.05, False)


def test_what_was_said_and_heard_is_told_when_asked_for() -> None:
    clip = replace(REPORT, texts=True).as_dict()["clips"][0]
    assert (clip["said"], clip["heard"], clip["whole"][1]["heard"]) == ("hello", "hallo", "hollow")


def test_the_plot_is_of_ordinary_clips() -> None:
    assert REPORT.plot().startswith("<svg")
    adverse = Report("x", 1, 1, 0.05, partials=False, compared=[compared(5, 1, 2), compared(60, 1, 2, way="fast")])
    with pytest.raises(ValueError, match="there are 1"):
        adverse.plot()
