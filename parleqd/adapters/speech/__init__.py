"""Recognisers: the speech worker in its child process, and a scripted one."""

from __future__ import annotations
