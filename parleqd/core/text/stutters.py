"""Stage: take out broken-off words (w- we) and words or phrases said twice (the the, can you can you)."""

from __future__ import annotations

import re

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DETERMINERS,
    FUNCTION_WORDS,
    NUMBERS,
    OBJECTS,
    ORDINALS,
    POSSESSIVES,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    words,
)
from parleqd.core.text.tokens import PAUSES, Change, Token, Tokens, key_at, quoted, removal, starts_sentence

_LENGTHS = (3, 2, 1)  # words in a repeated phrase
_REACH = 6  # tokens from a word to its copy: three words and two pauses
_MOST_PAUSES = 2
_MOST_STUBS = 6
_STUB = re.compile(r"[^\W\d_]{1,3}-")
_GLUED_STUBS = re.compile(
    r"((?:([^\W\d_]|[bcdfghjklmnpqrstvwxz]{2})-)(?:\2-)*)(\2[^\W\d_]+(?:'[a-z]+)?)", re.IGNORECASE
)
_GLUED_WORDS = re.compile(r"(i|we|they|the|and|but)(?:-\1)+", re.IGNORECASE)
_COMPOUND_HEADS = words(
    "axis ball bit bits block boy boys cell class clamp code command comment comments compiler contiguous "
    "corp cup curve day days dimension dimensional dimensions factor frame function group groups hour hours kernel "
    "matrix mode module node number page parameter point position process queue range rank rated ratio "
    "region ring section sections series set shape shaped space state store test tested testing tests "
    "tube umlaut value values variable vector verb"
)
"""Nouns that a letter can stand before: t-test, d-day, s-shaped."""

# What a speaker says twice by accident. Everything else may be meant: had had, that that, very very, no no,
# bye bye, thank you thank you. One class a line, by what makes the second copy surely an accident.
_ALWAYS = (
    ARTICLES
    | (POSSESSIVES - {"her", "his"})
    | CONTRACTED_SUBJECTS
    | words("and or but because if than into during just could would should there's that's let's")
)
_UNLESS_STRANDED = words("to in on of for with from at by")  # "we logged in in May"
_UNLESS_INVERTED = SUBJECTS - {"you", "it"}  # "so do I I think"
_IN_A_NEW_CLAUSE = frozenset(("you", "it"))  # "I told you you can"
_AT_THE_START = words("that this these those there") | QUESTION_WORDS
_STRANDING = (
    SUBJECTS
    | CONTRACTED_SUBJECTS
    | OBJECTS
    | words(
        "this that go goes gone went come comes came log sign check get got put set turn hand fill move "
        "hold keep kept live look listen talk speak spoke write wrote belong refer relate made think "
        "thought care hope wait ask pay cut bring brought let give gave given take took taken call stand "
        "stood sit sat walk drive run ran work play build built break broke carry join pass send sent is "
        "was are were be been now later early further"
    )
)
"""Words before a preposition that may belong to them, while a second one begins something new."""
_STRANDING_TO = (
    SUBJECTS
    | OBJECTS
    | words(
        "this that go goes come comes is was are were talk talked talking listen listened speak spoke belong "
        "belongs refer referred relate relates reply replied respond responded attend attended write wrote "
        "written look looked apply applies"
    )
)
"""The same for "to", which follows many more verbs as the mark of an infinitive: "I wanted to to go"."""
_ADDRESSED = words(
    "talk talked talking speak spoke spoken listen listened listening reply replied respond responded write wrote"
)
"""Of these the ones whose "to" someone follows, so that a second one before a noun is an accident."""
_LABELLED = words("vitamin grade plan type class section option group part point size level war phase")

_EMPHATIC = frozenset(
    tuple(phrase.split())
    for phrase in (
        "thank you", "i know", "i see", "i agree", "i understand", "i promise", "i swear", "come on", "go on",
        "hold on", "got it", "do it", "love you", "miss you", "so much", "very much", "no way", "of course",
        "all right", "i'm sorry", "excuse me", "trust me", "believe me", "help me", "and so on", "and so forth",
    )
)  # fmt: skip
_LINKS = words("and or by to after on upon over in for of")  # "step by step by step"
_CLAUSE_OPENERS = (SUBORDINATORS - {"because"}) | QUESTION_WORDS | AUXILIARIES | frozenset(("whatever", "however"))
"""Words after which the same phrase can end one clause and begin the next: "if you can you can come"."""


def find(tokens: Tokens) -> list[Change]:
    """Where the speaker stumbled. The first copy of what was repeated stays, with its capital."""
    places = _places(tokens)
    untouchable = quoted(tokens) if places else frozenset()
    changes = []
    judged = dict.fromkeys(_LENGTHS, 0)
    done = 0
    for index in places:
        if index < done or index in untouchable or not tokens[index].is_word:
            continue
        change = _stumble(tokens, index, judged)
        if change is not None:
            changes.append(change)
            done = change.last
    return changes


def _places(tokens: Tokens) -> list[int]:
    """Where a word is said again within reach, or has a hyphen in it, in order."""
    found: set[int] = set()
    latest: dict[str, int] = {}
    for index, token in enumerate(tokens):
        earlier = latest.get(token.key)
        if earlier is not None and index - earlier < _REACH:
            found.add(earlier)
        if "-" in token.text:
            found.add(index)
        latest[token.key] = index
    return sorted(found)


def _stumble(tokens: Tokens, index: int, judged: dict[int, int]) -> Change | None:
    """The change that mends what begins at ``index``. ``judged``: see ``_repeat``."""
    start = _behind_stubs(tokens, index)
    length, end = _repeat(tokens, start, judged)
    if end > start + length and start == index:
        return removal(tokens, start + length, end)
    if end > start + length:
        first, *others = tokens[start : start + length]
        return Change(index, end, (first.with_gap(tokens[index].gap), *others))
    if start > index:
        return removal(tokens, index, start)
    whole = _unglued(tokens, index)
    return None if whole is None else Change(index, index + 1, (whole,))


def _behind_stubs(tokens: Tokens, index: int) -> int:
    """The index of the word that the stubs from ``index`` on began; ``index`` where there are none.

    A stub begins the next word, or the one after a word of grammar ("the f- the first").
    """
    start, letters = index, ""
    while start < min(index + _MOST_STUBS, len(tokens)) and _is_stub(tokens[start]):
        letters = tokens[start].key[:-1]
        start += 1
        while key_at(tokens, start) in PAUSES:
            start += 1
    target = key_at(tokens, start)
    if not letters or target in ("and", "or", "to") or _crosses_a_line(tokens, index, start + 1):
        return index  # "pre- and post-war"
    if target in FUNCTION_WORDS and not target.startswith(letters):
        target = key_at(tokens, start + 1)
    return start if target.startswith(letters) else index


def _is_stub(token: Token) -> bool:
    return token.is_word and _STUB.fullmatch(token.text) is not None


def _unglued(tokens: Tokens, index: int) -> Token | None:
    """The word that a recogniser joined to its own stub (m-missing) or copy (I-I), if it did."""
    token = tokens[index]
    copies = _GLUED_WORDS.fullmatch(token.text)
    if copies is not None:
        return token.with_text(copies[1])
    match = _GLUED_STUBS.fullmatch(token.text)
    if match is None:
        return None
    stubs, word = match[1], match[3]
    small = word.islower() and (stubs.islower() or starts_sentence(tokens, index))
    if not small or word in _COMPOUND_HEADS or stubs[0] in "eE":  # e-exam
        return None
    return token.with_text(stubs[0] + word[1:])


def _repeat(tokens: Tokens, index: int, judged: dict[int, int]) -> tuple[int, int]:
    """How many words from ``index`` on were repeated by accident, and where the last copy ends.

    ``judged`` holds, by length, where the last chain of copies ended that were meant. Inside it the same words
    come round in another order ("thank you thank you thank you"), so it is not looked at again.
    """
    for length in _LENGTHS:
        phrase = tokens[index : index + length]
        if index < judged[length] or len(phrase) < length or not all(token.is_word for token in phrase):
            continue
        end, paused = _behind_copies(tokens, index, length)
        if end == index + length:
            continue
        if _is_accident(tokens, index, length, end, paused):
            return length, end
        judged[length] = end - length
    return 1, index + 1


def _is_accident(tokens: Tokens, index: int, length: int, end: int, paused: bool) -> bool:
    goes_on = end < len(tokens) and tokens[end].is_word  # what is said twice on purpose mostly ends its clause
    if not goes_on or _crosses_a_line(tokens, index, end) or _is_name(tokens, index + length, end):
        return False
    return _stutters(tokens, index, end, paused) if length == 1 else _restarts(tokens, index, length, end)


def _behind_copies(tokens: Tokens, index: int, length: int) -> tuple[int, bool]:
    """Where the last copy of the phrase ends, and whether a pause parts any two of them."""
    keys = [token.key for token in tokens[index : index + length]]
    end, paused = index + length, False
    while True:
        start = end
        while start < min(end + _MOST_PAUSES, len(tokens)) and (
            key_at(tokens, start) in PAUSES or _is_stub(tokens[start])
        ):
            start += 1
        if [token.key for token in tokens[start : start + length]] != keys:
            return end, paused
        paused = paused or start > end
        end = start + length


def _crosses_a_line(tokens: Tokens, first: int, last: int) -> bool:
    return any("\n" in token.gap for token in tokens[first + 1 : last])


def _is_name(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a later copy has a capital of its own: The The."""
    return any(
        token.is_capitalised and token.key not in CONTRACTED_SUBJECTS and token.key != "i"
        for token in tokens[first:last]
        if token.is_word
    )


def _stutters(tokens: Tokens, index: int, end: int, paused: bool) -> bool:
    """Whether the word at ``index``, said again until ``end``, was said again by accident."""
    key, before, after = tokens[index].key, key_at(tokens, index - 1), tokens[end].key
    if len(key) == 1 and (before in _LABELLED or _is_letter(before) or _is_letter(after)):
        return False
    if key in _ALWAYS:
        return True
    if key in _UNLESS_STRANDED:
        if key == "to":
            return before not in _STRANDING_TO or (before in _ADDRESSED and after in DETERMINERS - {"that", "this"})
        return before not in _STRANDING and not before.endswith(("ing", "ed"))
    if key in _UNLESS_INVERTED:
        if key == "he" and end > index + 2:
            return False  # laughter
        return before not in AUXILIARIES and before not in ("than", "as")
    at_the_start = starts_sentence(tokens, index)
    if key in _IN_A_NEW_CLAUSE:
        return not paused and (at_the_start or before in COORDINATORS or before in SUBORDINATORS - {"than", "as"})
    if key in _AT_THE_START:
        return at_the_start and after not in ("is", "was")
    return at_the_start and key in AUXILIARIES and after in SUBJECTS


def _is_letter(key: str) -> bool:
    return len(key) == 1 and key.isalpha() and key not in ("a", "i")


def _restarts(tokens: Tokens, index: int, length: int, end: int) -> bool:
    """Whether the phrase at ``index``, said again until ``end``, was begun anew and not meant twice."""
    phrase = tuple(token.key for token in tokens[index : index + length])
    before, after = key_at(tokens, index - 1), tokens[end].key
    if phrase in _EMPHATIC or len(set(phrase)) == 1 or any(_is_said_digit_by_digit(key) for key in phrase):
        return False
    if phrase[-1] not in FUNCTION_WORDS and phrase[0] not in SUBJECTS | CONTRACTED_SUBJECTS:
        return False  # "before you read the report the report may change"
    if after == phrase[0] and (not _LINKS.isdisjoint(phrase) or phrase[0] in ARTICLES):
        return False  # "the more the more the merrier"
    if length == 2 and phrase[1] in _LINKS and phrase[0] not in SUBJECTS | CONTRACTED_SUBJECTS | DETERMINERS | _ALWAYS:
        return False  # "years and years and nobody", "on and on and we"
    if phrase[0] in AUXILIARIES and after == "not":
        return False  # "is it, is it not"
    return not (before in _CLAUSE_OPENERS and (phrase[0] in SUBJECTS or phrase[0] in AUXILIARIES))


def _is_said_digit_by_digit(key: str) -> bool:
    return key in NUMBERS or key in ORDINALS or key[:1].isdigit() or _is_letter(key)
