"""devices/list: the microphones there are."""

from __future__ import annotations

from parleqd.core.capture.choice import chosen_device
from parleqd.core.errors import RefusedError
from parleqd.protocol import messages as m
from parleqd.protocol.methods import DEVICES_LIST
from parleqd.protocol.names import Reason
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call


@handles_async(DEVICES_LIST)
async def list_devices(call: Call, _: m.Nothing) -> m.DevicesListResult:
    microphone = call.services.microphone
    if microphone is None:
        hint = "dictate a file with `parleqctl dictate FILE`, or push audio with a stream session"
        raise RefusedError(Reason.NO_MICROPHONE, "this daemon has no microphone", hint)
    devices = await microphone.devices()
    audio = call.services.configuration.settings.audio
    meant = chosen_device(devices, audio.device)
    chosen = chosen_device(devices, audio.device, audio.avoid_bluetooth)
    return m.DevicesListResult(
        devices=[
            m.DeviceEntry(
                id=device.id,
                name=device.name,
                default=device.default,
                chosen=device is chosen,
                monitor=device.monitor,
                avoided=device is meant and device is not chosen,
            )
            for device in devices
        ]
    )
