"""Changing the settings of a running daemon, and keeping them at their last good state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import anyio
from anyio import to_thread

from parleqd.app.config_edit import edited, edited_target, refuse_read_only, toml_value, with_key, with_target
from parleqd.app.config_effective import ENVIRONMENT, UserSettings, effective, load_user, placed_problem
from parleqd.app.config_file import ConfigProblem, FileTree, read_config, read_text
from parleqd.app.config_keys import check_key
from parleqd.app.config_managed import LoadedPolicy, PolicyPlace, load_policy
from parleqd.app.whole_file import replace_file
from parleqd.core.errors import ConfigError, ManagedError
from parleqd.core.policy.managing import refused_change
from parleqd.core.ports import PolicyInForce, SettingOrigin
from parleqd.core.settings import Cleanup, Problem, Settings, Target, merge, parse


class ConfigStore:
    """The settings of a running daemon, kept at their last good state; the port ``SettingsStore``."""

    def __init__(
        self, path: Path, environment: Mapping[str, str], *, named: bool = False, policy: PolicyPlace | None = None
    ) -> None:
        """Reads the file at once. ``environment`` is the process's, or a test's own; ``named``: it must exist.

        ``policy``: where an administrator's would be.
        """
        self.path = path
        self._environment = environment
        self._named = named
        self._place = policy
        self._user, self._policy = self._load()
        self._problems = self._user.problems
        self._effective = effective(self._user, self._policy)
        self._changing = anyio.Lock()

    @property
    def settings(self) -> Settings:
        """The settings in effect."""
        return self._effective.settings

    @property
    def problems(self) -> tuple[ConfigProblem, ...]:
        """What is wrong with the file as last read; empty when all is well."""
        return (*self._problems, *self._policy.problems)

    @property
    def policy(self) -> PolicyInForce | None:
        """The administrator's policy, if there is one, and what it does."""
        return self._effective.policy

    def show(self) -> tuple[SettingOrigin, ...]:
        """Every effective setting with where its value comes from."""
        return self._effective.origins

    async def reload(self) -> tuple[ConfigProblem, ...]:
        """Read the file again. With a problem in it, the settings stay as they were; returns the problems.

        The policy is read again too, and what it says holds at once, bad as it may be.
        """
        async with self._changing:
            self._adopt(*await to_thread.run_sync(self._load))
            return self.problems

    async def set(self, key: str, value: str) -> None:
        """Write one key, keeping the file's comments, and adopt it. On ``ConfigError`` the file is unchanged.

        ``value`` is the text of a TOML value; what is not one, or does not fit as one, is taken as a string.
        """
        async with self._changing:
            await to_thread.run_sync(self._write, key, value)
            self._adopt(*await to_thread.run_sync(self._load))

    async def add_target(self, values: Mapping[str, object], mode: str | None = None) -> bool:
        """Write a cleanup target, instead of the one of its name if there is one, and adopt it; whether there was.

        On ``ConfigError`` the file is unchanged: where the target is wrong, and where anything else in the file is,
        since nothing of a file with a problem comes into effect.
        """
        async with self._changing:
            replaced = await to_thread.run_sync(self._write_target, values, mode)
            self._adopt(*await to_thread.run_sync(self._load))
            return replaced

    def check_target(self, target: Target) -> None:
        """Raises ``ManagedError`` where the policy does not allow this target, whether it is in the file or not."""
        wanted = Settings(cleanup=Cleanup(targets=(target,)))
        self._refuse_managed(f"target {target.name}", "cleanup.target[0].name", wanted)

    def _load(self) -> tuple[UserSettings, LoadedPolicy]:
        return load_user(self.path, self._environment, named=self._named), load_policy(self._place)

    def _adopt(self, new: UserSettings, policy: LoadedPolicy) -> None:
        if self._user.file.exists and not new.file.exists:
            self._problems = (ConfigProblem(str(self.path), 0, "", "is gone", "the last settings stay in effect"),)
        else:
            self._problems = new.problems
            if all(problem.file.startswith(ENVIRONMENT) for problem in new.problems):  # which no change of it mends
                self._user = new
        self._policy = policy
        self._effective = effective(self._user, policy)

    def _write(self, key: str, value: str) -> None:
        check_key(key)
        file = self._whole_file()
        fitting = self._fitting(file.tree, key, value)
        self._refuse_managed(key, key, self._settings_of(with_key(file.tree, key, fitting)))
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
            placed = placed_problem(problem, self.path, file, merge(tree, self._environment))
            raise ConfigError(str(placed), "mend that first")
        wanted = self._settings_of(tree)
        self._refuse_managed(f"target {values.get('name')}", f"{own}.name", wanted)
        if mode is not None:
            self._refuse_managed("cleanup.mode", "cleanup.mode", wanted)

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

    def _refuse_managed(self, what: str, key: str, wanted: Settings) -> None:
        by = refused_change(key, wanted, self._policy.policy)
        if by is not None:
            place = self._policy.place_of(by)
            raise ManagedError(f"{what} is decided by the administrator's policy: {place}", by)

    def _settings_of(self, tree: Mapping[str, object]) -> Settings:
        return parse(merge(tree, self._environment).tree)[0]

    def _problems_of(self, tree: Mapping[str, object]) -> list[Problem]:
        return parse(merge(tree, self._environment).tree)[1]
