"""The currencies of the world as English says them: the sign in front, or none where people write the word."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from parleqd.core.text.numbers.numerals import Words


class Currencies(msgspec.Struct, frozen=True):
    """``names``: the spoken name and its sign. ``cents``: a coin and how many make one of the currency.

    ``singular`` names are the ones that follow "one". ``behind``: the sign stands behind the amount.
    """

    names: Mapping[Words, str]
    cents: Mapping[str, int]
    singular: frozenset[Words]
    counted: frozenset[Words] = frozenset()
    """Singular names that have a plural."""
    ambiguous: frozenset[Words] = frozenset()
    """Weights and verbs too: money only where coins or a million of them are named."""
    behind: bool = False


_SIGNS = {
    "$": ("dollar", "dollars"),
    "€": ("euro", "euros"),
    "£": ("pound sterling", "pounds sterling", "british pound", "british pounds", "pound", "pounds"),
    "¥": ("yen", "japanese yen"),
    "₩": ("korean won", "won"),
    "₹": ("rupee", "rupees", "indian rupee", "indian rupees"),
    "₽": ("ruble", "rubles", "rouble", "roubles"),
    "₺": ("turkish lira", "turkish liras"),
    "₪": ("shekel", "shekels"),
    "₦": ("naira",),
    "₴": ("hryvnia", "hryvnias"),
    "₫": ("vietnamese dong",),
    "₿": ("bitcoin", "bitcoins"),
}
_DOLLARS = {"$": ("us", "u s", "u.s", "united states", "american")}


def _names() -> dict[Words, str]:
    names = {tuple(name.split()): sign for sign, spoken in _SIGNS.items() for name in spoken}
    for sign, countries in _DOLLARS.items():
        for country in countries:
            names |= {(*country.split(), dollar): sign for dollar in ("dollar", "dollars")}
    return names


ENGLISH = Currencies(
    names=_names(),
    cents={"cent": 100, "cents": 100, "pence": 100, "penny": 100, "paise": 100, "kopecks": 100},
    singular=frozenset(name for name in _names() if not name[-1].endswith("s")),
    counted=frozenset(name for name in _names() if (*name[:-1], name[-1] + "s") in _names()),
    ambiguous=frozenset((("pound",), ("pounds",), ("won",))),
)
