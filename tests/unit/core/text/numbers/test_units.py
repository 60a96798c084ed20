from __future__ import annotations

import pytest

from parleqd.core.text.numbers import unit_names, units
from tests.number_readers import written_by


def written(text: str) -> str | None:
    return written_by(lambda words, at: units.read(words, at, unit_names.ENGLISH), text)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("two point five kilograms", "2.5 kg"),
        ("fifteen percent", "15%"),
        ("five per cent", "5%"),
        ("15 percent", "15%"),
        ("minus ten degrees celsius", "-10 °C"),
        ("a hundred kilometers per hour", "100 km/h"),
        ("nine gigabits per second", "9 Gbps"),
        ("five milligrams per liter", "5 mg/l"),
        ("four hundred mega bits per second", "400 Mbps"),
        ("eighty miles per hour", "80 mph"),
        ("three square metres", "3 m²"),
        ("ten cubic centimeters", "10 cm³"),
        ("forty square feet", "40 sq ft"),
        ("six feet", "6 feet"),
        ("six feet two inches", "6 feet"),
        ("ten light years", "10 light years"),
        ("sixteen kilo watt hours", "16 kWh"),
        ("thirty two gigabytes", "32 GB"),
        ("two hundred milliseconds", "200 ms"),
        ("fifty c c", "50 cc"),
        ("two and a half percent", "2.5%"),
        ("five to ten percent", "5 to 10%"),
        ("between five and ten kilometers", "5 and 10 km"),
        ("thirty seconds", "30 seconds"),
        ("one point five hours", "1.5 hours"),
        ("a two litre engine", "2 litre"),
        ("a hundred meter race", "a 100 meter"),
    ],
)
def test_measures(spoken: str, text: str) -> None:
    assert written(spoken) == text


@pytest.mark.parametrize(
    "spoken",
    [
        "one foot in the door",
        "her own two feet",
        "six foot two",
        "three minutes later",
        "nine hours",
        "two and a half hours",
        "a percent",
        "five people",
        "many meters",
        "half a kilometer",
    ],
)
def test_what_is_no_measure(spoken: str) -> None:
    assert written(spoken) is None
