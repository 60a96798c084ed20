"""The settings file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from parleqd.core.settings import Settings


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
    """One setting: dotted key, value as JSON, and its origin ("default", "environment NAME", "file:line")."""

    key: str
    value: str
    origin: str
