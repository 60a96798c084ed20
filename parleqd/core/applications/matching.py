"""Does a rule fit the place where a text will go, and how much does it say of it?"""

from __future__ import annotations

from collections.abc import Iterable

from parleqd.core.settings.sections import AppRule
from parleqd.protocol.messages import SessionContext

Weight = tuple[int, int]
"""How specific a fit is: by which facts it goes, then how many characters of them are spelled out."""


def weight_of(rule: AppRule, place: SessionContext) -> Weight | None:
    """How specific the rule is where it fits, ``None`` where it does not.

    A title says more than a file type, that more than the program, that more than the window's class; and each of
    them more than all those after it together.
    """
    facts = (
        (8, rule.title, _said(place.title)),
        (4, [name.removeprefix(".") for name in rule.file_type], _said(place.file_type.strip().removeprefix("."))),
        (2, rule.app, [*_said(place.app), *_said(place.app.rstrip("/").rpartition("/")[2])]),
        (1, rule.window_class, _said(place.window_class)),
    )
    total = spelled = 0
    for worth, patterns, values in facts:
        if not patterns:
            continue
        fits = [_spelled(pattern) for pattern in patterns if any(matches(pattern, value) for value in values)]
        if not fits:
            return None
        total += worth
        spelled += max(fits)
    return (total, spelled) if total else None


def matches(pattern: str, value: str) -> bool:
    """Whether the whole of ``value`` is as ``pattern`` says, in any case; ``*`` stands for any characters.

    Takes time in proportion to the lengths, whatever the pattern: each part is looked for once, from left to right.
    """
    first, *others = pattern.casefold().split("*")
    value = value.casefold()
    if not others:
        return value == first
    *between, last = others
    if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
        return False
    return _in_order(between, value[len(first) : len(value) - len(last)])


def _in_order(parts: Iterable[str], value: str) -> bool:
    at = 0
    for part in parts:
        found = value.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _spelled(pattern: str) -> int:
    return len(pattern) - pattern.count("*")


def _said(value: str) -> list[str]:
    """Nothing is known of what is empty, so no pattern fits it."""
    return [value.strip()] if value.strip() else []
