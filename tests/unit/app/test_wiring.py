from __future__ import annotations

from pathlib import Path

import pytest

from parleqd.adapters.audio.file import FileSource
from parleqd.adapters.audio.microphone.source import MicrophoneSource
from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.models.store import FolderModelStore
from parleqd.adapters.speech.worker import WorkerFactory
from parleqd.app.config import ConfigStore
from parleqd.app.wiring import real_parts
from parleqd.protocol.names import Source
from tests.fakes.engine import wired_engine
from tests.fakes.log import MemoryLog


def test_a_daemon_that_people_use_has_real_parts(tmp_path: Path) -> None:
    log = MemoryLog()
    store = ConfigStore(tmp_path / "config.toml", {})
    parts = real_parts(tmp_path / "models", store, log, MemoryJournal())
    assert isinstance(parts.files, FileSource)
    assert isinstance(parts.journal, MemoryJournal)
    assert isinstance(parts.microphone, MicrophoneSource)
    assert isinstance(parts.recognisers, WorkerFactory)
    assert isinstance(parts.models, FolderModelStore)
    assert (parts.settings, parts.log) == (store, log)
    assert parts.vocabulary.place == str(tmp_path / "vocabulary.jsonl")


@pytest.mark.asyncio
async def test_the_parts_are_put_together_by_the_settings() -> None:
    async with wired_engine("[history]\nkeep = 7\n[speech]\nmodel = 'base'\nunload_after_s = 5\n") as engine:
        services = engine.services
        assert services.records.history.keep == 7
        assert services.recognition.model.name == "base"
        assert services.recognition.unload_after_s == 5
        assert services.sessions.hearing.sources() == [Source.STREAM, Source.FILE]
        assert services.configuration.models is services.models
