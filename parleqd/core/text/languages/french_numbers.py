"""The numbers of French: scores above sixty, Swiss and Belgian tens, a comma before the decimals."""

from __future__ import annotations

from parleqd.core.text.languages import numbers
from parleqd.core.text.languages.numbers import Custom
from parleqd.core.text.lexicon import words
from parleqd.core.text.numbers.numerals import Numerals, Words

_ONES = {
    word: n
    for n, word in enumerate("un deux trois quatre cinq six sept huit neuf".split(), start=1)
}  # fmt: skip
_TEENS = {word: n for n, word in enumerate("dix onze douze treize quatorze quinze seize".split(), start=10)}
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_TENS |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}


def _below_hundred() -> dict[Words, int]:
    small: dict[Words, int] = {(word,): n for word, n in {**_ONES, "une": 1, **_TEENS, **_TENS}.items()}
    for word, n in _ONES.items():
        if n > 6:
            small[("dix", word)] = 10 + n
    ones: dict[Words, int] = {(word,): n for word, n in {**_ONES, "une": 1}.items()}
    teens = {phrase: n for phrase, n in small.items() if n < 20}
    for ten, value in _TENS.items():
        for phrase, n in (teens if ten == "soixante" else ones).items():
            small[(ten, *phrase)] = value + n
            if phrase in (("un",), ("une",), ("onze",)):
                small[(ten, "et", *phrase)] = value + n
    score = ("quatre", "vingt")
    small |= {score: 80, ("quatre", "vingts"): 80}
    return small | {(*score, *phrase): 80 + n for phrase, n in teens.items()}


_SMALL = _below_hundred()

NUMERALS = Numerals(
    small={("zéro",): 0, ("cent",): 100, **_SMALL, **{("cent", *phrase): 100 + n for phrase, n in _SMALL.items()}},
    hundreds={"cent": 100, "cents": 100},
    scales={"mille": 1000, "mil": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9},
    digits={"zéro": "0", **{word: str(n) for word, n in _ONES.items()}},
    bare=frozenset(("mille", "mil")),
    joiners=frozenset(("et",)),
    range_openers=frozenset(("entre",)),
    links=frozenset(("à", "ou")),
    point=frozenset(("virgule",)),
    decimal_mark=",",
    group_mark=" ",
    words_up_to=16,
    longest=5,
)

GRAMMAR = numbers.grammar(
    NUMERALS,
    numbers.currencies(
        {"€": ("euro", "euros"), "$": ("dollar", "dollars"), "CHF": ("francs suisses",)}, ("centime", "centimes")
    ),
    numbers.measures(
        {
            "%": ("pour cent", "pourcent"),
            "°C": ("degrés celsius", "degré celsius"),
            "km": ("kilomètre", "kilomètres"),
            "km/h": ("kilomètres heure", "kilomètres à l'heure", "kilomètres par heure"),
            "cm": ("centimètre", "centimètres"),
            "mm": ("millimètre", "millimètres"),
            "kg": ("kilogramme", "kilogrammes"),
            "mg": ("milligramme", "milligrammes"),
            "ml": ("millilitre", "millilitres"),
            "Go": ("gigaoctet", "gigaoctets"),
            "Mo": ("mégaoctet", "mégaoctets"),
        }
    ),
    Custom(
        months=words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        first=frozenset(("premier",)),
        first_written="1er",
        hours=words("heure heures"),
        clock="{hour} h {minute:02}",
        follows_time=words(
            "à au aux avec chez dans de du des en et mais ou par pour sur si car donc je tu il elle on nous vous "
            "ils elles "
            "demain aujourd'hui ce lundi mardi mercredi jeudi vendredi samedi dimanche précises environ parce que "
            "qui est"
        ),
        alone=words("cent mille mil"),
        kept=(
            ("mille", "et", "une"),
            ("mille", "et", "un"),
            ("trente", "six", "solutions"),
            ("trente", "six", "chandelles"),
            ("trente", "six", "fois"),
            ("cent", "fois"),
            ("mille", "fois"),
            ("quatre", "cents", "coups"),
        ),
        ones=words("un une"),
    ),
)
