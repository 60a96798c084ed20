"""An administrator's policy: which settings it pins, what it allows of the others.

A policy is a TOML tree: ``[pin.SECTION]`` holds settings as the settings file has them, ``[limit]`` what no setting
may go beyond. What cannot be understood and may be about secrecy closes everything that a policy can close.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from parleqd.core.settings.hosts import is_host_name, trusted_host
from parleqd.core.settings.parse import Problem, parse
from parleqd.core.settings.rules import Rule, Wrong, choice, closest, flag, kind, list_of, shown, text, whole
from parleqd.core.settings.sections import Auth, Provider, Settings, Target
from parleqd.core.settings.table import CLOSED, SECTIONS, TARGET
from parleqd.core.speech.languages import translates
from parleqd.protocol.names import Mode

PIN, LIMIT = "pin", "limit"
_HOST = 'a host such as "my-openai.openai.azure.com", or "*.openai.azure.com" for all below one'
_HARMLESS = ("audio", "speech", "insertion")
"""Sections in which a bad value gives nothing away, but for what the settings file closes too."""


class Limits(msgspec.Struct, frozen=True):
    """What no setting may go beyond; ``None``: anything.

    ``mode``: the most that cleanup does. ``history``: so many dictations are kept at most. ``targets``: their names,
    ``hosts`` ("*." before a domain: all below it), ``providers`` and ``auth`` of those that may be used.
    ``static_keys``: may a target sign in with a key or client secret, which nobody renews?
    """

    mode: Mode = Mode.POLISHED
    history: int | None = None
    targets: tuple[str, ...] | None = None
    hosts: tuple[str, ...] | None = None
    providers: tuple[Provider, ...] | None = None
    auth: tuple[Auth, ...] | None = None
    static_keys: bool = True


class Policy(msgspec.Struct, frozen=True):
    """``pins``: by dotted key. ``targets``: those that stand in place of the user's, where it pins them.

    ``closed``: it cannot be relied on, so what is secret stays so: nothing leaves the machine, nothing is kept.
    """

    pins: dict[str, object] = {}
    targets: tuple[Target, ...] | None = None
    limits: Limits = Limits()
    closed: bool = False


NO_POLICY = Policy()
CLOSED_POLICY = Policy(closed=True)
"""What holds when a policy is there and cannot be read."""


def _host(value: object) -> str:
    given = text(value).strip().lower()
    below, host = given.startswith("*."), trusted_host(given.removeprefix("*."))
    has_port = host.startswith("[") or host.count(":") == 1
    if has_port or (below and not is_host_name(host)):
        raise Wrong(f"{shown(given)} is more than a host", _HOST)
    return f"*.{host}" if below else host


LIMIT_KEYS: dict[str, Rule] = {
    "mode": choice(Mode),
    "history": whole(0, 100_000),
    "targets": list_of(text, 'write it as ["eastus"]'),
    "hosts": list_of(_host, f"a list of hosts, each {_HOST}"),
    "providers": list_of(choice(Provider), 'write it as ["azure-openai"]'),
    "auth": list_of(choice(Auth), 'write it as ["azure-cli", "managed-identity"]'),
    "static_keys": flag,
}


def parse_policy(tree: Mapping[str, object]) -> tuple[Policy, list[Problem]]:
    """The policy, and every problem in the order of the tree; their keys are the policy's own."""
    problems: list[Problem] = []
    closed = False

    def report(key: str, message: str, hint: str = "", *, harmless: bool = False) -> None:
        nonlocal closed
        problems.append(Problem(key, message, hint))
        closed = closed or not harmless

    policy = NO_POLICY
    for name, value in tree.items():
        if name not in (PIN, LIMIT):
            meant = closest(name, (PIN, LIMIT))
            hint = f"did you mean [{meant}]?" if meant else "a policy has [pin.SECTION] and [limit]"
            report(name, "is not a part of a policy", hint)
        elif not isinstance(value, Mapping):
            report(name, f"must be a table, not {kind(value)}", f"write [{name}] as a header")
        elif name == LIMIT:
            policy = msgspec.structs.replace(policy, limits=_limits(value, report))
        else:
            policy = _pinned(policy, value, report)
    return msgspec.structs.replace(policy, closed=closed), problems


_Report = Callable[..., None]


def _limits(tree: Mapping[str, object], report: _Report) -> Limits:
    values: dict[str, object] = {}
    for key, value in tree.items():
        if key not in LIMIT_KEYS:
            meant = closest(key, LIMIT_KEYS)
            hint = f"did you mean {meant}?" if meant else f"the limits are {', '.join(LIMIT_KEYS)}"
            report(f"{LIMIT}.{key}", "is not a limit", hint)
            continue
        try:
            values[key] = LIMIT_KEYS[key](value)
        except Wrong as wrong:
            report(f"{LIMIT}.{key}", wrong.message, wrong.hint)
    return msgspec.convert(values, Limits)


def _pinned(policy: Policy, tree: Mapping[str, object], report: _Report) -> Policy:
    """The rules of the settings file hold; a bad value there pins nothing, and closes where it may be secrecy."""
    sections = {name: value for name, value in tree.items() if name in SECTIONS}
    for name in tree.keys() - sections.keys():
        report(f"{PIN}.{name}", "is not a section that can be pinned", f"the sections are {', '.join(SECTIONS)}")
    settings, wrong = parse(sections)
    for problem in wrong:
        report(f"{PIN}.{problem.key}", problem.message, problem.hint, harmless=_is_harmless(problem.key))
    bad = {problem.key for problem in wrong}
    pins = {
        f"{section}.{key}": getattr(getattr(settings, section), key)
        for section, values in sections.items()
        if isinstance(values, Mapping)
        for key in values
        if key in SECTIONS[section] and f"{section}.{key}" not in bad
    }
    cleanup = sections.get("cleanup")
    names_targets = isinstance(cleanup, Mapping) and TARGET in cleanup
    return msgspec.structs.replace(policy, pins=pins, targets=settings.cleanup.targets if names_targets else None)


def _is_harmless(key: str) -> bool:
    section, _, name = key.partition(".")
    return section in _HARMLESS and name in SECTIONS[section] and (section, name) not in CLOSED


def with_pins(settings: Settings, policy: Policy) -> Settings:
    """The settings with every pinned value in place of the user's."""
    for key, value in policy.pins.items():
        section, _, name = key.partition(".")
        changed = msgspec.structs.replace(getattr(settings, section), **{name: value})
        settings = msgspec.structs.replace(settings, **{section: changed})
    if policy.targets is not None:
        cleanup = msgspec.structs.replace(settings.cleanup, targets=policy.targets)
        settings = msgspec.structs.replace(settings, cleanup=cleanup)
    if settings.speech.translate and not translates(settings.speech.model):
        settings = msgspec.structs.replace(settings, speech=msgspec.structs.replace(settings.speech, translate=False))
    return settings
