"""`python -m parleqd._tools.bench.speech` is `make bench-speech`, and what `parleqctl bench` runs."""

from __future__ import annotations

import sys

from parleqd._tools.bench.speech.program import main

sys.exit(main())
