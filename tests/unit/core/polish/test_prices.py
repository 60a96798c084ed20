from __future__ import annotations

import pytest

from parleqd.core.polish.prices import LISTED, cost_of, price_of
from parleqd.core.polish.stream import Usage
from parleqd.core.settings import Price

OWN = {"GPT-4o-mini": Price(1, 0.5, 2), "house-model": Price(0, 0, 0)}


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("gpt-4o", "gpt-4o"),
        ("GPT-4o", "gpt-4o"),
        ("gpt-4o-2024-11-20", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
        ("gpt-4o-audio-preview", None),
        ("gpt-4o-mini-tts", None),
        ("gpt-4o-2", None),
        ("my-deployment", None),
        ("", None),
    ],
)
def test_a_model_is_found_by_its_name_or_its_dated_name(model: str, found: str | None) -> None:
    assert price_of(model, {}) == (None if found is None else LISTED[found])


def test_the_user_s_table_goes_first() -> None:
    assert price_of("gpt-4o-mini-2024-07-18", OWN) == Price(1, 0.5, 2)
    assert price_of("house-model", OWN) == Price(0, 0, 0)
    assert price_of("gpt-4o", OWN) == LISTED["gpt-4o"]


def test_cached_tokens_cost_less_and_are_part_of_the_prompt() -> None:
    usage = Usage(prompt=1_000_000, cached=400_000, completion=500_000)
    assert cost_of(usage, Price(1, 0.5, 2)) == pytest.approx(0.6 + 0.2 + 1.0)
    assert cost_of(Usage(prompt=10, cached=20), Price(1, 0.5, 2)) == pytest.approx(5e-6)
