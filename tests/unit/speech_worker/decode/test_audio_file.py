"""Anything with sound becomes 16 kHz mono; everything else is refused with what is wrong and what would be right."""

from __future__ import annotations

import math
import os
import random
import socket
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleqd.speech_worker.decode.audio_file import AUDIO_HINT, AudioFileError, pcm, promised_bytes
from tests import clips
from tests.audio_files import encode, loudness, write_wav
from tests.parts import scale

SECONDS = 2.0
SOUND = clips.tone(SECONDS)


def heard(path: Path) -> bytes:
    return b"".join(pcm(path))


def refusal(path: Path) -> AudioFileError:
    with pytest.raises(AudioFileError) as refused:
        heard(path)
    return refused.value


def until_broken(path: Path) -> tuple[bytes, AudioFileError]:
    """What could be read of a file that breaks off, and what is said of it."""
    read: list[bytes] = []
    with pytest.raises(AudioFileError) as broken:
        read.extend(pcm(path))
    return b"".join(read), broken.value


def at_rate(rate: int, bits: int, channels: int) -> bytes:
    """A tone at another rate (each sample repeated), width and number of channels."""
    times = channels * rate // 16_000
    return b"".join(sample_of(bits, sample) * times for sample in array("h", SOUND))


def sample_of(bits: int, sample: int) -> bytes:
    """A 16-bit sample in another width; WAV's 8 bits are unsigned."""
    if bits == 8:
        return bytes([(sample >> 8) + 128])
    return (sample << (bits - 16)).to_bytes(bits // 8, "little", signed=True)


@pytest.mark.parametrize(
    ("rate", "bits", "channels"),
    [(16_000, 8, 1), (16_000, 16, 1), (16_000, 24, 1), (48_000, 16, 2), (192_000, 24, 2), (16_000, 16, 5)],
)
def test_wav_of_every_width_rate_and_number_of_channels(tmp_path: Path, rate: int, bits: int, channels: int) -> None:
    path = write_wav(tmp_path / "a.wav", at_rate(rate, bits, channels), rate=rate, channels=channels, bits=bits)
    audio = heard(path)
    assert len(audio) == pytest.approx(len(SOUND), rel=0.01)
    if channels < 5:  # surround is mixed down with weights
        assert loudness(audio) == pytest.approx(loudness(SOUND), rel=0.1)


def test_16_khz_mono_is_left_as_it_is(tmp_path: Path) -> None:
    assert heard(write_wav(tmp_path / "a.wav", SOUND)) == SOUND
    assert heard(encode(tmp_path / "a.flac", SOUND, "flac")) == SOUND


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.mp3", "libmp3lame", 44_100),
        ("a.m4a", "aac", 44_100),
        ("a.opus", "libopus", 48_000),
        ("a.webm", "libopus", 48_000),
        ("a.mkv", "flac", 44_100),
        ("a.aiff", "pcm_s16be", 44_100),
    ],
)
def test_compressed_audio_and_video_containers(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    audio = heard(encode(tmp_path / name, SOUND, codec, rate=rate, layout="stereo"))
    assert len(audio) == pytest.approx(len(SOUND), rel=0.05)
    assert loudness(audio) == pytest.approx(loudness(SOUND) / math.sqrt(2), rel=0.1)  # mono to stereo: -3 dB


def stereo(left: bytes, right: bytes) -> bytes:
    """Two channels, interleaved."""
    pairs = zip(array("h", left), array("h", right), strict=True)
    return array("h", [sample for pair in pairs for sample in pair]).tobytes()


def test_two_channels_that_cancel_each_other_are_heard_from_the_louder_one(tmp_path: Path) -> None:
    inverted = array("h", (-sample * 3 // 4 for sample in array("h", SOUND))).tobytes()
    silence = bytes(len(SOUND))
    path = write_wav(tmp_path / "a.wav", stereo(SOUND, inverted) + stereo(SOUND, SOUND), channels=2)
    assert loudness(heard(path)[: len(SOUND)]) == pytest.approx(loudness(SOUND), rel=0.05)
    assert loudness(heard(path)[len(SOUND) :]) == pytest.approx(loudness(SOUND), rel=0.05)
    path = write_wav(tmp_path / "b.wav", stereo(SOUND, silence), channels=2)
    assert loudness(heard(path)) == pytest.approx(loudness(SOUND) / 2, rel=0.05)


def test_a_very_long_one(tmp_path: Path) -> None:
    seconds = scale(test=600, prove=3600)
    path = write_wav(tmp_path / "hour.wav", b"", rate=8000, bits=8)
    with path.open("r+b") as file:
        header = bytearray(file.read())
        header[4:8] = (seconds * 8000 + 36).to_bytes(4, "little")
        header[-4:] = (seconds * 8000).to_bytes(4, "little")
        file.seek(0)
        file.write(header)
    os.truncate(path, len(header) + seconds * 8000)
    assert sum(len(piece) for piece in pcm(path)) == seconds * 32_000


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mkv", "flac")])
def test_one_that_breaks_off_is_heard_as_far_as_it_goes(tmp_path: Path, name: str, codec: str) -> None:
    sound = clips.demo()
    whole = encode(tmp_path / name, sound, codec)
    os.truncate(whole, whole.stat().st_size // 2)
    read, broken = until_broken(whole)
    assert len(sound) / 4 < len(read) < len(sound) * 3 / 4
    assert broken.what.startswith("breaks off")


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac")])
def test_one_that_lacks_only_its_last_byte_breaks_off(tmp_path: Path, name: str, codec: str) -> None:
    path = encode(tmp_path / name, clips.tone(2.25), codec)
    os.truncate(path, path.stat().st_size - 1)
    assert until_broken(path)[1].what.startswith("breaks off")


@pytest.mark.parametrize("rate", [8000, 11_025, 44_100, 48_000])
def test_a_whole_flac_of_any_rate_keeps_its_promise(tmp_path: Path, rate: int) -> None:
    assert heard(encode(tmp_path / "a.flac", clips.tone(1.2345), "flac", rate=rate))


def test_a_flac_from_a_pipe_does_not_know_its_length(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.flac", SOUND, "flac")
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0  # STREAMINFO's 36 bits of total samples (RFC 9639, section 8.2): 0 is "unknown"
    data[22:26] = bytes(4)
    path.write_bytes(data)
    assert heard(path) == SOUND


def test_one_whose_middle_is_damaged_is_heard_to_its_end(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp3", clips.tone(10.0), "libmp3lame")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 500] = random.Random(1).randbytes(500)  # one in 500 others looks like MP3, and loses more
    path.write_bytes(data)
    assert len(heard(path)) > len(clips.tone(9.0))


def test_a_wav_from_a_pipe_does_not_know_its_size(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", SOUND)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert heard(path) == SOUND
    assert promised_bytes(bytes(data[:12])) is None


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "is empty"), (b"Dear diary,\n" * 1000, "sound"), (b"RIFF\0\0\0\0WAVE" + bytes(100), "no audio")],
)
def test_what_is_no_audio(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    problem = refusal(path)
    assert what in problem.what or "no audio" in problem.what
    assert problem.hint == AUDIO_HINT


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert refusal(tmp_path / "missing.wav").what == "does not exist"
        assert refusal(tmp_path).what == "is a folder, not an audio file"
        assert refusal(tmp_path / "pipe").what == "is a named pipe, not an audio file"
        assert refusal(tmp_path / "socket").what.startswith("cannot be opened")
        assert refusal(Path("/dev/zero")).what == "is a device, not an audio file"


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.wav").symlink_to(write_wav(tmp_path / "a.wav", SOUND))
    assert heard(tmp_path / "link.wav") == SOUND


def test_one_that_may_not_be_read(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", SOUND)
    path.chmod(0)
    with nobody():
        assert refusal(path).what == "may not be read"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n"),
        ("a.ffconcat", "ffconcat version 1.0\nfile {folder}/a.wav\n"),
        ("a.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n"),
    ],
)
def test_a_file_that_refers_elsewhere_opens_nothing(tmp_path: Path, name: str, content: str) -> None:
    write_wav(tmp_path / "a.wav", SOUND)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        path = tmp_path / name
        path.write_text(content.format(port=server.getsockname()[1], folder=tmp_path))
        refusal(path)
        with pytest.raises(BlockingIOError):
            server.accept()


@contextmanager
def nobody() -> Iterator[None]:
    """Without root's right to read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
