"""The child processes of the daemon: the recogniser, the audio decoder and the model download."""

from __future__ import annotations

import os

# Before these libraries are loaded, for good: since 1.29 onnxruntime sends its maker what is done with it and keeps an
# identifier of the machine on the disk (its docs/Privacy.md), and huggingface_hub says who fetches.
os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1")
