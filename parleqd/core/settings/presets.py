"""Presets: instructions with a name, the first nine of them with a digit. The user's own, and those that come along."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

BUILT_IN: Mapping[str, str] = {
    "shorter": "Make it shorter: say the same in fewer words. Keep every name, number and date.",
    "formal": "Make it formal and polite. Say the same.",
    "friendly": "Make it friendly and relaxed. Say the same.",
    "list": "Write it as a list: one item a line, each begun with a dash and a space.",
    "plain": "Use plain words and short sentences. Say the same.",
    "email": "Write it as an e-mail with greeting and closing line. Invent no names and no facts.",
    "grammar": "Correct spelling, grammar and punctuation, and change nothing else.",
    "english": "Translate it into English.",
}
DIGITS = 9


class Preset(msgspec.Struct, frozen=True):
    """``digit``: 1 to 9, ``None`` beyond the ninth."""

    name: str
    instruction: str
    digit: int | None


def presets(own: Mapping[str, str]) -> list[Preset]:
    """The user's own, in their order, then the built-in ones whose names they do not take."""
    named = {**own, **{name: how for name, how in BUILT_IN.items() if name not in own}}
    numbered = enumerate(named.items(), start=1)
    return [Preset(name, how, number if number <= DIGITS else None) for number, (name, how) in numbered]


def find(own: Mapping[str, str], called: str) -> Preset | None:
    """The preset of that name, in any case, or of that digit."""
    known = presets(own)
    wanted = called.strip().casefold()
    named = next((preset for preset in known if preset.name.casefold() == wanted), None)
    return named or next((preset for preset in known if str(preset.digit) == wanted), None)
