"""``python -m parleq_hotkey``."""

from __future__ import annotations

from parleq_hotkey.main import main

main()
