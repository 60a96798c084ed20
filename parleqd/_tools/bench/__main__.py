"""`python -m parleqd._tools.bench` is `make bench`."""

from __future__ import annotations

import sys

from parleqd._tools.bench.program import main

sys.exit(main())
