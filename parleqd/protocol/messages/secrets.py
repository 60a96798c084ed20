"""secrets/*: the keys of cleanup targets, which go in and never come out."""

from __future__ import annotations

from parleqd.protocol.messages.parts import Message
from parleqd.protocol.names import Reason, SecretState


class SecretRef(Message, frozen=True):
    """``name``: a cleanup target's, as the settings have it."""

    name: str


class SecretsSetParams(Message, frozen=True):
    """``secret``: the key, access token or client secret. White space around it is dropped."""

    name: str
    secret: str


class SecretsStatusParams(Message, frozen=True):
    """Without ``name``: every target's."""

    name: str | None = None


class SecretEntry(Message, frozen=True):
    """Where a target's key comes from. ``auth`` is the target's; ``variable`` names the environment variable.

    ``reason``, ``message`` and ``hint`` say what is wrong with the keyring where it could not be read.
    """

    name: str
    auth: str
    state: SecretState
    variable: str = ""
    reason: Reason | None = None
    message: str = ""
    hint: str = ""


class SecretsStatusResult(Message, frozen=True):
    secrets: list[SecretEntry]
