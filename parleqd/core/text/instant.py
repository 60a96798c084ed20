"""The Instant engine: what people would have typed, from what the recogniser wrote, by rules alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from parleqd.core.text import (
    articles,
    capitals,
    fillers,
    final_mark,
    lists,
    punctuation,
    run_together,
    spacing,
    stutters,
)
from parleqd.core.text.addresses import stage as addresses
from parleqd.core.text.confidence import Span, with_confidence
from parleqd.core.text.language import language_of, reads_as_another
from parleqd.core.text.numbers import english_grammar
from parleqd.core.text.numbers import stage as numbers
from parleqd.core.text.pipeline import Cleaned, Stage, run
from parleqd.core.text.repairs import scratch
from parleqd.core.text.repairs import stage as repairs
from parleqd.core.text.terms import stage as terms
from parleqd.core.text.terms.index import Index, compiled
from parleqd.core.text.tokens import tokenise

__all__ = ["DEFAULT", "Cleaned", "Profile", "clean", "pipeline"]

_ENGLISH = frozenset(("en",))
OTHERS = frozenset(("de", "fr", "es"))
"""Languages with stages of their own: `languages.stages.LANGUAGES`."""


class Profile(msgspec.Struct, frozen=True):
    """What the place where the text goes wants done: a terminal or an editor wants less than a letter."""

    spoken_punctuation: bool = True
    capitals: bool = True
    final_mark: bool = True


DEFAULT = Profile()
NO_TERMS = compiled(())


def clean(
    raw: str,
    *,
    language: str = "en",
    profile: Profile = DEFAULT,
    vocabulary: Index = NO_TERMS,
    confidence: Sequence[Span] = (),
) -> Cleaned:
    """Clean ``raw``. Never raises; takes time in proportion to the length of the text.

    ``language`` is the recogniser's tag ("en", "en-GB", "de", "auto"). A stage that goes by the words of a
    language runs for that language only: English, German, French or Spanish. None does where the text reads as
    another language than the tag says, and without a tag only where the language shows. ``vocabulary``: the
    user's terms; ``confidence``: how sure the recogniser was of which characters of ``raw``, as far as it said.
    """
    tokens = with_confidence(tokenise(raw), confidence)
    spoken = language.lower().replace("_", "-").partition("-")[0]
    if spoken in ("auto", ""):
        spoken = language_of(tokens)
    elif spoken in OTHERS:
        spoken = spoken if language_of(tokens) in (spoken, "") else ""
    elif spoken == "en" and reads_as_another(tokens):
        spoken = ""
    groups = [
        [stage for stage in group if stage.languages is None or spoken in stage.languages]
        for group in pipeline(profile, vocabulary, spoken)
    ]
    return run(raw, tokens, groups)


def pipeline(
    profile: Profile = DEFAULT, vocabulary: Index = NO_TERMS, language: str = "en"
) -> tuple[list[Stage], list[Stage]]:
    """The stages that find what the speaker meant, and those that then write it properly; in order."""
    # Before any stage that might take a term's words for its own, and again behind those that write numbers.
    vocabulary_stage = Stage("vocabulary", partial(terms.find, index=vocabulary, casing=profile.capitals))
    known = [vocabulary_stage] if vocabulary.forms else []
    if language in OTHERS:
        from parleqd.core.text.languages import stages  # whoever speaks English only need not hold their tables

        meaning, writing = stages.pipeline(
            stages.LANGUAGES[language],
            marks=profile.spoken_punctuation,
            capitals=profile.capitals,
            final_mark=profile.final_mark,
        )
        return [*known, *meaning], [*writing[:1], *known, *writing[1:]]
    meaning = [*known, Stage("scratch_that", scratch.find, _ENGLISH)]
    meaning.append(Stage("repairs", repairs.find, _ENGLISH))  # before fillers: where one stood, something may be mended
    meaning += [Stage("fillers", fillers.find, _ENGLISH), Stage("stutters", stutters.find, _ENGLISH)]
    meaning.append(Stage("addresses", addresses.find, _ENGLISH))
    meaning.append(Stage("run_together", run_together.find, _ENGLISH))
    if profile.spoken_punctuation:
        find = partial(punctuation.find, capitals=profile.capitals)
        meaning.append(Stage("lists", partial(lists.find, capitals=profile.capitals), _ENGLISH))
        meaning.append(Stage("punctuation", find, _ENGLISH))
    numbers_stage = Stage("numbers", partial(numbers.find, grammar=english_grammar.GRAMMAR), _ENGLISH)
    writing = [numbers_stage, *known]
    writing.append(Stage("articles", articles.find, _ENGLISH))
    if profile.capitals:
        writing.append(Stage("capitals", capitals.find, _ENGLISH))
    if profile.final_mark:
        writing.append(Stage("final_mark", final_mark.find, _ENGLISH))
    writing.append(Stage("spacing", spacing.find))
    return meaning, writing
