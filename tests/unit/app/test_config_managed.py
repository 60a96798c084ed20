from __future__ import annotations

import os
from pathlib import Path

import pytest

from parleqd.app.config_managed import PolicyPlace, find_policy, load_policy
from parleqd.core.policy.reading import CLOSED_POLICY, NO_POLICY

ME = os.getuid()
NOBODY = 54_321
POLICY = "[limit]\nhistory = 3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path


def written(path: Path, text: str = POLICY, mode: int = 0o644) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_place_is_fixed_by_the_platform() -> None:
    assert find_policy({}, "linux") == PolicyPlace(Path("/etc/xdg/parleq/managed.toml"), None, 0)
    mac = find_policy({"XDG_CONFIG_DIRS": "/tmp/x"}, "darwin")
    assert mac == PolicyPlace(Path("/Library/Application Support/parleq/managed.toml"), None, 0)
    assert find_policy({"PARLEQ_MANAGED": "/tmp/try.toml"}, "linux").trial == Path("/tmp/try.toml")


def test_none_is_needed(folder: Path) -> None:
    assert load_policy(None).policy == NO_POLICY
    for missing in (folder / "managed.toml", folder / "no" / "managed.toml", written(folder / "file") / "managed.toml"):
        assert load_policy(PolicyPlace(missing, owner=ME)) == load_policy(None)


def test_a_policy_knows_its_lines(folder: Path) -> None:
    path = written(folder / "managed.toml", "[limit]\nhistory = 3\n[pin.audio]\nmax_minutes = 0\n")
    loaded = load_policy(PolicyPlace(path, owner=ME))
    assert (loaded.path, loaded.policy.limits.history, loaded.policy.closed) == (path, 3, False)
    assert loaded.place_of("limit.history") == f"{path}:2"
    assert loaded.place_of("limit.unknown") == f"{path}:1"
    assert loaded.place_of("") == str(path)
    assert loaded.problems[0].line == 4


def test_one_of_another_s_is_not_believed(folder: Path) -> None:
    loaded = load_policy(PolicyPlace(written(folder / "managed.toml"), owner=NOBODY))
    assert loaded.policy == CLOSED_POLICY
    assert "is not believed" in loaded.problems[0].message
    assert f"belongs to user id {ME}" in loaded.problems[0].message


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_one_that_others_may_write_is_not_believed(folder: Path, mode: int) -> None:
    loaded = load_policy(PolicyPlace(written(folder / "managed.toml", mode=mode), owner=ME))
    assert loaded.policy == CLOSED_POLICY
    assert f"(mode {mode:04o})" in loaded.problems[0].message
    assert loaded.problems[0].hint.startswith("`chmod go-w ")


def test_nor_one_that_others_may_replace(folder: Path) -> None:
    real, linked = folder / "real", folder / "linked"
    for one in (real, linked):
        one.mkdir()
    (linked / "managed.toml").symlink_to(written(real / "managed.toml"))
    place = PolicyPlace(linked / "managed.toml", owner=ME)
    assert not load_policy(place).policy.closed
    for one in (real, linked):
        one.chmod(0o777)
        assert load_policy(place).policy.closed
        one.chmod(0o755)


def test_nor_one_that_a_link_of_others_leads_to(folder: Path) -> None:
    between = folder / "between"
    between.mkdir()
    (between / "link").symlink_to(written(folder / "real.toml"))
    (folder / "managed.toml").symlink_to("between/link")
    place = PolicyPlace(folder / "managed.toml", owner=ME)
    assert not load_policy(place).policy.closed
    between.chmod(0o777)
    assert load_policy(place).policy.closed
    assert str(between) in load_policy(place).problems[0].message


@pytest.mark.parametrize("text", ["[limit", "\0", "[limit]\nhistory = 'none'\n"])
def test_one_that_cannot_be_understood_closes(folder: Path, text: str) -> None:
    loaded = load_policy(PolicyPlace(written(folder / "managed.toml", text), owner=ME))
    assert loaded.policy.closed
    assert loaded.problems[0].file == str(folder / "managed.toml")


def test_one_that_leads_nowhere_or_is_no_file_closes(folder: Path) -> None:
    dangling = folder / "managed.toml"
    dangling.symlink_to(folder / "gone")
    (folder / "in").mkdir()
    circle = folder / "circle"
    circle.symlink_to(circle)
    for odd in (dangling, folder / "in", circle):
        loaded = load_policy(PolicyPlace(odd, owner=ME))
        assert (loaded.policy, len(loaded.problems)) == (CLOSED_POLICY, 1)


def test_a_policy_can_be_tried_and_none_escaped(folder: Path) -> None:
    trial = written(folder / "trial.toml", "[limit]\nhistory = 90\n")
    assert load_policy(PolicyPlace(folder / "managed.toml", trial)).policy.limits.history == 90
    system = PolicyPlace(written(folder / "managed.toml"), trial, ME)
    assert load_policy(system).policy.limits.history == 3
    (folder / "managed.toml").chmod(0o666)
    assert load_policy(system).policy == CLOSED_POLICY
    assert load_policy(PolicyPlace(folder / "none", folder / "gone")).policy == CLOSED_POLICY
