"""Segments decoded by a speech server on this machine: OpenAI's API, ``POST /v1/audio/transcriptions``."""

from __future__ import annotations
