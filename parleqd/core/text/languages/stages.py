"""The stages of each language beside English, in the order in which they run."""

from __future__ import annotations

from functools import partial

from parleqd.core.text import punctuation, spacing
from parleqd.core.text.languages import capitals as capitals_stage
from parleqd.core.text.languages import fillers, opening_marks, repeats
from parleqd.core.text.languages import final_mark as final_mark_stage
from parleqd.core.text.languages import marks as spoken_marks
from parleqd.core.text.languages.french import FRENCH
from parleqd.core.text.languages.german import GERMAN
from parleqd.core.text.languages.spanish import SPANISH
from parleqd.core.text.languages.tables import Language
from parleqd.core.text.numbers import stage as numbers
from parleqd.core.text.pipeline import Stage

LANGUAGES = {language.tag: language for language in (GERMAN, FRENCH, SPANISH)}


def pipeline(
    language: Language, *, marks: bool = True, capitals: bool = True, final_mark: bool = True
) -> tuple[list[Stage], list[Stage]]:
    """The stages that find what the speaker meant, and those that then write it properly; numbers are the first of
    these. ``marks``, ``capitals``, ``final_mark``: whether spoken marks are written, and capitals and a last mark put.
    """
    only = frozenset((language.tag,))
    meaning = [
        Stage("fillers", partial(fillers.find, language=language), only),
        Stage("stutters", partial(repeats.find, language=language), only),
    ]
    if marks:
        find = partial(
            punctuation.find,
            capitals=capitals,
            spoken=partial(spoken_marks.commands, language=language),
            grammar=language.function_words,
        )
        meaning.append(Stage("punctuation", find, only))
    writing = [Stage("numbers", partial(numbers.find, grammar=language.grammar), only)]
    if final_mark:
        writing.append(Stage("final_mark", partial(final_mark_stage.find, language=language), only))
        if language.questions is not None:
            writing.append(Stage("opening_marks", partial(opening_marks.find, language=language), only))
    if capitals:
        writing.append(Stage("capitals", partial(capitals_stage.find, language=language), only))
    writing.append(Stage("spacing", spacing.find))
    return meaning, writing
