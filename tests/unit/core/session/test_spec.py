from __future__ import annotations

from tests.fakes.dictations import spec


def test_what_failed_leaves_the_raw_text_or_the_one_that_was_to_change() -> None:
    assert spec().unchanged("um hello") == "um hello"
    assert spec(baseline="Old.").unchanged("make it new") == "Old."
    assert spec(baseline="").unchanged("make it new") == ""
