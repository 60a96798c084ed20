from __future__ import annotations

import pytest

from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.numbers import stage
from parleqd.core.text.pipeline import apply
from parleqd.core.text.tokens import join, tokenise


def clean(tag: str, text: str) -> str:
    tokens = tokenise(text)
    return join(apply(0, "numbers", tokens, stage.find(tokens, LANGUAGES[tag].grammar))[0])


@pytest.mark.parametrize(
    "tag, raw, text",
    [
        ("de", "drei Komma fünf Prozent", "3,5 %"),
        ("de", "zwanzig Euro fünfzig", "20,50 €"),
        ("de", "ein Euro fünfzig", "1,50 €"),
        ("de", "fünf bis zehn Prozent", "5 bis 10 %"),
        ("de", "zehn bis zwanzig Leute", "10 bis 20 Leute"),
        ("de", "um vierzehn Uhr dreißig geht es los", "um 14:30 Uhr geht es los"),
        ("de", "am fünften Mai zweitausendsechsundzwanzig", "am 5. Mai 2026"),
        ("de", "fünfter Mai", "5. Mai"),
        ("de", "zwei Millionen Leute", "2 Millionen Leute"),
        ("de", "minus fünfzehn Grad", "-15 Grad"),
        ("fr", "quinze heures trente", "15 h 30"),
        ("fr", "le premier mars deux mille vingt-six", "le 1er mars 2026"),
        ("fr", "cinq euros cinquante", "5,50 €"),
        ("fr", "entre dix et vingt pour cent", "entre 10 et 20 %"),
        ("fr", "un virgule cinq million", "1,5 million"),
        ("es", "a las quince treinta", "a las 15:30"),
        ("es", "a las ocho y veinte", "a las 8:20"),
        ("es", "el cinco de mayo de dos mil veintiséis", "el 5 de mayo de 2026"),
        ("es", "cinco euros con cincuenta", "5,50 €"),
        ("es", "cinco euros con treinta céntimos menos", "5,30 € menos"),
    ],
)
def test_numbers_are_written_as_people_type_them(tag: str, raw: str, text: str) -> None:
    assert clean(tag, raw) == text


@pytest.mark.parametrize(
    "tag, text",
    [
        ("de", "um halb drei"),
        ("de", "eine Million Leute"),
        ("de", "hundert Leute, tausend Dank"),
        ("de", "der fünfte Mann"),
        ("de", "3,5 Prozent von 1.250 Euro um 8 Uhr 30"),
        ("de", "eins Komma zwei Komma drei"),
        ("fr", "un euro, un pour cent, un million"),
        ("fr", "au moins cinq personnes"),
        ("fr", "mille et une nuits"),
        ("es", "mil y una noches"),
        ("es", "Cinco de Mayo"),
        ("es", "cinco de mayores y dos de menores"),
    ],
)
def test_what_stays_in_words(tag: str, text: str) -> None:
    assert clean(tag, text) == text


def test_what_is_counted_behind_an_hour_is_no_minute() -> None:
    assert clean("de", "um acht Uhr zwanzig Leute") == "um acht Uhr 20 Leute"
    assert clean("fr", "à huit heures vingt personnes") == "à huit heures 20 personnes"
    assert clean("es", "entre las ocho y veinte") == "entre las ocho y 20"
