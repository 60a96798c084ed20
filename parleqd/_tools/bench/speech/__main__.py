"""`python -m parleqd._tools.bench.speech` is `make bench-speech`, and what `parleqctl bench` runs."""

from __future__ import annotations

import sys

try:
    # Importing numpy and the speech libraries takes seconds, in which Ctrl-C is to end it in one line too.
    from parleqd._tools.bench.speech.program import main

    sys.exit(main())
except KeyboardInterrupt:
    sys.stderr.write("bench: stopped\n")
    sys.exit(130)
