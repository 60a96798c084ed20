"""One decode in a short window says what one in Whisper's own window of 30 s says (with the real model)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.devices import CPU_TYPE, ON_CPU, THREADS
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.repeats import is_looping, words_of
from parleqd.core.speech.windows import Window
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decode.audio_file import pcm
from parleqd.speech_worker.features import BlockwiseFeatures
from parleqd.speech_worker.loading import opened
from parleqd.speech_worker.whisper import WhisperModel
from parleqd.speech_worker.window import AT_ONCE, WindowDecoder, ended
from tests import clips
from tests.parts import need, scale, shared_data

UTTERANCES = ["LJ001-0002", "LJ001-0005", "84-121123-0000", "LJ001-0008", "LJ001-0010", "84-121123-0005"]


@pytest.fixture(scope="module")
def folder() -> Path:
    return need("embedded-model") / "model"


@pytest.fixture(scope="module")
def whisper(folder: Path) -> Any:
    model: Any = WhisperModel(str(folder), device="cpu", compute_type=CPU_TYPE, cpu_threads=THREADS)
    model.feature_extractor = BlockwiseFeatures(model.feature_extractor)
    return model


@pytest.fixture(scope="module")
def window(whisper: Any) -> WindowDecoder:
    return WindowDecoder(whisper)


def heard(
    window: WindowDecoder,
    samples: NDArray[np.int16],
    size: Window = Window.FITTING,
    hotwords: Sequence[str] = (),
    spoken: Spoken | None = None,
) -> Decoded:
    return ended(window.decode(samples, spoken or Spoken(), hotwords, size))


@pytest.fixture
def demo() -> NDArray[np.int16]:
    return np.frombuffer(clips.demo(), np.int16)


def test_the_demo(window: WindowDecoder, demo: NDArray[np.int16]) -> None:
    short, whole = heard(window, demo), heard(window, demo, Window.WHOLE)
    assert words_of(short.text) == words_of(whole.text)
    assert "35 chairs and two long tables" in short.text
    assert short.closed
    assert not short.full
    assert -0.7 < short.confidence < -0.2
    assert short.no_speech < 0.3


@pytest.mark.parametrize("name", UTTERANCES[: scale(test=2, prove=6)])
def test_a_short_window_says_the_same_but_for_a_word_at_most(window: WindowDecoder, name: str) -> None:
    samples = np.frombuffer(b"".join(pcm(shared_data("speech") / f"utt-{name}.flac")), np.int16)
    short, whole = heard(window, samples), heard(window, samples, Window.WHOLE)
    said, expected = words_of(short.text), words_of(whole.text)
    assert len(said) == len(expected)
    assert sum(one != other for one, other in zip(said, expected, strict=True)) <= 1


def test_pieces_lie_in_the_audio_one_behind_the_other(window: WindowDecoder, demo: NDArray[np.int16]) -> None:
    for seconds in (1.0, 7.33, 9.0):
        pieces = heard(window, demo[: round(seconds * 16_000)]).pieces
        times = [time for piece in pieces for time in (piece.start, piece.end)]
        assert pieces
        assert times == sorted(times)
        assert times[-1] <= seconds
        assert all(piece.text == piece.text.strip() != "" for piece in pieces)


def test_a_loop_is_ended_by_the_token_limit_and_by_nothing_before_it(whisper: Any, window: WindowDecoder) -> None:
    """CTranslate2 gives half as many tokens as it is told: a fast talker would be cut off."""
    too_fast = np.frombuffer(clips.at_rate(clips.demo(), 10_000), np.int16)
    decoded = heard(window, too_fast)
    assert decoded.full
    assert is_looping(decoded.text)
    tokens = whisper.hf_tokenizer.encode(decoded.text)
    assert len(tokens) > 8.5 * len(too_fast) / 16_000


def test_more_than_a_window_is_cut(window: WindowDecoder, demo: NDArray[np.int16]) -> None:
    decoded = heard(window, np.tile(demo, 4))
    assert "35 chairs" in decoded.text
    assert 29.0 < decoded.pieces[-1].end <= 30.0


@pytest.mark.parametrize("times", [1, 200], ids=["one", "more-than-the-prompt-holds"])
def test_terms_to_expect(window: WindowDecoder, demo: NDArray[np.int16], times: int) -> None:
    decoded = heard(window, demo, hotwords=["Noirtier", "Gutenberg"] * times)
    assert "35 chairs and two long tables" in decoded.text
    assert not decoded.full


def test_terms_are_cut_between_two_of_them(whisper: Any, window: WindowDecoder) -> None:
    tokenizer = window._tokenizer(Spoken())
    term = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    expected = window._expected(tokenizer, ["Noirtier", *(f"{term}{number}" for number in range(40))])
    assert expected is not None
    first, *others = expected.split(", ")
    assert first == "Noirtier"
    assert others == [f"{term}{number}" for number in range(len(others))]
    assert 0 < len(others) < 40
    assert len(tokenizer.encode(" " + expected)) < whisper.max_length // 2
    assert window._expected(tokenizer, []) is None


def test_no_samples_at_all(window: WindowDecoder, demo: NDArray[np.int16]) -> None:
    assert heard(window, demo[:0]).pieces[0][:2] == (0.0, 0.0)


class Polyglot:
    """The same, for a model of many languages that hears German; ``asked``: language and task of each decode."""

    is_multilingual = True

    def __init__(self, whisper: Any) -> None:
        self.asked: list[str] = []
        self.model = self
        self.max_length = whisper.max_length
        self.hf_tokenizer = whisper.hf_tokenizer
        self.supported_languages = ["de", "en", "fr"]
        self.feature_extractor = whisper.feature_extractor
        self._whisper = whisper

    def encode(self, features: Any) -> Any:
        return self._whisper.model.encode(features)

    def get_prompt(self, tokenizer: Any, previous: list[int], hotwords: str | None) -> list[int]:
        task = "translate" if tokenizer.task == tokenizer.translate else "transcribe"
        self.asked.append(f"{tokenizer.language_code} {task}")
        return [tokenizer.sot]

    def generate(self, *arguments: Any, **options: Any) -> Any:
        return self._whisper.model.generate(*arguments, **options)

    def detect_language(self, encoded: Any) -> list[list[tuple[str, float]]]:
        return [[("<|de|>", 0.8), ("<|en|>", 0.1)]]


def test_a_language_that_is_not_told_is_found_out(whisper: Any, demo: NDArray[np.int16]) -> None:
    polyglot = Polyglot(whisper)
    window = WindowDecoder(polyglot)
    for language in ("fr", "auto", "xx"):
        heard(window, demo[:16_000], spoken=Spoken(language))
    assert polyglot.asked == ["fr transcribe", "de transcribe", "de transcribe"]


def test_a_language_is_looked_for_among_those_that_are_spoken(whisper: Any, demo: NDArray[np.int16]) -> None:
    polyglot = Polyglot(whisper)
    spoken = Spoken("auto", ["fr", "en"])
    heard(WindowDecoder(polyglot), demo[:16_000], spoken=spoken)
    assert polyglot.asked == ["en transcribe"]
    assert spoken.language == "en"


def test_a_translation(whisper: Any, demo: NDArray[np.int16]) -> None:
    polyglot = Polyglot(whisper)
    heard(WindowDecoder(polyglot), demo[:16_000], spoken=Spoken("auto", translate=True))
    assert polyglot.asked == ["de translate"]


def test_an_english_model_hears_english(whisper: Any, demo: NDArray[np.int16]) -> None:
    spoken = Spoken("de", translate=True)
    heard(WindowDecoder(whisper), demo[:16_000], spoken=spoken)
    assert spoken.language == "en"


def test_what_is_not_wanted_any_more_holds_up_and_changes_nothing(folder: Path, demo: NDArray[np.int16]) -> None:
    """A decode is computed beside the one that was left in its midst, from whose samples it must be told apart."""
    window = WindowDecoder(opened(folder, ON_CPU).whisper)
    alone = heard(window, demo)
    for _ in range(3):
        left = window.decode(np.zeros(29 * SAMPLE_RATE, np.int16), Spoken(), window=Window.WHOLE)
        next(left)
        left.close()
        assert heard(window, demo) == alone


class Unending(Polyglot):
    """The same, of which no decode ends before ``free`` of them may."""

    def __init__(self, whisper: Any) -> None:
        super().__init__(whisper)
        self.begun = 0
        self.free = 0

    def generate(self, *arguments: Any, **options: Any) -> list[Any]:
        self.begun += 1
        return [Waiting(self, self.begun, super().generate(*arguments, **options)[0])]


class Waiting:
    def __init__(self, model: Unending, number: int, result: Any) -> None:
        self._model = model
        self._number = number
        self._result = result

    def done(self) -> bool:
        return self._number <= self._model.free

    def result(self) -> Any:
        return self._result.result()


def test_what_is_not_wanted_any_more_never_queues_up(whisper: Any, demo: NDArray[np.int16]) -> None:
    model = Unending(whisper)
    window = WindowDecoder(model)
    for _ in range(5):
        left = window.decode(demo[:16_000], Spoken())
        next(left)
        left.close()
    assert model.begun == AT_ONCE
    model.free = 9
    assert heard(window, demo[:16_000]).text
    assert model.begun == AT_ONCE + 1
