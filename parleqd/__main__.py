"""`python -m parleqd` is `parleqd`."""

from __future__ import annotations

import sys

from parleqd.app.main import main

sys.exit(main())
