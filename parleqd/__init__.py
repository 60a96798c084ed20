"""parleqd: a local dictation daemon. This module holds the version and must stay free of imports."""

from __future__ import annotations

__version__ = "0.1.0"
