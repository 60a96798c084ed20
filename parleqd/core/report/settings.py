"""Settings as a report shows them. What a value may be decides, by its type, so that a new setting is safe untold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import msgspec

from parleqd.core.report.pseudonyms import Pseudonyms
from parleqd.core.settings import Settings
from parleqd.core.settings.table import TARGET

Shown = str | int | float | bool | list[str] | None
_OF_A_CLOSED_SET = frozenset(("language", "languages", "api_version"))
"""Strings by their type, but the settings' rules let nobody write what he likes."""


def shown(settings: Settings, names: Pseudonyms) -> Iterator[tuple[str, Shown]]:
    """Pairs of key and value: numbers, flags, words of a closed set and defaults as they are, all else replaced."""
    for section in msgspec.structs.fields(Settings):
        value = getattr(settings, section.name)
        if section.name == "apps":
            for index, rule in enumerate(value):
                yield from _of_struct(f"app[{index}]", rule, names)
        else:
            yield from _of_struct(section.name, value, names)


def origin_shown(origin: str) -> str:
    """Where a value comes from, without the name of a file or variable."""
    if origin == "default":
        return origin
    first = origin.split(maxsplit=1)[0] if origin else ""
    return {"environment": "environment", "managed": "policy", "closed,": "closed"}.get(first, "file")


def _of_struct(place: str, struct: msgspec.Struct, names: Pseudonyms) -> Iterator[tuple[str, Shown]]:
    for field in msgspec.structs.fields(struct):
        value, key = getattr(struct, field.name), f"{place}.{field.name}"
        if field.name == "targets":
            for index, target in enumerate(value):
                yield from _of_struct(f"{place}.{TARGET}[{index}]", target, names)
        elif value == field.default and not isinstance(value, Mapping):
            yield key, _listed(value)
        else:
            yield key, _listed(value) if field.name in _OF_A_CLOSED_SET else _replaced(value, names)


def _listed(value: Any) -> Shown:
    if isinstance(value, Enum):
        return str(value.value)
    return list(value) if isinstance(value, tuple) else value


def _replaced(value: object, names: Pseudonyms) -> Shown:
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return names.of(value)
    if isinstance(value, tuple):
        return [names.of(str(one)) for one in value]
    return f"{len(value)} entries" if isinstance(value, Mapping) else "(withheld)"
