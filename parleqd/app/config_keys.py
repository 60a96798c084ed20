"""Which keys can be set one at a time: every setting by its dotted name, no section, nothing else."""

from __future__ import annotations

import re

from parleqd.core.errors import ConfigError
from parleqd.core.settings.rules import closest
from parleqd.core.settings.table import SECTIONS, TARGET, TARGET_KEYS

_TARGETS = f"cleanup.{TARGET}"
_TARGET = re.compile(rf"^{re.escape(_TARGETS)}\[\d+\]")


def check_key(key: str) -> None:
    """Raise ``ConfigError`` unless ``key`` names one setting; a target's setting may be one the file lacks."""
    target = _TARGET.match(key)
    place = target[0] if target is not None else f"{_TARGETS}[0]"
    sections = {name: [f"{name}.{setting}" for setting in rules] for name, rules in SECTIONS.items()}
    targets = [f"{place}.{setting}" for setting in TARGET_KEYS]
    settings = [setting for section in sections.values() for setting in section] + targets
    if key in settings:
        return
    below = targets if key in (_TARGETS, place) else sections.get(key)
    if below is not None:
        raise ConfigError(f"{key} is a section, not a setting", f"its settings are {', '.join(below)}")
    meant = closest(key, settings)
    hint = f"did you mean {meant}? " if meant is not None else ""
    raise ConfigError(f"there is no setting {key!r}", f"{hint}`parleqctl config show` lists them")
