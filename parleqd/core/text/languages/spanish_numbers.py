"""The numbers of Spanish: figures grouped by blanks, as the Academies advise, which no country misreads."""

from __future__ import annotations

from parleqd.core.text.languages import numbers
from parleqd.core.text.languages.numbers import Custom
from parleqd.core.text.lexicon import words
from parleqd.core.text.numbers.numerals import Numerals, Words

_ONES = {
    word: n
    for n, word in enumerate("uno dos tres cuatro cinco seis siete ocho nueve".split(), start=1)
}  # fmt: skip
_TEENS = {
    word: n
    for n, word in enumerate(
        "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve".split(), start=10
    )
}
_TWENTIES = {
    word: n
    for n, word in enumerate(
        "veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho "
        "veintinueve".split(),
        start=20,
    )
} | {"veintiún": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veintiseis": 26, "dieciseis": 16}
_TENS = {
    word: n * 10
    for n, word in enumerate("treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), start=3)
}  # fmt: skip
_HUNDREDS = {
    word: n * 100
    for n, word in enumerate(
        "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
        "novecientos".split(),
        start=1,
    )
}
_HUNDREDS |= {word[:-2] + "as": value for word, value in _HUNDREDS.items() if value > 100}


def _phrases() -> dict[Words, int]:
    single = {**_ONES, **_TEENS, **_TWENTIES, **_TENS}
    small: dict[Words, int] = {(word,): n for word, n in single.items()}
    ones = {**_ONES, "un": 1, "una": 1}
    small |= {(ten, "y", one): value + n for ten, value in _TENS.items() for one, n in ones.items()}
    low = small | {("un",): 1, ("una",): 1}
    hundreds = {(word,): value for word, value in _HUNDREDS.items()} | {("cien",): 100}
    return small | hundreds | {(word, *rest): v + n for word, v in _HUNDREDS.items() for rest, n in low.items()}


NUMERALS = Numerals(
    small={("cero",): 0, **_phrases()},
    scales={"mil": 1000, "millón": 10**6, "millones": 10**6},
    digits={"cero": "0", **{word: str(n) for word, n in _ONES.items()}},
    articles=words("un una"),
    bare=frozenset(("mil",)),
    joiners=frozenset(("y",)),
    range_openers=frozenset(("entre",)),
    links=frozenset(("a", "o")),
    point=frozenset(("coma",)),
    decimal_mark=",",
    group_mark=" ",
    words_up_to=15,
    longest=4,
)

GRAMMAR = numbers.grammar(
    NUMERALS,
    numbers.currencies({"€": ("euro", "euros"), "$": ("dólar", "dólares")}, ("céntimo", "céntimos", "centavos")),
    numbers.measures(
        {
            "%": ("por ciento",),
            "°C": ("grados centígrados", "grados celsius"),
            "km": ("kilómetro", "kilómetros"),
            "km/h": ("kilómetros por hora",),
            "cm": ("centímetro", "centímetros"),
            "mm": ("milímetro", "milímetros"),
            "kg": ("kilogramo", "kilogramos"),
            "mg": ("miligramo", "miligramos"),
            "ml": ("mililitro", "mililitros"),
            "GB": ("gigabytes", "gigabyte"),
            "MB": ("megabytes", "megabyte"),
        }
    ),
    Custom(
        months=words(
            "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre"
        ),
        day_links=frozenset(("de",)),
        year_links=words("de del"),
        before_day=words(
            "el del al día desde hasta lunes martes miércoles jueves viernes sábado domingo fecha para antes"
        ),
        before_hours=frozenset(("las",)),
        before_joined_hours=words("a son eran sobre"),
        clock="{hour}:{minute:02}",
        follows_time=words(
            "a al con en de del desde hasta por para y o pero porque si que el la los las mañana hoy horas h "
            "lunes martes miércoles jueves viernes sábado domingo aproximadamente como nos me te se yo tú"
        ),
        coin_links=frozenset(("con",)),
        alone=words("cien ciento mil"),
        kept=(
            ("mil", "y", "una"),
            ("mil", "y", "un"),
            ("mil", "gracias"),
            ("cien", "por", "cien"),
            ("ciento", "por", "ciento"),
        ),
    ),
)
