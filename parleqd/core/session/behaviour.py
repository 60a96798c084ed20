"""What is done with a text because of where it goes: what the cleanup leaves out, and how the text is laid out."""

from __future__ import annotations

import re

import msgspec

from parleqd.core.session.outcome import Cleaned
from parleqd.core.settings.sections import Newlines
from parleqd.core.text.edits import Edit, replay
from parleqd.core.text.instant import Profile

STAGE = "newlines"
_BLANK = re.compile(r"\s+")
_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")


class Behaviour(msgspec.Struct, frozen=True):
    """It holds nothing of the place itself, and may be kept where that may not.

    ``trailing_space`` is for texts that are inserted. ``vocabulary``: terms to be expected. ``preset``: the name of
    an instruction.
    """

    spoken_punctuation: bool = True
    capitals: bool = True
    final_mark: bool = True
    trailing_space: bool = False
    newlines: Newlines = Newlines.KEEP
    vocabulary: tuple[str, ...] = ()
    preset: str = ""

    @property
    def profile(self) -> Profile:
        """What the Instant engine is asked for."""
        return Profile(spoken_punctuation=self.spoken_punctuation, capitals=self.capitals, final_mark=self.final_mark)

    def laid_out(self, cleaned: Cleaned) -> Cleaned:
        """The text as it may stand there; what that changed is the last step of its edits."""
        text = cleaned.text
        if self.newlines is Newlines.KEEP or _BREAKS.isdisjoint(text):
            return cleaned
        step = 1 + max((edit.step for edit in cleaned.edits), default=-1)
        edits = [
            Edit(STAGE, found[0], " " if found.start() and found.end() < len(text) else "", found.start(), step)
            for found in _BLANK.finditer(text)
            if not _BREAKS.isdisjoint(found[0])
        ]
        return msgspec.structs.replace(cleaned, text=replay(text, edits), edits=(*cleaned.edits, *edits))

    def inserted(self, text: str) -> str:
        """The text as an inserting client gets it."""
        return f"{text} " if self.trailing_space and text and not text[-1].isspace() else text
