"""The model in use is measured while nobody dictates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.ports import Model
from parleqd.core.speech.calibration import Speed
from parleqd.engine.calibrating import Calibrating
from parleqd.protocol.names import Reason
from tests.fakes.engine import Engine, running_engine
from tests.fakes.models import MemoryCalibrations
from tests.fakes.recogniser import DEADLINE

TINY = ("/embedded/tiny.en", "auto")


@asynccontextmanager
async def calibrating(calibrations: MemoryCalibrations) -> AsyncIterator[tuple[Engine, Calibrating]]:
    """A daemon in which nothing needs to be quiet for long."""
    async with running_engine(calibrations=calibrations) as engine:
        services = engine.services
        one = Calibrating(calibrations, services.configuration, services.recognition, engine.log, quiet_s=0.0)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(one.run)
            yield engine, one
            tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_model_that_is_loaded_is_measured_once_and_loaded_as_it_computes_best() -> None:
    calibrations = MemoryCalibrations()
    async with calibrating(calibrations) as (engine, _):
        (await engine.puppets.life(1)).load()
        second = await engine.puppets.life(2)
        second.load()
        await second.until(lambda: bool(second.commands))
        assert calibrations.began == [TINY]
        assert engine.services.recognition.model.device == "cpu"


@pytest.mark.asyncio
async def test_whoever_dictates_ends_a_measurement_which_begins_again_afterwards() -> None:
    calibrations = MemoryCalibrations(never_ends=True)
    async with calibrating(calibrations) as (engine, _):
        puppet = await engine.puppets.life(1)
        puppet.load()
        await until_begun(calibrations, 1)
        live = await engine.dictated("hello")
        assert live.id
        await until_begun(calibrations, 2)
        assert calibrations.cancelled == 1


@pytest.mark.asyncio
async def test_a_model_that_cannot_be_measured_is_not_tried_for_ever() -> None:
    calibrations = MemoryCalibrations(failure=OutsideError(Reason.WORKER_FAILED, "no"))
    async with calibrating(calibrations) as (engine, _):
        (await engine.puppets.life(1)).load()
        await until_begun(calibrations, 1)
        await engine.dictated("hello")
        await anyio.wait_all_tasks_blocked()
        assert calibrations.began == [TINY]


@pytest.mark.asyncio
async def test_the_speeds_of_models_that_were_measured_and_of_others() -> None:
    calibrations = MemoryCalibrations()
    calibrations.known[TINY] = calibrations.FOUND
    models = [Model("tiny.en", TINY[0], installed=True, size=75), Model("base.en", "", installed=False, size=150)]
    async with calibrating(calibrations) as (_, one):
        assert await one.speeds(models) == {"tiny.en": Speed(0.1), "base.en": Speed(0.2, estimated=True)}


async def until_begun(calibrations: MemoryCalibrations, times: int) -> None:
    with anyio.fail_after(DEADLINE):
        while len(calibrations.began) < times:
            await calibrations.beginning.wait()
