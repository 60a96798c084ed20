"""Which environment variables a child process is given: the daemon's, without the secrets that it has no use for."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

_NAMED_AS_SECRET = re.compile(
    r"(?:^|_)(?:KEYS?|PAT|PASS|CREDENTIALS?)\d*(?:_|$)"  # KEY1, KEY2: as Azure's portal names them
    r"|(?:APIKEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE)S?\d*(?:_|$)"  # PGPASSWORD; but not TOKENIZERS_PARALLELISM
    r"|_PWD$|CONNECTION_?STRING",
    re.IGNORECASE,
)
_SIGNED_IN = re.compile(r"://[^/@\s]*:[^/@\s]+@")
"""A password within an address, as in that of a proxy (RFC 3986, 3.2.1)."""
_OF_A_MODEL = re.compile(r"(?:^|_)OPENAI(?:_|$)", re.IGNORECASE)


def without_secrets(inherited: Mapping[str, str], but: Container[str] = ()) -> dict[str, str]:
    """For a child that signs in nowhere. ``but``: names of those that it needs all the same."""
    return {
        name: value
        for name, value in inherited.items()
        if name in but or not (_NAMED_AS_SECRET.search(name) or _SIGNED_IN.search(value))
    }


def without_model_keys(inherited: Mapping[str, str]) -> dict[str, str]:
    """For a program that signs in by itself (``az``) and needs its own secrets, but not a model's."""
    keys = {name for name in inherited if _OF_A_MODEL.search(name) and _NAMED_AS_SECRET.search(name)}
    return {name: value for name, value in inherited.items() if name not in keys}
