"""What a language is to cleanup: its closed classes of words, as far as the stages of this package ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from parleqd.core.text.numbers.stage import Grammar
from parleqd.core.text.spoken_marks import Role

Form = tuple[tuple[str, ...], str, Role]
"""The words of a spoken mark, what they are written as, and where that stands."""


class Marks(msgspec.Struct, frozen=True):
    """Spoken marks, and the company in which their words are no command but say something.

    ``noun_follows``: words before which make a noun of any mark ("ein Komma"). ``adjectives``: patterns by symbol
    for what stands between an article and the mark. ``before`` and ``behind``: more words by symbol.
    """

    forms: Mapping[str, tuple[Form, ...]]
    noun_follows: frozenset[str]
    before: Mapping[str, frozenset[str]] = {}
    behind: Mapping[str, frozenset[str]] = {}
    adjectives: Mapping[str, re.Pattern[str]] = {}
    ambiguous: frozenset[str] = frozenset()
    """Symbols whose words are common nouns or verbs: in punctuated text they are marks only where a sentence breaks."""
    verbs: frozenset[str] = frozenset()
    """Words of the table that are verbs too: behind a subordinator only a clear new clause makes them a mark."""
    subordinators: frozenset[str] = frozenset()


class Language(msgspec.Struct, frozen=True):
    """A language. All words are in lower case."""

    tag: str
    hesitations: frozenset[str]
    """Sounds that are no words."""
    doubtful: frozenset[str]
    """Sounds that may say something: they go only where the sentence runs on around them."""
    attached: frozenset[str]
    """Words that fill a pause only beside a hesitation."""
    mentions: frozenset[str]
    """Behind one of these a sound is spoken about: the word "um"."""
    function_words: frozenset[str]
    incomplete: frozenset[str]
    """Words after which no comma stands."""
    comma_before: frozenset[str]
    """Words before which a comma stands."""
    repeats: frozenset[str]
    """What is said twice by accident alone."""
    equations: frozenset[str]
    """Verbs behind which a pronoun may stand twice: am I I."""
    marks: Marks
    finite: frozenset[str]
    """Words that show a line to be a sentence."""
    unfinished: frozenset[str]
    """Words no sentence ends in."""
    asks: re.Pattern[str]
    """How a question surely begins, in the words of the sentence with blanks between them."""
    may_ask: re.Pattern[str]
    """What a question may have anywhere: a sentence with it gets no mark."""
    abbreviations: frozenset[str]
    """Words whose full stop ends no sentence."""
    grammar: Grammar
    mark_gap: str = ""
    """What stands before a question mark."""
    questions: re.Pattern[str] | None = None
    """What a question with an opening mark begins with; None: the language has no such mark."""


def forms(
    spoken: Mapping[str, tuple[str, ...]],
    breaks: Mapping[str, tuple[str, ...]],
    pairs: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    *,
    apart: str = "",
    prefixes: Mapping[str, tuple[str, ...]] = {},
) -> dict[str, tuple[Form, ...]]:
    """Spoken marks by their first word, longest first. ``apart``: the symbols that a blank stands before."""
    found: list[tuple[str, str, Role]] = []
    for symbol, names in spoken.items():
        role = Role.DASH if symbol in apart or symbol == "–" else Role.MARK
        found += [(name, symbol, role) for name in names]
    # A break may be said together with the mark before it: ".\n" is "point à la ligne".
    found += [(name, symbol, Role.LAYOUT) for symbol, names in breaks.items() for name in names]
    found += [(name, symbol, Role.PREFIX) for symbol, names in prefixes.items() for name in names]
    for pair, (openers, closers) in pairs.items():
        found += [(name, pair[0], Role.OPENER) for name in openers]
        found += [(name, pair[1], Role.CLOSER) for name in closers]
    return _by_first_word((tuple(name.split()), symbol, role) for name, symbol, role in found)


def _by_first_word(found: Iterable[Form]) -> dict[str, tuple[Form, ...]]:
    table: dict[str, tuple[Form, ...]] = {}
    for form in sorted(found, key=lambda form: -len(form[0])):
        table[form[0][0]] = (*table.get(form[0][0], ()), form)
    return table
