"""``make bench-speech``, ``parleqctl bench``: from release to the raw text, beside whole-clip faster-whisper.

Clips of 3 to 120 s go through a real daemon at the pace of speech, and whole through faster-whisper with the same
model, clip by clip in turn, never at the same moment. It needs the product's own libraries alone, and is part of it.
"""
