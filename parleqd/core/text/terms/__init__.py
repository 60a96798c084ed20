"""The user's vocabulary put right in the text: forms of a term, near misses of it, and the ordinary words it spares."""

from __future__ import annotations
