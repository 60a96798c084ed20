"""What the daemon and a recogniser say to each other: frames in, events out.

This is the whole speech port. It is not shaped like any one engine: a recogniser is given utterances as audio
frames and answers with events. Times are seconds of audio from the utterance's first sample, whatever its rate; PCM
is mono signed 16-bit little-endian. Over a pipe these structs travel as length-prefixed msgpack (``core.speech.wire``).
"""

from __future__ import annotations

import msgspec

from parleqd.protocol.names import SAMPLE_RATE


class _Message(msgspec.Struct, frozen=True, tag_field="is", tag=str.lower):
    """A message; its type travels in the field ``is``."""


# daemon → recogniser


class Load(_Message, frozen=True):
    """Load a model: the first message to a recogniser, exactly once.

    ``path`` is a folder that faster-whisper opens; ``name`` is only shown. With a ``server`` (a URL on this machine),
    segments are decoded there, by the model that it calls ``server_model``; the model of the folder helps out while it
    does not answer, and ``path`` may be "": then nothing does. The rest is `core.speech.devices.Computing`.
    """

    name: str
    path: str
    server: str = ""
    server_model: str = ""
    device: str = "auto"
    compute_type: str = ""
    threads: int = 0


class Open(_Message, frozen=True):
    """A new utterance. ``urgent`` ones (somebody is speaking) go before all others.

    ``start`` is where the replayed audio begins when earlier segments are already committed; every time that comes
    back counts from the utterance's own beginning, ``start`` included. ``partials`` says that somebody reads them; a
    recogniser may leave them out where nobody is speaking. ``hotwords`` are terms to expect, spelled as wanted, the
    most relevant first; a recogniser uses as many of them as help it, or none. ``languages`` are those that "auto" may
    find, all when empty; ``translate`` asks for the text in English, of a recogniser that can.
    """

    utterance: str
    language: str = "en"
    urgent: bool = False
    partials: bool = False
    start: float = 0.0
    hotwords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    translate: bool = False


class Audio(_Message, frozen=True):
    """The next frames of an utterance, at ``rate`` samples a second: the same for all its frames."""

    utterance: str
    pcm: bytes
    rate: int = SAMPLE_RATE


class Finish(_Message, frozen=True):
    """No more frames will come: answer with ``Final``."""

    utterance: str


class Discard(_Message, frozen=True):
    """Forget the utterance: nothing more is answered for it (an event already on its way may still arrive)."""

    utterance: str


class Ping(_Message, frozen=True):
    """Are you alive? Answered at once, in mid-decode too."""

    number: int


Command = Load | Open | Audio | Finish | Discard | Ping


# recogniser → daemon


class Loaded(_Message, frozen=True):
    """The model ``name`` is ready. Said again when another decodes from now on.

    ``problem``: why it is not the one that was asked for, or does not do what it should.
    ``device``: what it computes on.
    """

    name: str
    compute_type: str
    load_ms: float
    problem: str = ""
    device: str = "cpu"


class LoadFailed(_Message, frozen=True):
    """The model cannot be used; the recogniser ends after this. ``missing``: there is no such folder or file."""

    missing: bool
    message: str


class Pong(_Message, frozen=True):
    """Alive. ``step_seconds``: for how long the current piece of work has been going on (0 = idle)."""

    number: int
    step_seconds: float


class Working(_Message, frozen=True):
    """Work on an utterance begins (``None``: the recogniser is idle). Whoever is named when it dies is to blame."""

    utterance: str | None


class SpeechStarted(_Message, frozen=True):
    """The first voice of the utterance, at ``at`` seconds."""

    utterance: str
    at: float


class Partial(_Message, frozen=True):
    """A hypothesis of the text behind the last committed segment: ``stable`` is only ever extended until that is
    committed too; ``provisional`` may change."""

    utterance: str
    stable: str
    provisional: str


class Segment(_Message, frozen=True):
    """A committed piece of the text: it never changes, and its audio need not be replayed.

    ``language``: the code of what is spoken, "" where the recogniser does not know.
    """

    utterance: str
    start: float
    end: float
    text: str
    language: str = ""


class Final(_Message, frozen=True):
    """The utterance is done: every segment has been sent; what the capture held, for the verdict.

    ``decode_ms`` is the time spent decoding after ``Finish`` arrived, 0 when nothing was left to do.
    ``peak`` is the largest absolute sample, 0..32767. ``voiced_seconds`` is -1 when the voice detector failed.
    """

    utterance: str
    audio_seconds: float
    voiced_seconds: float
    peak: int
    decode_ms: float


class Failed(_Message, frozen=True):
    """The recogniser could not decode this utterance, though it lives on.

    ``spent``: what it lacks (memory, most of all), a fresh one may have.
    """

    utterance: str
    message: str
    spent: bool = False


class Level(_Message, frozen=True):
    """The loudness of the latest audio, in dBFS (-90 … 0), and for how long no voice has been heard.

    ``silent_seconds`` counts from the last voice, or from the beginning; -1 when the voice detector failed.
    """

    utterance: str
    dbfs: float
    silent_seconds: float = -1.0


Event = Loaded | LoadFailed | Pong | Working | SpeechStarted | Partial | Segment | Final | Failed | Level
