"""The settings as a flat list of dotted keys and plain values, for showing them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from parleqd.core.settings.apps import APP
from parleqd.core.settings.sections import Settings, Target
from parleqd.core.settings.table import TARGET

_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)?[^/]*@")


def flatten(settings: Settings) -> Iterator[tuple[str, object]]:
    """Pairs such as ``("audio.device", "default")`` and ``("cleanup.target[0].name", "eastus")``.

    In the order of the sections; values are what JSON can hold. An address is shown without user name,
    password and query, which may hold a key. Of a rule by application there is what it says only.
    """
    sections: dict[str, Any] = msgspec.to_builtins(settings)
    rules = sections.pop("apps")
    for section, values in sections.items():
        for key, value in values.items():
            if key != "targets":
                yield f"{section}.{key}", _plain(value)
    for index, target in enumerate(settings.cleanup.targets):
        yield from _target(f"cleanup.{TARGET}[{index}]", target)
    for index, rule in enumerate(rules):
        for key, value in rule.items():
            if value or value is False:
                yield f"{APP}[{index}].{key}", value


def _target(place: str, target: Target) -> Iterator[tuple[str, object]]:
    for key, value in msgspec.to_builtins(target).items():
        yield f"{place}.{key}", public_address(value) if key == "resource" else _plain(value)


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def public_address(address: str) -> str:
    """A host or URL without the parts that may hold a secret."""
    return _USER.sub(r"\1", re.split(r"[?#]", address, maxsplit=1)[0])
