"""`python -m parleqd` is `parleqd`."""

from __future__ import annotations

from parleqd.app.main import program

program()
