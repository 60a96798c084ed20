from __future__ import annotations

import pytest

from parleqd.core.log_events import recent
from parleqd.core.report.findings import PARTS, check_shown, counts_shown, events_shown
from parleqd.core.report.pseudonyms import Pseudonyms


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_keeps_its_name(part: str) -> None:
    assert check_shown(part, Pseudonyms()) == part


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("east: quota", "name-1: quota"),
        ("east", "name-1"),
        ("east: kingfisher", "name-1"),
        ("a: b: key", "name-1: key"),
    ],
)
def test_a_target_has_a_number(check: str, said: str) -> None:
    assert check_shown(check, Pseudonyms()) == said


def test_counts_by_target_have_its_number() -> None:
    names = Pseudonyms()
    names.of("west")
    counts = {"target_east": 2, "target_west": 1, "mode_raw": 3}
    assert counts_shown(counts, names) == {"target_name-2": 2, "target_name-1": 1, "mode_raw": 3}


def test_names_in_events_have_numbers() -> None:
    events = [
        recent(1.0, "info", "target_tried", {"target": "east", "failed": None, "reason": None}),
        recent(2.0, "info", "model_loaded", {"model": "tiny.en", "load_ms": 3}),
    ]
    assert [fields for _, fields in events_shown(events, Pseudonyms())] == [
        {"target": "name-1", "failed": None, "reason": None},
        {"model": "tiny.en", "load_ms": 3},
    ]
