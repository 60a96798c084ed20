"""The reference in PROTOCOL.md: tables of methods and notifications, and every type that they use.

Rendered from the same definitions as ``parleqd.schema.json``, so that page and schema cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from parleqd._tools import schema
from parleqd._tools.schema import Schema
from parleqd.protocol import names
from parleqd.protocol.messages import Message, Nothing
from parleqd.protocol.methods import (
    CLIENT_METHODS,
    CLIENT_NOTIFICATIONS,
    DAEMON_NOTIFICATIONS,
    METHODS,
    Method,
    Notification,
)

ELSEWHERE = ("Reason", "ErrorCode", "ErrorBody", "ErrorData")
"""Types that the page on errors describes."""


def client_methods(_: Path) -> str:
    """What a client may ask the daemon."""
    return _methods(METHODS)


def daemon_methods(_: Path) -> str:
    """What the daemon asks an inserting client."""
    return _methods(CLIENT_METHODS)


def client_notifications(_: Path) -> str:
    """What a client may tell the daemon."""
    return _notifications(CLIENT_NOTIFICATIONS)


def daemon_notifications(_: Path) -> str:
    """What the daemon tells clients."""
    return _notifications(DAEMON_NOTIFICATIONS)


def types(_: Path) -> str:
    """A section for every struct and enumeration, in alphabetical order."""
    known = schema.types()
    shown = sorted(known.keys() - {*ELSEWHERE, Nothing.__name__})
    return "\n\n".join(_section(name, known[name]) for name in shown)


def _methods(methods: Iterable[Method[Any, Any]]) -> str:
    head = ["| method | what it does | `params` | `result` | answered |", "| --- | --- | --- | --- | --- |"]
    rows = [
        f"| `{method.name}` | {method.summary} | {_link(method.params)} | {_link(method.result)} "
        f"| {'when it is done' if method.waits else 'in order'} |"
        for method in methods
    ]
    return "\n".join([*head, *rows])


def _notifications(notes: Iterable[Notification[Any]]) -> str:
    head = ["| notification | what it says | `params` |", "| --- | --- | --- |"]
    return "\n".join([*head, *(f"| `{note.name}` | {note.summary} | {_link(note.params)} |" for note in notes)])


def _link(kind: type[Message]) -> str:
    return "`{}`" if kind is Nothing else _link_to(kind.__name__)


def _link_to(name: str) -> str:
    return f"[{name}](#{name.lower()})" if name not in ELSEWHERE else f"[{name}](#errors)"


def _section(name: str, definition: Schema) -> str:
    says = [definition["description"]] if "description" in definition else []
    body = _values(name) if "enum" in definition else _fields(definition)
    return "\n\n".join([f"#### {name}", *says, body])


def _values(name: str) -> str:
    """The values in the order in which the code gives them, which says more than the alphabet."""
    enumeration: type[StrEnum] = getattr(names, name)
    return " · ".join(f"`{value}`" for value in enumeration)


def _fields(definition: Schema) -> str:
    needed = definition["required"]
    rows = [
        f"| `{field}` | {_type(kind)} | {'required' if field in needed else _default(kind)} |"
        for field, kind in definition["properties"].items()
    ]
    return "\n".join(["| field | type | |", "| --- | --- | --- |", *rows])


def _default(kind: Schema) -> str:
    return f"default `{json.dumps(kind['default'])}`"


def _type(kind: Schema) -> str:
    if "$ref" in kind:
        return _link_to(kind["$ref"].rpartition("/")[2])
    if "anyOf" in kind:
        return " or ".join(_type(one) for one in kind["anyOf"])
    match kind.get("type"):
        case None:
            return "any JSON"
        case "array":
            return f"list of {_type(kind['items'])}"
        case "object":
            return f"object: name → {_type(kind['additionalProperties'])}"
        case plain:
            return f"{plain}{_limits(kind)}"


def _limits(kind: Schema) -> str:
    if "contentEncoding" in kind:
        return f", {kind['contentEncoding']}"
    if "minLength" in kind:
        return f", {kind['minLength']}–{kind['maxLength']} characters"
    if "minimum" in kind:
        return f", {kind['minimum']}–{kind['maximum']}"
    return ""
