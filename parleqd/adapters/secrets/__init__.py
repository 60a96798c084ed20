"""Secrets: keys that the system keeps for this user."""

from __future__ import annotations
