"""How English says numbers: the words, and the classes of number that are read, the surest first."""

from __future__ import annotations

from functools import partial

from parleqd.core.text.lexicon import BE, words
from parleqd.core.text.numbers import (
    codes,
    currencies,
    dates,
    digits,
    idioms,
    money,
    prose,
    ratios,
    times,
    unit_names,
    units,
)
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.prose import Surroundings
from parleqd.core.text.numbers.stage import Grammar

SURROUNDINGS = Surroundings(
    after_signed=BE
    | words("to of at from be than by between about around only equals below above hits hit reached and"),
    one_point=words("at that this some the any up"),
    of=words("of"),
    spans=words("second"),
    before_spans=words("a an every each another this that per"),
    span_things=words(
        "timer timeout delay video clip pause break rule mark window ad spot interval intervals limit countdown "
        "silence head lead advantage increments reel loop cooldown"
    ),
)

GRAMMAR = Grammar(
    numerals=NUMERALS,
    readers=(
        dates.read,
        dates.read_era,
        times.read,
        partial(money.read, currencies=currencies.ENGLISH),
        partial(units.read, units=unit_names.ENGLISH),
        codes.read_version,
        codes.read_numbered,
        codes.read_model,
        digits.read,
        ratios.read,
        codes.read_code,
        dates.read_year,
        partial(prose.read, around=SURROUNDINGS),
    ),
    starts=frozenset(
        dates.MONTHS
        | idioms.STARTS
        | words(
            "the a quarter half oh o point minus negative plus version versions extension ext route port apartment apt"
        )
        | words("suite b c d e f g h i j k l m n p q r s t u w x y z")
        | codes.EDITIONS
        | codes.PLACES
    ),
    idioms=idioms.read,
    vocabulary=vocabulary(NUMERALS),
)
