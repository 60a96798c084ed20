"""The settings in effect: file, environment and policy together, and where each value comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from parleqd.app.config_file import ConfigProblem, FileTree, problem_at, read_config
from parleqd.app.config_managed import LoadedPolicy, PolicyPlace, load_policy
from parleqd.core.policy.managing import Managed, manage
from parleqd.core.policy.reading import PIN
from parleqd.core.ports import PolicyInForce, PolicyWithholds, SettingOrigin
from parleqd.core.settings import Merged, Problem, Settings, fail_closed, flatten, merge, parse

_DEFAULTS = dict(flatten(Settings()))
MANAGED = "managed "
"""Before the place of a policy, where else a file of the user's would be named."""
ENVIRONMENT = "environment "
"""Before the name of a variable, where else a file would be named."""
_INDEX = re.compile(r"^cleanup\.target\[(\d+)\]")


class Effective(msgspec.Struct, frozen=True):
    """The settings in effect, everything wrong with them, and where each value comes from."""

    settings: Settings
    problems: tuple[ConfigProblem, ...]
    origins: tuple[SettingOrigin, ...]
    exists: bool
    policy: PolicyInForce | None = None


class UserSettings(msgspec.Struct, frozen=True):
    """What the user's file and the environment say, whatever a policy makes of it."""

    path: Path
    settings: Settings
    problems: tuple[ConfigProblem, ...]
    file: FileTree
    merged: Merged


def load_settings(
    path: Path, environment: Mapping[str, str], *, named: bool = False, policy: PolicyPlace | None = None
) -> Effective:
    """Read file, environment and policy. Never raises: a file that cannot be read closes every privacy key.

    That a file is missing is a problem only when it was ``named``; the defaults apply all the same.
    """
    return effective(load_user(path, environment, named=named), load_policy(policy))


def load_user(path: Path, environment: Mapping[str, str], *, named: bool = False) -> UserSettings:
    """As `load_settings`, without the policy."""
    file = read_config(path)
    merged = merge(file.tree, environment)
    if file.broken is not None:
        settings, problems = fail_closed(), [file.broken]
    else:
        settings, found = parse(merged.tree)
        problems = [placed_problem(problem, path, file, merged) for problem in (*merged.problems, *found)]
    if named and not file.exists:
        problems.insert(0, ConfigProblem(str(path), 0, "", "does not exist", "defaults apply; name an existing file"))
    return UserSettings(path, settings, tuple(problems), file, merged)


def effective(user: UserSettings, loaded: LoadedPolicy) -> Effective:
    """The user's settings under the policy."""
    managed = manage(user.settings, loaded.policy)
    force = None
    if loaded.path is not None:
        withheld = [
            PolicyWithholds(one.name, f"{one.message} ({loaded.place_of(one.key)})") for one in managed.withheld
        ]
        force = PolicyInForce(str(loaded.path), managed.most, tuple(withheld), tuple(managed.decided))
    problems = (*user.problems, *loaded.problems)
    return Effective(managed.settings, problems, tuple(_origins(user, managed, loaded)), user.file.exists, force)


def placed_problem(problem: Problem, path: Path, file: FileTree, merged: Merged) -> ConfigProblem:
    """The problem with its file and line, or the variable that it comes from."""
    if (variable := merged.origins.get(problem.key)) is not None:
        return ConfigProblem(f"{ENVIRONMENT}{variable}", 0, problem.key, problem.message, problem.hint)
    return problem_at(problem, path, file.lines)


def _origins(user: UserSettings, managed: Managed, loaded: LoadedPolicy) -> Iterator[SettingOrigin]:
    wrong = {problem.key for problem in user.problems}
    own_targets = loaded.policy.targets is None
    positions = _target_positions(managed.settings, user.merged.tree) if own_targets else []
    for shown, value in flatten(managed.settings):
        key = shown
        if own_targets and (index := _INDEX.match(key)) is not None:
            key = f"cleanup.target[{positions[int(index[1])]}]{key[index.end() :]}"
        if shown in managed.decided:
            origin = f"{MANAGED}{loaded.place_of(managed.decided[shown])}"
        elif not own_targets and _INDEX.match(key):
            origin = f"{MANAGED}{loaded.place_of(f'{PIN}.{key}')}"
        elif key in user.merged.origins:
            origin = f"{ENVIRONMENT}{user.merged.origins[key]}"
        elif key in user.file.lines and key not in wrong:
            origin = f"{user.path}:{user.file.lines[key]}"
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
