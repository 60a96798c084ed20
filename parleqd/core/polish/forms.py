"""When two words are the same word in another form: the mends that a cleanup may make, and no others.

Inflection and the irregular verbs after Quirk, Greenbaum, Leech and Svartvik, *A Comprehensive Grammar of the English
Language* (1985), chapter 3; spelling variants are those of British and American English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from parleqd.core.polish.alignment import shared
from parleqd.core.text.lexicon import FUNCTION_WORDS, words

_CONTRACTED = re.compile(r"(.+)n't$|(.+?)'(m|re|ve|ll|d|s)$")
_ENDS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "s": ""}
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_STEMS = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_WHOLE = {
    key: tuple(full.split())
    for key, full in (
        pair.split("=")
        for pair in (
            "cannot=can not,gonna=going to,wanna=want to,gotta=got to,kinda=kind of,sorta=sort of,lemme=let me,"
            "gimme=give me,dunno=do not know,outta=out of,coulda=could have,shoulda=should have,woulda=would have,"
            "cuz=because,ya=you,em=them,y'all=you all,"
            "til=until,till=until,alot=a lot,okay=ok,yeah=yes,yep=yes,yup=yes,nope=no,"
            "im=i am,ive=i have,youre=you are,theyre=they are,thats=that,lets=let,"
            "dont=do not,doesnt=does not,didnt=did not,isnt=is not,arent=are not,wasnt=was not,werent=were not,"
            "cant=can not,couldnt=could not,wont=will not,wouldnt=would not,shouldnt=should not,havent=have not,"
            "hasnt=has not,hadnt=had not,aint=is not,mustnt=must not,neednt=need not"
        ).split(",")
    )
}
"""What is written together, or colloquially, and the words it is."""
_DIGITS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: str(value) for value, word in zip(
    range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True
)}  # fmt: skip
SYMBOLS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "%": "percent", "°": "degree"}
_MONEY = {"dollars": "dollar", "bucks": "dollar", "buck": "dollar", "euros": "euro", "pounds": "pound", "quid": "pound",
          "rupees": "rupee", "degrees": "degree", "per cent": "percent"}  # fmt: skip

_VERBS = """
be am is are was were been being|do does did done|have has had|go goes went gone|see saw seen|come came|run ran
take took taken|give gave given|know knew known|break broke broken|speak spoke spoken|begin began begun
drive drove driven|eat ate eaten|fall fell fallen|buy bought|bring brought brung|think thought|sell sold|tell told
send sent|find found|keep kept|make made|say said|write wrote written|choose chose chosen|forget forgot forgotten
get got gotten|grow grew grown|hear heard|hold held|lead led|leave left|lose lost|mean meant|meet met|pay paid|read
ring rang rung|rise rose risen|show showed shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat
sleep slept|spend spent|stand stood|steal stole stolen|swim swam swum|teach taught|tear tore torn|throw threw thrown
understand understood|wake woke woken|wear wore worn|win won|lie lay lain laid|catch caught|feel felt|fight fought
fly flew flown|freeze froze frozen|hide hid hidden|build built|lend lent|draw drew drawn|drink drank drunk
ride rode ridden|shake shook shaken|blow blew blown|bite bit bitten|become became|deal dealt"""
"""Irregular verbs."""
_OTHERS = """
child children childs|man men|woman women|person people|foot feet|tooth teeth|mouse mice|life lives|knife knives
half halves|kilogram kilograms kilo kilos kg|good well|bad badly worse worst|less fewer lesser|much many|real really
quick quickly|mister mr|missus mrs misses|doctor dr|saint st|street st|avenue ave|pound lb lbs|ounce oz|square sq
mile mi|inch in|hour hr h|minute min|second sec s|versus vs|etcetera etc|number no nr|kilometre km|kilometer km
maximum max|minimum min|percentage percent|professor prof|junior jr|senior sr|approximately approx|till until
advice advise|affect effect|principal principle|peak peek pique|brake break|weather whether|write right|wear where
cite site sight|complement compliment|stationary stationery|lead led|role roll|pair pear|plain plane|waste waist
bare bear|cash cache|sweet suite|hole whole|week weak|new knew|threw through|by buy bye|to too|there their|then than
your you|here hear|meet meat|past passed|lose loose
information informations|grey gray|programme program|cheque check|tyre tire
"""
"""Other irregular paradigms, abbreviations, and words that sound alike."""
_KIN: dict[str, set[int]] = {}
for _number, _line in enumerate(f"{_VERBS}|{_OTHERS}".replace("\n", "|").split("|")):
    for _word in _line.split():
        _KIN.setdefault(_word, set()).add(_number)

PASTS = frozenset(word for line in _VERBS.replace("\n", "|").split("|") for word in line.split()[1:]) - words(
    "am is are being does has"
)
"""The pasts and participles of irregular verbs."""
_INFLECTIONS = words("s es ed d ing ly")
_VARIANTS = ((re.compile(r"ll"), "l"), (re.compile(r"our"), "or"), (re.compile(r"is(e|es|ed|ing|ation)$"), r"iz\1"),
             (re.compile(r"yse"), "yze"), (re.compile(r"tre$"), "ter"), (re.compile(r"ence$"), "ense"))  # fmt: skip
_SOUNDS = str.maketrans(
    dict.fromkeys("bpfv", "b") | dict.fromkeys("cgjkqsxz", "k") | dict.fromkeys("dt", "d") | dict.fromkeys("mn", "m")
    | dict.fromkeys("aeiouyhw", "")
)  # fmt: skip
"""Soundex's classes of consonants (R. C. Russell, US patent 1261167)."""


def expanded(word: str) -> tuple[str, ...]:
    """The forms to compare a word by: lower case, no accents, contractions taken apart, small numbers as digits."""
    key = word.casefold()
    if not key.isascii():
        split = unicodedata.normalize("NFKD", key.replace("ß", "ss").replace("’", "'"))
        key = "".join(char for char in split if not unicodedata.combining(char))
    if key in _WHOLE:
        return _WHOLE[key]
    contracted = _CONTRACTED.match(key)
    if contracted and contracted[1]:
        return (_STEMS.get(contracted[1], contracted[1]), "not")
    if contracted:
        end = _ENDS[contracted[3]]
        return (fold(contracted[2]), *([end] if end else []))
    return (fold(key),)


def fold(key: str) -> str:
    """One form for what is written in two ways: symbols and names of currencies, small numbers."""
    key = _ORDINAL.sub(r"\1", key.replace("'", "")) or key
    return _DIGITS.get(key) or SYMBOLS.get(key) or _MONEY.get(key) or key


def akin(new: str, old: str) -> bool:
    """Whether one word is another form or spelling of the other, which a cleanup may put in its place."""
    if _kin(new) & _kin(old):
        return True
    if new[:1] != old[:1]:
        return False
    return _stems(new) & _stems(old) != set() or _variant(new) == _variant(old)


def compares(new: str, old: str) -> bool:
    """Whether "earlier" and "latest" are what "more early" and "most late" should be."""
    stem = new.removesuffix("er") if new.endswith("er") else new.removesuffix("est")
    return stem != new and old in {stem, f"{stem}e", f"{stem[:-1]}y", stem[:-1]}


def _kin(word: str) -> set[int]:
    """The paradigms that the word is of, or would be of if it were regular ("drived")."""
    found = _KIN.get(word)
    return found if found is not None else {line for stem in _stems(word) for line in _KIN.get(stem, ())}


def _stems(word: str) -> set[str]:
    """What may be left of a word without its ending."""
    found = {word}
    for end in _INFLECTIONS:
        stem = word.removesuffix(end)
        if stem != word and len(stem) >= (2 if end == "ing" else 3):
            found |= {stem, f"{stem}e"} if set(stem) & set("aeiouy") else set()
            if len(stem) > 3 and stem[-1] == stem[-2]:
                found.add(stem[:-1])
            if stem[-1] == "i":
                found.add(f"{stem[:-1]}y")
    return found


def _variant(word: str) -> str:
    for pattern, plain in _VARIANTS:
        word = pattern.sub(plain, word)
    return word


def abbreviated(short: str, full: Sequence[str]) -> range:
    """Which of the words "kg" or "mph" stands for: letters of one in their order, or the initials of some."""
    initials = "".join(word[:1] for word in full).find(short) if len(short) >= 2 else -1
    if initials >= 0:
        return range(initials, initials + len(short))
    for index, word in enumerate(full):
        letters = iter(word)
        if not len(word) >= 3 or len(short) > 5 or word[:1] != short[:1]:
            continue
        vowels = set(short[1:]) & set("aeiou")
        if all(letter in letters for letter in short) and (not vowels or word.startswith(short)):
            return range(index, index + 1)
    return range(0)


def sounds_like(term: str, heard: str) -> bool:
    """Whether what was heard (letters, no blanks) may have been the term: by its consonants, and by its letters."""
    plain = "".join(fold(part) for part in expanded(term))
    first, second = plain.translate(_SOUNDS), heard.translate(_SOUNDS)
    if heard in FUNCTION_WORDS:
        return False
    if (plain[:1] == heard[:1] or {plain[:1], heard[:1]} <= set("aeiou")) and first == second:
        return True
    return likeness(first, second) >= 0.5 and likeness(plain, heard) >= 0.4


def likeness(first: str, second: str) -> float:
    """The letters shared in their order: 1 for the same word, 0 for none."""
    return 2 * len(shared(first, second)) / (len(first) + len(second) or 1)


def any_akin(new: str, old: Collection[str]) -> str | None:
    """The first of the words that ``new`` is another form of."""
    return next((word for word in old if akin(new, word)), None)
