"""Journals: where the audio of a session is kept until its text is safe."""

from __future__ import annotations
