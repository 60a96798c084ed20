"""The program: settings file, logging, wiring, lifecycle."""

from __future__ import annotations
