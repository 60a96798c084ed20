"""The child processes of the daemon: the recogniser, the audio decoder and the model download."""

from __future__ import annotations
