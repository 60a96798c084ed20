"""``python -m parleqd.speech_worker --fd N``: the speech worker."""

from __future__ import annotations

import sys

from parleqd.speech_worker.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
