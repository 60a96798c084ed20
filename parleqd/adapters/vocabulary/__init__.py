"""The vocabulary: a text that the user owns."""

from __future__ import annotations
