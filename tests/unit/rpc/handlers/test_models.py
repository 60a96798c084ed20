from __future__ import annotations

import pytest

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import Model
from parleqd.engine.recognition import load_of
from parleqd.protocol.messages import ProgressNote
from parleqd.protocol.methods import MODELS_CALIBRATE, MODELS_INSTALL, MODELS_LIST, MODELS_REMOVE, MODELS_USE
from parleqd.protocol.names import Reason
from tests.fakes.engine import Engine, FakeClient, ask, running_engine
from tests.fakes.models import MemoryCalibrations

MEASURED = Model("base", "/models/base", installed=True, computing=MemoryCalibrations.FOUND.computing)


async def listed(engine: Engine) -> dict[str, tuple[bool, bool]]:
    """Each model: is it installed, is it in use?"""
    models = (await ask(engine, MODELS_LIST))["models"]
    return {model["name"]: (model["installed"], model["in_use"]) for model in models}


async def reason_of(engine: Engine, method: object, name: str) -> Reason:
    with pytest.raises(RefusedError) as raised:
        await ask(engine, method, name=name)  # type: ignore[arg-type]
    assert raised.value.hint or raised.value.reason is Reason.MODEL_CONFLICT
    return raised.value.reason


@pytest.mark.asyncio
async def test_all_models_are_listed_and_the_configured_one_is_in_use() -> None:
    async with running_engine() as engine:
        assert await listed(engine) == {"base": (False, False), "tiny.en": (True, True)}
    async with running_engine("[speech]\nmodel = 'base'\n") as engine:
        assert await listed(engine) == {"base": (False, True), "tiny.en": (True, False)}


@pytest.mark.asyncio
async def test_a_model_is_installed_with_progress_to_whoever_asks_for_it() -> None:
    async with running_engine() as engine:
        watcher, quiet = FakeClient("alice"), FakeClient("bob")
        installed = await ask(engine, MODELS_INSTALL, watcher, name="base", progress_token="t1")
        assert (installed["installed"], installed["path"]) == (True, "/models/base")
        assert watcher.notes == [
            ProgressNote(token="t1", message="model.bin", done=0, total=2),
            ProgressNote(token="t1", message="model.bin", done=2, total=2),
        ]
        await ask(engine, MODELS_INSTALL, quiet, name="base")
        assert quiet.notes == []


@pytest.mark.asyncio
async def test_the_configured_model_is_loaded_once_it_is_installed() -> None:
    async with running_engine("[speech]\nmodel = 'base'\n") as engine:
        await ask(engine, MODELS_INSTALL, name="base")
        await (await engine.puppets.life(1)).until_told(load_of(MEASURED))


@pytest.mark.asyncio
async def test_an_installed_model_is_used_and_stays_so() -> None:
    async with running_engine() as engine:
        await ask(engine, MODELS_INSTALL, name="base")
        assert (await ask(engine, MODELS_USE, name="base"))["in_use"]
        assert await listed(engine) == {"base": (True, True), "tiny.en": (True, False)}
        assert engine.services.configuration.settings.speech.model == "base"
        await (await engine.puppets.life(2)).until_told(load_of(MEASURED))


@pytest.mark.asyncio
async def test_a_folder_is_used_by_its_path() -> None:
    async with running_engine() as engine:
        await ask(engine, MODELS_USE, name="/models/mine")
        assert engine.services.configuration.settings.speech.model == "/models/mine"


@pytest.mark.asyncio
async def test_what_is_not_there_can_be_neither_used_nor_installed() -> None:
    async with running_engine() as engine:
        assert await reason_of(engine, MODELS_USE, "base") is Reason.MODEL_MISSING
        assert await reason_of(engine, MODELS_USE, "bsae") is Reason.MODEL_MISSING
        assert await reason_of(engine, MODELS_INSTALL, "bsae") is Reason.MODEL_MISSING
        assert engine.services.configuration.settings.speech.model == "tiny.en"


@pytest.mark.asyncio
async def test_a_model_is_removed_unless_it_is_in_use() -> None:
    async with running_engine() as engine:
        await ask(engine, MODELS_INSTALL, name="base")
        await ask(engine, MODELS_USE, name="base")
        assert await reason_of(engine, MODELS_REMOVE, "base") is Reason.MODEL_CONFLICT
        await ask(engine, MODELS_USE, name="tiny.en")
        assert await ask(engine, MODELS_REMOVE, name="base") == {}
        assert await listed(engine) == {"base": (False, False), "tiny.en": (True, True)}
        assert await reason_of(engine, MODELS_REMOVE, "base") is Reason.MODEL_MISSING


@pytest.mark.asyncio
async def test_an_installed_model_is_measured() -> None:
    async with running_engine() as engine:
        entry = await ask(engine, MODELS_INSTALL, name="base")
        assert (entry["factor"], entry["estimated"]) == (0.1, False)
        models = {model["name"]: model["factor"] for model in (await ask(engine, MODELS_LIST))["models"]}
        assert models == {"base": 0.1, "tiny.en": None}
        assert (await ask(engine, MODELS_CALIBRATE, name="tiny.en"))["factor"] == 0.1
        assert await reason_of(engine, MODELS_CALIBRATE, "small") is Reason.MODEL_MISSING


@pytest.mark.asyncio
async def test_a_model_that_cannot_be_measured_is_installed_all_the_same() -> None:
    failing = MemoryCalibrations(failure=OutsideError(Reason.WORKER_FAILED, "no"))
    async with running_engine(calibrations=failing) as engine:
        entry = await ask(engine, MODELS_INSTALL, name="base")
        assert (entry["installed"], entry["factor"]) == (True, None)
