from __future__ import annotations

import pytest

from parleqctl.conformance.suite import CHECKS, chosen


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_all_are_made_unless_some_are_named() -> None:
    assert chosen([]) == CHECKS
    assert [check.name for check in chosen(["batch", "claim"])] == ["batch", "claim"]
    with pytest.raises(KeyError):
        chosen(["no_such"])
