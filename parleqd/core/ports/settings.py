"""The settings file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from parleqd.core.settings import Settings, Target
from parleqd.protocol.names import Mode


class SettingsStore(Protocol):
    """The settings file, and what is in effect."""

    @property
    def path(self) -> Path:
        """Where the file is, or would be."""

    @property
    def settings(self) -> Settings:
        """What is in effect: the last good settings."""

    @property
    def problems(self) -> Sequence[object]:
        """What is wrong with the file as last read; each prints as one line."""

    @property
    def policy(self) -> PolicyInForce | None:
        """The administrator's policy, if there is one, and what it does."""

    def check_target(self, target: Target) -> None:
        """Raises ``ManagedError`` where the policy does not allow this target, whether it is in the file or not."""

    def show(self) -> Sequence[SettingOrigin]:
        """Every effective setting with where its value comes from."""

    async def reload(self) -> Sequence[object]:
        """Read the file again; returns the problems."""

    async def set(self, key: str, value: str) -> None:
        """Write one key, keeping the file's comments. Raises ``ConfigError`` and leaves the file as it was."""

    async def add_target(self, values: Mapping[str, object], mode: str | None = None) -> bool:
        """Write a cleanup target, and ``cleanup.mode`` if given; whether it replaced one of its name.

        ``values``: the target's keys; ``None`` for one that it shall not have. Raises ``ConfigError`` as `set` does.
        """


class SettingOrigin(msgspec.Struct, frozen=True):
    """One setting: dotted key, value as JSON, and its origin.

    That is "default", "environment NAME", "FILE:LINE", or "managed FILE:LINE" where the administrator's policy decides.
    """

    key: str
    value: str
    origin: str


class PolicyWithholds(msgspec.Struct, frozen=True):
    """A target of the user's that the policy does not allow, and why not."""

    name: str
    message: str


class PolicyInForce(msgspec.Struct, frozen=True):
    """The file; the most that cleanup may do, whoever asks; targets that are withheld; keys that it decides."""

    path: str
    most: Mode
    withheld: tuple[PolicyWithholds, ...] = ()
    decided: tuple[str, ...] = ()
