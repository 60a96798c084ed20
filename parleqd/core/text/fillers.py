"""Stage: take out the sounds and phrases that only fill a pause (um, uh, you know, like, I mean)."""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from parleqd.core.text.language import FOREIGN, votes
from parleqd.core.text.lexicon import (
    AUXILIARIES,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DEMONSTRATIVES,
    DETERMINERS,
    FUNCTION_WORDS,
    INCOMPLETE,
    NUMBERS,
    OBJECTS,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    words,
)
from parleqd.core.text.terms.ordinary import is_inflected
from parleqd.core.text.tokens import (
    COMMA,
    DASHES,
    PAUSES,
    SENTENCE_END,
    Change,
    Tokens,
    ends_clause,
    is_enclosed,
    key_at,
    quoted,
    removal,
    starts_sentence,
)

HESITATIONS = words("um umm ummm uh uhh uhhh uhm uhmm er err erm errm")
"""Sounds that are no words, but for "err", which is a verb as well."""
_WORDS_ELSEWHERE = words("um er")
"""Hesitations that are words in German, Dutch, Danish or Portuguese."""
_TITLES = words("mr mrs ms dr prof st")
INTERJECTIONS = words("ah ahh eh hm hmm hmmm mm mmm")
MARKERS = {"like": ("like",), "you": ("you", "know"), "i": ("i", "mean")}
"""Discourse markers, by their first word."""
_CANDIDATES = HESITATIONS | INTERJECTIONS | frozenset(MARKERS)

_CALLS = words("ah ahh hm hmm hmmm mmm")
"""Interjections that fill a pause inside a clause too."""
_SOUNDED = words(
    "say says said saying go goes went going oh like word words sound sounds sounded sounding shout shouted shouts "
    "cried cry cries yell yelled sigh sighed sighs per"
)
"""What an interjection may belong to: they went ah, oh ah."""
_BEHIND_CALLS = words(
    "ha hah of yes yeah no well ok okay right so there i but and or sound sounds vowel noise moment moments man boy "
    "hello ed"
)
"""What follows an interjection that says something: ah ha, ah yes, an ah of relief."""

_SECOND_HALVES_OF_ANSWERS = words("huh oh hum hm hmm")  # "uh huh", "uh oh"
_BEHIND_UM_ELSEWHERE = words("die so an in man war mich dich sich")  # "um die Ecke", "um so besser"
_MENTIONS = words("word words filler fillers sound sounds syllable preposition prefix german dutch")  # "the word um"
_NAMES_BEHIND_UM = words("kulthum kalthum kalthoum kulsum qasr salama salamah habiba durman rashrash")
"""What begins with Umm, "mother of", however the recogniser wrote that."""
_CORRECTIONS = words("no wait sorry rather actually or i make")
_LIGHT = COORDINATORS | words("because well okay ok then")
_OBJECTS_OF_MARKERS = (QUESTION_WORDS - {"which"}) | DETERMINERS | words("it if about him them me us you to")
_CLAUSE_STARTS = SUBJECTS | CONTRACTED_SUBJECTS | DEMONSTRATIVES | words("there let's")
_COMMA_BEFORE = _CLAUSE_STARTS | SUBORDINATORS | words("but so thanks thank please which")
_PRONOUNS = words(
    "nobody nothing none everybody everyone everything somebody someone something anybody anyone one most many both all"
)
"""What a new clause begins with where a verb follows."""
_REQUESTS = words(
    "ask bring bring buy call check come delete email feel fix forget get give go ignore keep leave let look make meet "
    "message open pick put read remember remind reply save see send start stay stop take talk tell text try turn "
    "use wait wake write"
)
"""Verbs that a new clause begins with where something is asked for."""
_LONGEST_CLAUSE = 25  # words; a bound on time
_BEFORE_VERBS = (
    SUBJECTS | OBJECTS | words("just also even still only never always often please not who that which people then")
)
"""Words between which and a verb no clause ends."""
_TELLING = words("told tell said say says asked ask thought think know knew hope hoped")
_ASKED = (
    OBJECTS | DETERMINERS | words("when if with without at in on by for to back again later tomorrow until before up")
)
_ANSWERS = words("well yes yeah no sure right oh hello hi hey")


class _Kind(Enum):
    HESITATION = auto()  # a sound that is no word
    INTERJECTION = auto()  # a sound that may say something
    MARKER = auto()  # words that mostly say something


class _Unit(msgspec.Struct, frozen=True):
    kind: _Kind
    first: int
    last: int


def find(tokens: Tokens) -> list[Change]:
    """Where fillers stand, with the commas, dashes and ellipses that only set them off.

    Hesitations go unless they are a name, a unit, a mention or a quotation. Interjections and discourse
    markers go only between pauses, or beside a hesitation where nothing makes them a verb or its object.
    """
    candidates = [index for index, token in enumerate(tokens) if token.key in _CANDIDATES]
    untouchable = (quoted(tokens) | _foreign(tokens, candidates)) if candidates else frozenset()
    extents: list[tuple[int, int]] = []
    judged = 0
    for index in candidates:
        if index < judged or index in untouchable:
            continue
        run = _run(tokens, index, untouchable)
        judged = run[-1].last if run else index + 1
        run = _fillers_of(tokens, run)
        if run:
            first, last = _extent(tokens, run[0].first, run[-1].last)
            if extents and first <= extents[-1][1]:
                first = extents.pop()[0]
            extents.append((first, last))
    return [removal(tokens, first, last) for first, last in extents]


def _foreign(tokens: Tokens, candidates: list[int]) -> frozenset[int]:
    """The candidates that may be words of another language: the tag "en" is no proof that the text is English.

    Where no word of the text tells its language, only pauses and other fillers show a hesitation.
    """
    doubtful = [index for index in candidates if tokens[index].key in _WORDS_ELSEWHERE]
    if not doubtful:
        return frozenset()
    english, foreign = votes(tokens)
    if foreign > english:
        return frozenset(doubtful)
    return frozenset() if english else frozenset(index for index in doubtful if not _is_set_off(tokens, index))


def _is_set_off(tokens: Tokens, index: int) -> bool:
    """Whether a pause or another filler is beside the word at ``index``, an English one behind it, or nothing at all
    is in its sentence."""
    beside = (key_at(tokens, index - 1), key_at(tokens, index + 1))
    if any(key in PAUSES or key in HESITATIONS for key in beside):
        return True
    behind = beside[1]
    if tokens[index].key == "um" and is_inflected(behind) and behind not in FOREIGN | _BEHIND_UM_ELSEWHERE:
        return True
    return starts_sentence(tokens, index) and ends_clause(tokens, index + 1)


def _run(tokens: Tokens, index: int, untouchable: frozenset[int]) -> list[_Unit]:
    """The candidates that follow one another from ``index`` on, with nothing but pauses between them."""
    run: list[_Unit] = []
    while index not in untouchable and (unit := _unit(tokens, index)) is not None:
        run.append(unit)
        index = _behind_pauses(tokens, unit.last)
    return run


def _unit(tokens: Tokens, index: int) -> _Unit | None:
    key = key_at(tokens, index)
    if key in HESITATIONS:
        return _Unit(_Kind.HESITATION, index, index + 1) if _is_hesitation(tokens, index) else None
    if key in INTERJECTIONS:
        if tokens[index].is_capitalised and not starts_sentence(tokens, index):
            return None  # Ah Beng
        return _Unit(_Kind.INTERJECTION, index, index + 1)
    last = index + len(MARKERS.get(key, ()))
    if key not in MARKERS or tuple(token.key for token in tokens[index:last]) != MARKERS[key]:
        return None
    if key == "i" and not _is_no_repair(tokens, index, last):
        return None
    return _Unit(_Kind.MARKER, index, last)


def _is_hesitation(tokens: Tokens, index: int) -> bool:
    """No name, no unit (5 um), no mention (the word um, "um"), no answer (uh huh), and not the verb "to err"."""
    token = tokens[index]
    before, after = key_at(tokens, index - 1), key_at(tokens, index + 1)
    if before[-1:].isdigit() or before in _MENTIONS or after in _SECOND_HALVES_OF_ANSWERS:
        return False
    if _is_name(tokens, index) or is_enclosed(tokens, index, index + 1):
        return False
    if token.key == "err":
        return before in PAUSES or after in PAUSES or after in _CORRECTIONS or after in HESITATIONS
    return True


def _is_name(tokens: Tokens, index: int) -> bool:
    """A capital where no sentence begins (the ER), or a name behind it (Um Kulthum, Umm al-Quwain)."""
    token, key = tokens[index], key_at(tokens, index + 1)
    begins = starts_sentence(tokens, index) or _follows_hesitation(tokens, index)
    if token.is_capitalised and not (token.text[1:].islower() and begins):
        return True
    if token.is_capitalised and key_at(tokens, index - 1) == "." and key_at(tokens, index - 2) in _TITLES:
        return True
    capital_follows = index + 1 < len(tokens) and tokens[index + 1].is_capitalised
    says_nothing = key in HESITATIONS or key == "i" or key.startswith(("i'", "i-"))
    may_be_name = token.is_capitalised and capital_follows and not says_nothing
    is_part = key in _NAMES_BEHIND_UM or key.startswith(("al-", "el-"))
    return may_be_name or (token.key.startswith("um") and is_part)


def _follows_hesitation(tokens: Tokens, index: int) -> bool:
    """Whether the last word before ``index`` is a hesitation, behind which a sentence may have yet to begin."""
    index -= 1
    while index >= 0 and not tokens[index].is_word:
        index -= 1
    return key_at(tokens, index) in HESITATIONS


def _is_no_repair(tokens: Tokens, first: int, last: int) -> bool:
    """Whether "I mean" corrects nothing: it opens a clause, or stands where the sentence has yet to go on."""
    left, right = first - 1, last
    while key_at(tokens, left) in PAUSES or key_at(tokens, left) in HESITATIONS:
        left -= 1
    while key_at(tokens, right) in PAUSES or key_at(tokens, right) in HESITATIONS:
        right += 1
    before, after = key_at(tokens, left), key_at(tokens, right)
    if starts_sentence(tokens, left + 1) or before in _LIGHT:
        return after in _CLAUSE_STARTS
    return before in INCOMPLETE and after not in FUNCTION_WORDS


def _fillers_of(tokens: Tokens, run: list[_Unit]) -> list[_Unit]:
    """``run`` without the candidates at its ends that belong to the sentence."""
    hesitations = [n for n, unit in enumerate(run) if unit.kind is _Kind.HESITATION]
    if not hesitations:
        fits = bool(run) and _fits_behind(tokens, run[0], False) and _fits_before(tokens, run, False)
        return run if fits else []
    first = next(n for n in range(len(run)) if _fits_behind(tokens, run[n], True))
    run = run[first:]
    while not _fits_before(tokens, run, True):
        run.pop()
    return run


def _fits_behind(tokens: Tokens, head: _Unit, heard: bool) -> bool:
    """Whether a run's first unit can be a filler after what precedes it. ``heard``: the run has a hesitation."""
    before = key_at(tokens, head.first - 1)
    if head.kind is _Kind.HESITATION or before in PAUSES:
        return True
    if starts_sentence(tokens, head.first):
        return heard or head.kind is _Kind.MARKER
    if head.kind is _Kind.INTERJECTION:
        return heard or _interrupts(tokens, head)
    return heard and before in _LIGHT


def _interrupts(tokens: Tokens, unit: _Unit) -> bool:
    """Whether the interjection stands without a pause between two words of a clause: "the committee ah approved"."""
    before, after = tokens[unit.first - 1], key_at(tokens, unit.last)
    if tokens[unit.first].key not in _CALLS or not before.is_word or not after[:1].isalpha():
        return False
    if key_at(tokens, unit.first - 2) in ("ooh", "oh", "oohs"):
        return False  # ooh and ah
    is_measured = before.key[-1].isdigit() or before.key in NUMBERS
    return (
        not is_measured
        and before.key not in _SOUNDED
        and after not in _BEHIND_CALLS
        and "\n" not in tokens[unit.last].gap
    )


def _fits_before(tokens: Tokens, run: list[_Unit], heard: bool) -> bool:
    """Whether the last of ``run`` can be a filler before what follows it."""
    head, tail = run[0], run[-1]
    if tail.kind is _Kind.HESITATION:
        return True
    before, after = key_at(tokens, head.first - 1), key_at(tokens, tail.last)
    opens = starts_sentence(tokens, head.first)
    if tail.kind is _Kind.INTERJECTION:
        return heard or after in PAUSES or _interrupts(tokens, head)
    if after in PAUSES:
        return heard or not _is_verb_between_pauses(tokens, head.first, tail)
    return heard and (opens or before in PAUSES or before in _LIGHT) and after not in _OBJECTS_OF_MARKERS


def _is_verb_between_pauses(tokens: Tokens, first: int, marker: _Unit) -> bool:
    """Whether the marker is one of several verbs (watch, like, and share) or a clause (if you know, you know)."""
    before = key_at(tokens, _before_pauses(tokens, first) - 1)
    behind = _behind_pauses(tokens, marker.last)
    if tokens[marker.first].key != "like":
        return before == "know"
    if starts_sentence(tokens, first):
        return key_at(tokens, behind) not in _CLAUSE_STARTS
    in_list = key_at(tokens, behind) in ("and", "or") or key_at(tokens, behind + 1) == COMMA
    return in_list and before not in INCOMPLETE


def _behind_pauses(tokens: Tokens, index: int) -> int:
    while key_at(tokens, index) in PAUSES and "\n" not in tokens[index].gap:
        index += 1
    return index


def _before_pauses(tokens: Tokens, index: int) -> int:
    while key_at(tokens, index - 1) in PAUSES:
        index -= 1
    return index


def _extent(tokens: Tokens, first: int, last: int) -> tuple[int, int]:
    """``first:last`` with those marks around it that set it off and nothing else."""
    front, behind = _before_pauses(tokens, first), _behind_pauses(tokens, last)
    if starts_sentence(tokens, front):
        while key_at(tokens, behind) in SENTENCE_END and "\n" not in tokens[behind].gap:
            behind += 1
        return (first if key_at(tokens, front) in DASHES else front), behind  # a dash may make it a list item
    if ends_clause(tokens, behind) or not _comma_stands(tokens, front, behind):
        return front, behind
    return first, behind if front < first else last


def _comma_stands(tokens: Tokens, front: int, behind: int) -> bool:
    """Whether a comma belongs between the word before ``front`` and the word at ``behind``, filler or not."""
    before, after = key_at(tokens, front - 1), key_at(tokens, behind)
    if before in INCOMPLETE:
        return False
    next_but_one = key_at(tokens, behind + 1)
    inverted = after in AUXILIARIES and next_but_one in SUBJECTS
    in_list = next_but_one in (COMMA, "and", "or")
    opens = after in _COMMA_BEFORE or inverted or _opens_clause(tokens, front, behind)
    return before in _ANSWERS or opens or in_list


def _opens_clause(tokens: Tokens, front: int, behind: int) -> bool:
    """Whether a clause that no word of grammar opens begins at ``behind``: "I tried calling, uh, nobody answered"."""
    before, after, following = (key_at(tokens, index) for index in (front - 1, behind, behind + 1))
    if after in _PRONOUNS:
        return following in AUXILIARIES or (following.endswith("ed") and before not in _TELLING)
    if after not in _REQUESTS or following not in _ASKED or before.endswith(("s", "ly")) or before in _BEFORE_VERBS:
        return False
    index, has_verb = front - 1, False  # a request comes behind a clause that has its verb
    first = max(front - _LONGEST_CLAUSE, 0)
    while index >= first and tokens[index].is_word and tokens[index].key not in COORDINATORS:
        has_verb = has_verb or tokens[index].key in AUXILIARIES or tokens[index].key in CONTRACTED_SUBJECTS
        index -= 1
    return has_verb and key_at(tokens, index + 1) in _CLAUSE_STARTS
