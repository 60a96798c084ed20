"""The administrator's policy: where its file is, whether it may be believed, and reading it however bad it is.

The file counts only where nobody but its owner could have written it. No variable moves it: PARLEQ_MANAGED names a
policy to try out, which is read only where the system has none, so that nobody escapes one with it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import msgspec

from parleqd.app.config_file import ConfigProblem, problem_at, read_config
from parleqd.core.policy.reading import CLOSED_POLICY, NO_POLICY, Policy, parse_policy

_ROOT = 0
_MOST_LINKS = 40
"""Systems follow no more, one after the other."""
_PLACES = {"darwin": Path("/Library/Application Support/parleq/managed.toml")}
_PLACE = Path("/etc/xdg/parleq/managed.toml")


class PolicyPlace(msgspec.Struct, frozen=True):
    """``system``: where the administrator's file is, which ``owner`` (a user id) must own. ``trial``: see above."""

    system: Path
    trial: Path | None = None
    owner: int = _ROOT


class LoadedPolicy(msgspec.Struct, frozen=True):
    """``path`` is ``None`` where there is no policy."""

    path: Path | None = None
    policy: Policy = NO_POLICY
    problems: tuple[ConfigProblem, ...] = ()
    lines: Mapping[str, int] = {}

    def place_of(self, key: str) -> str:
        """Where the policy says ``key``: ``FILE:LINE``, or the file alone."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return f"{self.path}:{self.lines[key]}" if key else str(self.path)


def find_policy(environment: Mapping[str, str], platform: str) -> PolicyPlace:
    """Where policies are on this system. ``platform`` as in ``sys.platform``."""
    named = environment.get("PARLEQ_MANAGED")
    return PolicyPlace(_PLACES.get(platform, _PLACE), Path(named).absolute() if named else None)


def load_policy(place: PolicyPlace | None) -> LoadedPolicy:
    """Read the policy. Never raises: one that cannot be read or believed closes all that a policy can close."""
    if place is None:
        return LoadedPolicy()
    if _exists(place.system):
        return _load(place.system, {place.owner})
    return LoadedPolicy() if place.trial is None else _load(place.trial, {place.owner, os.getuid()})


def _exists(path: Path) -> bool:
    """Where that cannot be told, there is one: a policy that nobody may see is still a policy."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _load(path: Path, owners: set[int]) -> LoadedPolicy:
    if (refused := _refusal(path, owners)) is not None:
        return LoadedPolicy(path, CLOSED_POLICY, (refused,))
    file = read_config(path)
    if file.broken is not None:
        return LoadedPolicy(path, CLOSED_POLICY, (file.broken,))
    policy, problems = parse_policy(file.tree)
    return LoadedPolicy(path, policy, tuple(problem_at(one, path, file.lines) for one in problems), file.lines)


def _refusal(path: Path, owners: set[int]) -> ConfigProblem | None:
    """Why the file may not be believed, if so: somebody else could have written it, or put it there."""
    for one in chain((path,), _folders(path)):
        try:
            found = one.stat()
        except OSError as error:
            return ConfigProblem(str(path), 0, "", f"the policy cannot be read: {error.strerror or error}", _CLOSED)
        if found.st_uid not in owners:
            who = f"belongs to user id {found.st_uid}, not to root"
            return ConfigProblem(str(path), 0, "", f"the policy is not believed: {one} {who}", f"`chown root {one}`")
        mode = stat.S_IMODE(found.st_mode)
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            who = f"can be written by others (mode {mode:04o})"
            return ConfigProblem(str(path), 0, "", f"the policy is not believed: {one} {who}", f"`chmod go-w {one}`")
    return None


def _folders(path: Path) -> Iterator[Path]:
    """The folder of the file and, where that is a link, of everything that leads to the file in the end."""
    yield path.parent
    for _ in range(_MOST_LINKS):
        if not path.is_symlink():
            return
        path = path.parent / path.readlink()
        yield path.parent


_CLOSED = "until it can, nothing leaves this machine and no history is kept"
