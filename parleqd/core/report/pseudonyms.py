"""Numbers in place of names, the same for the same name throughout one report."""

from __future__ import annotations

import re

_PUBLISHED = re.compile(r"(distil-)?(tiny|base|small|medium|large(-v[123])?)(-turbo)?(\.en)?")
"""The names under which Whisper models are published: they tell nothing of who uses them."""


class Pseudonyms:
    """Counts names as they come. A hash would not do: people's names and hosts can be found by trying."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, name: str) -> str:
        """Such as "name-3"; nothing stays nothing, and a published speech model what it is."""
        if not name or _PUBLISHED.fullmatch(name):
            return name
        return f"name-{self._numbers.setdefault(name, len(self._numbers) + 1)}"
