"""The rules by application of a settings tree: an array of tables, each one place and what is done there.

A rule whose place cannot be understood is kept as an empty one, which fits nowhere, so that the others keep their
numbers. Where it would have kept a text from the cloud, nobody can tell any more which: all modes are closed then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from parleqd.core.settings.rules import Rule, Wrong, choice, closest, flag, kind, list_of, shown, text
from parleqd.core.settings.sections import AppRule, Newlines
from parleqd.core.settings.targets import Report
from parleqd.protocol.names import Mode

APP = "app"
"""The name of the array."""
MOST_RULES = 500
_ARRAY = "write [[app]], with two brackets, before each rule"
_PATTERN = 'a name such as "kitty", a pattern such as "*- Mail", or a list of them'


def _patterns(value: object) -> tuple[str, ...]:
    """One name or several; ``*`` stands for any characters."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value:
        raise Wrong(f"must be a name or a list of names, not {kind(value) if value else 'an empty list'}", _PATTERN)
    names = tuple(text(one).strip() for one in value)
    if anything := next((name for name in names if not name.strip("*")), None):
        raise Wrong(f"{shown(anything)} fits everywhere", _PATTERN)
    return names


PLACE_KEYS: dict[str, Rule] = {"app": _patterns, "window_class": _patterns, "title": _patterns, "file_type": _patterns}
"""Where a rule applies: all that it names must fit."""
DEED_KEYS: dict[str, Rule] = {
    "mode": choice(Mode),
    "spoken_punctuation": flag,
    "capitals": flag,
    "final_mark": flag,
    "trailing_space": flag,
    "newlines": choice(Newlines),
    "vocabulary": list_of(text, 'write it as ["kubectl", "nginx"]'),
    "preset": text,
}
"""What is done there."""
APP_KEYS: dict[str, Rule] = {"name": text, **PLACE_KEYS, **DEED_KEYS}


class AppRules(NamedTuple):
    """``closed``: a rule that may have kept texts from the cloud could not be understood."""

    rules: tuple[AppRule, ...] = ()
    closed: bool = False


def parse_apps(value: object, report: Report) -> AppRules:
    """The rules, in order."""
    if not isinstance(value, list):
        report(APP, f"must be an array of tables, not {kind(value)}", _ARRAY)
        return AppRules(closed=True)
    if len(value) > MOST_RULES:
        report(APP, f"has more than {MOST_RULES} rules", "patterns and lists of names make do with fewer")
        return AppRules(closed=True)
    rules, closed = [], False
    for index, entry in enumerate(value):
        place = f"{APP}[{index}]"
        if not isinstance(entry, Mapping):
            report(place, f"must be a table, not {kind(entry)}", _ARRAY)
            rules.append(AppRule())
            closed = True
            continue
        rule = _rule(entry, place, report)
        closed = closed or (rule is None and entry.get("mode") != Mode.POLISHED and _names_mode(entry))
        rules.append(rule or AppRule())
    return AppRules(tuple(rules), closed)


def _rule(entry: Mapping[str, object], place: str, report: Report) -> AppRule | None:
    """The rule, or none where it is unclear which applications it is for. A bad ``mode`` is closed."""
    values: dict[str, object] = {}
    wrong: set[str] = set()
    for key, value in entry.items():
        if key not in APP_KEYS:
            meant = closest(key, APP_KEYS)
            hint = f"did you mean {meant}?" if meant else f"the keys of a rule are {', '.join(APP_KEYS)}"
            report(f"{place}.{key}", "is not a setting of a rule", hint)
            wrong.add(meant if meant is not None and meant not in entry else "")
            continue
        try:
            values[key] = APP_KEYS[key](value)
        except Wrong as error:
            report(f"{place}.{key}", error.message, error.hint)
            wrong.add(key)
    if "mode" in wrong:
        values["mode"] = Mode.INSTANT
    if not wrong.isdisjoint(PLACE_KEYS):
        return None
    if "" in wrong and values.get("mode") is Mode.POLISHED:
        del values["mode"]  # who knows for how little of that application this was meant
    if PLACE_KEYS.keys().isdisjoint(values):
        report(place, "does not say which applications it is for", f"add one of {', '.join(PLACE_KEYS)}")
        return None
    return msgspec.convert(values, AppRule)


def _names_mode(entry: Mapping[str, object]) -> bool:
    return any(key == "mode" or (key not in APP_KEYS and closest(key, APP_KEYS) == "mode") for key in entry)
