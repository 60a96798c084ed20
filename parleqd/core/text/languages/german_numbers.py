"""The numbers of German: words written together, a comma before the decimals, the sign behind the sum."""

from __future__ import annotations

from collections.abc import Iterator

from parleqd.core.text.languages import numbers
from parleqd.core.text.languages.numbers import Custom
from parleqd.core.text.lexicon import words
from parleqd.core.text.numbers.numerals import Numerals, Words

_ONES = {
    word: n
    for n, word in enumerate("ein zwei drei vier fünf sechs sieben acht neun".split(), start=1)
}  # fmt: skip
_TEENS = {
    word: n
    for n, word in enumerate(
        "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split(), start=10
    )
}
_TENS = {
    word: n * 10
    for n, word in enumerate("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(), start=2)
} | {"dreissig": 30}
_STEM_VALUES = dict(zip("erst zweit dritt viert fünft sechst siebt acht neunt".split(), range(1, 10), strict=True))
_ENDINGS = ("e", "en", "er", "es", "em")
_THOUSAND = "tausend"


def _below_hundred() -> dict[str, int]:
    joined = {one + "und" + ten: value + n for ten, value in _TENS.items() for one, n in _ONES.items()}
    return {"eins": 1, "zwo": 2, **{word: n for word, n in _ONES.items() if word != "ein"}, **_TEENS, **_TENS, **joined}


def _joined() -> Iterator[tuple[str, int]]:
    """All words below two thousand that are written as one, those of years among them (neunzehnhundertneunzig)."""
    low = _below_hundred()
    yield from low.items()
    for head, value in {"": 1, **_ONES, **{word: n for word, n in _TEENS.items() if n != 10}}.items():
        yield f"{head}hundert", value * 100
        for rest, n in low.items():
            yield f"{head}hundert{rest}", value * 100 + n
            yield f"{head}hundertund{rest}", value * 100 + n


_SMALL = dict(_joined())
_SCALES = {_THOUSAND: 1000, "million": 10**6, "millionen": 10**6, "milliarde": 10**9, "milliarden": 10**9}


def _days() -> Iterator[tuple[str, int]]:
    stems = {**_STEM_VALUES, "siebent": 7}
    stems |= {word + "t": n for word, n in _TEENS.items()}
    stems |= {word + "st": n for word, n in _below_hundred().items() if n >= 20}
    return ((stem + ending, n) for stem, n in stems.items() for ending in _ENDINGS)


def split(word: str) -> Words:
    """The number words of a number written as one, apart: sieben tausend dreihundert. Other words stay whole."""
    head, thousand, rest = word.partition(_THOUSAND)
    if not thousand or not (head or rest):
        return (word,)
    rest = rest if rest in _SMALL else rest.removeprefix("und")
    if (head and head != "ein" and head not in _SMALL) or (rest and rest not in _SMALL):
        return (word,)
    front = () if head in ("", "ein") else (head,)
    return (*front, _THOUSAND, rest) if rest else (*front, _THOUSAND)


NUMERALS = Numerals(
    small={("null",): 0, **{(word,): n for word, n in _SMALL.items()}},
    small_ordinals={(word,): n for word, n in _days()},
    hundreds={"hundert": 100},
    scales=_SCALES,
    digits={"null": "0", "eins": "1", "zwo": "2", **{word: str(n) for word, n in _ONES.items() if word != "ein"}},
    articles=words("ein eine einer einen einem"),
    bare=frozenset((_THOUSAND,)),
    joiners=frozenset(("und",)),
    range_openers=frozenset(("zwischen",)),
    links=frozenset(("bis", "oder")),
    minus=frozenset(("minus",)),
    point=frozenset(("komma",)),
    split=split,
    decimal_mark=",",
    group_mark=".",
    longest=1,
)

GRAMMAR = numbers.grammar(
    NUMERALS,
    numbers.currencies({"€": ("euro",), "$": ("dollar", "us-dollar"), "£": ("britische pfund",)}, ("cent", "cents")),
    numbers.measures(
        {
            "%": ("prozent",),
            "°C": ("grad celsius",),
            "km": ("kilometer", "kilometern"),
            "km/h": ("kilometer pro stunde", "stundenkilometer", "kmh"),
            "cm": ("zentimeter", "zentimetern"),
            "mm": ("millimeter", "millimetern"),
            "kg": ("kilogramm",),
            "mg": ("milligramm",),
            "ml": ("milliliter", "millilitern"),
            "GB": ("gigabyte",),
            "MB": ("megabyte",),
        }
    ),
    Custom(
        months=words(
            "januar jänner februar märz april mai juni juli august september oktober november dezember"
        ),
        day_suffix=".",
        hours=frozenset(("uhr",)),
        clock="{hour}:{minute:02} Uhr",
        follows_time=words(
            "am im in auf mit bei zu zum zur und oder aber bis von vom los weil dass wenn wir ich sie er es ihr du "
            "statt "
            "morgen heute abends morgens früh nachts mittags nachmittags an ab ist war wäre geht passt kommt fährt "
            "beginnt"
        ),
        alone=frozenset(("hundert", _THOUSAND)),
        kept=(("tausend", "dank"), ("hundert", "mal"), ("tausend", "mal"), ("null", "acht", "fünfzehn")),
        nouns=((" million", " Million"), (" milliarde", " Milliarde")),
    ),
)  # fmt: skip
