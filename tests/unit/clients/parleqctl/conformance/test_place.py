from __future__ import annotations

from pathlib import Path

import pytest

from parleqctl.conformance.place import Place, new_instance
from parleqctl.conformance.unmet import Inapplicable, Unmet


def test_a_check_that_needs_a_recording_says_so() -> None:
    with pytest.raises(Inapplicable, match="--recording"):
        _ = Place("/nowhere").recording


def test_a_place_where_nobody_listens_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "absent", tmp_path / "file"):
        with pytest.raises(Unmet, match="no connection"), Place(str(path)).line():
            pass


def test_every_instance_is_new() -> None:
    assert new_instance() != new_instance()
