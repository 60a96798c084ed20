"""One run of a command: its arguments, its console, and the way to the daemon."""

from __future__ import annotations

from parleq_client import Connection, default_socket_path

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from parleqctl.console import Console


class Invocation:
    """What every command's ``run`` gets."""

    def __init__(self, arguments: Namespace, console: Console) -> None:
        self.arguments = arguments
        self.console = console

    @property
    def as_json(self) -> bool:
        """Whether ``--json`` was given."""
        return bool(getattr(self.arguments, "json", False))

    @property
    def socket_path(self) -> str:
        """``--socket``, else as the environment has it."""
        given: str | None = getattr(self.arguments, "socket", None)
        return given or default_socket_path(self.console.environment)

    def connect(self) -> Connection:
        """A connection without a handshake: enough for one question."""
        return Connection.open(self.socket_path)

    def shake_hands(self, *, partials: bool = False) -> Connection:
        """A connection that gets notifications and can own sessions."""
        from uuid import uuid4

        from parleqd import __version__

        connection = self.connect()
        try:
            connection.initialize("parleqctl", version=__version__, instance=str(uuid4()), partials=partials)
        except BaseException:
            connection.close()
            raise
        return connection

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One question that is answered at once, over a connection of its own. What is None is not sent."""
        with self.connect() as connection:
            return connection.call(method, given(params))

    def ask_patiently(self, method: str, **params: Any) -> dict[str, Any]:
        """One question whose answer may take as long as it needs."""
        with self.connect() as connection:
            return connection.call(method, given(params), timeout=None)

    def result(self, value: object, text: str) -> None:
        """Prints ``value`` with ``--json``, else ``text``."""
        if self.as_json:
            self.console.json(value)
        else:
            self.console.text(text)


def given(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters without those that were left out."""
    return {name: value for name, value in params.items() if value is not None}
