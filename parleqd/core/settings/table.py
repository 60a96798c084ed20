"""The one table of settings: section → key → rule. What stands in no line here is an unknown key."""

from __future__ import annotations

from parleqd.core.settings.hosts import speech_server, trusted_hosts
from parleqd.core.settings.rules import (
    Rule,
    choice,
    flag,
    list_of,
    member,
    number,
    numbers,
    path,
    pattern,
    table_of,
    text,
    text_or_none,
    whole,
)
from parleqd.core.settings.sections import (
    Auth,
    Device,
    Engine,
    Family,
    InsertionMethod,
    KeySourceName,
    Media,
    Missed,
    Notifications,
    Provider,
    Sounds,
    Strategy,
    TargetWindow,
    WithoutMemory,
)
from parleqd.protocol.names import Mode

# The codes of Whisper's tokenizer (faster_whisper.tokenizer, _LANGUAGE_CODES).
_LANGUAGE_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht
hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps
pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue
"""
LANGUAGES = frozenset(_LANGUAGE_CODES.split())
_CODE = 'a code such as "en", "de" or "fr"'

_DAY_OF_MINUTES = 24 * 60
_DAY_OF_SECONDS = 24 * 60 * 60
TARGET = "target"
"""The key under ``cleanup`` that holds the array of targets."""

_PRESET = 'shorter = "Make it shorter.", an instruction in quotes'
_PASTE_KEYS = 'kitty = "ctrl+shift+v", a chord in quotes'
_PRICE = '"gpt-4o-mini" = [0.15, 0.075, 0.60], for a million tokens of prompt, cached prompt and completion'

SECTIONS: dict[str, dict[str, Rule]] = {
    "audio": {
        "device": text,
        "channel": whole(1, 64),
        "max_minutes": number(0.1, _DAY_OF_MINUTES),
        "stop_after_silence_s": number(2, _DAY_OF_SECONDS, also=0),
        "preroll_s": number(0, 5),
        "avoid_bluetooth": flag,
        "journal_without_memory": choice(WithoutMemory),
    },
    "speech": {
        "model": text,
        "language": member(LANGUAGES | {"auto"}, f'{_CODE}, or "auto"'),
        "languages": list_of(member(LANGUAGES, _CODE), 'write it as ["en", "de"], or [] for all'),
        "translate": flag,
        "device": choice(Device),
        "unload_after_s": number(0, _DAY_OF_SECONDS, also=-1),
        "engine": choice(Engine),
        "server": speech_server,
        "server_model": text,
    },
    "cleanup": {
        "mode": choice(Mode),
        "refine_mode": choice(Mode),
        "budget_s": number(0.1, 120),
        "strategy": choice(Strategy),
        "ca_file": path,
        "prices": table_of(numbers(3, 0, 100_000, _PRICE), _PRICE),
        "presets": table_of(text, _PRESET),
    },
    "history": {
        "keep": whole(0, 100_000),
    },
    "insertion": {
        "method": choice(InsertionMethod),
        "review": flag,
        "trailing_space": flag,
        "target": choice(TargetWindow),
        "missed": choice(Missed),
        "paste_keys": table_of(text, _PASTE_KEYS),
        "typing": flag,
    },
    "hotkey": {
        "key": text,
        "source": choice(KeySourceName),
        "cancel_key": text_or_none,
        "offer_key": text_or_none,
        "tap_ms": number(50, 1000),
        "shortest_ms": number(0, 200),
        "chatter_ms": number(0, 50),
        "double_tap_ms": number(100, 1000),
        "refine_ms": number(50, 2000),
        "double_tap": flag,
        "quick": flag,
    },
    "feedback": {
        "notifications": choice(Notifications),
        "sounds": choice(Sounds),
        "media": choice(Media),
        "overlay": flag,
    },
}

TARGET_KEYS: dict[str, Rule] = {
    "name": pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "letters, digits, dots, dashes, at most 64"),
    "provider": choice(Provider),
    "resource": text,
    "deployment": text,
    "api_version": pattern(r"v1|\d{4}-\d\d-\d\d(-preview)?", '"v1", or a date such as "2025-04-01-preview"'),
    "family": choice(Family),
    "auth": choice(Auth),
    "weight": number(0, 1000),
    "trusted_hosts": trusted_hosts,
    "tenant": text,
    "subscription": text,
    "scope": text,
    "predict": flag,
}

# What a key falls to, in place of its default, when its value cannot be understood.
CLOSED: dict[tuple[str, str], object] = {
    ("history", "keep"): 0,
    ("audio", "preroll_s"): 0,
    ("audio", "journal_without_memory"): WithoutMemory.OFF,
    ("cleanup", "mode"): Mode.INSTANT,
    ("cleanup", "refine_mode"): Mode.INSTANT,
}
