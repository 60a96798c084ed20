from __future__ import annotations

import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.protocol.methods import DOCTOR_RUN
from tests.fakes.engine import ask, running_engine
from tests.fakes.microphone import FakeMicrophone


@pytest.mark.asyncio
async def test_every_part_is_tried_and_the_worst_verdict_counts() -> None:
    async with running_engine(microphone=FakeMicrophone(), recognisers=ScriptedFactory()) as engine:
        report = await ask(engine, DOCTOR_RUN)
    checks = {check["check"]: check["verdict"] for check in report["checks"]}
    assert list(checks) == [
        "settings",
        "model",
        "worker",
        "speed",
        "devices",
        "microphone",
        "journal",
        "targets",
        "socket",
    ]
    assert checks.pop("socket") == "failed"  # this client came by none
    assert set(checks.values()) == {"ok", "warning"}
    assert report["verdict"] == "failed"
