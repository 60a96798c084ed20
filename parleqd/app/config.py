"""The settings in effect: file and environment together, where each value comes from, and changing one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import anyio
import msgspec
from anyio import to_thread

from parleqd.app.config_edit import edited, edited_target, refuse_read_only, toml_value, with_key, with_target
from parleqd.app.config_file import ConfigProblem, FileTree, problem_at, read_config, read_text
from parleqd.app.config_keys import check_key
from parleqd.app.whole_file import replace_file
from parleqd.core.errors import ConfigError
from parleqd.core.ports import SettingOrigin
from parleqd.core.settings import Merged, Problem, Settings, fail_closed, flatten, merge, parse

_DEFAULTS = dict(flatten(Settings()))
ENVIRONMENT = "environment "
"""Before the name of a variable, where else a file would be named."""
_INDEX = re.compile(r"^cleanup\.target\[(\d+)\]")


class Effective(msgspec.Struct, frozen=True):
    """The settings in effect, everything wrong with them, and where each value comes from."""

    settings: Settings
    problems: tuple[ConfigProblem, ...]
    origins: tuple[SettingOrigin, ...]
    exists: bool


def load_settings(path: Path, environment: Mapping[str, str], *, named: bool = False) -> Effective:
    """Read file and environment. Never raises: a file that cannot be read closes every privacy key.

    That a file is missing is a problem only when it was ``named``; the defaults apply all the same.
    """
    file = read_config(path)
    merged = merge(file.tree, environment)
    if file.broken is not None:
        settings, problems = fail_closed(), [file.broken]
    else:
        settings, found = parse(merged.tree)
        problems = [_placed(problem, path, file, merged) for problem in (*merged.problems, *found)]
    if named and not file.exists:
        problems.insert(0, ConfigProblem(str(path), 0, "", "does not exist", "defaults apply; name an existing file"))
    origins = _origins(settings, path, file, merged, {problem.key for problem in problems})
    return Effective(settings, tuple(problems), tuple(origins), file.exists)


class ConfigStore:
    """The settings of a running daemon, kept at their last good state; the port ``SettingsStore``."""

    def __init__(self, path: Path, environment: Mapping[str, str], *, named: bool = False) -> None:
        """Reads the file at once. ``environment`` is the process's, or a test's own; ``named``: it must exist."""
        self.path = path
        self._environment = environment
        self._named = named
        self._effective = self._load()
        self._problems = self._effective.problems
        self._changing = anyio.Lock()

    @property
    def settings(self) -> Settings:
        """The settings in effect."""
        return self._effective.settings

    @property
    def problems(self) -> tuple[ConfigProblem, ...]:
        """What is wrong with the file as last read; empty when all is well."""
        return self._problems

    def show(self) -> tuple[SettingOrigin, ...]:
        """Every effective setting with where its value comes from."""
        return self._effective.origins

    async def reload(self) -> tuple[ConfigProblem, ...]:
        """Read the file again. With a problem in it, the settings stay as they were; returns the problems."""
        async with self._changing:
            self._adopt(await to_thread.run_sync(self._load))
            return self._problems

    async def set(self, key: str, value: str) -> None:
        """Write one key, keeping the file's comments, and adopt it. On ``ConfigError`` the file is unchanged.

        ``value`` is the text of a TOML value; what is not one, or does not fit as one, is taken as a string.
        """
        async with self._changing:
            await to_thread.run_sync(self._write, key, value)
            self._adopt(await to_thread.run_sync(self._load))

    async def add_target(self, values: Mapping[str, object], mode: str | None = None) -> bool:
        """Write a cleanup target, instead of the one of its name if there is one, and adopt it; whether there was.

        On ``ConfigError`` the file is unchanged: where the target is wrong, and where anything else in the file is,
        since nothing of a file with a problem comes into effect.
        """
        async with self._changing:
            replaced = await to_thread.run_sync(self._write_target, values, mode)
            self._adopt(await to_thread.run_sync(self._load))
            return replaced

    def _load(self) -> Effective:
        return load_settings(self.path, self._environment, named=self._named)

    def _adopt(self, new: Effective) -> None:
        if self._effective.exists and not new.exists:
            self._problems = (ConfigProblem(str(self.path), 0, "", "is gone", "the last settings stay in effect"),)
            return
        self._problems = new.problems
        if all(problem.file.startswith(ENVIRONMENT) for problem in new.problems):  # which no change of the file mends
            self._effective = new

    def _write(self, key: str, value: str) -> None:
        check_key(key)
        file = self._whole_file()
        fitting = self._fitting(file.tree, key, value)
        self._change(file, lambda text: edited(text, key, fitting))

    def _write_target(self, values: Mapping[str, object], mode: str | None) -> bool:
        file = self._whole_file()
        tree, place, replaced = with_target(file.tree, values)
        if mode is not None:
            tree = with_key(tree, "cleanup.mode", mode)
        own = f"cleanup.target[{place}]"
        for problem in self._problems_of(tree):
            if problem.key.startswith(own):
                key = problem.key.removeprefix(own).lstrip(".") or "the target"
                raise ConfigError(f"{key}: {problem.message}", problem.hint)
            raise ConfigError(str(_placed(problem, self.path, file, merge(tree, self._environment))), "mend that first")

        def with_both(text: str) -> str:
            text = text if mode is None else edited(text, "cleanup.mode", mode)
            return edited_target(text, values)

        self._change(file, with_both)
        return replaced

    def _whole_file(self) -> FileTree:
        file = read_config(self.path)
        if file.broken is not None:
            raise ConfigError(str(file.broken), "mend the file first")
        return file

    def _change(self, file: FileTree, change: Callable[[str], str]) -> None:
        try:
            refuse_read_only(self.path)
            replace_file(self.path, change(read_text(self.path) if file.exists else ""))
        except OSError as error:
            raise ConfigError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _fitting(self, tree: Mapping[str, object], key: str, value: str) -> object:
        """The value as the key wants it; refused when it would add a problem to the file."""
        before = set(self._problems_of(tree))
        added: list[Problem] = []
        for candidate in (toml_value(value), value):
            after = self._problems_of(with_key(tree, key, candidate))
            new = [problem for problem in after if problem not in before]
            if not new:
                return candidate
            added += new
        raise ConfigError(f"{added[0].key}: {added[0].message}", added[0].hint)

    def _problems_of(self, tree: Mapping[str, object]) -> list[Problem]:
        return parse(merge(tree, self._environment).tree)[1]


def _placed(problem: Problem, path: Path, file: FileTree, merged: Merged) -> ConfigProblem:
    if (variable := merged.origins.get(problem.key)) is not None:
        return ConfigProblem(f"{ENVIRONMENT}{variable}", 0, problem.key, problem.message, problem.hint)
    return problem_at(problem, path, file.lines)


def _origins(
    settings: Settings, path: Path, file: FileTree, merged: Merged, wrong: set[str]
) -> Iterator[SettingOrigin]:
    positions = _target_positions(settings, merged.tree)
    for key, value in flatten(settings):
        if (index := _INDEX.match(key)) is not None:
            key = f"cleanup.target[{positions[int(index[1])]}]{key[index.end() :]}"
        if key in merged.origins:
            origin = f"{ENVIRONMENT}{merged.origins[key]}"
        elif key in file.lines and key not in wrong:
            origin = f"{path}:{file.lines[key]}"
        elif key in _DEFAULTS and value != _DEFAULTS[key]:
            origin = "closed, since the settings file has a problem"
        else:
            origin = "default"
        yield SettingOrigin(key, msgspec.json.encode(value).decode(), origin)


def _target_positions(settings: Settings, tree: Mapping[str, object]) -> list[int]:
    """Where in the file each usable target stands: unusable ones before it were left out."""
    cleanup = tree.get("cleanup")
    entries = cleanup.get("target") if isinstance(cleanup, Mapping) else None
    names = [entry.get("name") if isinstance(entry, Mapping) else None for entry in entries or []]
    return [names.index(target.name) for target in settings.cleanup.targets]
