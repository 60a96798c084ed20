"""Words that name a value, by kind: two of one kind, with a cue between them, are a value and its correction."""

from __future__ import annotations

import re
from enum import Enum, auto

import msgspec

from parleqd.core.text.lexicon import CONTRACTED_SUBJECTS, FUNCTION_WORDS, words
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.tokens import starts_sentence


class Kind(Enum):
    """What a value is of."""

    CARDINAL = auto()
    ORDINAL = auto()
    WEEKDAY = auto()
    MONTH = auto()
    DAY = auto()
    DAYTIME = auto()
    NOON = auto()
    COLOUR = auto()
    DIRECTION = auto()
    FREQUENCY = auto()
    SIZE = auto()
    PLACE = auto()
    DEGREE = auto()
    QUANTITY = auto()
    SUBJECT = auto()
    OBJECT = auto()
    ORDER = auto()
    PERSON = auto()
    NAME = auto()


class Value(msgspec.Struct, frozen=True):
    """The words number ``first`` up to ``last`` of a row of words name a value of ``kind``."""

    kind: Kind
    first: int
    last: int


_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety "
MAGNITUDES = words("thousand million billion trillion k")
_CARDINALS = words(_ONES + _TENS + "eighteen nineteen zero hundred dozen") | MAGNITUDES
_ORDINALS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth hundredth "
    "last next previous"
)
_PLANETS = words("mercury venus mars jupiter saturn uranus neptune pluto earth")
_LINKS = words("and point oh")
_CARDINAL = re.compile(r"[$€£¥#]?\d[\d.,:/]*(?:%|am|pm|k|m|bn|kg|km|gb|mb|ms)?", re.IGNORECASE)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_COMPOUND = re.compile(rf"(?:{'|'.join(_TENS.split())})-(?P<unit>[a-z]+)")
_UNITS_OF_TIME = words("am pm a.m p.m o'clock")
UNITS = _UNITS_OF_TIME | words(
    "percent dollar dollars euro euros pound pounds cent cents yen rupees francs pence bucks second seconds minute "
    "minutes hour hours day days week weeks month months year years metre metres meter meters kilometre kilometres "
    "kilometer kilometers centimetre centimetres centimeter centimeters millimetres millimeters mile miles yard yards "
    "foot feet inch inches gram grams kilo kilos kilogram kilograms ton tons tonnes ounce ounces litre litres liter "
    "liters gallon gallons degrees bytes kilobytes megabytes gigabytes terabytes milliseconds volts watts amps pages "
    "people copies items times points pieces boxes bottles cups"
)
"""What numbers are counted in."""

_BY_KIND = {
    Kind.WEEKDAY: "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays",
    Kind.MONTH: "january february march april may june july august september october november december",
    Kind.DAY: "today tomorrow yesterday tonight",
    Kind.DAYTIME: "morning afternoon evening night lunchtime mornings afternoons evenings",
    Kind.NOON: "noon midday midnight",
    Kind.COLOUR: "red green blue yellow orange purple pink brown black white grey gray violet turquoise beige",
    Kind.DIRECTION: "up down left right north south east west upstairs downstairs northeast northwest "
    "southeast southwest",
    Kind.FREQUENCY: "daily weekly monthly yearly quarterly hourly annually nightly",
    Kind.SIZE: "small medium large",
    Kind.DEGREE: "best worst maximum minimum",
    Kind.QUANTITY: "much many few fewer little less more most least",
    Kind.SUBJECT: "he she they we",
    Kind.OBJECT: "him her them us",
    Kind.ORDER: "before after above below inside outside over under with without",
    Kind.PLACE: "london paris berlin madrid rome vienna dublin munich hamburg frankfurt amsterdam brussels lisbon "
    "barcelona milan zurich geneva prague warsaw budapest athens stockholm oslo copenhagen helsinki istanbul moscow "
    "kyiv cairo lagos nairobi dubai delhi mumbai bangalore beijing shanghai singapore tokyo osaka seoul sydney "
    "melbourne toronto montreal vancouver boston chicago seattle houston dallas austin denver atlanta miami "
    "philadelphia manchester liverpool leeds edinburgh glasgow cardiff belfast england scotland ireland wales france "
    "germany spain italy portugal austria switzerland belgium netherlands poland hungary greece sweden norway denmark "
    "finland russia ukraine egypt nigeria kenya india china japan korea australia canada mexico brazil argentina "
    "chile peru texas california florida ohio virginia oregon washington",
    Kind.PERSON: "james john robert michael david william richard joseph thomas charles daniel matthew anthony paul "
    "steven andrew joshua kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric "
    "jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick jack dennis jerry peter "
    "henry adam nathan kyle noah ethan oliver leo max felix martin simon tom tim sam ben dan mike steve chris alex "
    "nick matt tony joe bob jim mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy "
    "betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura "
    "sharon cynthia amy kathleen angela anna emma nicole helen samantha katherine christine rachel janet maria "
    "heather diane julie olivia victoria kelly lauren christina joan julia megan andrea hannah sara kate lucy sophie "
    "chloe alice claire nina eva clara priya maya omar ahmed ali carlos pedro luis marco hans klaus lars sven dana "
    "yuki ravi anita fatima ivan olga elena pablo diego sofia lena jonas lukas",
}
_KINDS = {word: kind for kind, names in _BY_KIND.items() for word in names.split()}
OF_GRAMMAR = frozenset((Kind.QUANTITY, Kind.SUBJECT, Kind.OBJECT, Kind.ORDER))
"""Kinds of words that are everywhere, which a weak cue alone cannot part."""
_ALIKE = {Kind.PERSON: Kind.NAME, Kind.PLACE: Kind.NAME}
"""Kinds that a name of unknown kind can be of."""
_NOT_DEGREES = words(
    "forest interest request guest honest modest harvest protest invest suggest priest chest quest contest digest "
    "manifest arrest conquest bequest inquest tempest crest wrest attest detest infest ingest incest unrest midwest "
    "everest budapest bucharest southwest northwest requests interests"
)
_ALIKE_TOO = ({Kind.DAY, Kind.WEEKDAY}, {Kind.NOON, Kind.CARDINAL}, {Kind.NOON, Kind.DAYTIME})


def value_at(passage: Passage, row: list[int], at: int) -> Value | None:
    """The value that begins with the word number ``at`` of ``row``, if one does."""
    if at >= len(row):
        return None
    kind = kind_of(passage, row[at])
    if kind is None:
        return None
    last = at + 1
    while last < len(row) and row[last] == row[last - 1] + 1 and _goes_on(passage, row, last, kind):
        last += 1
    kind = _of_numbers(passage, row, at, last) if kind in (Kind.CARDINAL, Kind.ORDINAL) else kind
    return Value(kind, at, last)


def value_before(passage: Passage, row: list[int], kind: Kind, most_between: int) -> Value | None:
    """The nearest value of ``kind`` at the end of ``row``, with at most ``most_between`` words behind it."""
    for end in range(len(row), max(len(row) - most_between - 1, 0), -1):
        found = kind_of(passage, row[end - 1])
        if found is None:
            continue
        numeric = found in (Kind.CARDINAL, Kind.ORDINAL)
        first = end - 1
        while first and row[first] == row[first - 1] + 1 and _extends(passage, row, first, found):
            first -= 1
        own = _of_numbers(passage, row, first, end) if numeric else found
        if alike(own, kind):
            return Value(own, first, end)
    return None


def alike(one: Kind, other: Kind) -> bool:
    """Whether a value of one kind can correct one of the other: noon and one, tomorrow and Tuesday."""
    return one is other or {one, other} in _ALIKE_TOO or _ALIKE.get(one, one) is _ALIKE.get(other, other) is Kind.NAME


def kind_of(passage: Passage, index: int) -> Kind | None:
    """The kind of the value that the word at ``index`` is, or is part of; None where it is no value."""
    token = passage.tokens[index]
    key = token.key
    if key in _CARDINALS or _CARDINAL.fullmatch(key):
        return Kind.CARDINAL
    if key in _ORDINALS or _ORDINAL.fullmatch(key):
        return Kind.ORDINAL
    compound = _COMPOUND.fullmatch(key)
    if compound is not None:
        return Kind.ORDINAL if compound["unit"] in _ORDINALS else Kind.CARDINAL
    if key in ("may", "march", "august") and token.text[:1].islower() and not _stands_as_month(passage, index):
        return None
    known = _KINDS.get(key)
    if known is not None:
        return known
    if len(key) > 4 and key.endswith("est") and key not in _NOT_DEGREES:
        return Kind.DEGREE
    return Kind.NAME if is_name(passage, index) else None


def is_name(passage: Passage, index: int) -> bool:
    """Whether the word at ``index`` has a capital that is not the one of a sentence, and is no "I"."""
    token = passage.tokens[index]
    if not token.is_capitalised or token.key == "i" or token.key in CONTRACTED_SUBJECTS:
        return False
    if token.key in FUNCTION_WORDS or token.key in ("no", "sorry", "wait", "actually", "yes", "please", "thanks"):
        return False
    return not starts_sentence(passage.tokens, index)


def is_bare_name(passage: Passage, row: list[int], last: int) -> bool:
    """Whether the words of ``row`` up to number ``last`` are a name that no "the" stands before: Mars, Paris, Alice."""
    if last < len(row) and row[last] == row[last - 1] + 1 and passage.keys[row[last]] not in FUNCTION_WORDS:
        return False  # the Paris office
    return passage.keys[row[0]] in _PLANETS or kind_of(passage, row[0]) in (Kind.PERSON, Kind.PLACE)


def _stands_as_month(passage: Passage, index: int) -> bool:
    before = passage.key(index - 1)
    return before in (
        "in",
        "of",
        "by",
        "since",
        "until",
        "mean",
        "wait",
        "no",
        "sorry",
        "late",
        "early",
        "next",
        "last",
    )


def _goes_on(passage: Passage, row: list[int], at: int, kind: Kind) -> bool:
    if kind in (Kind.CARDINAL, Kind.ORDINAL):
        if kind_of(passage, row[at]) in (Kind.CARDINAL, Kind.ORDINAL):
            return True
        follows = at + 1 < len(row) and kind_of(passage, row[at + 1]) in (Kind.CARDINAL, Kind.ORDINAL)
        return (
            passage.keys[row[at]] in _LINKS
            and follows
            and (passage.keys[row[at]] != "and" or _counts_up(passage, row, at + 1))
        )
    return _ALIKE.get(kind, kind) is Kind.NAME and is_name(passage, row[at])


def _extends(passage: Passage, row: list[int], first: int, kind: Kind) -> bool:
    """Whether the value whose first word is number ``first`` of ``row`` begins a word earlier."""
    before = row[first - 1]
    if kind in (Kind.CARDINAL, Kind.ORDINAL):
        if kind_of(passage, before) is Kind.CARDINAL:
            return True
        linked = passage.keys[before] in ("point", "and") and first > 1
        return linked and kind_of(passage, row[first - 2]) is Kind.CARDINAL and _counts_up(passage, row, first)
    return _ALIKE.get(kind, kind) is Kind.NAME and is_name(passage, before) and kind_of(passage, before) is not None


def _counts_up(passage: Passage, row: list[int], first: int) -> bool:
    """Whether "and" or "point" before word ``first`` is part of a number: two hundred and five, three point one."""
    return passage.keys[row[first - 1]] == "point" or passage.keys[row[first - 2]] in MAGNITUDES | {"hundred"}


def _of_numbers(passage: Passage, row: list[int], first: int, last: int) -> Kind:
    kinds = {kind_of(passage, index) for index in row[first:last]}
    return Kind.ORDINAL if Kind.ORDINAL in kinds else Kind.CARDINAL
