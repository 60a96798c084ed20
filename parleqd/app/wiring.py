"""Which parts the daemon is made of: the only module that names adapter classes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

from anyio import to_thread
from platformdirs import user_state_dir

from parleqd.adapters.audio.file import FileSource
from parleqd.adapters.audio.microphone.source import MicrophoneSource
from parleqd.adapters.journal.opening import WithoutMemoryChoice, open_journal
from parleqd.adapters.journal.place import this_machine
from parleqd.adapters.models.calibrations import FileCalibrations
from parleqd.adapters.models.embedded import embedded_folder
from parleqd.adapters.models.store import FolderModelStore
from parleqd.adapters.secrets.keyring import system_keyring
from parleqd.adapters.speech.worker import WorkerFactory
from parleqd.adapters.vocabulary.file import NAME, FileVocabulary
from parleqd.app.cloud import real_cloud
from parleqd.app.whole_file import replace_file
from parleqd.core.ports import (
    AudioSource,
    Calibrations,
    EventLog,
    Journal,
    Log,
    Microphone,
    ModelStore,
    RecogniserFactory,
    SettingsStore,
    VocabularyStore,
)
from parleqd.core.settings import Settings
from parleqd.engine.bus import Bus
from parleqd.engine.calibrating import Calibrating
from parleqd.engine.cleanup import Cleanup
from parleqd.engine.configuration import Configuration, chosen_model
from parleqd.engine.effects import Records
from parleqd.engine.history import History
from parleqd.engine.metrics import Metrics
from parleqd.engine.peers import Peers
from parleqd.engine.recognition import LIMITS, Limits, Recognition
from parleqd.engine.recovery import Recovery
from parleqd.engine.sessions import Outside, Sessions
from parleqd.engine.targets import Cloud, Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.names import Reason, Source
from parleqd.rpc.services import Services


class Parts(NamedTuple):
    """What fills the ports."""

    files: AudioSource
    microphone: Microphone | None
    journal: Journal
    recognisers: RecogniserFactory
    cloud: Cloud
    models: ModelStore
    calibrations: Calibrations
    settings: SettingsStore
    vocabulary: VocabularyStore
    log: EventLog


class JournalTrouble:
    """Tells of what the journal cannot keep: the log, and people once there is a ``bus``."""

    def __init__(self, log: Log) -> None:
        self.bus: Bus | None = None
        self._log = log

    def __call__(self, reason: Reason, message: str, hint: str) -> None:
        """Tell it."""
        self._log("journal_failed", reason=reason, detail=message)
        if self.bus is not None:
            self.bus.notice(reason, message, hint)


async def real_journal(socket: Path, settings: Settings, report: JournalTrouble) -> Journal:
    """The journal of the daemon at ``socket``: in files, if any way can be had."""
    state = Path(user_state_dir("parleq")) / "journal"
    otherwise = WithoutMemoryChoice(settings.audio.journal_without_memory, state, system_keyring(sys.platform))
    opened = await open_journal(str(socket), await to_thread.run_sync(this_machine), otherwise, report)
    if opened.problem is not None:
        report(opened.problem.reason, opened.problem.message, opened.problem.hint)
    return opened.journal


def real_parts(models_folder: Path, settings: SettingsStore, log: EventLog, journal: Journal) -> Parts:
    """The parts of a daemon that people use. ``models_folder`` is where fetched models lie."""
    return Parts(
        files=FileSource(log),
        microphone=MicrophoneSource(log),
        journal=journal,
        recognisers=WorkerFactory(log),
        cloud=real_cloud(system_keyring(sys.platform), os.environ),
        models=FolderModelStore(models_folder, embedded_folder()),
        calibrations=FileCalibrations(Path(user_state_dir("parleq")) / "calibrations.json", replace_file, log),
        settings=settings,
        vocabulary=FileVocabulary(settings.path.with_name(NAME), replace_file),
        log=log,
    )


def wire(parts: Parts, limits: Limits = LIMITS) -> Services:
    """Put the engine together. ``limits`` are the recogniser's."""
    settings = parts.settings.settings
    peers, bus = Peers(), Bus()
    records = Records(History(settings.history.keep), Metrics(), Recovery(parts.journal), parts.log)
    model = chosen_model(parts.models, parts.calibrations, settings.speech)
    recognition = Recognition(parts.recognisers, model, settings.speech.unload_after_s, bus, parts.log, limits)
    sources: dict[Source, AudioSource] = {Source.FILE: parts.files}
    if parts.microphone is not None:
        sources[Source.MICROPHONE] = parts.microphone
    targets = Targets(parts.cloud, bus, parts.log)
    vocabulary = Vocabulary(parts.vocabulary, parts.log, lambda: records.history.keep > 0)
    cleanup = Cleanup(targets, records.metrics, vocabulary)
    sessions = Sessions(peers, bus, recognition, Outside(sources, parts.journal), records, cleanup, vocabulary)
    configuration = Configuration(
        parts.settings, parts.models, parts.calibrations, sessions, recognition, records, targets, parts.microphone
    )
    return Services(
        sessions=sessions,
        recognition=recognition,
        peers=peers,
        bus=bus,
        records=records,
        configuration=configuration,
        models=parts.models,
        calibrating=Calibrating(parts.calibrations, configuration, recognition, parts.log),
        vocabulary=vocabulary,
        started=time.time(),
        cleanup=cleanup,
        targets=targets,
        cloud=parts.cloud,
        journal=parts.journal,
        microphone=parts.microphone,
        events=parts.log,
    )
