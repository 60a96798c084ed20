"""What a trial of one cleanup target found, hop by hop, from its address to the quota that is left.

One request tells all of it. Where it failed names the hop, and the kind of failure how far it had come: a service
checks who asks before it looks for the deployment, and reads a request before it answers one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from parleqd.core.polish.failure import Failure
from parleqd.core.polish.failures import Breakage, untrusted_failure, where
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import Kind, acceptable_audience, may_hold_secret, scope_of
from parleqd.core.settings.sections import Auth, Provider, Target
from parleqd.protocol.names import CheckVerdict, Reason

MOST_TOKENS, MOST_REASONING_TOKENS = 64, 1024
"""That a trial's answer may have. A model that reasons refuses, or says nothing, when its thoughts do not fit."""

_OK, _WARNING, _FAILED = CheckVerdict.OK, CheckVerdict.WARNING, CheckVerdict.FAILED
_TELLABLE = re.compile(r"[\w.:/@ -]{1,100}", re.ASCII)
"""What a service, or a token, may have repeated of its own words."""


class Hop(StrEnum):
    """In the order in which a request meets them; `hops_of` says which of them a target has."""

    ADDRESS = "address"
    NAME = "name"
    CONNECTION = "connection"
    KEY = "key"
    TOKEN = "token"
    AUDIENCE = "audience"
    PERMISSION = "permission"
    DEPLOYMENT = "deployment"
    FAMILY = "family"
    STREAMING = "streaming"
    QUOTA = "quota"


class Finding(msgspec.Struct, frozen=True):
    """What there is to say of one hop."""

    hop: Hop
    verdict: CheckVerdict
    message: str
    hint: str = ""
    reason: Reason | None = None


class Learned(msgspec.Struct):
    """What a trial came to know on its way. Header names are lower case.

    ``addresses``: the host's, as far as this machine knows. ``expires`` (seconds since the epoch) and ``audience``: of
    the token, by its own words. ``answering``: the one answer began as a success. ``first_text_ms``: ``None`` where no
    text came before its end. ``limited``: it reached the limit of `small`, which is as good as an end.
    """

    addresses: tuple[str, ...] = ()
    expires: float | None = None
    audience: str = ""
    headers: Mapping[str, str] = {}
    answering: bool = False
    first_text_ms: float | None = None
    limited: bool = False
    model: str = ""


_PLACES: dict[Reason, tuple[Hop, Hop]] = {
    Reason.NETWORK_BLOCKED: (Hop.CONNECTION, Hop.ADDRESS),
    Reason.RESOURCE_NOT_FOUND: (Hop.ADDRESS, Hop.CONNECTION),
    Reason.KEY_REJECTED: (Hop.KEY, Hop.CONNECTION),
    Reason.PERMISSION_DENIED: (Hop.PERMISSION, Hop.AUDIENCE),
    Reason.DEPLOYMENT_NOT_FOUND: (Hop.DEPLOYMENT, Hop.PERMISSION),
    Reason.SERVICE_UNAVAILABLE: (Hop.DEPLOYMENT, Hop.CONNECTION),
    Reason.WRONG_FAMILY: (Hop.FAMILY, Hop.DEPLOYMENT),
    Reason.BAD_REQUEST: (Hop.FAMILY, Hop.DEPLOYMENT),
    Reason.CONTENT_FILTERED: (Hop.STREAMING, Hop.DEPLOYMENT),
    Reason.GUARD_REJECTED: (Hop.STREAMING, Hop.FAMILY),
    Reason.TRUNCATED: (Hop.STREAMING, Hop.FAMILY),
    Reason.MALFORMED_RESPONSE: (Hop.STREAMING, Hop.CONNECTION),
    Reason.RATE_LIMITED: (Hop.QUOTA, Hop.DEPLOYMENT),
    Reason.QUOTA_EXHAUSTED: (Hop.QUOTA, Hop.DEPLOYMENT),
}
"""The hop that such a failure is about, and the last one that it proves to be well."""


def hops_of(target: Target) -> list[Hop]:
    """Those that a request of this target meets, in order."""
    without = {Hop.TOKEN, Hop.AUDIENCE} if target.auth is Auth.API_KEY else {Hop.KEY}
    return [hop for hop in Hop if hop not in without]


def in_order(target: Target, findings: Iterable[Finding]) -> list[Finding]:
    """The last finding of each hop, and one more that names the hops that nothing was found of."""
    found = {finding.hop: finding for finding in findings}
    told = [found[hop] for hop in hops_of(target) if hop in found]
    missing = [hop for hop in hops_of(target) if hop not in found]
    if not missing:
        return told
    first, *more = missing
    others = f"; not tried either: {', '.join(more)}" if more else ""
    return [*told, Finding(first, CheckVerdict.SKIPPED, f"not reached{others}")]


def small(body: dict[str, object]) -> dict[str, object]:
    """A request's body, for an answer of no length worth paying for."""
    limits = {"max_tokens": MOST_TOKENS, "max_completion_tokens": MOST_TOKENS}
    if "temperature" not in body:  # the family that reasons has none
        limits["max_completion_tokens"] = MOST_REASONING_TOKENS
    return body | {name: limit for name, limit in limits.items() if name in body}


# Before the request


def address(spec: RequestSpec) -> Finding:
    """Where it is, and whether anything may be sent there."""
    endpoint = spec.endpoint
    if may_hold_secret(endpoint, spec.target.trusted_hosts):
        version = f", api_version {spec.target.api_version}" if spec.target.provider is Provider.AZURE_OPENAI else ""
        return Finding(Hop.ADDRESS, _OK, f"{endpoint.base}{version}")
    failure = untrusted_failure(spec)
    return Finding(Hop.ADDRESS, _FAILED, failure.message, failure.hint, failure.reason)


def name(spec: RequestSpec, learned: Learned) -> Finding:
    """What the host's name means to this machine. Nothing is no failure yet: a proxy may know it."""
    host, addresses = spec.endpoint.host, learned.addresses
    if not addresses:
        message = f"{host} was not found from this machine"
        hint = "where a proxy is used, it may know the name; else check the network, and resource"
        return Finding(Hop.NAME, _WARNING, message, hint, Reason.NETWORK_ERROR)
    shown = ", ".join(addresses[:3]) + (" …" if len(addresses) > 3 else "")
    return Finding(Hop.NAME, _OK, f"{host}: {shown}{_nature(spec.endpoint.kind, addresses)}")


def signed_in(target: Target, learned: Learned, *, secret: bool, now: float) -> Finding:
    """A key or token is at hand; ``secret``: there is one. ``now``: seconds since the epoch."""
    if target.auth is Auth.API_KEY:
        return Finding(Hop.KEY, _OK, "there is one" if secret else "there is none, and this server may need none")
    if learned.expires is None:
        return Finding(Hop.TOKEN, _OK, "there is one; it does not say how long it lasts")
    left = (learned.expires - now) / 60
    if left <= 0:
        hint = "is this machine's clock right?"
        return Finding(Hop.TOKEN, _WARNING, f"by its own words it ended {-left:.0f} minutes ago", hint)
    lasting = f"{left:.0f} minutes" if left < 120 else f"{left / 60:.0f} hours"
    return Finding(Hop.TOKEN, _OK, f"there is one, good for {lasting}")


# After the request


def unreachable(failure: Failure, breakage: Breakage) -> Finding:
    """What a request tells that got no answer at all."""
    hop = Hop.NAME if breakage is Breakage.DNS else Hop.CONNECTION
    return Finding(hop, _FAILED, failure.message, failure.hint, failure.reason)


def refused(failure: Failure, spec: RequestSpec, learned: Learned) -> list[Finding]:
    """What an answer tells that was a refusal, or of no use: the hop it is about, and those that the request passed."""
    hop, proven = _place(failure, spec, learned)
    if hop not in hops_of(spec.target):
        hop = Hop.KEY if spec.target.auth is Auth.API_KEY else Hop.TOKEN
    harmless = failure.reason in (Reason.CONTENT_FILTERED, Reason.GUARD_REJECTED)
    message, hint = failure.message, failure.hint
    if hop is Hop.AUDIENCE:
        holds = _told(learned.audience)
        message += f", and this one is for {holds}" if holds else ""
        if spec.target.auth is not Auth.TOKEN and acceptable_audience(spec.endpoint, failure.audience):
            hint = f'Set scope = "{scope_of(failure.audience)}" for the target "{spec.target.name}".'
    message += f" (request {failure.request_id})" if failure.request_id else ""
    found = Finding(hop, _WARNING if harmless else _FAILED, message, hint, failure.reason)
    return [*_passed(spec, proven, learned), found]


def answered(spec: RequestSpec, learned: Learned) -> list[Finding]:
    """What a whole answer tells."""
    return [*_passed(spec, Hop.FAMILY, learned), _streaming(learned), _quota(learned.headers)]


def _place(failure: Failure, spec: RequestSpec, learned: Learned) -> tuple[Hop, Hop]:
    match failure.reason:
        case Reason.TOKEN_FAILED:
            # The sentence always speaks of the audience; a token that is for it failed for another reason.
            other = failure.audience and scope_of(learned.audience) != scope_of(failure.audience)
            return (Hop.AUDIENCE if other else Hop.TOKEN), Hop.CONNECTION
        case Reason.BAD_REQUEST if spec.endpoint.kind is Kind.REGIONAL and spec.target.auth is not Auth.API_KEY:
            return Hop.ADDRESS, Hop.CONNECTION  # a region's shared host takes no tokens
        case Reason.CONTENT_FILTERED if learned.answering:
            return Hop.STREAMING, Hop.FAMILY
        case reason if reason in _PLACES:
            return _PLACES[reason]
    return (Hop.STREAMING, Hop.FAMILY) if learned.answering else (Hop.DEPLOYMENT, Hop.CONNECTION)


def _passed(spec: RequestSpec, last: Hop, learned: Learned) -> list[Finding]:
    """The hops that only a request can try, up to the last that it proved."""
    secure = spec.endpoint.base.startswith("https:")
    audience = _told(learned.audience)
    said = {
        Hop.NAME: "" if learned.addresses else f"{spec.endpoint.host} was found by a proxy, not by this machine itself",
        Hop.CONNECTION: "TLS, with a certificate this machine trusts" if secure else "plain http, on this machine",
        Hop.AUDIENCE: f"the service accepts a token for {audience}" if audience else "the service accepts the token",
        Hop.PERMISSION: "the key opens it" if spec.target.auth is Auth.API_KEY else "the account may use it",
        Hop.DEPLOYMENT: _served(spec, learned),
        Hop.FAMILY: f'the model takes what family = "{spec.target.family.value}" sends',
    }
    reached = list(Hop)[: list(Hop).index(last) + 1]
    return [Finding(hop, _OK, said[hop]) for hop in hops_of(spec.target) if hop in reached and said.get(hop)]


def _served(spec: RequestSpec, learned: Learned) -> str:
    model, region = _told(learned.model), _told(learned.headers.get("x-ms-region", ""))
    model = f", the model {model}" if model and model != spec.deployment else ""
    return where(spec) + model + (f", in {region}" if region else "")


def _streaming(learned: Learned) -> Finding:
    if learned.first_text_ms is None and learned.limited:
        return Finding(Hop.STREAMING, _OK, "an answer came; its text did not fit into this trial's small limit")
    if learned.first_text_ms is None:
        message = "the answer came in one piece: something on the way does not stream"
        hint = "dictations are polished all the same; a gateway or proxy may hold answers back until they are whole"
        return Finding(Hop.STREAMING, _WARNING, message, hint)
    return Finding(Hop.STREAMING, _OK, f"the first of the answer came after {learned.first_text_ms:.0f} ms")


def _quota(headers: Mapping[str, str]) -> Finding:
    left = {unit: _count(headers, f"x-ratelimit-remaining-{unit}") for unit in ("requests", "tokens")}
    known = {unit: count for unit, count in left.items() if count is not None}
    if not known:
        return Finding(Hop.QUOTA, _OK, "not used up; the service does not tell what is left")
    limits = {unit: _count(headers, f"x-ratelimit-limit-{unit}") for unit in known}
    shown = [f"{n:,}{f' of {limits[unit]:,}' if limits[unit] else ''} {unit}" for unit, n in known.items()]
    message = f"{' and '.join(shown)} left for now"
    if 0 in known.values():
        hint = "Raise the deployment's tokens per minute in the portal, or add a target in another region."
        return Finding(Hop.QUOTA, _WARNING, message, hint, Reason.RATE_LIMITED)
    return Finding(Hop.QUOTA, _OK, message)


def _count(headers: Mapping[str, str], header: str) -> int | None:
    """Services have been seen to send -1, which tells nothing."""
    value = headers.get(header, "").strip()
    return int(value) if re.fullmatch(r"[0-9]{1,12}", value) else None


def _nature(kind: Kind, addresses: Sequence[str]) -> str:
    try:
        parsed = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses]
    except ValueError:
        return ""
    if any(address.is_loopback for address in parsed):
        return " (this machine)"
    if any(address.is_private for address in parsed):
        return " (a private endpoint)" if kind in (Kind.RESOURCE, Kind.PROJECT) else " (a private network's)"
    return ""


def _told(words: str) -> str:
    return words if _TELLABLE.fullmatch(words) else ""
