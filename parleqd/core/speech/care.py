"""How much is done for the text of a stretch of speech."""

from __future__ import annotations

from enum import IntEnum


class Care(IntEnum):
    """``BRIEF``: one try, and no text where that is doubtful: for what may be decoded again. ``USUAL``: until there is
    no doubt. ``GREAT``: and several hypotheses are weighed, for which there must be time."""

    BRIEF = 0
    USUAL = 1
    GREAT = 2
