"""The settings file: where it is, and reading it however bad it is."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from parleqd.app.config_lines import key_lines
from parleqd.core.settings import Problem

MAX_BYTES = 1024 * 1024
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class ConfigProblem(msgspec.Struct, frozen=True):
    """What is wrong with the settings, and where. ``line`` 0: no line; ``file`` may name a variable."""

    file: str
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """``FILE:LINE: KEY: what is wrong; what would be right``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.key}: {self.message}" if self.key else self.message
        return f"{place}: {what}; {self.hint}" if self.hint else f"{place}: {what}"


class FileTree(msgspec.Struct, frozen=True):
    """What a settings file holds. ``broken``: it cannot be read or is not TOML, so nothing is known."""

    tree: dict[str, object] = {}
    lines: dict[str, int] = {}
    exists: bool = True
    broken: ConfigProblem | None = None


def find_config(option: str | None, environment: Mapping[str, str]) -> Path:
    """The settings file: ``--config``, else PARLEQ_CONFIG, else the platform's place."""
    if named := option or environment.get("PARLEQ_CONFIG"):
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_config_dir("parleq", appauthor=False)) / "config.toml"


def is_named(option: str | None, environment: Mapping[str, str]) -> bool:
    """Whether somebody named the file, and so expects it to be there; the platform's place may be empty."""
    return bool(option or environment.get("PARLEQ_CONFIG"))


def read_config(path: Path) -> FileTree:
    """Read the file; a missing one is an empty one. Never raises."""
    try:
        text = read_text(path)
    except FileNotFoundError:
        return FileTree(exists=False)
    except IsADirectoryError:
        return _broken(path, "is a folder", "name the file in it")
    except OSError as error:
        return _broken(path, f"cannot be read: {error.strerror or error}", "give the path of a TOML file")
    except _NotText as error:
        return _broken(path, str(error), error.hint, error.line)
    try:
        return FileTree(tomllib.loads(text), key_lines(text))
    except tomllib.TOMLDecodeError as error:
        return _syntax(path, text, str(error))
    except RecursionError:
        return _broken(path, "is nested too deeply", "settings are sections of plain keys")


class _NotText(Exception):
    """The file holds no text of a reasonable length."""

    def __init__(self, message: str, hint: str, line: int = 0) -> None:
        super().__init__(message)
        self.hint = hint
        self.line = line


def read_text(path: Path) -> str:
    """The text of the file, without a byte order mark. Never waits, on whatever ``path`` names."""
    with open(path, "rb", opener=_without_waiting) as file:
        mode = os.fstat(file.fileno()).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISCHR(mode)):
            raise _NotText("is not a regular file", "give the path of a TOML file")
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _NotText("is larger than 1 MiB", "this is hardly a settings file")
    if b"\0" in data:
        raise _NotText("is not text", "settings are a TOML file in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _NotText("is not UTF-8", "save it as UTF-8", line) from None


def _without_waiting(path: str, flags: int) -> int:
    """A named pipe would wait for its other end."""
    return os.open(path, flags | os.O_NONBLOCK)


def problem_at(problem: Problem, path: Path, lines: Mapping[str, int]) -> ConfigProblem:
    """Name the place of a problem: the key's own line, else that of the section around it."""
    place = problem.key
    while place and place not in lines:
        place = place.rpartition(".")[0]
    return ConfigProblem(str(path), lines.get(place, 0), problem.key, problem.message, problem.hint)


def _syntax(path: Path, text: str, message: str) -> FileTree:
    position = _POSITION.search(message)
    line, column = text.count("\n") + 1, 0
    if position is not None:
        message = message[: position.start()]
        if position[1]:
            line, column = int(position[1]), int(position[2])
        else:
            message += " at the end of the file"
    where = f"column {column}: " if column else ""
    return _broken(path, f"{where}not valid TOML: {message}", "", line)


def _broken(path: Path, message: str, hint: str = "", line: int = 0) -> FileTree:
    return FileTree(broken=ConfigProblem(str(path), line, "", message, hint))
