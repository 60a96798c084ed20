"""models/*: what can recognise speech."""

from __future__ import annotations

from anyio import to_thread

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import DownloadProgress, Model
from parleqd.core.speech.calibration import Speed
from parleqd.protocol import messages as m
from parleqd.protocol.methods import MODELS_CALIBRATE, MODELS_INSTALL, MODELS_LIST, MODELS_REMOVE, MODELS_USE, PROGRESS
from parleqd.protocol.names import Reason
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call


def _entry(call: Call, model: Model, speed: Speed | None = None) -> m.ModelEntry:
    configured = call.services.configuration.settings.speech.model
    return m.ModelEntry(
        name=model.name,
        path=model.path,
        installed=model.installed,
        in_use=configured in (model.name, model.path),
        description=model.description,
        factor=None if speed is None else round(speed.factor, 3),
        estimated=speed is not None and speed.estimated,
    )


async def _measured(call: Call, model: Model) -> m.ModelEntry:
    found = await call.services.calibrating.measure(model)
    return _entry(call, model, Speed(found.factor))


@handles_async(MODELS_LIST)
async def list_models(call: Call, _: m.Nothing) -> m.ModelsListResult:
    known = await to_thread.run_sync(call.services.models.list)
    speeds = await call.services.calibrating.speeds(known)
    return m.ModelsListResult(models=[_entry(call, model, speeds.get(model.name)) for model in known])


@handles_async(MODELS_INSTALL)
async def install(call: Call, params: m.ModelRef) -> m.ModelEntry:
    def tell(progress: DownloadProgress) -> None:
        if params.progress_token is not None:
            note = m.ProgressNote(
                token=params.progress_token, message=progress.file, done=progress.done, total=progress.total
            )
            call.client.notify(PROGRESS, note)

    model = await call.services.models.install(params.name, tell)
    try:
        return await _measured(call, model)
    except OutsideError:  # it is installed all the same; `doctor` tells that it has not been measured
        await call.services.configuration.find_model()
        return _entry(call, model)


@handles_async(MODELS_CALIBRATE)
async def calibrate(call: Call, params: m.ModelRef) -> m.ModelEntry:
    return await _measured(call, await to_thread.run_sync(call.services.models.find, params.name))


@handles_async(MODELS_USE)
async def use(call: Call, params: m.ModelRef) -> m.ModelEntry:
    model = await to_thread.run_sync(call.services.models.find, params.name)
    await call.services.configuration.set("speech.model", model.name)
    return _entry(call, model)


@handles_async(MODELS_REMOVE)
async def remove(call: Call, params: m.ModelRef) -> m.Nothing:
    known = await to_thread.run_sync(call.services.models.list)
    if any(model.name == params.name and model.installed and _entry(call, model).in_use for model in known):
        message = f"the speech model {params.name!r} is in use"
        raise RefusedError(Reason.MODEL_CONFLICT, message, "`parleqctl models use NAME` chooses another one first")
    await call.services.models.remove(params.name)
    return m.Nothing()
