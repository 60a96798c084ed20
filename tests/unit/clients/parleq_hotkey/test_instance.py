from __future__ import annotations

from pathlib import Path

import pytest

from parleq_client import LocalError
from parleq_hotkey.instance import only_one


def test_a_second_one_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    path = str(tmp_path / "parleq" / "d.sock")
    with only_one(path):
        with pytest.raises(LocalError, match="another parleq-hotkey") as error:
            with only_one(path):
                pass
        assert error.value.reason == "already_running"
        with only_one(str(tmp_path / "other.sock")):
            pass
    with only_one(path):
        pass


def test_a_folder_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalError) as error:
        with only_one(str(tmp_path / "file" / "d.sock")):
            pass
    assert error.value.reason == "socket_unusable"
