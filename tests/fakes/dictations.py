"""Values of a dictation, with every field that a test does not care about filled in."""

from __future__ import annotations

import msgspec

from parleqd.core.session.outcome import Cleaned, Heard, HeardSegment, Outcome, Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.protocol.names import Deliver, Mode, Reason, Source, Verdict

BROKEN = Problem(Reason.WORKER_FAILED, "it broke", "mend it")

_SPEC = SessionSpec(
    id="s1",
    number=1,
    owner="alice",
    source=Source.FILE,
    deliver=Deliver.RETURN,
    mode=Mode.INSTANT,
    started=1_700_000_000.0,
    path="/speech.flac",
)


def spec(**fields: object) -> SessionSpec:
    """A file session of alice's, but for ``fields``."""
    return msgspec.structs.replace(_SPEC, **fields)


def heard(raw: str = "um hello", seconds: float = 2.0, *warnings: Problem) -> Heard:
    """A transcript of one segment; of silence when ``raw`` is empty."""
    return Heard(
        verdict=Verdict.SPEECH if raw else Verdict.SILENCE,
        raw=raw,
        segments=(HeardSegment(0.0, seconds, raw),) if raw else (),
        audio_seconds=seconds,
        decode_ms=10.0,
        model="tiny.en",
        compute_type="int8",
        warnings=warnings,
    )


def outcome(text: str = "Hello.", raw: str | None = None) -> Outcome:
    """The result of a dictation that came to ``text``."""
    return Outcome(
        heard=heard(text if raw is None else raw),
        cleaned=Cleaned(text, Mode.INSTANT),
        asked=Mode.INSTANT,
        release_to_raw_ms=20.0,
        cleanup_ms=1.0,
        release_to_text_ms=21.0,
    )
