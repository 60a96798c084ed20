from __future__ import annotations

from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.service.files import UnitFiles
from parleqctl.service.units import Programs, Unit, systemd_unit

PROGRAMS = Programs("/bin/d", "/bin/h")


def unit(name: str, version: str) -> Unit:
    return systemd_unit(name, f"[Unit]\nDescription={version}\n", PROGRAMS, None)


def files(folder: Path, version: str = "1", names: tuple[str, ...] = ("a.service", "b.socket")) -> UnitFiles:
    return UnitFiles(folder, [unit(name, version) for name in names])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config" / "systemd" / "user"


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text().split("=")[1].split("\n")[0] for path in folder.iterdir() if path.is_file()}


def test_only_what_is_not_as_it_should_be_is_written(folder: Path) -> None:
    assert files(folder).write() == ["a.service", "b.socket"]
    assert files(folder).write() == []
    (folder / "a.service").write_text(unit("a.service", "0").text)
    assert files(folder).write() == ["a.service"]
    assert contents(folder) == {"a.service": "1", "b.socket": "1", "a.service.before": "0"}


def test_what_was_there_before_comes_back_or_is_forgotten(folder: Path) -> None:
    files(folder, names=("a.service",)).write()
    newer = files(folder, "2")
    written = newer.write()
    assert newer.added(written) == ["b.socket"]
    newer.roll_back(written)
    assert contents(folder) == {"a.service": "1"}
    newer.write()
    newer.keep()
    assert contents(folder) == {"a.service": "2", "b.socket": "2"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("[Unit]\nDescription=mine\n", "was written by somebody else"),
        (unit("b.socket", "1").text.replace("=1", "=7"), "was changed by hand"),
    ],
)
def test_what_others_wrote_is_left_alone_and_nothing_is_written(folder: Path, text: str, who: str) -> None:
    folder.mkdir(parents=True)
    (folder / "b.socket").write_text(text)
    with pytest.raises(LocalError) as raised:
        files(folder).write()
    assert raised.value.reason == "unit_changed"
    assert who in raised.value.message
    assert "b.socket.d/own.conf" in raised.value.hint
    assert [path.name for path in folder.iterdir()] == ["b.socket"]
    assert (folder / "b.socket").read_text() == text


def test_what_cannot_be_written_whole_is_not_written_at_all(folder: Path) -> None:
    files(folder).write()
    (folder / "b.socket.new").mkdir()  # in the way, as a full disk would be
    newer = files(folder, "2", ("a.service", "c.service", "b.socket"))
    with pytest.raises(LocalError, match=rf"cannot be written to {folder}: .*; nothing was changed"):
        newer.write()
    assert contents(folder) == {"a.service": "1", "b.socket": "1"}
    (folder / "b.socket.new").rmdir()
    (folder / "b.socket.before" / "x").mkdir(parents=True)  # in the way of the last one's turn
    with pytest.raises(LocalError, match="cannot be written"):
        newer.write()
    assert contents(folder) == {"a.service": "1", "b.socket": "1"}


def test_a_first_installation_that_is_rolled_back_leaves_no_folder(folder: Path) -> None:
    folder.parent.parent.mkdir()
    ours = files(folder)
    ours.roll_back(ours.write())
    assert list(folder.parent.parent.iterdir()) == []


def test_a_plist_has_no_drop_ins_to_hint_at(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "a.plist").write_text("mine")
    with pytest.raises(LocalError) as raised:
        files(folder, names=("a.plist",)).write()
    assert "own.conf" not in raised.value.hint


def test_removing_leaves_nothing_but_what_is_the_user_s_own(folder: Path) -> None:
    files(folder).write()
    (folder / "a.service").write_text(
        (folder / "a.service").read_text().replace("=1", "=7")
    )  # uninstalled all the same
    (folder / "a.service.d").mkdir()
    ours = files(folder, "2")
    assert ours.dropins() == [folder / "a.service.d"]
    assert ours.remove() == [folder / "a.service", folder / "b.socket"]
    assert list(folder.iterdir()) == [folder / "a.service.d"]
    (folder / "a.service.d").rmdir()
    (folder / "b.socket").write_text("mine")
    assert ours.remove() == []
    assert (folder / "b.socket").read_text() == "mine"
    (folder / "b.socket").unlink()
    assert ours.remove() == []
    assert list(folder.parent.parent.iterdir()) == []
