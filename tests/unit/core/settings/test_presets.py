from __future__ import annotations

from parleqd.core.settings.presets import BUILT_IN, DIGITS, find, presets

OWN = {"pirate": "Write it as a pirate would.", "formal": "Write it as my boss wants it."}


def test_the_user_s_own_come_first_and_take_the_place_of_built_in_ones() -> None:
    known = presets(OWN)
    assert [preset.name for preset in known[:3]] == ["pirate", "formal", "shorter"]
    assert len(known) == len(BUILT_IN) + 1
    assert next(preset for preset in known if preset.name == "formal").instruction == OWN["formal"]


def test_the_first_nine_have_digits() -> None:
    many = presets({f"own {number}": "Do it." for number in range(DIGITS + 2)})
    assert [preset.digit for preset in many[: DIGITS + 1]] == [*range(1, DIGITS + 1), None]
    assert all(preset.instruction.strip() for preset in presets({}))


def test_one_is_found_by_name_or_digit() -> None:
    found = find(OWN, " PIRATE ")
    assert found is not None
    assert found == find(OWN, "1")
    assert find({}, "1") == find({}, "shorter")
    assert find(OWN, "0") is find(OWN, "12") is find(OWN, "") is find(OWN, "None") is find({}, "pirate") is None


def test_a_name_that_is_a_digit_goes_before_the_digit() -> None:
    found = find({"one": "First.", "1": "Second."}, "1")
    assert found is not None
    assert found.instruction == "Second."
