"""The outside world: one folder a port, each the only user of its library. Adapters know nothing of one another."""

from __future__ import annotations
