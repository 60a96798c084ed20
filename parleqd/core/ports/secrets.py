"""What the system keeps under lock and key."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """What the system keeps for this user under lock and key, by name.

    Every method raises ``OutsideError`` (``keyring_locked``, ``keyring_missing``) when the keyring cannot be used.
    """

    async def get(self, name: str) -> str | None:
        """The secret of that name; ``None`` where there is none."""

    async def set(self, name: str, secret: str) -> None:
        """Keep it, instead of the one of that name if there is one."""

    async def delete(self, name: str) -> None:
        """Forget it; one that is not there is no error."""
