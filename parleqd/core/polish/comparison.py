"""What differs between a text and the answer to it, gap by gap between the words they share, and whether it may."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from parleqd.core.polish import verbs
from parleqd.core.polish.alignment import Gap, shared
from parleqd.core.polish.differences import Difference, differences
from parleqd.core.polish.reading import (
    CALENDAR,
    DROPPABLE,
    FREE,
    HEDGES,
    LIGHT,
    NEGATIONS,
    UNITS,
    Reading,
    is_content,
    is_fraction,
    is_name,
    is_numeral,
)
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

HEDGES_AT_LEAST, HEDGES_SHARE = 2, 0.1
"""So many words like "probably" may go, or such a share of all words."""
LIGHT_AT_LEAST, LIGHT_SHARE = 4, 0.2
"""So many words like "the" may come, or such a share of all words."""
GRAMMAR_AT_MOST = 1
"""So many other words of grammar may come, and so many go: "my brother he went", "wait tuesday"."""
RESPELLED_AT_LEAST, RESPELLED_SHARE = 3, 0.1
"""So many words may come in another form."""

_FRAMES = re.compile(
    r"\b(?:what i (?:really |just )?(?:wanted|want|meant|mean|was going|was trying|am trying) (?:to )?"
    r"(?:say|ask|tell you)? ?(?:is|was)\b(?: that)?|i (?:just )?(?:wanted|want) to say(?: that)?"
    r"|i was (?:just )?(?:going to|gonna) say"
    r"|the thing is(?: that)?|let me (?:think|see)|how (?:do|should) i (?:say|put) (?:this|it)|what's the word"
    r"|what(?:'s| is) (?:it|he|she) called"
    r"|you know(?: what i mean)?|i mean|i guess|kind of|sort of|kinda|sorta"
    r"|what (?:i|we|you|he|she|they) (?:did|do|does|found|noticed) (?:is|was)\b(?: that)?"
    r"|what (?:happens|happened) (?:is|was) that|(?<=reason )why|(?<=then )after that"
    r"|as i said|or something(?: like that)?|or whatever|if you will|you see)\b"
)
"""Phrases that only gain time."""
_FRAME_REACH = 4
"""Words between a word of such a phrase and the same word behind it, and one more."""
_PERSONS = {
    word: person
    for person, forms in enumerate(
        ("i me my mine myself", "we us our ours ourselves", "you your yours yourself yourselves", "he him his himself",
         "she her hers herself", "they them their theirs themselves")
    )
    for word in forms.split()
}  # fmt: skip
_OPPOSITES = {
    word: group
    for group, forms in enumerate(
        ("before after until since during", "over under above below", "up down", "on off", "in out", "to from",
         "with without", "more less most least", "all some none few most both", "and or", "inside outside",
         "can could will would shall should may might must", "if unless because although", "here there",
         "always never sometimes", "first last", "am pm", "between beyond", "into onto")
    )
    for word in forms.split()
}  # fmt: skip
"""Groups of small words of which none may stand for another. A word is in the last group that names it."""
_WEIGHTY = words(
    "if unless until except only almost should must might may could all every both none more less most least before "
    "after without never always or by"
)
"""Words of grammar that nobody may add or leave out."""
_COMPARED = words(
    "better worse bigger smaller larger greater faster slower easier harder cheaper darker brighter lighter heavier "
    "longer shorter higher lower older younger stronger weaker cleaner louder quieter later earlier sooner nicer "
    "simpler safer closer warmer colder hotter cooler wider narrower deeper richer poorer happier busier thicker "
    "thinner softer best worst biggest smallest largest fastest easiest hardest cheapest longest shortest highest "
    "lowest oldest youngest"
)
"""They need no "more" before them."""
_GOES_ON = words("and then but or")
_ANY = {"no": "any", "none": "any", "nothing": "anything", "nobody": "anybody", "nowhere": "anywhere", "never": "ever",
        "neither": "either"}  # fmt: skip


class Comparison:
    """``said`` beside ``given``. ``heard``: what was heard and is still meant; ``vocabulary``: terms that may come."""

    def __init__(self, said: Reading, given: Reading, heard: Reading, vocabulary: Sequence[str]) -> None:
        self.said = said
        self.given = given
        self.heard = heard
        self.differences = differences(said, given, vocabulary)
        self._heard = frozenset[int]() if heard is said else frozenset(j for _, j in shared(heard.keys, given.keys))
        places = [word.at for word in said.words]
        self._framed = frozenset(
            index
            for frame in _FRAMES.finditer(said.text.lower())
            for index in range(bisect_left(places, frame.start()), bisect_left(places, frame.end()))
        )

    # ── What went and came ──────────────────────────────────────────────────────────────────────────────────

    def _new(self) -> Iterator[tuple[Difference, int, str]]:
        """What came and is accounted for by nothing that was said or heard."""
        for difference in self.differences:
            for j in difference.new:
                if j not in self._heard:
                    yield difference, j, self.given.keys[j]

    def _missing(self) -> Iterator[tuple[Difference, int, str]]:
        """What went without leave."""
        for difference in self.differences:
            heard = any(j in self._heard for j in difference.gap.new)
            between = self.given.between(difference.gap.new.start - 1, difference.gap.new.stop)
            as_list = "\n" in between or between[:1].isdigit()
            marked = any(not char.isalnum() and char != " " for char in between)
            marked = marked or any(len(text) > 1 and text.isupper() for text in self._next(difference.gap))
            marks = self.said.dictated_marks(difference.lost, as_list=as_list) if marked else frozenset[int]()
            digits = self._has_digits(difference.gap)
            for i in difference.lost:
                key = self.said.keys[i]
                if i in marks or self._is_framed(i) or (heard and key not in self.heard.counts):
                    continue
                if key in ("more", "most") and self.said.keys[i + 1 : i + 2] and self.said.keys[i + 1] in _COMPARED:
                    continue
                if as_list and key in lexicon.SUBJECTS | LIGHT:
                    continue
                if digits and (is_numeral(key) or is_fraction(key) or key in lexicon.ORDINALS | _AROUND_NUMBERS):
                    continue
                yield difference, i, key

    def _is_framed(self, index: int) -> bool:
        """Whether a phrase that only gains time has the word, or has it right before: "what we did is we moved"."""
        if index in self._framed:
            return True
        framed = (other for other in range(max(0, index - _FRAME_REACH), index) if other in self._framed)
        return any(self.said.keys[other] == self.said.keys[index] for other in framed)

    def _next(self, gap: Gap) -> list[str]:
        """The word of the answer in the gap, or behind it, as it is written."""
        return [word.text for word in self.given.words[gap.new.start : gap.new.start + 1]]

    def _has_digits(self, gap: Gap) -> bool:
        near = self.given.words[max(0, gap.new.start - 2) : gap.new.stop + 3]
        return any(char.isdigit() for word in near for char in word.text)

    # ── The rules ───────────────────────────────────────────────────────────────────────────────────────────

    def names(self) -> str | None:
        """Names and days are there letter by letter, and no others."""
        for _, j, key in self._new():
            if key in CALENDAR or is_name(self.given.words[j]):
                if key in self.said.counts:
                    return "the order of the words has changed"
                return "the answer has a name or day that was not said"
        for _, i, key in self._missing():
            if key in CALENDAR or is_name(self.said.words[i]):
                return "a name or day is missing"
        return None

    def negations(self) -> str | None:
        """Each negation is where it was."""
        for difference in self.differences:
            lost = sum(self._negated(self.said, i) for i in difference.lost if i not in self._framed)
            new = [j for j in difference.new if self._negated(self.given, j) and j not in self._heard]
            came = [self.given.keys[j] for j in difference.gap.new]
            lost -= sum(_ANY.get(self.said.keys[i]) in came and self._negated_twice(i) for i in difference.lost)
            if len(new) > lost:
                return "the answer has a negation that was not said"
            if lost > len(new):
                return "a negation is missing"
        return None

    def _negated_twice(self, index: int) -> bool:
        """Whether another word of the same sentence denies it too: "he don't want none"."""
        sentence = self.said.words[index].sentence
        return any(
            other != index and self.said.words[other].sentence == sentence and self._negated(self.said, other)
            for other in range(len(self.said.keys))
        )

    @staticmethod
    def _negated(text: Reading, index: int) -> bool:
        return text.keys[index] == "no" or text.keys[index] in NEGATIONS

    def units(self) -> str | None:
        """Currencies, percentages and halves of the day stay with their numbers."""
        for text, found, reason in (
            (self.given, self._new(), "the answer has a unit that was not said"),
            (self.said, self._missing(), "a unit is missing"),
        ):
            for _, index, key in found:
                behind_number = index > 0 and is_numeral(text.keys[index - 1])
                both = key in self.given.counts and self._has_unit(key)
                if key in UNITS and (behind_number or key not in FREE) and not both:
                    return reason
        return None

    def _has_unit(self, key: str) -> bool:
        """Whether it was said anywhere: "for five and six dollars", "ninety cents"."""
        return key in self.said.counts or (key in ("dollar", "euro") and bool({"cent", "cents"} & set(self.said.keys)))

    def additions(self) -> str | None:
        """No word of content comes but for one that went."""
        light = grammar = 0
        gone = {self.said.keys[i] for _, i, _ in self._missing()}
        for difference, _, key in self._new():
            if key in _ANY.values() and any(key == _ANY.get(lost) for lost in self._keys(difference.gap.lost)):
                continue
            if key in UNITS and self._has_unit(key):
                continue
            if is_content(key) or (key in _WEIGHTY and not _same_group(key, self._keys(difference.lost))):
                known = key in self.said.counts and self.given.counts[key] <= self.said.counts[key]
                return "the order of the words has changed" if known else "the answer has words that were not said"
            if (
                key in gone
                and key not in DROPPABLE | lexicon.ARTICLES
                and not (key in LIGHT and self._has_digits(difference.gap))
            ):
                return "the order of the words has changed"
            light += key in LIGHT
            grammar += key not in LIGHT and not is_numeral(key)
        respelled = sum(difference.respelled for difference in self.differences)
        if respelled > max(RESPELLED_AT_LEAST, RESPELLED_SHARE * len(self.given.keys)):
            return "the answer changes too many words"
        if light > max(LIGHT_AT_LEAST, LIGHT_SHARE * len(self.said.keys)) or grammar > GRAMMAR_AT_MOST:
            return "the answer has words that were not said"
        return None

    def senses(self) -> str | None:
        """No small word is put in place of one that says the opposite, or speaks of somebody else."""
        for difference in self.differences:
            lost = self._keys(difference.lost)
            new = [self.given.keys[j] for j in difference.new if j not in self._heard]
            before = {_PERSONS[key] for key in lost if key in _PERSONS}
            after = {_PERSONS[key] for key in new if key in _PERSONS}
            if before and after - before:
                return "the answer speaks of somebody else"
            if any(_same_group(key, lost) and key not in lost for key in new):
                return "a small word has changed the sense"
        return None

    def verbs(self) -> str | None:
        """What is said to have been done, to be done and to be going to be done, and by whom, is the same."""
        return verbs.changed(self.said, self.given, self.differences, self._heard)

    def losses(self) -> str | None:
        """No word of content goes."""
        hedges = grammar = 0
        for _, i, key in self._missing():
            if key in HEDGES:
                hedges += 1
            elif key in DROPPABLE and self.said.carries(i):
                return "something of what was said is missing"
            elif key in lexicon.SUBJECTS and self._goes_on(i):
                doer = next((other for other in reversed(self.said.keys[:i]) if other in lexicon.SUBJECTS), "")
                if key != doer:
                    return "something of what was said is missing"
            elif key in FREE - LIGHT - DROPPABLE - _WEIGHTY:
                grammar += 1
            elif key not in DROPPABLE and (is_content(key) or is_fraction(key) or key in _WEIGHTY):
                return "something of what was said is missing"
        if hedges > max(HEDGES_AT_LEAST, HEDGES_SHARE * len(self.said.keys)) or (hedges and len(self.said.keys) < 4):
            return "something of what was said is missing"
        if grammar > GRAMMAR_AT_MOST or (grammar and len(self.said.keys) < 6):
            return "something of what was said is missing"
        return self._end()

    def _goes_on(self, index: int) -> bool:
        """Whether another clause begins there; who does it may be understood: "we came and then saw"."""
        before = index - 1
        while before in self._framed:
            before -= 1
        return before >= 0 and self.said.keys[before] in _GOES_ON

    def _end(self) -> str | None:
        """The last words are those that a text cut short lacks."""
        last = len(self.said.keys) - 1
        ends = (key for _, i, key in self._missing() if i == last)
        spared = DROPPABLE | HEDGES | {key for key, other in _ANY.items() if other == self.given.keys[-1]}
        cut = any(key not in spared and not is_numeral(key) for key in ends)
        return "the end of what was said is missing" if cut else None

    def _keys(self, indices: Iterable[int]) -> list[str]:
        return [self.said.keys[i] for i in indices]


_AROUND_NUMBERS = words("and point of past to dollar cent cents o'clock oclock dot")
"""Words that a number loses when it is written in digits."""


def _same_group(key: str, others: Sequence[str]) -> bool:
    """Whether one of the others could be mistaken for its opposite."""
    group = _OPPOSITES.get(key)
    return group is not None and any(_OPPOSITES.get(other) == group for other in others)
