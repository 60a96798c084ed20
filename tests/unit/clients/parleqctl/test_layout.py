from __future__ import annotations

import pytest

from parleqctl import layout


def test_columns_are_aligned_by_what_a_terminal_shows() -> None:
    assert layout.table([("日本", "x", ""), ("a", "y", "z\n")]) == "日本  x\na     y  z"


def test_a_line_longer_than_the_limit_is_cut() -> None:
    assert layout.table([("a", "b" * 20)], 10) == "a  bbbbbb…"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59.9, "59 s"),
        (61, "1 min 1 s"),
        (3725, "1 h 2 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_durations_have_two_units_at_most(seconds: float, text: str) -> None:
    assert layout.duration(seconds) == text


def test_a_moment_is_local_time() -> None:
    assert len(layout.moment(1_700_000_000.0)) == len("2023-11-14 22:13:20")


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [
        (0, 0, "m 0.0 MB"),
        (5_000_000, 0, "m 5.0 MB"),
        (5_000_000, 10_000_000, "m [############------------] 50 % of 10.0 MB"),
        (11, 10, f"m [{'#' * 24}] 100 % of 0.0 MB"),
    ],
)
def test_progress_shows_a_bar_once_the_total_is_known(done: int, total: int, text: str) -> None:
    assert layout.progress("m", done, total) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("é", 'k = "é"'), (True, "k = true"), (4.0, "k = 4.0"), (["a"], 'k = ["a"]'), (20, "k = 20")],
)
def test_a_setting_reads_as_toml(value: object, text: str) -> None:
    assert layout.setting("k", value) == text


@pytest.mark.parametrize(("dbfs", "filled"), [(-90.0, 0), (-60.0, 0), (-30.0, 5), (0.0, 10), (3.0, 10)])
def test_a_level_is_a_bar_over_sixty_decibels(dbfs: float, filled: int) -> None:
    assert layout.level_bar(dbfs) == f"[{'#' * filled}{'-' * (10 - filled)}]"
