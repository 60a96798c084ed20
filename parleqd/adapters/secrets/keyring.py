"""Secrets in the system's keyring: the Secret Service on Linux, the Keychain on macOS, and never anything else.

The back-end is named, since keyring's own choice may fall to a file in plain text (``keyrings.alt``). A locked
collection is not read: that would open a prompt, and wait for it. Libraries are imported at the first call, in its
thread: they take a quarter of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

import anyio
import anyio.to_thread

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

SERVICE = "parleq"
DEADLINE_S = 3.0

_Answer = TypeVar("_Answer")


class Backend(Protocol):
    """What is used of ``keyring.backend.KeyringBackend``."""

    def get_password(self, service: str, username: str) -> str | None:
        """``None`` where there is no such entry."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Replaces."""

    def delete_password(self, service: str, username: str) -> None:
        """Raises ``PasswordDeleteError`` where there is no such entry."""


class KeyringSecrets:
    """Fills the ``Secrets`` port. ``connect`` gives an unlocked back-end, in a thread."""

    def __init__(self, connect: Callable[[], Backend], deadline_s: float = DEADLINE_S) -> None:
        self._connect = connect
        self._deadline_s = deadline_s
        self._turn = anyio.Lock()
        self._hangs = False  # a thread that was given up and still waits: it cannot be ended, a second would wait too

    async def get(self, name: str) -> str | None:
        """The secret of that name. Raises ``OutsideError`` (``keyring_locked``, ``keyring_missing``)."""
        return await self._call(lambda backend: backend.get_password(SERVICE, name))

    async def set(self, name: str, secret: str) -> None:
        """Keep it. Raises as `get`."""
        await self._call(lambda backend: backend.set_password(SERVICE, name, secret))

    async def delete(self, name: str) -> None:
        """Forget it. Raises as `get`."""
        await self._call(partial(_delete, name))

    async def _call(self, work: Callable[[Backend], _Answer]) -> _Answer:
        try:
            with anyio.fail_after(self._deadline_s):
                async with self._turn:
                    if self._hangs:
                        raise _silent()
                    return await anyio.to_thread.run_sync(self._run, work, abandon_on_cancel=True)
        except TimeoutError:
            raise _silent() from None

    def _run(self, work: Callable[[Backend], _Answer]) -> _Answer:
        from keyring.errors import KeyringError, KeyringLocked

        self._hangs = True
        try:
            return work(self._connect())
        except KeyringLocked:
            raise locked() from None
        except KeyringError as error:
            raise missing(type(error).__name__) from None
        finally:
            self._hangs = False


def system_keyring(platform: str) -> KeyringSecrets:
    """The keyring of this kind of system (``sys.platform``)."""
    return KeyringSecrets(_keychain if platform == "darwin" else _secret_service)


def locked() -> OutsideError:
    """The keyring waits for its password."""
    return OutsideError(
        Reason.KEYRING_LOCKED, "the keyring is locked", "unlock it (it is when you log in), then restart parleqd"
    )


def missing(why: str) -> OutsideError:
    """There is no keyring."""
    return OutsideError(
        Reason.KEYRING_MISSING,
        f"no keyring answers ({why})",
        "install and start one that offers the Secret Service: gnome-keyring or KWallet",
    )


def _silent() -> OutsideError:
    return OutsideError(
        Reason.KEYRING_LOCKED, "the keyring does not answer", "perhaps it waits for its password: look for its window"
    )


def _delete(name: str, backend: Backend) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        backend.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return  # there is none


def _secret_service() -> Backend:
    """Raises ``OutsideError``."""
    import secretstorage
    from keyring.backends.SecretService import Keyring

    try:
        connection = secretstorage.dbus_init()
        try:
            if secretstorage.Collection(connection).is_locked():
                raise locked()
        finally:
            connection.close()
    except secretstorage.ItemNotFoundException:
        raise missing("it has no default collection") from None
    except (secretstorage.SecretStorageException, OSError) as error:
        raise missing(type(error).__name__) from None
    return Keyring()  # type: ignore[no-untyped-call] # keyring is typed in part


def _keychain() -> Backend:
    from keyring.backends.macOS import Keyring

    return Keyring()  # type: ignore[no-untyped-call] # keyring is typed in part
