"""The user's vocabulary: terms that dictations hold and dictionaries do not, and how each is written and said."""

from __future__ import annotations
