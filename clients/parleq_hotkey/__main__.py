"""``python -m parleq_hotkey``."""

from __future__ import annotations

import sys

from parleq_hotkey.main import main

sys.exit(main())
