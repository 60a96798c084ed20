"""The worker's main loop: one piece of work at a time, the most urgent first.

Urgent utterances go before all others. Among the rest the one whose segment is being decoded goes on; otherwise they
take turns, so that a short file does not wait for an hour-long one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from parleqd.core.speech import messages as m
from parleqd.speech_worker.composing import Piece
from parleqd.speech_worker.decodes import Model
from parleqd.speech_worker.failure import NotDecodedError
from parleqd.speech_worker.folder import MissingModelError, check_folder
from parleqd.speech_worker.process import give_memory_back, report
from parleqd.speech_worker.utterance import Utterance

_TELLS_S = 1.0
"""It says on whom it works when that changes, and so often besides: a step takes a moment."""


class LoadedModel(Model, Protocol):
    """A speech model that says how it computes."""

    @property
    def device(self) -> str:
        """On what: "cpu", or "cuda"."""

    @property
    def compute_type(self) -> str:
        """How, as people are told."""

    @property
    def problem(self) -> str:
        """Why it does not do what it should: see `messages.Loaded`. "" when it does."""


class Link(Protocol):
    """The command socket."""

    def send(self, *events: m.Event) -> None:
        """Send events to the daemon."""

    def take(self, *, wait: bool) -> list[m.Command] | None:
        """The commands that have come; ``None`` at the end."""

    def held_up_ms(self, utterance: str) -> float:
        """For how long its ``Finish`` has been waiting for a piece of work to end."""

    def step_begins(self) -> None:
        """A piece of work begins."""

    def step_ends(self) -> None:
        """It is done."""


class Worker:
    """``load`` does what a ``Load`` says."""

    def __init__(self, link: Link, load: Callable[[m.Load], LoadedModel]) -> None:
        self._link = link
        self._load = load
        self._utterances: dict[str, Utterance] = {}
        self._served: dict[str, int] = {}
        self._turn = 0
        self._working_on: str | None = None
        self._told_at = 0.0
        self._problem = ""

    def run(self) -> None:
        """Load the model that the first command names, then work until the daemon closes its end."""
        commands = self._link.take(wait=True)
        if not commands:
            return
        first, *commands = commands
        assert isinstance(first, m.Load), "the first command says what to load"
        model = self._loaded(first)
        if model is None:
            return
        while commands is not None:
            for command in commands:
                self._obey(command, model)
            commands = self._link.take(wait=not self._work(lambda: self._announce(first, model)))

    def _loaded(self, load: m.Load) -> LoadedModel | None:
        began = time.monotonic()
        try:
            if load.path or not load.server:
                check_folder(Path(load.path))
            model = self._load(load)
        except MissingModelError as error:
            self._link.send(m.LoadFailed(missing=True, message=str(error)))
            return None
        except Exception as error:  # noqa: BLE001 - whatever a damaged model makes the libraries raise
            report(error)
            message = f"the speech model in {load.path} cannot be loaded: {error}"
            self._link.send(m.LoadFailed(missing=False, message=message))
            return None
        give_memory_back()
        load_ms = (time.monotonic() - began) * 1000
        self._problem = model.problem
        self._link.send(_loaded(load, model, load_ms))
        return model

    def _obey(self, command: m.Command, model: Model) -> None:
        match command:
            case m.Open():
                self._utterances[command.utterance] = Utterance(command, model)
            case m.Audio() if command.utterance in self._utterances:
                self._utterances[command.utterance].receive(command.pcm, command.rate)
            case m.Finish() if command.utterance in self._utterances:
                self._utterances[command.utterance].finish(self._link.held_up_ms(command.utterance))
            case m.Discard():
                self._forget(command.utterance)

    def _announce(self, load: m.Load, model: LoadedModel) -> None:
        """Say so when another decodes from now on."""
        if model.problem != self._problem:
            self._problem = model.problem
            self._link.send(_loaded(load, model, load_ms=0.0))

    def _work(self, announce: Callable[[], None]) -> bool:
        """Do the most urgent piece of work, if there is any."""
        waiting = [(u, piece) for u in self._utterances.values() if (piece := u.next_piece()) is not None]
        if not waiting:
            self._tell_working_on(None)
            return False
        utterance, piece = min(waiting, key=lambda work: self._order(*work))
        self._tell_working_on(utterance.opened.utterance)
        self._turn += 1
        self._served[utterance.opened.utterance] = self._turn
        self._do(utterance, piece, announce)
        return True

    def _tell_working_on(self, name: str | None) -> None:
        now = time.monotonic()
        if name != self._working_on or (name is not None and now - self._told_at >= _TELLS_S):
            self._link.send(m.Working(name))
            self._working_on, self._told_at = name, now

    def _order(self, utterance: Utterance, piece: Piece) -> tuple[bool, Piece, bool, int]:
        opened = utterance.opened
        served = self._served.get(opened.utterance, 0)
        return (not opened.urgent, piece, not utterance.decoding, served)

    def _do(self, utterance: Utterance, piece: Piece, announce: Callable[[], None]) -> None:
        name = utterance.opened.utterance
        self._link.step_begins()
        try:
            events = utterance.work(piece)
        except NotDecodedError as error:
            self._link.send(m.Failed(name, str(error)))
            self._forget(name)
            return
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is this utterance's end, not the worker's
            report(error)
            message = f"the speech model failed on this audio ({type(error).__name__})"
            self._link.send(m.Failed(name, message, spent=True))
            self._forget(name)
            return
        finally:
            self._link.step_ends()
            announce()
        self._link.send(*events)
        if utterance.done:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._served.pop(name, None)
        if self._utterances.pop(name, None) is not None:
            give_memory_back()


def _loaded(load: m.Load, model: LoadedModel, load_ms: float) -> m.Loaded:
    """Who decodes: the server, unless it has a problem and the model of the folder helps out."""
    served = load.server and not (model.problem and load.path)
    name = load.server_model if served else load.name
    return m.Loaded(name, model.compute_type, load_ms, model.problem, model.device)
