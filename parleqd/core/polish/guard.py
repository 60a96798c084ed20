"""May a model's answer replace the text it was given? Says why not.

Purely lexical: the answer is laid beside the text, word by word, and whatever differs must be one of the mends that a
cleanup may make. Every number, name, negation, unit and word of content is accounted for where it stands; words may go
where they only gain time, where a repair withdrew them, or where they are said again; and none may come that is not
another form of a word that went. When in doubt it refuses: the Instant text is always there.

Thresholds and error rates: docs/guard.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from parleqd.core.polish import openings, repairs
from parleqd.core.polish.comparison import Comparison
from parleqd.core.polish.numerals import Numerals
from parleqd.core.polish.reading import HESITATIONS, Reading, is_content
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

LONGEST = 1.15
"""Times the words of the text, and three more."""
_UNFINISHED = (
    lexicon.ARTICLES | lexicon.POSSESSIVES - words("his her") | lexicon.COORDINATORS | words("from with of because")
)


def judge(raw: str, answer: str, vocabulary: Sequence[str] = (), *, sent: str | None = None) -> str | None:
    """Why ``answer`` must not replace ``sent``, or ``None`` when it may. The reason holds no word of either.

    ``raw`` is what was heard; ``sent`` what the model was given, the Instant text of ``raw`` (``None``: ``raw``
    itself); ``vocabulary`` the terms it was told of.
    """
    heard = Reading(raw)
    said = heard if sent is None or sent == raw else Reading(sent)
    given = Reading(answer)
    if not given.words:
        return "the answer is empty" if any(key not in HESITATIONS for key in said.keys) else None
    reason = openings.form(said, given, " ".join(vocabulary)) or openings.repetition(said, given)
    if reason is None and len(given.words) > LONGEST * max(len(said.words), len(heard.words)) + 3:
        reason = "the answer is longer than what was said"
    if reason is not None:
        return reason
    settled = said.without(repairs.withdrawn(said, given))
    settled = settled.without(repairs.repeated(settled, given))
    comparison = Comparison(settled, given, settled if heard is said else _meant(heard, said, given), vocabulary)
    return (
        openings.question(settled, given)
        or _numbers(comparison)
        or comparison.names()
        or comparison.negations()
        or comparison.units()
        or comparison.additions()
        or comparison.senses()
        or comparison.verbs()
        or comparison.losses()
        or _end(comparison)
    )


def _meant(heard: Reading, said: Reading, given: Reading) -> Reading:
    """What was heard, less what Instant or the answer took as withdrawn: that must not come back."""
    meant = heard.without(repairs.withdrawn(heard, said))
    return meant.without(repairs.withdrawn(meant, given))


def _numbers(compared: Comparison) -> str | None:
    given = compared.given.numerals
    said = [Numerals(compared.said.text, joined=joined) for joined in (True, False)]
    heard = said if compared.heard is compared.said else [*said, compared.heard.numerals]
    supporting = [numbers for numbers in heard if given.supported_by(numbers)]
    if not supporting:
        return "the answer has a number that was not said"
    listed = Numerals(compared.given.text, listed=True)
    if not any(numbers.kept_by(written) for numbers in said for written in (given, listed)):
        return "a number is missing"
    if not any(given.follows(numbers) for numbers in supporting):
        return "the numbers are in another order"
    return None


def _end(compared: Comparison) -> str | None:
    """A text cut short ends with a word that wants another behind it, as what was said does not."""
    said, given = compared.said.keys, compared.given.keys
    if given[-1] in _UNFINISHED and given[-1] not in said[-3:]:
        return "the end of what was said is missing"
    kept = any(is_content(key) for key in said) and not any(key in given for key in said)
    return "too much of what was said is missing" if kept and len(said) > 3 else None
