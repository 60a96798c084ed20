"""Which parts the daemon is made of: the only module that names adapter classes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from parleqd.adapters.audio.file import FileSource
from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.models.embedded import embedded_folder
from parleqd.adapters.models.store import FolderModelStore
from parleqd.adapters.speech.worker import WorkerFactory
from parleqd.core.ports import AudioSource, Journal, Log, ModelStore, RecogniserFactory, SettingsStore
from parleqd.engine.bus import Bus
from parleqd.engine.configuration import Configuration, chosen_model
from parleqd.engine.effects import Records
from parleqd.engine.history import History
from parleqd.engine.metrics import Metrics
from parleqd.engine.peers import Peers
from parleqd.engine.recognition import Recognition
from parleqd.engine.sessions import Outside, Sessions
from parleqd.protocol.names import Source
from parleqd.rpc.services import Services


class Parts(NamedTuple):
    """What fills the ports."""

    sources: Mapping[Source, AudioSource]
    journal: Journal
    recognisers: RecogniserFactory
    models: ModelStore
    settings: SettingsStore
    log: Log


def real_parts(models_folder: Path, settings: SettingsStore, log: Log) -> Parts:
    """The parts of a daemon that people use. ``models_folder`` is where fetched models lie."""
    return Parts(
        sources={Source.FILE: FileSource(log)},
        journal=MemoryJournal(),
        recognisers=WorkerFactory(log),
        models=FolderModelStore(models_folder, embedded_folder()),
        settings=settings,
        log=log,
    )


def wire(parts: Parts) -> Services:
    """Put the engine together."""
    settings = parts.settings.settings
    peers, bus = Peers(), Bus()
    records = Records(History(settings.history.keep), Metrics(), parts.log)
    model = chosen_model(parts.models, settings.speech.model)
    recognition = Recognition(parts.recognisers, model, settings.speech.unload_after_s, bus, parts.log)
    sessions = Sessions(peers, bus, recognition, Outside(parts.sources, parts.journal), records)
    configuration = Configuration(parts.settings, parts.models, sessions, recognition, records)
    return Services(
        sessions=sessions,
        recognition=recognition,
        peers=peers,
        bus=bus,
        records=records,
        configuration=configuration,
        models=parts.models,
        started=time.time(),
    )
