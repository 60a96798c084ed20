"""The short-lived child that decodes one audio file: a hostile file can end it, and nothing else."""

from __future__ import annotations
