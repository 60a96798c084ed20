"""The units of measurement as English says them, and the symbols they are written with.

Names and symbols after the SI brochure (9th edition) and, for customary units, NIST Handbook 44, appendix C.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from parleqd.core.text.numbers.numerals import Words

_BIT = "b"


class Units(msgspec.Struct, frozen=True):
    """``symbols``: the spoken unit and its symbol. ``glued``: symbols that stand right behind the figure.

    ``worded`` units make the number digits and stay words themselves (feet); ``prosaic`` ones are counted like
    things, so that a small number before them stays a word (three minutes).
    """

    symbols: Mapping[Words, str]
    glued: frozenset[str]
    worded: frozenset[Words]
    prosaic: frozenset[str]
    counted: frozenset[Words]
    """Singular names that have a plural: before a noun they stay words (a two litre engine)."""
    rates: Mapping[str, str]
    """What follows "per" behind a unit with a symbol, and its own symbol."""
    longest: int = 4

    def rated(self, symbol: str, unit: str) -> str:
        """The symbol of so much per ``unit``: km/h, and Mbps where it is bits per second."""
        if unit == "second" and symbol.endswith(_BIT) and symbol != _BIT:
            return symbol + "ps"
        return f"{symbol}/{self.rates[unit]}"


_PREFIXES = {
    "kilo": "k",
    "mega": "M",
    "giga": "G",
    "tera": "T",
    "peta": "P",
    "exa": "E",
    "hecto": "h",
    "deci": "d",
    "centi": "c",
    "milli": "m",
    "micro": "µ",
    "nano": "n",
    "pico": "p",
    "femto": "f",
}
_BASES = {
    "m": ("meter", "meters", "metre", "metres"),
    "g": ("gram", "grams", "gramme", "grammes"),
    "l": ("liter", "liters", "litre", "litres"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "A": ("amp", "amps", "ampere", "amperes"),
    "Hz": ("hertz",),
    "J": ("joule", "joules"),
    "N": ("newton", "newtons"),
    "Pa": ("pascal", "pascals"),
    "Ω": ("ohm", "ohms"),
    "F": ("farad", "farads"),
    "lm": ("lumen", "lumens"),
    "lx": ("lux",),
    "cd": ("candela", "candelas"),
    "Bq": ("becquerel", "becquerels"),
    "Sv": ("sievert", "sieverts"),
    "eV": ("electron volt", "electron volts", "electronvolt", "electronvolts"),
    "Wh": ("watt hour", "watt hours"),
    "Ah": ("amp hour", "amp hours", "ampere hour", "ampere hours"),
}
_PREFIXED_ONLY = {
    "B": ("byte", "bytes"),
    _BIT: ("bit", "bits"),
    "s": ("second", "seconds"),
    "S": ("siemens",),
    "mol": ("mole", "moles"),
    "cal": ("calorie", "calories"),
    "ton": ("ton", "tons"),
    "bar": ("bar", "bars"),
}
"""Units that are words of every day without a prefix: symbols only with one."""
_BYTES = {"kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti"}
_OTHERS = {
    "K": "kelvin kelvins",
    "dB": "decibel decibels",
    "ha": "hectare hectares",
    "cc": "cc ccs",
    "hp": "horsepower",
    "rpm": "rpm",
    "ppm": "ppm",
    "dpi": "dpi",
    "mAh": "mah",
}
_PHRASES = {
    "°C": ("degree celsius", "degrees celsius", "degrees centigrade", "celsius"),
    "°F": ("degree fahrenheit", "degrees fahrenheit", "fahrenheit"),
    "cc": ("c c",),
    "AU": ("astronomical unit", "astronomical units"),
    "mph": ("mile per hour", "miles per hour", "miles an hour"),
    "mpg": ("miles per gallon",),
    "rpm": ("revolutions per minute",),
    "bpm": ("beats per minute",),
    "fps": ("frame per second", "frames per second"),
    "psi": ("pounds per square inch",),
    "ppm": ("parts per million",),
    "dpi": ("dots per inch",),
    "km/h": ("kilometers an hour", "kilometres an hour"),
    "sq ft": ("square foot", "square feet"),
    "sq mi": ("square mile", "square miles"),
    "sq in": ("square inch", "square inches"),
    "sq yd": ("square yard", "square yards"),
    "cu ft": ("cubic foot", "cubic feet"),
    "cu in": ("cubic inch", "cubic inches"),
    "cu yd": ("cubic yard", "cubic yards"),
    "mAh": ("milliamp hour", "milliamp hours", "milliampere hours"),
}
_PERCENT = ("percent", "per cent", "%")
_WORDED = (
    "foot feet inch inches mile miles yard yards pound pounds ounce ounces ton tons tonne tonnes gallon gallons "
    "pint pints quart quarts acre acres knot knots carat carats degree degrees pixel pixels byte bytes bit bits "
    "calorie calories barrel barrels bushel bushels parsec parsecs tablespoon tablespoons teaspoon teaspoons"
)
_WORDED_PHRASES = (
    ("light", "year"),
    ("light", "years"),
    ("light-years",),
    ("nautical", "mile"),
    ("nautical", "miles"),
    ("fluid", "ounce"),
    ("fluid", "ounces"),
    ("basis", "points"),
    ("percentage", "point"),
    ("percentage", "points"),
    ("metric", "tons"),
)
_PROSAIC = "second seconds minute minutes hour hours day days week weeks month months year years decade decades"
_RATES = {"second": "s", "minute": "min", "hour": "h", "liter": "l", "litre": "l", "kilogram": "kg", "meter": "m"}


def _metric() -> Iterator[tuple[str, str]]:
    for symbol, names in _BASES.items():
        yield from ((name, symbol) for name in names)
    for symbol, names in (_BASES | _PREFIXED_ONLY).items():
        for prefix, sign in _PREFIXES.items():
            for name in names:
                yield prefix + name, sign + symbol
                yield f"{prefix} {name}", sign + symbol
    for prefix, sign in _BYTES.items():
        yield from ((prefix + name, sign + "B") for name in ("byte", "bytes"))
    yield from (("micron", "µm"), ("microns", "µm"), ("kilo", "kg"), ("kilos", "kg"))


def _solid() -> Iterator[tuple[str, str]]:
    """Square and cubic metres of all sizes."""
    for prefix, sign in {"": "", **_PREFIXES}.items():
        for name in _BASES["m"]:
            for power, exponent in (("square", "²"), ("cubic", "³")):
                yield f"{power} {prefix}{name}", f"{sign}m{exponent}"


def _symbols() -> dict[Words, str]:
    table = {**dict(_metric()), **dict(_solid())}
    table |= {name: symbol for symbol, names in _OTHERS.items() for name in names.split()}
    table |= {name: symbol for symbol, names in _PHRASES.items() for name in names}
    table |= dict.fromkeys(_PERCENT, "%")
    return {tuple(name.split()): symbol for name, symbol in table.items()}


_SYMBOLS = _symbols()
ENGLISH = Units(
    symbols=_SYMBOLS,
    counted=frozenset(name for name in _SYMBOLS if (*name[:-1], name[-1] + "s") in _SYMBOLS),
    rates=_RATES,
    glued=frozenset(("%",)),
    worded=frozenset([(word,) for word in _WORDED.split()] + list(_WORDED_PHRASES)),
    prosaic=frozenset(_PROSAIC.split()),
)
