"""faster-whisper, imported without PyAV: 17 MB of FFmpeg, used only to read files, which this process never does."""

from __future__ import annotations

import sys
from types import ModuleType

_NO_AV = ModuleType("av")

sys.modules.setdefault("av", _NO_AV)
try:
    from ctranslate2 import StorageView
    from faster_whisper import WhisperModel
    from faster_whisper.feature_extractor import FeatureExtractor
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import get_suppressed_tokens
    from faster_whisper.vad import get_vad_model
finally:
    if sys.modules["av"] is _NO_AV:
        del sys.modules["av"]

__all__ = ["FeatureExtractor", "StorageView", "Tokenizer", "WhisperModel", "get_suppressed_tokens", "get_vad_model"]
