"""The Instant engine: what people would have typed, from what the recogniser wrote, by rules alone."""

from __future__ import annotations

from functools import partial

import msgspec

from parleqd.core.text import capitals, fillers, final_mark, punctuation, spacing, stutters
from parleqd.core.text.language import reads_as_another, reads_as_english
from parleqd.core.text.pipeline import Cleaned, Stage, run
from parleqd.core.text.tokens import tokenise

__all__ = ["DEFAULT", "Cleaned", "Profile", "clean", "pipeline"]

_ENGLISH = frozenset(("en",))


class Profile(msgspec.Struct, frozen=True):
    """What the place where the text goes wants done: a terminal or an editor wants less than a letter."""

    spoken_punctuation: bool = True
    capitals: bool = True
    final_mark: bool = True


DEFAULT = Profile()


def clean(raw: str, *, language: str = "en", profile: Profile = DEFAULT) -> Cleaned:
    """Clean ``raw``. Never raises; takes time in proportion to the length of the text.

    ``language`` is the recogniser's tag ("en", "en-GB", "de", "auto"). A stage that goes by the words of a
    language runs for that language only. English ones do not where the text reads as another language, and
    without a tag only where it shows English.
    """
    tokens = tokenise(raw)
    spoken = language.lower().replace("_", "-").partition("-")[0]
    if spoken == "en" and reads_as_another(tokens):
        spoken = ""
    elif spoken in ("auto", ""):
        spoken = "en" if reads_as_english(tokens) else ""
    groups = [
        [stage for stage in group if stage.languages is None or spoken in stage.languages]
        for group in pipeline(profile)
    ]
    return run(raw, tokens, groups)


def pipeline(profile: Profile = DEFAULT) -> tuple[list[Stage], list[Stage]]:
    """The stages that find what the speaker meant, and those that then write it properly; in order."""
    meaning = [Stage("fillers", fillers.find, _ENGLISH), Stage("stutters", stutters.find, _ENGLISH)]
    if profile.spoken_punctuation:
        find = partial(punctuation.find, capitals=profile.capitals)
        meaning.append(Stage("punctuation", find, _ENGLISH))
    writing = []
    if profile.capitals:
        writing.append(Stage("capitals", capitals.find, _ENGLISH))
    if profile.final_mark:
        writing.append(Stage("final_mark", final_mark.find, _ENGLISH))
    writing.append(Stage("spacing", spacing.find))
    return meaning, writing
