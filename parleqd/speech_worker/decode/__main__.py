"""``python -m parleqd.speech_worker.decode [--skip-samples N] PATH``: an audio file as frames on stdout."""

from __future__ import annotations

import sys

from parleqd.speech_worker.decode.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
