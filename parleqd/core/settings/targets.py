"""The cleanup targets of a settings tree: an array of tables, each one deployment of a model.

A target whose name, provider, resource or deployment cannot be understood is left out: half a target would
send text to a place nobody chose. Its other keys take their defaults when they are wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from parleqd.core.errors import ConfigError
from parleqd.core.settings.rules import Wrong, closest, kind
from parleqd.core.settings.sections import Auth, Provider, Target
from parleqd.core.settings.table import TARGET, TARGET_KEYS

Report = Callable[[str, str, str], None]
"""Takes a key, what is wrong with it, and what would be right."""

_ESSENTIAL = ("name", "provider", "resource", "deployment")
_SECRETS = frozenset({"api_key", "key", "secret", "client_secret", "token", "password"})
_ARRAY = "write [[cleanup.target]], with two brackets, before each target"


def parse_targets(value: object, report: Report) -> tuple[Target, ...]:
    """The usable targets, in order; names are unique, since each names a keyring entry."""
    key = f"cleanup.{TARGET}"
    if not isinstance(value, list):
        report(key, f"must be an array of tables, not {kind(value)}", _ARRAY)
        return ()
    targets: list[Target] = []
    for index, entry in enumerate(value):
        place = f"{key}[{index}]"
        if not isinstance(entry, Mapping):
            report(place, f"must be a table, not {kind(entry)}", _ARRAY)
            continue
        target = _target(entry, place, report)
        if target is None:
            continue
        if any(target.name == other.name for other in targets):
            report(f"{place}.name", f'"{target.name}" names two targets', "give each target its own name")
            continue
        targets.append(target)
    return tuple(targets)


def target_of(entry: Mapping[str, object]) -> Target:
    """The target that one table of the settings would make. Raises ``ConfigError`` for the first thing wrong."""

    def refuse(place: str, message: str, hint: str) -> None:
        key = place.rpartition("]")[2].lstrip(".")
        raise ConfigError(f"{key or 'the target'}: {message}", hint)

    (target,) = parse_targets([dict(entry)], refuse)
    return target


def _target(entry: Mapping[str, object], place: str, report: Report) -> Target | None:
    values: dict[str, object] = {}
    wrong: set[str] = set()
    for key, value in entry.items():
        if key not in TARGET_KEYS:
            report(f"{place}.{key}", "is not a setting of a target", _meant(key))
            continue
        try:
            values[key] = TARGET_KEYS[key](value)
        except Wrong as error:
            report(f"{place}.{key}", error.message, error.hint)
            wrong.add(key)
    provider = values.setdefault("provider", Provider.AZURE_OPENAI)
    for key in _required(provider):
        if key not in values and key not in wrong:
            report(place, f"has no {key}", f'add {key} = "…" under this [[cleanup.target]]')
            wrong.add(key)
    if not wrong.isdisjoint(_ESSENTIAL):
        return None
    if values.get("tenant") and values.get("subscription"):
        del values["tenant"]
        hint = "keep the subscription: it tells az the tenant too"
        report(f"{place}.tenant", "is set beside subscription, and az takes one of them only", hint)
    values.setdefault("auth", Auth.AZURE_CLI if provider is Provider.AZURE_OPENAI else Auth.API_KEY)
    return msgspec.convert(values, Target)


def _required(provider: object) -> tuple[str, ...]:
    """OpenAI's own address is known; every other target must say where it is."""
    return ("name", "deployment") if provider is Provider.OPENAI else ("name", "resource", "deployment")


def _meant(key: str) -> str:
    if key.lower() in _SECRETS:
        return "keys and tokens are kept in the system keyring: parleqctl secret set NAME"
    meant = closest(key, TARGET_KEYS)
    return f"did you mean {meant}?" if meant else f"the keys of a target are {', '.join(TARGET_KEYS)}"
