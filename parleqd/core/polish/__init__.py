"""Polished cleanup by a model in the cloud: what is asked of whom, and what an answer, or a failure, means."""

from __future__ import annotations
