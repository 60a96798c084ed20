from __future__ import annotations

import os
from pathlib import Path

import pytest

from parleqd.app.config_file import MAX_BYTES, ConfigProblem, find_config, is_named, problem_at, read_config
from parleqd.core.settings import Problem


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def broken(path: Path) -> ConfigProblem:
    problem = read_config(path).broken
    assert problem is not None
    assert problem.file == str(path)
    return problem


def test_the_option_comes_before_the_environment(tmp_path: Path) -> None:
    environment = {"PARLEQ_CONFIG": str(tmp_path / "b.toml")}
    assert find_config(str(tmp_path / "a.toml"), environment) == tmp_path / "a.toml"
    assert find_config(None, environment) == tmp_path / "b.toml"


def test_else_it_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    found = find_config(None, {})
    assert found.is_relative_to(tmp_path)
    assert (found.name, found.parent.name) == ("config.toml", "parleq")


def test_a_relative_path_is_made_absolute() -> None:
    assert find_config("some.toml", {}) == Path.cwd() / "some.toml"


def test_a_missing_file_is_an_empty_one(path: Path) -> None:
    file = read_config(path)
    assert (file.exists, file.broken, file.tree) == (False, None, {})


def test_an_empty_file_is_an_empty_one(path: Path) -> None:
    path.touch()
    file = read_config(path)
    assert (file.exists, file.broken, file.tree) == (True, None, {})


def test_dev_null_is_an_empty_one() -> None:
    assert read_config(Path(os.devnull)).broken is None


def test_a_file_is_read_with_its_lines(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf[audio]\r\nmax_minutes = 3\r\n")
    file = read_config(path)
    assert (file.tree, file.lines["audio.max_minutes"]) == ({"audio": {"max_minutes": 3}}, 2)


def test_a_syntax_error_names_line_and_column(path: Path) -> None:
    path.write_text("[audio]\ndevice = x\n")
    assert str(broken(path)) == f"{path}:2: column 10: not valid TOML: Invalid value"


def test_an_unfinished_file_names_its_last_line(path: Path) -> None:
    path.write_text('[audio]\ndevice = """\nx\n')
    problem = broken(path)
    assert problem.line >= 3
    assert "not valid TOML" in problem.message


def test_a_key_given_twice_is_a_syntax_error(path: Path) -> None:
    path.write_text("[audio]\nmax_minutes = 1\nmax_minutes = 2\n")
    assert broken(path).line == 3


def test_text_that_is_not_utf8_names_the_line(path: Path) -> None:
    path.write_bytes(b"[audio]\n# caf\xe9\n")
    problem = broken(path)
    assert (problem.line, problem.message, problem.hint) == (2, "is not UTF-8", "save it as UTF-8")


def test_a_binary_file(path: Path) -> None:
    path.write_bytes(bytes(range(256)))
    assert broken(path).message == "is not text"


def test_a_folder(path: Path) -> None:
    path.mkdir()
    assert broken(path).message == "is a folder"


def test_a_pipe_is_refused_without_waiting(path: Path) -> None:
    os.mkfifo(path)
    assert broken(path).message == "is not a regular file"


def test_an_endless_device() -> None:
    assert broken(Path("/dev/zero")).message == "is larger than 1 MiB"


def test_a_huge_file(path: Path) -> None:
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert broken(path).message == "is larger than 1 MiB"


def test_an_unreadable_file(path: Path) -> None:
    path.symlink_to(path)
    assert broken(path).message.startswith("cannot be read: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything: run the tests as an ordinary user")
def test_a_file_without_permission(path: Path) -> None:
    path.touch(mode=0)
    assert broken(path).message == "cannot be read: Permission denied"


def test_a_deeply_nested_file(path: Path) -> None:
    path.write_text("a = " + "[" * 5000 + "]" * 5000)
    assert broken(path).message


@pytest.mark.parametrize(
    ("key", "line"),
    [("audio.device", 3), ("audio.other", 2), ("cleanup.target[0]", 5), ("colours", 0), ("", 0)],
)
def test_a_problem_stands_at_its_key_or_the_section_around_it(path: Path, key: str, line: int) -> None:
    lines = {"audio": 2, "audio.device": 3, "cleanup.target[0]": 5}
    assert problem_at(Problem(key, "is wrong", "do right"), path, lines).line == line


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (ConfigProblem("f", 3, "a.b", "is wrong", "do right"), "f:3: a.b: is wrong; do right"),
        (ConfigProblem("f", 0, "", "is a folder"), "f: is a folder"),
    ],
)
def test_a_problem_prints_as_one_line(problem: ConfigProblem, text: str) -> None:
    assert str(problem) == text


@pytest.mark.parametrize(
    ("option", "variable", "named"), [("a", "", True), (None, "b", True), (None, "", False), ("", "", False)]
)
def test_a_file_is_named_by_the_option_or_the_environment(option: str | None, variable: str, named: bool) -> None:
    assert is_named(option, {"PARLEQ_CONFIG": variable}) is named
