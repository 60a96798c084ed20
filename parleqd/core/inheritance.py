"""Which environment variables a child process is given: the daemon's, without the secrets that it has no use for."""

from __future__ import annotations

from collections.abc import Container, Mapping

_SECRET = frozenset("KEY APIKEY TOKEN SECRET PASSWORD PASSWD PASSPHRASE PAT CREDENTIAL CREDENTIALS".split())
"""Words of a variable's name, one of which says that its value is a secret."""
_MODELS = "OPENAI"


def without_secrets(inherited: Mapping[str, str], but: Container[str] = ()) -> dict[str, str]:
    """For a child that signs in nowhere. ``but``: names of those that it needs all the same."""
    return {name: value for name, value in inherited.items() if name in but or not _SECRET & _words(name)}


def without_model_keys(inherited: Mapping[str, str]) -> dict[str, str]:
    """For a program that signs in by itself (``az``) and needs its own secrets, but not a model's."""
    keys = {name for name in inherited if _MODELS in _words(name) and _SECRET & _words(name)}
    return {name: value for name, value in inherited.items() if name not in keys}


def _words(name: str) -> frozenset[str]:
    return frozenset(name.upper().split("_"))
