from __future__ import annotations

import pytest

from parleqctl.conformance.unmet import Unmet, expect, expect_fields, short


@pytest.mark.parametrize("value", [[], {}, {"n": "x"}, {"n": True}, {"n": None}])
def test_fields_must_be_there_and_of_their_types(value: object) -> None:
    with pytest.raises(Unmet):
        expect_fields(value, {"n": int}, "it")


def test_more_fields_are_welcome() -> None:
    expect_fields({"n": 1, "from_the_future": None}, {"n": int}, "it")


def test_what_came_is_told_on_one_line() -> None:
    with pytest.raises(Unmet, match=r"^x{200}…$"):
        expect(False, "x" * 1000)
    assert short({"a": 1}) == "{'a': 1}"
