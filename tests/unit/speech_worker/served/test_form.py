"""The form that carries a segment, and the answer's text."""

from __future__ import annotations

import io
import wave
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

import numpy as np
import pytest

from parleqd.core.speech.languages import Spoken
from parleqd.speech_worker.served.form import PROMPT_CHARACTERS, Form, form, text_of, wav

SAMPLES = np.arange(-800, 800, dtype=np.int16)


def fields(sent: Form) -> dict[str, Message]:
    """The parts of a form by name, as the standard library's reader of MIME sees them."""
    head = f"Content-Type: {sent.content_type}\r\n\r\n".encode()
    parsed = BytesParser(policy=HTTP).parsebytes(head + sent.body)
    return {str(part.get_param("name", header="content-disposition")): part for part in parsed.iter_parts()}


def text(part: Message) -> str:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def test_the_fields_and_the_file() -> None:
    parts = fields(form(SAMPLES, "whisper-1", Spoken("en-GB"), ["Noirtier", "Gutenberg"]))
    file = parts.pop("file")
    assert {name: text(part) for name, part in parts.items()} == {
        "model": "whisper-1",
        "response_format": "json",
        "temperature": "0",
        "language": "en",
        "prompt": "Noirtier, Gutenberg",
    }
    assert (file.get_filename(), file.get_content_type()) == ("audio.wav", "audio/wav")


def test_the_sound_is_a_wav_file_of_16_khz() -> None:
    with wave.open(io.BytesIO(wav(SAMPLES))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.readframes(9999) == SAMPLES.tobytes()


def test_an_unknown_language_is_left_to_the_server() -> None:
    assert "language" not in fields(form(SAMPLES, "m", Spoken("auto")))


def test_a_translation_goes_elsewhere_and_names_no_language() -> None:
    sent = form(SAMPLES, "m", Spoken("de", translate=True))
    assert sent.translate
    assert "language" not in fields(sent)


def test_the_best_terms_are_those_that_fit() -> None:
    prompt = text(fields(form(SAMPLES, "m", Spoken(), [f"term{number}" for number in range(999)]))["prompt"])
    assert prompt.startswith("term0, term1, ")
    assert PROMPT_CHARACTERS - 10 < len(prompt) <= PROMPT_CHARACTERS
    assert prompt.split(", ")[-1].startswith("term")


def test_no_value_ends_its_part() -> None:
    nasty = '\r\n--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
    parts = fields(form(SAMPLES, nasty, Spoken()))
    assert set(parts) == {"model", "response_format", "temperature", "language", "file"}
    assert form(SAMPLES, "m", Spoken()).content_type != form(SAMPLES, "m", Spoken()).content_type


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b'{"text": " Hello there. "}', "Hello there."),
        (b'{"text": "", "usage": {"seconds": 3}}', ""),
        (b'{"text": "one\\n two\\u001b[31m\\u0000three\\u0085"}', "one two [31m three"),
        ('{"text": "grün – 你好"}'.encode(), "grün – 你好"),
    ],
)
def test_the_text_of_an_answer(answer: bytes, expected: str) -> None:
    assert text_of(answer, 3.0) == expected


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"Hello",
        b"null",
        b"[]",
        b"{}",
        b'{"text": null}',
        b'{"text": 7}',
        b'{"text": "cut',
        b'{"text": "\xff\xfe"}',
        b'{"text": "\\ud800"}',
        b'{"error": {"message": "dictated words"}}',
        b"<html>dictated words</html>",
        b'{"text": "' + b"dictated words " * 100 + b'"}',
    ],
)
def test_what_is_no_answer_is_said_and_not_repeated(answer: bytes) -> None:
    with pytest.raises(ValueError, match="answered with") as raised:
        text_of(answer, 3.0)
    assert "dictated" not in str(raised.value)
