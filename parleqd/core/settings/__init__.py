"""The settings: what can be set, what each value must look like, and what the environment adds."""

from __future__ import annotations

from parleqd.core.settings.environment import Merged, merge
from parleqd.core.settings.flatten import flatten
from parleqd.core.settings.parse import Problem, fail_closed, parse
from parleqd.core.settings.sections import (
    AppRule,
    Audio,
    Auth,
    Cleanup,
    Engine,
    Family,
    History,
    Insertion,
    Newlines,
    Price,
    Provider,
    Settings,
    Speech,
    Strategy,
    Target,
)

__all__ = [
    "AppRule",
    "Audio",
    "Auth",
    "Cleanup",
    "Engine",
    "Family",
    "History",
    "Insertion",
    "Merged",
    "Newlines",
    "Price",
    "Problem",
    "Provider",
    "Settings",
    "Speech",
    "Strategy",
    "Target",
    "fail_closed",
    "flatten",
    "merge",
    "parse",
]
