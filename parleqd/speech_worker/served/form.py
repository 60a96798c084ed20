"""What is sent to a speech server, and what its answer says: a form with a WAV file in it, and JSON.

The fields are those of OpenAI's API reference, "Create transcription". ``json`` is the one form of an answer that
every server has, so it says no times.
"""

from __future__ import annotations

import io
import re
import secrets
import wave
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.languages import Spoken
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE

PROMPT_CHARACTERS = 600
"""Whisper reads 224 tokens of a prompt at most, and of a longer one the end: the most relevant terms would be lost."""
_CHARACTERS_A_SECOND = 50
_CHARACTERS_LEAST = 200
"""Twice what the fastest speakers say: what is longer is no transcript."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Form(NamedTuple):
    """A request: the body, the header ``Content-Type`` that tells how to read it, and what is wanted of the audio."""

    body: bytes
    content_type: str
    translate: bool = False


class _Answer(msgspec.Struct):
    text: str


def form(samples: NDArray[np.int16], model: str, spoken: Spoken, hotwords: Sequence[str] = ()) -> Form:
    """Ask for the text of 16 kHz samples. ``model``: the server's name for it. ``hotwords``: the best first."""
    fields = {"model": model, "response_format": "json", "temperature": "0"}
    if spoken.language and not spoken.translate:
        fields["language"] = spoken.language
    if prompt := _prompt(hotwords):
        fields["prompt"] = prompt
    return Form(*_multipart(fields, wav(samples)), spoken.translate)


def wav(samples: NDArray[np.int16]) -> bytes:
    """A WAV file of 16 kHz samples, one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(SAMPLE_BYTES)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def text_of(answer: bytes, seconds: float) -> str:
    """The text that a server heard in so many seconds, on one line. Raises ``ValueError`` for what is no answer.

    The message never quotes the answer: it may hold what was said.
    """
    try:
        text = msgspec.json.decode(answer, type=_Answer).text
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError("answered with something that is no transcript") from None
    text = " ".join(_CONTROLS.sub(" ", text).split())
    if len(text) > _CHARACTERS_LEAST + _CHARACTERS_A_SECOND * seconds:
        raise ValueError("answered with more text than anybody can say in that time")
    return text


def _prompt(hotwords: Sequence[str]) -> str:
    prompt = ""
    for word in hotwords:
        longer = f"{prompt}, {word}" if prompt else word
        if len(longer) > PROMPT_CHARACTERS:
            break
        prompt = longer
    return prompt


def _multipart(fields: Mapping[str, str], file: bytes) -> tuple[bytes, str]:
    """``multipart/form-data`` as RFC 7578 has it. The boundary is random: no sound and no term can hold it."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="audio.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    body = b"".join([*parts, f"--{boundary}\r\n{head}".encode(), file, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"
