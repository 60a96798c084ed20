from __future__ import annotations

import pytest

from parleqd.core.text.proper_nouns import NAMES
from parleqd.core.text.terms.proper_names import FURTHER_NAMES, GIVEN_NAMES, PROPER_NAMES


def test_the_names_are_keys() -> None:
    assert all(name == name.lower() and name.isalpha() for name in GIVEN_NAMES | FURTHER_NAMES)


def test_no_name_of_a_place_is_listed_twice() -> None:
    assert not FURTHER_NAMES & NAMES


@pytest.mark.parametrize(
    "name", "jason catherine indian indiana marcus monday may march china turkey london easter".split()
)
def test_names_of_people_places_and_days(name: str) -> None:
    assert name in PROPER_NAMES
