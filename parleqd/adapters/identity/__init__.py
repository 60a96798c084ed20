"""The ways of signing in that mint access tokens."""

from __future__ import annotations
