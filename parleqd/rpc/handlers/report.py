"""report/get: what a bug report may show."""

from __future__ import annotations

import time

from parleqd.engine.report import compose, measured
from parleqd.protocol import messages as m
from parleqd.protocol.methods import REPORT_GET
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.handlers import doctor
from parleqd.rpc.services import Call


@handles_async(REPORT_GET)
async def get(call: Call, _: m.Nothing) -> m.ReportResult:
    services = call.services
    found = await doctor.examined(call)
    metrics = measured(services.records.metrics, time.time() - services.started)
    return await compose(services.configuration.store, found.checks, metrics, services.events.recent())
