"""The settings as a flat list of dotted keys and plain values, for showing them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from parleqd.core.settings.sections import Settings, Target
from parleqd.core.settings.table import TARGET

_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)?[^/]*@")


def flatten(settings: Settings) -> Iterator[tuple[str, object]]:
    """Pairs such as ``("audio.device", "default")`` and ``("cleanup.target[0].name", "eastus")``.

    In the order of the sections; values are what JSON can hold. An address is shown without user name,
    password and query, which may hold a key.
    """
    for section, values in msgspec.to_builtins(settings).items():
        for key, value in values.items():
            if key != "targets":
                yield f"{section}.{key}", _plain(value)
    for index, target in enumerate(settings.cleanup.targets):
        yield from _target(f"cleanup.{TARGET}[{index}]", target)


def _target(place: str, target: Target) -> Iterator[tuple[str, object]]:
    for key, value in msgspec.to_builtins(target).items():
        yield f"{place}.{key}", public_address(value) if key == "resource" else _plain(value)


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def public_address(address: str) -> str:
    """A host or URL without the parts that may hold a secret."""
    return _USER.sub(r"\1", re.split(r"[?#]", address, maxsplit=1)[0])
