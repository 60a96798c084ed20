"""Which words of a text a cleanup took as withdrawn: halves of repairs, broken starts, words said twice.

It may withdraw what stands before a cue, never what comes after it; and what is begun again right behind.
"""

from __future__ import annotations

from parleqd.core.polish.alignment import Gap, gaps, shared
from parleqd.core.polish.reading import CALENDAR, DROPPABLE, FREE, Cue, Reading, Word, is_content, is_name, is_numeral
from parleqd.core.text import lexicon

_REACH, _FAR_REACH = 14, 60
"""Words before a cue, and before "scratch that", that may go."""
_WEAK_REACH = 5
"""Before a word that is seldom a cue."""
_WEAK = frozenset(("no", "actually", "wait", "oops", "rather", "sorry", "make it", "excuse me", "hold on"))
_WEIGHED = 6
"""With more cues than that, only the likeliest reading of each is tried."""
_LONGEST_START, _LONGEST_REPEAT = 8, 8
"""Words of a start that was broken off, and of a phrase said twice."""
_CLAUSE_STARTS = (
    lexicon.SUBJECTS
    | lexicon.QUESTION_WORDS
    | lexicon.QUESTION_CONTRACTIONS
    | lexicon.AUXILIARIES
    | lexicon.SUBORDINATORS
)
_UNFINISHED = lexicon.INCOMPLETE | DROPPABLE


def withdrawn(said: Reading, given: Reading) -> frozenset[int]:
    """The words of ``said`` that ``given`` took as withdrawn with good reason, by a cue, and the cue."""
    if not said.cues:
        return frozenset()
    found = frozenset[int]()
    lost = set(range(len(said.keys))) - {i for i, _ in shared(said.keys, given.keys)}
    for cue in said.cues:
        if lost.issuperset(range(cue.begin, cue.after)):
            begins = [begin for begin in _begins(said, cue, lost) if begin < cue.begin]
            spans = [found.union(range(begin, cue.after)) for begin in begins]
            if len(spans) > 1 and len(said.cues) <= _WEIGHED:
                spans.sort(key=lambda span: _unlike(said.without(span), given))
            found = spans[0] if spans else found
    return found


def _begins(said: Reading, cue: Cue, lost: set[int]) -> list[int]:
    """Where what the cue withdraws may begin, the likeliest first: what the answer lacks, a sentence, a phrase begun
    with the word that comes after the cue."""
    weak = " ".join(said.keys[cue.begin : cue.after]) in _WEAK
    reach = max(0, cue.begin - (_FAR_REACH if cue.far else _WEAK_REACH if weak else _REACH))
    begin = cue.begin
    while begin > reach and begin - 1 in lost:
        begin -= 1
    begins = [begin] if not weak or (begin < cue.begin and _has_handle(said, begin, cue)) else []
    if cue.far and cue.begin:
        sentence = said.words[cue.begin - 1].sentence
        begins.append(next(i for i in range(reach, cue.begin) if said.words[i].sentence == sentence))
    again = said.keys[cue.after] if cue.after < len(said.keys) else ""
    begins += [i for i in range(cue.begin - 1, reach - 1, -1) if said.keys[i] == again][:2]
    return begins


def _unlike(said: Reading, given: Reading) -> int:
    """How many words of content the two do not share."""
    pairs = shared(said.keys, given.keys)
    content = sum(is_content(key) or is_numeral(key) for text in (said, given) for key in text.keys)
    return content - 2 * sum(is_content(said.keys[i]) or is_numeral(said.keys[i]) for i, _ in pairs)


def _has_handle(said: Reading, begin: int, cue: Cue) -> bool:
    """Whether what stands before the cue and what comes after it are of one kind, or set off by marks on both sides."""
    if cue.after >= len(said.words):
        return False
    before, after = range(begin, cue.begin), range(cue.after, min(cue.after + 3, len(said.words)))
    if all(said.between(left, left + 1).strip() for left in (cue.begin - 1, cue.after - 1)):
        return True
    if any(said.keys[index] == said.keys[cue.after] for index in before):
        return True
    if len(before) <= 2 and is_content(said.keys[before[-1]]) and is_content(said.keys[cue.after]):
        return True
    return any(
        any(test(said.words[index]) for index in before) and any(test(said.words[index]) for index in after)
        for test in (_is_number, _is_day, is_name)
    )


def _is_number(word: Word) -> bool:
    return is_numeral(word.key)


def _is_day(word: Word) -> bool:
    return word.key in CALENDAR


def repeated(said: Reading, given: Reading) -> frozenset[int]:
    """The words of ``said`` that ``given`` left out because they are begun again, or said again, right behind."""
    pairs = shared(said.keys, given.keys)
    found = set[int]()
    for gap in gaps(pairs, len(said.keys), len(given.keys)):
        if gap.lost and gap.lost.stop < len(said.keys):
            found |= _broken_start(said, gap) or _said_again(said, gap)
    return frozenset(found)


def _broken_start(said: Reading, gap: Gap) -> set[int]:
    """ "what i wanted what i meant": the words from the one that is said once more."""
    again = said.keys[gap.lost.stop]
    if again not in _CLAUSE_STARTS:
        return set()
    for begin in gap.lost[-_LONGEST_START:]:
        run = range(begin, gap.lost.stop)
        if said.keys[begin] != again or said.words[begin].sentence != said.words[gap.lost.stop].sentence:
            continue
        content = sum(
            said.carries(index) or (is_content(said.keys[index]) and said.keys[index] not in DROPPABLE) for index in run
        )
        whole = again in lexicon.SUBJECTS and is_content(said.keys[run[-1]])  # "he said he was ill"
        if (content <= 1 and not whole) or (content <= 3 and said.keys[run[-1]] in _UNFINISHED):
            return set(run)
    return set()


def _said_again(said: Reading, gap: Gap) -> set[int]:
    """ "the the", "can you can you", "m- missing": the longest end of the gap that is said once more behind it."""
    for begin in gap.lost[-_LONGEST_REPEAT:]:
        run = range(begin, gap.lost.stop)
        keys = [said.keys[index] for index in run if said.keys[index] not in DROPPABLE]
        if not keys or any(is_numeral(key) for key in keys):
            continue  # one digit after the other is a longer number
        reach = run.stop + len(run) + (2 if any(is_content(key) for key in keys) else 0)  # "have to go to" is no slip
        behind = iter(range(run.stop, min(reach, len(said.keys))))
        sentence = said.words[begin].sentence
        if all(any(_repeats(said, key, other, sentence) for other in behind) for key in keys):
            return set(run)
    whole = [said.keys[index] for index in gap.lost if said.keys[index] not in DROPPABLE]
    before = [said.keys[index] for index in range(max(0, gap.lost.start - len(whole) - 2), gap.lost.start)]
    if len(whole) > 1 and whole == [key for key in before if key not in DROPPABLE][-len(whole) :]:
        return set(gap.lost)
    return set()


def _repeats(said: Reading, key: str, other: int, sentence: int) -> bool:
    """Whether the word there is the same, or begins with what was broken off, in the same sentence."""
    again = said.keys[other]
    stub = len(key) <= 3 and key not in FREE and again.startswith(key)
    return said.words[other].sentence == sentence and (again == key or stub)
