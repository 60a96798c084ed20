"""Programs that read whatever comes onto the clipboard: how long to let them read before a read can be a receipt.

Wayland does not tell who reads. A watcher (a clipboard history, ``wl-paste --watch``) reads at once what is new, so the
reads before our chord are theirs, and how many there were says what to wait for the next time.
"""

from __future__ import annotations

FIRST_S = 0.05
"""What a watcher that nobody knows of yet is given to show itself."""
KNOWN_S = 0.25
"""What the reads of known watchers are waited for; as a rule they are there in a few milliseconds."""


class Watchers:
    """What is known of the watchers of this desktop."""

    def __init__(self) -> None:
        self._expected: int | None = None

    @property
    def expected(self) -> int:
        """So many reads come before the chord, as far as is known."""
        return self._expected or 0

    @property
    def patience_s(self) -> float:
        """How long reads that are no receipt are waited for. None where the last time there were none."""
        if self._expected is None:
            return FIRST_S
        return KNOWN_S if self._expected else 0.0

    def enough(self, reads: int) -> bool:
        """Need no more reads be waited for?"""
        return self._expected is not None and reads >= self._expected

    def seen(self, early: int) -> None:
        """So many reads came before the chord."""
        self._expected = early

    def suspected(self) -> None:
        """There were reads that no paste of ours explains: the next time, watchers are looked for again."""
        if self._expected == 0:
            self._expected = None
