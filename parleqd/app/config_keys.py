"""Which keys can be set one at a time: every setting by its dotted name, no section, nothing else."""

from __future__ import annotations

import re

from parleqd.core.errors import ConfigError
from parleqd.core.settings.apps import APP, APP_KEYS
from parleqd.core.settings.rules import closest
from parleqd.core.settings.table import SECTIONS, TARGET, TARGET_KEYS

_ARRAYS = {f"cleanup.{TARGET}": TARGET_KEYS, APP: APP_KEYS}
_ENTRY = re.compile(rf"^({'|'.join(re.escape(name) for name in _ARRAYS)})\[\d+\]")


def check_key(key: str) -> None:
    """Raise ``ConfigError`` unless ``key`` names one setting; one of a target or rule may be one the file lacks."""
    entry = _ENTRY.match(key)
    places = {name: f"{name}[0]" for name in _ARRAYS} | ({} if entry is None else {entry[1]: entry[0]})
    below = {name: [f"{name}.{setting}" for setting in rules] for name, rules in SECTIONS.items()}
    for name, rules in _ARRAYS.items():
        below[name] = below[places[name]] = [f"{places[name]}.{setting}" for setting in rules]
    settings = list(dict.fromkeys(setting for section in below.values() for setting in section))
    if key in settings:
        return
    if key in below:
        raise ConfigError(f"{key} is a section, not a setting", f"its settings are {', '.join(below[key])}")
    meant = closest(key, settings)
    hint = f"did you mean {meant}? " if meant is not None else ""
    raise ConfigError(f"there is no setting {key!r}", f"{hint}`parleqctl config show` lists them")
