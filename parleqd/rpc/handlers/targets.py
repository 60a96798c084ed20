"""targets/test: a cleanup target that need not be in the settings, tried for real."""

from __future__ import annotations

import msgspec

from parleqd.core.settings.targets import target_of
from parleqd.engine.doctor import examine_target, report
from parleqd.protocol import messages as m
from parleqd.protocol.methods import TARGETS_TEST
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call


@handles_async(TARGETS_TEST)
async def try_one(call: Call, params: m.TargetsTestParams) -> m.DoctorResult:
    """Raises ``ConfigError`` for a draft that the settings would not take."""
    draft = msgspec.structs.asdict(params.target)
    target = target_of({key: value for key, value in draft.items() if value is not None})
    services = call.services
    return report(await examine_target(target, services.cloud, services.records.log, params.secret or None))
