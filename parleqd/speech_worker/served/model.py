"""A speech server in a model's place, and a model on this machine that helps out while it does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.devices import CPU
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.repeats import collapsed, words_of
from parleqd.core.speech.server import SpeechServer
from parleqd.core.speech.transcript import TimedText
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.ear import Detector
from parleqd.speech_worker.served.client import ServerError, post
from parleqd.speech_worker.served.form import form, text_of
from parleqd.speech_worker.voice import voice_detector
from parleqd.speech_worker.worker import LoadedModel

COMPUTE_TYPE = "server"
REST_S = 30.0
"""A server that failed is left alone for so long, so that one that hangs does not hold up every segment."""
FIRST_PATIENCE_S = 20.0
"""For the first answer of all: most servers load their model when they are asked."""
PATIENCE_S = 10.0
PATIENCE_A_SECOND = 2.0
"""And so much more for each second of audio: a server that needs longer is of no use for dictation."""

Ask = Callable[[NDArray[np.int16], Spoken, Sequence[str], float], str]
"""The text of a segment, from a server that may take so many seconds. Raises ``ServerError``."""


class Asker:
    """Asks a server for the text of a segment. ``model``: the server's name for its model."""

    def __init__(self, server: SpeechServer, model: str) -> None:
        self._server = server
        self._model = model

    def __call__(self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str], patience_s: float) -> str:
        """The text, "" where the server hears none. Raises ``ServerError``."""
        answer = post(self._server, form(samples, self._model, spoken, hotwords), patience_s)
        try:
            return text_of(answer, len(samples) / SAMPLE_RATE)
        except ValueError as error:
            raise ServerError(f"the speech server at {self._server.authority} {error}") from None


class ServedModel:
    """``ask``: the server. ``load``: loads the model that helps out, ``None`` where there is none."""

    thorough = False
    """What a server takes for a second decode is not known, nor whether others wait for it."""

    def __init__(
        self, ask: Ask, load: Callable[[], LoadedModel] | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.problem = ""
        """How the server failed the last time it was asked, "" when it did not."""
        self._ask = ask
        self._load = load
        self._own: LoadedModel | None = None
        self._clock = clock
        self._asks_from = 0.0
        self.detector()  # loads its network, so that the first utterance need not
        self._warm_up()

    @property
    def compute_type(self) -> str:
        """As whom decodes at present computes."""
        return self._own.compute_type if self._own is not None and self.problem else COMPUTE_TYPE

    @property
    def device(self) -> str:
        """On what: of the server, which does not say, nothing is to be expected of a GPU here."""
        return self._own.device if self._own is not None and self.problem else CPU

    def decode(
        self,
        samples: NDArray[np.int16],
        voiced: Sequence[bool],
        spoken: Spoken,
        hotwords: Sequence[str] = (),
        *,
        care: Care = Care.USUAL,
    ) -> Iterator[list[TimedText] | None]:
        """The text of a segment, as one piece: from the server, else as the model on this machine decodes it.

        A segment in which the server hears no word is given to that model too: there is a voice in it. Raises
        ``ServerError`` where there is no such model.
        """
        texts = self._served(samples, spoken, hotwords)
        if texts or self._load is None:
            yield texts or []
            return
        yield None  # a step of its own: how long one may take is counted
        own = self._helper(self._load)
        yield from own.decode(samples, voiced, spoken, hotwords, care=care)

    def detector(self) -> Detector | None:
        """A voice detector for one utterance: silence is not sent to the server either."""
        return voice_detector()

    def _served(self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str]) -> list[TimedText] | None:
        """What the server hears; ``None``: it is not asked, or did not answer, and another model can."""
        if self._load is not None and self._clock() < self._asks_from:
            return None
        seconds = len(samples) / SAMPLE_RATE
        try:
            text = self._ask(samples, spoken, hotwords, PATIENCE_S + PATIENCE_A_SECOND * seconds)
        except ServerError as error:
            self._fails(error)
            if self._load is None:
                raise
            return None
        self.problem = ""
        return [TimedText(0.0, seconds, said) for said in collapsed([text]) if words_of(said)]

    def _warm_up(self) -> None:
        """A second of silence: the server loads its model, and whoever misspelt its address finds out."""
        try:
            self._ask(np.zeros(SAMPLE_RATE, np.int16), Spoken(), (), FIRST_PATIENCE_S)
        except ServerError as error:
            self._fails(error)
            if self._load is not None:
                self._helper(self._load)  # now, and not when somebody waits for a text

    def _fails(self, error: ServerError) -> None:
        self._asks_from = self._clock() + REST_S
        self.problem = str(error)

    def _helper(self, load: Callable[[], LoadedModel]) -> LoadedModel:
        if self._own is None:
            self._own = load()
        return self._own
