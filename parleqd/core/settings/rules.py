"""What a value must look like: one small rule a key, each able to say what would be right.

A rule takes a value as TOML or JSON gives it and returns it in the struct's own type, or raises ``Wrong``.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

Rule = Callable[[object], object]

_SHOWN_CHARACTERS = 40


class Wrong(Exception):
    """A value breaks its rule: ``message`` says how, ``hint`` what would be right."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def text(value: object) -> str:
    """Any text but the empty one."""
    if not isinstance(value, str):
        raise Wrong(f"must be text, not {kind(value)}", _quoted(value))
    if not value.strip():
        raise Wrong("must not be empty")
    return value


def text_or_none(value: object) -> str:
    """Any text; "" stands for none."""
    if not isinstance(value, str):
        raise Wrong(f"must be text, not {kind(value)}", _quoted(value))
    return value


def path(value: object) -> str:
    """A file's path, "" for none."""
    if not isinstance(value, str):
        raise Wrong(f"must be text, not {kind(value)}", _quoted(value))
    if "\0" in value:
        raise Wrong("holds a character that no path holds")
    return value


def table_of(item: Rule, what: str) -> Rule:
    """A table whose keys are names and whose values all obey ``item``; ``what`` says what one looks like."""

    def rule(value: object) -> dict[str, object]:
        if not isinstance(value, Mapping):
            raise Wrong(f"must be a table, not {kind(value)}", what)
        read = {}
        for name, one in value.items():
            try:
                read[str(name)] = item(one)
            except Wrong as wrong:
                raise Wrong(f"{shown(name)}: {wrong.message}", wrong.hint or what) from None
        return read

    return rule


def list_of(item: Rule, what: str) -> Rule:
    """A list whose items all obey ``item``; ``what`` says what one looks like."""

    def rule(value: object) -> tuple[object, ...]:
        if not isinstance(value, (list, tuple)):
            raise Wrong(f"must be a list, not {kind(value)}", what)
        return tuple(item(one) for one in value)

    return rule


def numbers(count: int, low: float, high: float, what: str) -> Rule:
    """A list of so many numbers, each from ``low`` to ``high``."""
    one = number(low, high)

    def rule(value: object) -> tuple[object, ...]:
        if not isinstance(value, list) or len(value) != count:
            raise Wrong(f"must be a list of {count} numbers", what)
        return tuple(one(item) for item in value)

    return rule


def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Wrong(f"must be true or false, not {shown(value)}", "write true or false, without quotes")
    return value


def number(low: float, high: float, *, also: float | None = None) -> Rule:
    """A number from ``low`` to ``high``, or exactly ``also``."""
    span = f"{low:g} to {high:g}" + ("" if also is None else f", or {also:g}")

    def rule(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Wrong(f"must be a number, not {shown(value)}", f"a number from {span}, without quotes")
        if not math.isfinite(value) or not (low <= value <= high or value == also):
            raise Wrong(f"{value:g} is out of range", f"a number from {span}")
        return value

    return rule


def whole(low: int, high: int) -> Rule:
    """A whole number from ``low`` to ``high``."""
    span = f"a whole number from {low} to {high}"

    def rule(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(f"must be a whole number, not {shown(value)}", f"{span}, without quotes")
        if not low <= value <= high:
            raise Wrong(f"{value} is out of range", span)
        return value

    return rule


def choice(names: type[StrEnum]) -> Rule:
    """One of an enumeration's values. A wholly different one is not repeated: it may be a misplaced key."""
    known = [name.value for name in names]

    def rule(value: object) -> StrEnum:
        if isinstance(value, str) and value in known:
            return names(value)
        hint = f"one of {', '.join(known)}, in quotes"
        if not isinstance(value, str):
            raise Wrong(f"must be text, not {kind(value)}", hint)
        if (meant := closest(value, known)) is None:
            raise Wrong("this text is none of the choices", hint)
        raise Wrong(f"{shown(value)} is none of the choices", f'did you mean "{meant}"? {hint}')

    return rule


def pattern(expression: str, hint: str) -> Rule:
    """Text of a form: the whole of it matches ``expression``."""
    compiled = re.compile(expression)

    def rule(value: object) -> str:
        given = text(value)
        if compiled.fullmatch(given) is None:
            raise Wrong(f"{shown(given)} is not of the right form", hint)
        return given

    return rule


def member(names: frozenset[str], hint: str) -> Rule:
    """One of many names."""

    def rule(value: object) -> str:
        given = text(value)
        if given not in names:
            raise Wrong(f"{shown(given)} is not known", hint)
        return given

    return rule


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that ``name`` was probably meant to be (difflib's ratio, at least 0.6)."""
    return next(iter(difflib.get_close_matches(name.lower(), list(known), n=1)), None)


def kind(value: object) -> str:
    """What sort of value it is, in the words of TOML."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def shown(value: object) -> str:
    """A value for a message: short ones as they are, everything else by its kind."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= _SHOWN_CHARACTERS else "a long text"
    if isinstance(value, (bool, int, float)):
        return str(value).lower()
    return kind(value)


def _quoted(value: object) -> str:
    return "write it in quotes" if not isinstance(value, (list, dict)) else 'write it as "…"'
