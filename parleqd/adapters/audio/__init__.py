"""Audio sources: files, and a scripted one."""

from __future__ import annotations
