from __future__ import annotations

import os
from typing import Any

import anyio
import pytest

import parleqd
from parleqd.core.ports import MicrophoneStatus
from parleqd.core.session.states import Transcribing
from parleqd.core.speech import messages as speech
from parleqd.engine.metrics import KEPT
from parleqd.protocol.methods import METRICS_GET, SESSION_START, STATUS_GET
from parleqd.protocol.names import SAMPLE_RATE, MicrophoneState, ModelState, Reason, Source
from tests.fakes.dictations import spec
from tests.fakes.engine import FakeClient, ask, running_engine
from tests.fakes.microphone import FakeMicrophone

TARGET = """
[[cleanup.target]]
name = "eastus"
provider = "azure-openai"
resource = "my-openai"
deployment = "gpt-4o-mini"
auth = "azure-cli"
"""


@pytest.mark.asyncio
async def test_status_has_at_least_what_the_interface_promises() -> None:
    async with running_engine("[cleanup]\nmode = 'raw'\n" + TARGET + "[audio]\ndevice = 'desk'\n") as engine:
        await engine.until_model(ModelState.LOADING)
        status: dict[str, Any] = await ask(engine, STATUS_GET)
        assert status["state"] == "idle"
        assert status["model"] == {"name": "tiny.en", "compute_type": "int8", "state": "loading", "detail": ""}
        assert (status["device"], status["microphone"]["reason"]) == ("desk", "no_microphone")
        assert status["cleanup"] == {
            "mode": "raw",
            "targets": [{"name": "eastus", "state": "healthy", "detail": ""}],
        }
        assert (status["pending"], status["sessions"]) == (0, 0)
        assert status["config"] == {"path": str(engine.config), "state": "ok", "problems": [], "managed_by": ""}
        assert (status["version"], status["pid"]) == (parleqd.__version__, os.getpid())
        assert status["uptime_seconds"] >= 0


@pytest.mark.asyncio
async def test_status_says_how_the_microphone_is() -> None:
    microphone = FakeMicrophone()
    async with running_engine("[audio]\ndevice = 'Headset'\n", microphone=microphone) as engine:
        status = await ask(engine, STATUS_GET)
        assert status["device"] == "Built-in Microphone"
        assert status["microphone"] == {
            "state": "untried",
            "device": "Built-in Microphone",
            "chosen": "Headset",
            "reason": None,
            "message": "",
            "hint": "",
        }
        microphone.become(MicrophoneStatus(MicrophoneState.MISSING, "", Reason.DEVICE_LOST, "it went", "plug it in"))
        status = await ask(engine, STATUS_GET)
        assert status["device"] == "Headset"
        assert status["microphone"]["reason"] == "device_lost"
        assert (status["microphone"]["message"], status["microphone"]["hint"]) == ("it went", "plug it in")


@pytest.mark.parametrize(("source", "state"), [(Source.STREAM, "recording"), (Source.FILE, "working")])
@pytest.mark.asyncio
async def test_the_state_is_what_any_session_does(source: Source, state: str) -> None:
    async with running_engine() as engine:
        live = engine.live(engine.sessions.start(spec(source=source)))
        assert (await ask(engine, STATUS_GET))["state"] == state
        if source is Source.STREAM:
            engine.sessions.stop(live.id, "alice", redirect=False)
        await engine.until(live, Transcribing)
        status = await ask(engine, STATUS_GET)
        assert (status["state"], status["sessions"]) == ("working", 1)


@pytest.mark.asyncio
async def test_status_says_what_is_wrong_with_the_settings() -> None:
    async with running_engine("[audio]\ndevcie = 'desk'\n") as engine:
        config = (await ask(engine, STATUS_GET))["config"]
        assert config["state"] == "config_invalid"
        assert "device" in config["problems"][0]


@pytest.mark.asyncio
async def test_status_says_what_is_wrong_with_the_model() -> None:
    async with running_engine() as engine:
        puppet = await engine.puppets.life(1)
        puppet.say(speech.LoadFailed(missing=True, message="no model.bin"))
        await engine.until_model(ModelState.MISSING)
        model = (await ask(engine, STATUS_GET))["model"]
        assert (model["state"], model["detail"]) == ("missing", "no model.bin")


@pytest.mark.asyncio
async def test_metrics_are_counts_and_times() -> None:
    async with running_engine() as engine:
        before = await ask(engine, METRICS_GET)
        assert before.pop("uptime_seconds") >= 0
        assert before == {"stages": {}, "counts": {}, "cost": {}, "window": KEPT}
        engine.services.records.metrics.count("session_delivered")
        engine.services.records.metrics.took("cleanup", 1.23456)
        engine.services.records.metrics.spent("east", 0.1234567)
        after = await ask(engine, METRICS_GET)
        assert after["uptime_seconds"] >= 0
        assert after["stages"] == {"cleanup": {"count": 1, "p50": 1.235, "p95": 1.235, "total": 1}}
        assert after["counts"] == {"session_delivered": 1}
        assert after["cost"] == {"east": 0.123457}


@pytest.mark.asyncio
async def test_the_status_says_that_somebody_speaks_into_a_dead_input() -> None:
    dead = FakeMicrophone(bytes(2 * SAMPLE_RATE * 2))
    async with running_engine(microphone=dead) as engine:
        engine.connect("alice")
        await ask(engine, SESSION_START, FakeClient("alice"), source="microphone")
        await dead.until_open()
        await anyio.wait_all_tasks_blocked()
        microphone = (await ask(engine, STATUS_GET))["microphone"]
        assert (microphone["state"], microphone["reason"]) == ("listening", "dead_input")
        assert "muted" in microphone["message"]
