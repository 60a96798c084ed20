"""Keyrings without a system: one in memory, one that is locked, and a back-end for the real adapter."""

from __future__ import annotations

from collections.abc import Callable

from keyring.errors import PasswordDeleteError

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason


class MemorySecrets:
    """Fills the ``Secrets`` port."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.kept.get(name)

    async def set(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class LockedSecrets:
    """Fills the ``Secrets`` port: every call is refused."""

    async def get(self, name: str) -> str | None:
        raise OutsideError(Reason.KEYRING_LOCKED, "the keyring is locked", "unlock it")

    async def set(self, name: str, secret: str) -> None:
        raise OutsideError(Reason.KEYRING_LOCKED, "the keyring is locked", "unlock it")

    async def delete(self, name: str) -> None:
        raise OutsideError(Reason.KEYRING_LOCKED, "the keyring is locked", "unlock it")


class Shelf:
    """A back-end of the library ``keyring`` in memory, which waits before every answer."""

    def __init__(self, wait: Callable[[], object] = lambda: None) -> None:
        self._wait = wait
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._wait()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")
