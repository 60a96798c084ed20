"""What goes wrong with an utterance in a way that people can be told of."""

from __future__ import annotations


class NotDecodedError(Exception):
    """The audio could not be decoded; the message says why, for people, and never what was said."""
