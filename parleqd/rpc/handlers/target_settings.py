"""targets/resolve, targets/add: a cleanup target from what was typed to the settings file and the keyring."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from parleqd.core.errors import ConfigError, OutsideError, ParleqError
from parleqd.core.polish.models_known import suited
from parleqd.core.polish.resource import Kind, endpoint_of, may_hold_secret
from parleqd.core.settings import Provider, Target
from parleqd.core.settings.targets import target_of
from parleqd.engine.targets import entry_of, variables_of
from parleqd.protocol import messages as m
from parleqd.protocol.methods import TARGETS_ADD, TARGETS_RESOLVE
from parleqd.rpc.dispatch import handles, handles_async
from parleqd.rpc.handlers.secrets import checked
from parleqd.rpc.services import Call


@handles(TARGETS_RESOLVE)
def resolve(call: Call, params: m.TargetsResolveParams) -> m.ResolvedTarget:
    """A pasted URL outweighs what a name tells, as the version that it names is known to be served there."""
    try:
        provider = Provider(params.provider)
    except ValueError:
        raise ConfigError(f"provider: {params.provider!r} is none", f"one of {', '.join(Provider)}") from None
    endpoint = endpoint_of(params.resource, provider)
    deployment = params.deployment.strip() or endpoint.deployment
    known = suited(deployment)
    version = "v1" if endpoint.kind is Kind.PROJECT else endpoint.api_version or known.api_version
    return m.ResolvedTarget(
        url=endpoint.base,
        host=endpoint.host,
        trusted=may_hold_secret(endpoint, params.trusted_hosts or ()),
        deployment=deployment,
        api_version=version,
        family=str(known.family),
    )


class Drafted(msgspec.Struct, frozen=True):
    """What a draft makes of the target of its name: ``kept`` and ``dropped`` are keys that it leaves out."""

    target: Target
    kept: tuple[str, ...]
    dropped: tuple[str, ...]


def drafted(draft: m.TargetDraft, targets: Iterable[Target]) -> Drafted:
    """The target that ``draft`` makes among ``targets``. Raises ``ConfigError`` for what no settings take."""
    told = {key: value for key, value in msgspec.structs.asdict(draft).items() if value is not None}
    target = target_of(told)
    former = next((one for one in targets if one.name == target.name), None)
    if former is None:
        return Drafted(target, (), ())
    left = [key for key in ("weight", "trusted_hosts", "scope") if key not in told]
    there = _is_same_place(former, target)
    kept = tuple(key for key in left if there or key == "weight")
    dropped = tuple(key for key in left if key not in kept and getattr(former, key))
    target = msgspec.structs.replace(target, **{key: getattr(former, key) for key in kept})
    return Drafted(target, kept, dropped)


def _is_same_place(former: Target, target: Target) -> bool:
    if former.provider is not target.provider:
        return False
    try:
        before = endpoint_of(former.resource, former.provider).base
    except ConfigError:
        return False
    return before == endpoint_of(target.resource, target.provider).base


@handles_async(TARGETS_ADD)
async def add(call: Call, params: m.TargetsAddParams) -> m.TargetAdded:
    """The key goes first: a target without the key that it was given would be half of what was asked for."""
    configuration = call.services.configuration
    new = drafted(params.target, configuration.settings.cleanup.targets)
    target = new.target
    endpoint_of(target.resource, target.provider)
    configuration.store.check_target(target)
    values = {key: value for key, value in msgspec.structs.asdict(params.target).items() if key not in new.kept}
    if "trusted_hosts" in values:
        values["trusted_hosts"] = list(target.trusted_hosts) or None
    before = None if params.secret is None else await _keep(call, target, checked(params.secret))
    try:
        replaced = await configuration.add_target(values, params.mode)
    except ParleqError:
        if params.secret is not None:
            await _put_back(call, target, before)
        raise
    if params.secret is not None:
        call.services.targets.changed_secret(target.name)
    return m.TargetAdded(
        name=target.name, path=str(configuration.store.path), replaced=replaced, dropped=list(new.dropped)
    )


async def _keep(call: Call, target: Target, secret: str) -> str | None:
    """What the keyring had in its place. Raises ``OutsideError`` that says where else the key can be."""
    secrets, entry = call.services.cloud.secrets, entry_of(target)
    try:
        before = await secrets.get(entry)
        await secrets.set(entry, secret)
    except OutsideError as error:
        variables = variables_of(target)
        other = f"or put it into {variables[0]} in parleqd's environment and give none here" if variables else ""
        hint = "; ".join(filter(None, (error.hint, other)))
        raise OutsideError(error.reason, f"nothing was saved: {error.message}", hint) from None
    return before


async def _put_back(call: Call, target: Target, before: str | None) -> None:
    secrets, entry = call.services.cloud.secrets, entry_of(target)
    if before is None:
        await secrets.delete(entry)
    else:
        await secrets.set(entry, before)
