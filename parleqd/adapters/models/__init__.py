"""Speech models: the embedded one, installed ones, and those that can be fetched."""

from __future__ import annotations
