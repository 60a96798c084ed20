"""What is asked of whoever keeps services running at login: filled by `systemd` and `launchd`."""

from __future__ import annotations

from typing import NamedTuple, Protocol

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from parleqctl.service.units import Programs, Unit


class Condition(NamedTuple):
    """How a unit is. ``detail``: in the service manager's own words, for people.

    ``down``: it does not come by itself when it is needed, and should.
    """

    enabled: bool
    running: bool
    detail: str = ""
    down: bool = False


class Keeper(Protocol):
    """A service manager. Its methods raise LocalError: ``no_service_manager``, ``service_failed``."""

    name: str
    daemon: str
    """The unit of the daemon."""

    @property
    def folder(self) -> Path:
        """Where the user's units lie."""

    def units(self, programs: Programs, socket: str) -> list[Unit]:
        """As they should be, with the daemon at this socket."""

    def check(self) -> None:
        """Raise if there is no such service manager here, or none for this user."""

    def condition(self, name: str) -> Condition:
        """How a unit is now."""

    def take_up(self, changed: Sequence[str], *, restart: bool) -> None:
        """Read the units again, have them started at login, and start them now.

        ``changed``: names of those that were written. ``restart``: the programs are new, too.
        """

    def give_up(self, names: Sequence[str]) -> None:
        """Stop these, now and at login. Their files still lie there."""

    def forget(self) -> None:
        """Their files are gone. What was dictated and not taken yet stays where it is."""
