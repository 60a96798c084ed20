"""Whether an answer speaks of another time than the text, or turns who does what: the verbs of the gaps, compared.

Forms after Quirk, Greenbaum, Leech and Svartvik, *A Comprehensive Grammar of the English Language* (1985), chapters 3
and 4. A mend of grammar stays allowed: "he don't", "I seen", "have went", "he call me yesterday".
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from parleqd.core.polish.differences import Difference
from parleqd.core.polish.forms import PASTS, akin
from parleqd.core.polish.reading import CALENDAR, Reading
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

_BE = words("be am is are was were been being")
_PRESENT_BE = words("am is are")
_HAVE = words("have has had having")
_PERFECT_OR_PASSIVE = _BE | _HAVE | words("get gets got getting gotten")
_BEFORE_BASE = words("do does did to will would can could may might must should shall let make us")
"""Behind these a verb stands in its base form, whatever its time."""
_OBLIGED = _HAVE | words("got must need needs needed")
_PAST_CUES = words("yesterday ago last earlier")
_FUTURE_CUES = (CALENDAR - {"yesterday"}) | words("later soon next then")
_NOT_FINITE_AFTER = lexicon.ARTICLES | lexicon.POSSESSIVES | lexicon.PREPOSITIONS
"""A form in "ed" behind these is no verb of its own: "a used car"."""
_EED = words("agreed disagreed freed guaranteed decreed refereed")
_THIRD = words("he she it this nobody everybody somebody anybody everyone someone anyone")
_INVARIABLE = words("hit cut put set hurt let shut beat read cast shed spread split bet")
"""Verbs whose participle is their base form."""
_OFFERED = words("want all need")
"""Behind "you" they make a question of what sounds like a statement: "you want some tea"."""
_HELPERS_REACH = 3
"""Words between a verb and its helper, and one more: "did you all go"."""

TIME = "the answer speaks of another time"
DOER = "the answer turns who does what"
ASKED = "the answer asks what was said"


def changed(said: Reading, given: Reading, differences: Sequence[Difference], heard: Set[int]) -> str | None:
    """Why the verbs of the answer do not mean what was said, or ``None``. ``heard``: words of it that were heard."""
    for difference in differences:
        if heard.isdisjoint(difference.gap.new):
            verbs = _Verbs(said, given, difference)
            reason = verbs.time() or verbs.voice() or verbs.asks()
            if reason:
                return reason
    return None


class _Verbs:
    """The verbs of one gap."""

    def __init__(self, said: Reading, given: Reading, difference: Difference) -> None:
        self.said = said
        self.given = given
        self.difference = difference
        self.lost = [said.keys[i] for i in difference.gap.lost]
        self.new = [given.keys[j] for j in difference.gap.new]

    def time(self) -> str | None:
        """Present, past and future stay what they were, and so does what has to be."""
        if self._turned() or self._contracted():
            return TIME
        before, after = _future(self.said, self.difference.gap.lost), _future(self.given, self.difference.gap.new)
        if before and not after:
            return TIME
        if after and not before and (_AUXILIARY & set(self.lost) or not _FUTURE_CUES & self.said.counts.keys()):
            return None if self._is_to_be() else TIME
        obliged = _obliged(self.said, self.difference.gap.lost), _obliged(self.given, self.difference.gap.new)
        if obliged[0] != obliged[1] and not _OBLIGED & set(self.new if obliged[0] else self.lost):
            return TIME
        return None

    def _turned(self) -> bool:
        """Whether a verb came in another time."""
        for j in self.difference.gap.new:
            new = self.given.keys[j]
            for i in self.difference.gap.lost:
                old = self.said.keys[i]
                if new != old and is_past(new) != is_past(old) and akin(new, old) and not self._may_turn(i, j):
                    return True
        return False

    def _may_turn(self, i: int, j: int) -> bool:
        """Whether another form of the verb is a mend: what stands before it asks for that form."""
        said, given = self.said, self.given
        new, old = given.keys[j], said.keys[i]
        helpers = _before(given, j)
        if new not in _AUXILIARY and given.keys[j - 1 : j] and given.keys[j - 1] in _NOT_FINITE_AFTER:
            return True
        if is_past(new) and said.keys[max(0, i - 1) : i] == ["to"] and i - 1 in self.difference.gap.lost:
            return False  # "has to dry", "has dried"
        if is_past(new):
            agrees = old in _AUXILIARY or old.endswith("s") or not _THIRD & set(said.keys[max(0, i - 1) : i])
            supposed = old in ("suppose", "use") and given.keys[j + 1 : j + 2] == ["to"]
            past = bool(_PAST_CUES & said.counts.keys())
            was = old.endswith("ing") and not _PRESENT_BE & set(self.lost)
            return bool(helpers & _PERFECT_OR_PASSIVE) or not agrees or supposed or past or was
        if new.endswith("ing"):
            return not helpers & _PRESENT_BE
        return bool(helpers & _before(said, i) & (_BEFORE_BASE | _PERFECT_OR_PASSIVE))

    def _contracted(self) -> bool:
        """ "it's" for "it was", either way."""
        gap = self.difference.gap
        left = gap.lost.start - 1, gap.new.start - 1
        if min(left) < 0:
            return False
        is_now = [text.words[at].text.casefold().endswith("'s") for text, at in zip(
            (self.said, self.given), left, strict=True)]  # fmt: skip
        was = words("was were")
        return (is_now[0] and bool(was & set(self.new))) or (is_now[1] and bool(was & set(self.lost)))

    def _is_to_be(self) -> bool:
        """ "I be there" for "I'll be there"."""
        at = next((j for j in self.difference.gap.new if self.given.keys[j] == "will"), -1)
        return at >= 0 and self.given.keys[at + 1 : at + 2] == ["be"] and not _AUXILIARY - {"be"} & set(self.lost)

    def voice(self) -> str | None:
        """Who was told is not who told."""
        if _BE & set(self.new) or (_HAVE | words("get got")) & set(self.new):
            return None
        for i in self.difference.lost:
            follows = self.said.keys[i + 1] if i + 1 < len(self.said.keys) else ""
            if (
                self.said.keys[i] in _BE
                and (follows in _INVARIABLE or (is_past(follows) and follows not in _BE))
                and not self._contracts(i)
            ):
                return DOER
        return None

    def _contracts(self, i: int) -> bool:
        """Whether the answer has it as "'s" at the word before."""
        left = self.difference.gap.new.start - 1
        return left >= 0 and self.given.words[left].text.casefold().endswith("'s") and self.said.keys[i] == "is"

    def asks(self) -> str | None:
        """A statement that begins with who does it is no question because a verb was put before."""
        if "?" in self.said.text or "?" not in self.given.text:
            return None
        for j in self.difference.new:
            subject = j + 1
            begins = j == 0 or self.given.words[j - 1].sentence != self.given.words[j].sentence
            put_before = begins and self.given.keys[j] in _AUXILIARY and subject == self.difference.gap.new.stop
            asked, *behind = self.given.keys[subject : subject + 2] or [""]
            if put_before and asked in lexicon.SUBJECTS and not (asked == "you" and _OFFERED & {*behind}):
                return ASKED
        return None


_AUXILIARY = _BE | _HAVE | words("do does did can could will would shall should may might must")


def is_past(key: str) -> bool:
    """Whether the word may be the past of a verb, or its participle."""
    if key in PASTS:
        return True
    if key.endswith("eed"):
        return key in _EED
    return key.endswith("ed") and len(key) > 3


def _before(text: Reading, at: int) -> set[str]:
    """The words that may help the verb there; "'s" counts as "is" and "has"."""
    near = range(max(0, at - _HELPERS_REACH), at)
    helpers = {text.keys[index] for index in near}
    if any(text.words[index].text.casefold().endswith("'s") for index in near):
        helpers |= {"is", "has"}
    return helpers


def _future(text: Reading, gap: range) -> bool:
    """ "will", "going to"."""
    return any(
        text.keys[at] == "will" or (text.keys[at] == "going" and text.keys[at + 1 : at + 2] == ["to"]) for at in gap
    )


def _obliged(text: Reading, gap: range) -> bool:
    """ "have to"."""
    return any(text.keys[at] in _HAVE and text.keys[at + 1 : at + 2] == ["to"] for at in gap)
