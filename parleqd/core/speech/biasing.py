"""What a decoder is told to expect: as many whole terms as fit, the most relevant first, twice where there is room.

Measured with tiny.en through the daemon, twelve terms, 31 places that plain decoding gets wrong: 20 are right where the
terms stand twice, 14 where they stand once. Where the second row is in reverse, real speech now and then comes out as
the list. Lists of twelve to a hundred terms cost at most a tenth more processor time than none, and plain speech is
decoded as well as without; five hypotheses (`speech_worker.model`) cost half as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

SEPARATOR = ", "
MOST_HOTWORDS = 50
"""About as many as the prompt of a Whisper model holds."""


def prompt_of(terms: Sequence[str], most_tokens: int, tokens_in: Callable[[str], int]) -> str:
    """The text that goes before a decode; "" where there is nothing to expect. ``tokens_in`` counts those of a text."""
    chosen = fitting(terms, most_tokens, tokens_in)
    row = SEPARATOR.join(chosen)
    both = SEPARATOR.join([*chosen, *chosen])
    return both if tokens_in(SEPARATOR + both) <= most_tokens else row


def fitting(terms: Sequence[str], most_tokens: int, tokens_in: Callable[[str], int]) -> tuple[str, ...]:
    """The first of ``terms`` that together make at most ``most_tokens`` tokens, and at most `MOST_HOTWORDS` of them.

    A term that is too long by itself is passed over; behind the first that no longer fits none is taken, since a less
    relevant one would take its place.
    """
    chosen: list[str] = []
    left = most_tokens
    for term in terms:
        needed = tokens_in(SEPARATOR + term)
        if needed > most_tokens:
            continue
        if needed > left or len(chosen) == MOST_HOTWORDS:
            break
        chosen.append(term)
        left -= needed
    return tuple(chosen)
