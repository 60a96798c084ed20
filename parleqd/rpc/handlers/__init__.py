"""One file per group of methods; importing this package enters them all into the dispatcher."""

from __future__ import annotations

from parleqd.rpc.handlers import (  # each enters its methods when it is imported
    daemon,
    handshake,
    history,
    models,
    session,
    settings,
    text,
)

__all__ = ["daemon", "handshake", "history", "models", "session", "settings", "text"]
