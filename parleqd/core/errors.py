"""The one tree of errors: each has a stable reason, a message that says what was wrong, and a hint.

    ParleqError                 anything that parleqd refuses or fails at, whose fault it may be
    ├── RefusedError            the caller's fault: asking again differently, or later, can succeed
    ├── ConfigError             the settings' fault: names file, line and key
    │   └── ManagedError        the administrator's policy does not allow it
    └── OutsideError            something beyond the daemon failed: a device, a file, a network, a child process

A bug is no part of it: it is logged by type and place where it is caught, and answered with ``internal``.

Foreign exceptions are mapped to this tree at the edge where they appear (adapters, the worker, the socket).
"""

from __future__ import annotations

from parleqd.protocol.names import Reason


class ParleqError(Exception):
    """A refusal or failure with a stable reason.

    ``message`` says what was wrong and where; ``hint`` what would be right, or what to do ("" where nothing helps).
    Neither ever holds dictated text, a key or a token.
    """

    def __init__(self, reason: Reason, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.hint = hint


class RefusedError(ParleqError):
    """The caller asked for something that cannot be had, or not now."""


class ConfigError(ParleqError):
    """A setting is unknown, of the wrong type or out of range."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(Reason.CONFIG_INVALID, message, hint)


class ManagedError(ConfigError):
    """The administrator's policy decides this setting: the message names the place, ``key`` the policy's key."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message, f"{key or 'the policy'} would have to be changed there; your own value is kept")
        self.reason = Reason.MANAGED


class OutsideError(ParleqError):
    """A device, file, network or child process failed."""
