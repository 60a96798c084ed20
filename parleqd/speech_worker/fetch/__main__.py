"""``python -m parleqd.speech_worker.fetch REPOSITORY REVISION SHA256 FOLDER``."""

from __future__ import annotations

import sys

from parleqd.speech_worker.fetch.program import main

sys.exit(main(sys.argv[1:], sys.stdout.buffer))
