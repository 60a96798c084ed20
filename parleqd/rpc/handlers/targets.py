"""targets/test: a cleanup target that need not be in the settings, tried for real."""

from __future__ import annotations

from parleqd.engine.doctor import examine_target, report
from parleqd.protocol import messages as m
from parleqd.protocol.methods import TARGETS_TEST
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.handlers.target_settings import drafted
from parleqd.rpc.services import Call


@handles_async(TARGETS_TEST)
async def try_one(call: Call, params: m.TargetsTestParams) -> m.DoctorResult:
    """Raises ``ConfigError`` for a draft that the settings would not take, or that the policy does not allow."""
    services = call.services
    target = drafted(params.target, services.configuration.settings.cleanup.targets).target
    services.configuration.store.check_target(target)
    return report(await examine_target(target, services.cloud, services.records.log, params.secret or None))
