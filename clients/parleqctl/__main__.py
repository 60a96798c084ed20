"""``python -m parleqctl``."""

from __future__ import annotations

import sys

from parleqctl.main import main

sys.exit(main())
