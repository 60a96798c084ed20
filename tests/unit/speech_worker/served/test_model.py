"""A speech server in a model's place: what it hears, and who helps out when it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio
import numpy as np
import pytest
from anyio import to_thread
from numpy.typing import NDArray

from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.server import server_of
from parleqd.core.speech.transcript import TimedText
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.served.client import ServerError
from parleqd.speech_worker.served.model import PATIENCE_A_SECOND, PATIENCE_S, REST_S, Asker, ServedModel
from tests.fakes.http_server import HttpServer, whole
from tests.fakes.model import FakeModel

DOWN = "the speech server at 127.0.0.1:8000 cannot be reached: Connection refused"
SAMPLES = np.ones(2 * SAMPLE_RATE, np.int16)
OWN = [TimedText(0.0, 1.0, "0"), TimedText(1.0, 2.0, "1")]


class Stage:
    """A server that answers what it is told (an exception: it fails), and the clock. The first is for the warm-up."""

    def __init__(self, *answers: str | None, helps: bool = True, warm_up: str | None = "") -> None:
        self.now = 0.0
        self.answers = [warm_up, *answers]
        self.asked: list[tuple[float, Sequence[str], float]] = []
        self.loaded = 0
        self.own = FakeModel()
        self.model = ServedModel(self.ask, self.load if helps else None, lambda: self.now)

    def ask(self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str], patience_s: float) -> str:
        self.asked.append((len(samples) / SAMPLE_RATE, hotwords, patience_s))
        answer = self.answers.pop(0)
        if answer is None:
            raise ServerError(DOWN)
        return answer

    def load(self) -> FakeModel:
        self.loaded += 1
        return self.own

    def decode(self) -> list[TimedText]:
        *_, texts = self.model.decode(SAMPLES, [], Spoken(), ["Noirtier"])
        assert texts is not None
        return texts


def test_the_text_of_the_server_is_one_piece() -> None:
    stage = Stage("Hello there.")
    assert stage.decode() == [TimedText(0.0, 2.0, "Hello there.")]
    assert stage.asked[1:] == [(2.0, ["Noirtier"], PATIENCE_S + 2 * PATIENCE_A_SECOND)]
    assert (stage.loaded, stage.model.problem, stage.model.compute_type) == (0, "", "server")


def test_waiting_for_the_server_and_decoding_in_its_place_are_steps_of_their_own() -> None:
    steps = Stage(None).model.decode(SAMPLES, [], Spoken(), ())
    assert list(steps) == [None, None, None, OWN]  # the server's, and those of a model that takes a step a second


def test_it_is_asked_for_a_second_of_silence_first() -> None:
    stage = Stage()
    assert [seconds for seconds, _, _ in stage.asked] == [1.0]


def test_down_from_the_beginning_the_other_model_is_loaded_before_anybody_speaks() -> None:
    stage = Stage(warm_up=None)
    assert (stage.loaded, stage.model.problem, stage.model.compute_type) == (1, DOWN, "fake")
    assert stage.decode() == OWN


def test_the_other_model_decodes_what_the_server_fails_on_and_all_until_it_is_asked_again() -> None:
    stage = Stage(None, "Back again.")
    assert stage.decode() == OWN
    assert (stage.model.problem, stage.model.compute_type) == (DOWN, "fake")
    stage.now = REST_S - 1
    assert stage.decode() == OWN
    assert len(stage.asked) == 2
    stage.now = REST_S
    assert stage.decode()[0].text == "Back again."
    assert (stage.model.problem, stage.model.compute_type, stage.loaded) == ("", "server", 1)


def test_a_voice_in_which_the_server_hears_no_word_is_heard_by_the_other_model_too() -> None:
    stage = Stage("", " ... ")
    assert stage.decode() == OWN
    assert stage.decode() == OWN
    assert stage.model.problem == ""


def test_without_another_model_no_word_is_no_text() -> None:
    assert Stage("", helps=False).decode() == []


def test_without_another_model_every_failure_is_said_and_the_server_is_asked_every_time() -> None:
    stage = Stage(None, "Back again.", helps=False, warm_up=None)
    with pytest.raises(ServerError, match="cannot be reached"):
        stage.decode()
    assert (stage.model.problem, stage.model.compute_type) == (DOWN, "server")
    assert stage.decode()[0].text == "Back again."
    assert stage.model.problem == ""


def test_a_loop_is_said_once() -> None:
    (piece,) = Stage("and so on " * 12).decode()
    assert len(piece.text.split()) < 12


def test_silence_is_told_from_speech_before_the_server_is_asked() -> None:
    assert Stage().model.detector() is not None


@pytest.mark.parametrize(("answer", "heard"), [(b'{"text": "hello"}', "hello"), (b"dictated words", "no transcript")])
@pytest.mark.asyncio
async def test_a_server_is_asked_over_http(answer: bytes, heard: str) -> None:
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(anyio.abc.SocketAttribute.local_port)
    server = HttpServer([[whole(answer)]], "")
    asker = Asker(server_of(f"http://127.0.0.1:{port}"), "whisper-1")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.serve)
        assert heard in await to_thread.run_sync(_said, lambda: asker(SAMPLES, Spoken(), (), 10.0))
        tasks.cancel_scope.cancel()


def _said(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except ServerError as error:
        return str(error)
