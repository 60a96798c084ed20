"""How a rule is found broken: what came, told on one line."""

from __future__ import annotations

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any


class Unmet(Exception):
    """The rule was broken; the message says what came instead."""


class Inapplicable(Exception):
    """The check cannot be made here; the message says what it needs."""


def expect(holds: object, came: object) -> None:
    """Raises Unmet with ``came`` unless ``holds``."""
    if not holds:
        raise Unmet(short(came))


def expect_fields(value: Any, fields: dict[str, type | tuple[type, ...]], what: str) -> None:
    """Raises Unmet unless ``value`` is an object with at least these fields, of these types."""
    expect(isinstance(value, dict), f"{what} is no object: {short(value)}")
    for name, kind in fields.items():
        expect(name in value, f"{what} has no {name!r}")
        # In Python a truth value is a number too; on the wire it is none.
        fits = isinstance(value[name], kind) and (kind is bool or not isinstance(value[name], bool))
        expect(fits, f"{name!r} of {what} is {short(value[name])}")


def short(value: object) -> str:
    """What came, no longer than a line."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
