"""One file per group of methods; importing this package enters them all into the dispatcher."""

from __future__ import annotations

from parleqd.rpc.handlers import (  # each enters its methods when it is imported
    azure,
    daemon,
    devices,
    doctor,
    handshake,
    history,
    models,
    report,
    secrets,
    session,
    settings,
    target_settings,
    targets,
    text,
    vocabulary,
)

__all__ = [
    "azure",
    "daemon",
    "devices",
    "doctor",
    "handshake",
    "history",
    "models",
    "report",
    "secrets",
    "session",
    "settings",
    "target_settings",
    "targets",
    "text",
    "vocabulary",
]
