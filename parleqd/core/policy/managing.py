"""The user's settings under an administrator's policy: what holds, what decided it, which targets may not be used.

Nothing here changes what the user has written down: without the policy it holds again.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from parleqd.core.errors import ConfigError
from parleqd.core.policy.reading import LIMIT, NO_POLICY, PIN, Limits, Policy, with_pins
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.settings.flatten import flatten
from parleqd.core.settings.modes import at_most
from parleqd.core.settings.parse import with_modes_at_most
from parleqd.core.settings.sections import Auth, Settings, Target
from parleqd.core.settings.table import CLOSED, TARGET
from parleqd.protocol.names import Mode

_STATIC = (Auth.API_KEY, Auth.CLIENT_SECRET)
CLOSED_KEY = ""
"""In place of a policy's key: the policy as a whole, since it cannot be relied on."""


class Withheld(msgspec.Struct, frozen=True):
    """A target that the policy does not allow: the policy's key that says so, and in words."""

    name: str
    key: str
    message: str


class Managed(msgspec.Struct, frozen=True):
    """``settings`` are those in effect. ``decided``: the policy's key behind each setting that it decides.

    ``most``: the most that the cleanup of a text does, whoever asks for it.
    """

    settings: Settings
    decided: dict[str, str] = {}
    withheld: tuple[Withheld, ...] = ()
    most: Mode = Mode.POLISHED


def manage(settings: Settings, policy: Policy) -> Managed:
    """``settings`` are the user's own. Pins go before limits, and limits hold for pinned values too."""
    if policy == NO_POLICY:
        return Managed(settings)
    pinned = with_pins(settings, policy)
    most = pinned.cleanup.mode if "cleanup.mode" in policy.pins else Mode.POLISHED  # or a rule would go round the pin
    pinned = with_modes_at_most(pinned, most)
    limits = _closed(policy.limits) if policy.closed else policy.limits
    held = _within(pinned, limits)
    if policy.closed:
        held = _with_closed(held)
    refused = {target.name: found for target in held.cleanup.targets if (found := _refusal(target, limits, policy))}
    allowed = tuple(target for target in held.cleanup.targets if target.name not in refused)
    effective = msgspec.structs.replace(held, cleanup=msgspec.structs.replace(held.cleanup, targets=allowed))
    decided = dict(_decided(pinned, held, policy))
    return Managed(effective, decided, tuple(refused.values()), at_most(limits.mode, most))


def refused_change(key: str, wanted: Settings, policy: Policy) -> str | None:
    """The policy's key that forbids setting ``key``, after which the user's settings would be ``wanted``.

    A pinned key may not even be set to the pinned value: what is written would seem to matter.
    """
    managed = manage(wanted, policy)
    if key in managed.decided:
        return managed.decided[key]
    if policy.targets is not None and key.startswith(f"cleanup.{TARGET}["):
        return f"{PIN}.cleanup.{TARGET}"
    names = {f"cleanup.{TARGET}[{index}]": target.name for index, target in enumerate(wanted.cleanup.targets)}
    name = names.get(key.rpartition(".")[0])
    return next((one.key for one in managed.withheld if one.name == name), None)


def _closed(limits: Limits) -> Limits:
    return msgspec.structs.replace(limits, mode=at_most(limits.mode, Mode.INSTANT), history=0, targets=())


def _within(settings: Settings, limits: Limits) -> Settings:
    settings = with_modes_at_most(settings, limits.mode)
    cleanup = msgspec.structs.replace(settings.cleanup, refine_mode=at_most(settings.cleanup.refine_mode, limits.mode))
    keep = settings.history.keep if limits.history is None else min(settings.history.keep, limits.history)
    history = msgspec.structs.replace(settings.history, keep=keep)
    return msgspec.structs.replace(settings, cleanup=cleanup, history=history)


def _with_closed(settings: Settings) -> Settings:
    """Beyond the limits: what the settings file closes too when it cannot be relied on."""
    audio = {key: value for (section, key), value in CLOSED.items() if section == "audio"}
    return msgspec.structs.replace(settings, audio=msgspec.structs.replace(settings.audio, **audio))


def _decided(pinned: Settings, held: Settings, policy: Policy) -> Iterator[tuple[str, str]]:
    yield from ((key, f"{PIN}.{key}") for key in policy.pins)
    before = dict(flatten(pinned))
    for key, value in flatten(held):
        if value == before.get(key):
            continue
        if policy.closed:
            yield key, CLOSED_KEY
        else:
            yield key, f"{LIMIT}.{'history' if key == 'history.keep' else 'mode'}"


def _refusal(target: Target, limits: Limits, policy: Policy) -> Withheld | None:
    """Why the target may not be used, if so."""
    if policy.closed:
        return Withheld(target.name, CLOSED_KEY, "the policy has a problem, so nothing leaves this machine")
    for key, allowed, what in (
        ("mode", limits.mode is Mode.POLISHED, "cleanup on this device only"),
        ("targets", limits.targets is None or target.name in limits.targets, _list("the targets", limits.targets)),
        ("providers", limits.providers is None or target.provider in limits.providers, _list("", limits.providers)),
        ("auth", limits.auth is None or target.auth in limits.auth, _list("signing in with", limits.auth)),
        ("static_keys", limits.static_keys or target.auth not in _STATIC, "no keys that nobody renews"),
        ("hosts", limits.hosts is None or _is_host_allowed(target, limits.hosts), _list("the hosts", limits.hosts)),
    ):
        if not allowed:
            return Withheld(target.name, f"{LIMIT}.{key}", f"the policy allows {what}")
    return None


def _list(what: str, allowed: tuple[str, ...] | None) -> str:
    return f"{what} {', '.join(allowed)}".strip() if allowed else f"none of {what or 'the providers'}"


def _is_host_allowed(target: Target, hosts: tuple[str, ...]) -> bool:
    """An address that cannot be understood is not used anyway."""
    try:
        host = endpoint_of(target.resource, target.provider).host
    except ConfigError:
        return False
    return any(host.endswith(one[1:]) if one.startswith("*.") else host == one for one in hosts)
