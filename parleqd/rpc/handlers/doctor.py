"""doctor/run: every part tried for real."""

from __future__ import annotations

from parleqd.engine.doctor import Doctor, examine_socket, report
from parleqd.protocol import messages as m
from parleqd.protocol.methods import DOCTOR_RUN
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call


@handles_async(DOCTOR_RUN)
async def run(call: Call, _: m.Nothing) -> m.DoctorResult:
    return await examined(call)


async def examined(call: Call) -> m.DoctorResult:
    """What there is to say of every part."""
    services = call.services
    doctor = Doctor(
        services.configuration,
        services.recognition,
        services.microphone,
        services.journal,
        services.cloud,
        services.calibrating,
        services.records.log,
    )
    return report([check async for check in doctor.examine()] + [await examine_socket(call.client.socket)])
