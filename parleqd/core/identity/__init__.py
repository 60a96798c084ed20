"""Access tokens: when one is fresh, due or dead, and what the tools that mint them say."""

from __future__ import annotations
