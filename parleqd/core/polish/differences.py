"""What went and what came between a text and the answer to it, less what are two forms of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from parleqd.core.polish.alignment import Gap, gaps, shared
from parleqd.core.polish.forms import abbreviated, any_akin, compares, likeness, sounds_like
from parleqd.core.polish.reading import CALENDAR, FREE, HESITATIONS, UNITS, Reading, is_content, is_name, is_numeral
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

_WIDEST = 40
"""Words that may have been put in place of as many others, in one gap."""
_SURELY = 0.7
"""So alike, what was heard is the term."""
_MOST_HEARD = 12
"""Words that terms can take the place of at once."""
_NEAR = 4
"""Words from its old place where a day or a unit may come back: "the fifth of May", "May 5"."""


_MEASURES = words("late early long wide tall high deep thick old young away apart")
"""What a number measures, before or behind it: "late twenty minutes", "20 minutes late"."""
_ADVERBS = words("already also maybe perhaps usually sometimes currently finally")
"""Adverbs of the whole sentence, before or behind its subject."""


_REASON_REACH = 12
"""Words between "the reason" and its "because"."""


class Difference(msgspec.Struct):
    """One gap: the words that went and came in it, as indices, less those that account for each other."""

    gap: Gap
    lost: list[int]
    new: list[int]
    respelled: int = 0


def differences(said: Reading, given: Reading, vocabulary: Sequence[str]) -> list[Difference]:
    """The gaps between the words that both texts share. ``vocabulary``: terms that may take the place of others."""
    pairs = shared(said.keys, given.keys)
    found = [Difference(gap, list(gap.lost), list(gap.new)) for gap in gaps(pairs, len(said.keys), len(given.keys))]
    matcher = _Matcher(said, given, vocabulary)
    for difference in found:
        if min(len(difference.lost), len(difference.new)) <= _WIDEST:  # else it is no mend, and would take long
            matcher.match_joined(difference)
            matcher.match_terms(difference)
            matcher.match_forms(difference)
    matcher.match_moved(found)
    return found


class _Matcher:
    """Strikes out of a gap what accounts for each other."""

    def __init__(self, said: Reading, given: Reading, vocabulary: Sequence[str]) -> None:
        self.said = said
        self.given = given
        self._term_words = {key for term in vocabulary for key in Reading(term).keys}

    def match_joined(self, difference: Difference) -> None:
        """ "work tree" and "worktree", "h t t p s" and "HTTPS", either way."""
        said = _Run(self.said, difference.gap.lost)
        given = _Run(self.given, difference.gap.new)
        for j in list(difference.new):
            span = said.spelling(self.given.keys[j])
            if span:
                difference.new.remove(j)
                difference.lost = [i for i in difference.lost if i not in span]
        for i in list(difference.lost):
            span = given.spelling(self.said.keys[i])
            if span:
                difference.lost.remove(i)
                difference.new = [j for j in difference.new if j not in span]

    def match_terms(self, difference: Difference) -> None:
        """A term of the vocabulary takes the place of what sounds like it."""
        new = [j for j in difference.new if self.given.keys[j] in self._term_words]
        lost = [i for i in difference.lost if self.said.keys[i] not in HESITATIONS]
        if not new or not lost or len(lost) > _MOST_HEARD:
            return
        heard = "".join(self.said.words[i].text.casefold() for i in lost)
        each = [self.said.words[i].text.casefold() for i in lost]
        term = "".join(self.given.keys[j] for j in new)
        if sounds_like(term, heard) or any(sounds_like(self.given.keys[j], one) for j in new for one in each):
            difference.new = [j for j in difference.new if j not in new]
            difference.lost = [i for i in difference.lost if i not in self._heard_as(term, lost)]

    def _heard_as(self, term: str, lost: Sequence[int]) -> Sequence[int]:
        """The neighbouring words that sound like the term: the most that surely do, else the likeliest."""
        spans = [lost[begin:end] for end in range(len(lost), 0, -1) for begin in range(end)]
        alike = [likeness(term, "".join(self.said.words[i].text.casefold() for i in span)) for span in spans]
        sure = [span for span, share in zip(spans, alike, strict=True) if share >= _SURELY]
        return max(sure, key=len) if sure else spans[alike.index(max(alike))]

    def match_forms(self, difference: Difference) -> None:
        """Other forms of the same word, and abbreviations."""
        for j in list(difference.new):
            key = self.given.keys[j]
            if is_numeral(key) or key in CALENDAR:
                continue
            lost = {self.said.keys[i]: i for i in reversed(difference.lost) if self.said.keys[i] not in CALENDAR}
            if any(compares(key, old) for old in lost) and lost.keys() & {"more", "most"}:
                difference.new.remove(j)
                difference.lost = [
                    i for old, i in lost.items() if old not in ("more", "most") and not compares(key, old)
                ]
                continue
            if (
                key == "that"
                and "because" in lost
                and "reason" in self.said.keys[max(0, lost["because"] - _REASON_REACH) : lost["because"]]
            ):
                difference.new.remove(j)
                difference.lost.remove(lost["because"])
                continue
            old = any_akin(key, lost)
            if old is not None and not is_name(self.given.words[j]):
                difference.respelled += is_content(key)
                difference.lost.remove(lost[old])
                difference.new.remove(j)
                continue
            full = range(0) if key in FREE else abbreviated(key, self._keys(difference.lost))
            if full:
                difference.new.remove(j)
                difference.lost = [*difference.lost[: full.start], *difference.lost[full.stop :]]

    def match_moved(self, differences: Sequence[Difference]) -> None:
        """A day, a month, a unit or a measure on the other side of its number, an adverb of its subject."""
        places = {
            (difference.gap.new.start + offset): (difference, i)
            for difference in differences
            for offset, i in enumerate(difference.lost)
        }
        for difference in differences:
            for j in list(difference.new):
                key = self.given.keys[j]
                if key not in CALENDAR | UNITS | _MEASURES | _ADVERBS:
                    continue
                for place in range(j - _NEAR, j + _NEAR + 1):
                    source, i = places.get(place, (difference, -1))
                    free = key in _ADVERBS or self._is_by_number(i)
                    if i in source.lost and self.said.keys[i] == key and free:
                        source.lost.remove(i)
                        difference.new.remove(j)
                        break

    def _is_by_number(self, index: int) -> bool:
        return any(is_numeral(key) or key in lexicon.ORDINALS for key in self.said.keys[max(0, index - 4) : index + 4])

    def _keys(self, indices: Iterable[int]) -> list[str]:
        return [self.said.keys[i] for i in indices]


class _Run:
    """The words around a gap, run together."""

    def __init__(self, text: Reading, gap: range) -> None:
        self._text = text
        self._indices = range(max(0, gap.start - 3), min(len(text.keys), gap.stop + 3))

    def spelling(self, word: str) -> range | None:
        """The neighbouring words that make up ``word`` when they are run together."""
        if len(word) < 2:
            return None
        for begin in self._indices:
            letters = figures = ""
            for end in range(begin, min(begin + 12, self._indices.stop)):
                letters += self._text.words[end].text.casefold().replace("'", "")
                figures += self._text.keys[end]
                if word in (letters, figures) and end > begin:
                    return range(begin, end + 1)
                if len(letters) >= len(word) and len(figures) >= len(word):
                    break
        return None
