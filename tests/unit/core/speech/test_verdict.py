"""Only what is surely no speech goes undecoded."""

from __future__ import annotations

import pytest

from parleqd.core.speech.verdict import VOICED_UNKNOWN, capture_verdict
from parleqd.protocol.names import Verdict


@pytest.mark.parametrize(
    ("seconds", "voiced", "peak", "live", "verdict"),
    [
        (0.0, 0.0, 0, False, Verdict.TOO_SHORT),
        (0.19, 0.19, 9000, True, Verdict.TOO_SHORT),
        (0.19, VOICED_UNKNOWN, 9000, False, Verdict.TOO_SHORT),
        (0.20, 0.10, 9000, False, Verdict.SPEECH),
        (5.0, 0.09, 9000, False, Verdict.SILENCE),
        (5.0, 0.0, 0, False, Verdict.SILENCE),
        (5.0, 0.0, 0, True, Verdict.DEAD_INPUT),
        (5.0, 0.0, 1, True, Verdict.SILENCE),
        (5.0, VOICED_UNKNOWN, 0, True, Verdict.SPEECH),
        (5.0, 0.26, 3, True, Verdict.SPEECH),
    ],
)
def test_verdicts(seconds: float, voiced: float, peak: int, live: bool, verdict: Verdict) -> None:
    assert capture_verdict(seconds, voiced, peak, live=live) is verdict
