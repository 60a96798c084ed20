from __future__ import annotations

import pytest

from parleqd.core.text.numbers.unit_names import ENGLISH


@pytest.mark.parametrize(
    "name, symbol",
    [
        ("kilograms", "kg"),
        ("milli litres", "ml"),
        ("square kilometers", "km²"),
        ("gigabits", "Gb"),
        ("microseconds", "µs"),
        ("kilo watt hours", "kWh"),
        ("decibels", "dB"),
        ("nautical miles", None),
        ("seconds", None),
        ("bits", None),
    ],
)
def test_symbols(name: str, symbol: str | None) -> None:
    assert ENGLISH.symbols.get(tuple(name.split())) == symbol


def test_no_name_is_longer_than_readers_look() -> None:
    assert max(map(len, (*ENGLISH.symbols, *ENGLISH.worded))) <= ENGLISH.longest


def test_a_unit_has_a_symbol_or_is_a_word() -> None:
    assert not ENGLISH.worded & set(ENGLISH.symbols)


@pytest.mark.parametrize(
    "symbol, unit, rate",
    [("km", "hour", "km/h"), ("Mb", "second", "Mbps"), ("MB", "second", "MB/s"), ("g", "litre", "g/l")],
)
def test_rates(symbol: str, unit: str, rate: str) -> None:
    assert ENGLISH.rated(symbol, unit) == rate
