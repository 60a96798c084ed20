"""HTTP to cleanup models: the sole user of httpx. Text leaves this machine here and nowhere else."""

from __future__ import annotations
