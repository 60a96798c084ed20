from __future__ import annotations

import json

import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.protocol.methods import REPORT_GET
from tests.fakes.engine import ask, running_engine
from tests.fakes.microphone import FakeMicrophone

CONFIG = '[audio]\ndevice = "velvet headset"\n'


@pytest.mark.asyncio
async def test_it_has_settings_verdicts_measurements_and_events_and_no_name() -> None:
    async with running_engine(CONFIG, microphone=FakeMicrophone(), recognisers=ScriptedFactory()) as engine:
        engine.services.records.metrics.took("polish", 1.0)
        report = await ask(engine, REPORT_GET)
    assert {one["check"]: one["verdict"] for one in report["checks"]}["worker"] == "ok"
    assert {one["key"]: one["value"] for one in report["settings"]}["audio.device"] == "name-1"
    assert report["metrics"]["stages"]["polish"]["total"] == 1
    assert "model_loaded" in [one["event"] for one in report["events"]]
    assert "velvet" not in json.dumps(report)
    assert str(engine.config.parent) not in json.dumps(report)
