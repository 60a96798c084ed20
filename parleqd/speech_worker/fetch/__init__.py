"""The child that fetches a model: the only place that knows huggingface_hub."""

from __future__ import annotations
