"""Where a target is: what the user typed as `resource`, read as an address, and what may be sent there.

Facts about hosts, paths and audiences: Microsoft's pages "Azure OpenAI REST API reference", "API version lifecycle"
and "Azure Government"; the public clients of OpenAI, Portkey and LiteLLM agree on the URLs.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

import msgspec

from parleqd.core.errors import ConfigError
from parleqd.core.settings.hosts import is_host_name, trusted_host
from parleqd.core.settings.rules import Wrong
from parleqd.core.settings.sections import Provider

DEFAULT_API_VERSION = "2025-04-01-preview"
"""Of classic deployment URLs: the last dated one."""
OPENAI_BASE = "https://api.openai.com/v1"


class Cloud(StrEnum):
    """Whose cloud a host belongs to. ``OTHER``: a gateway, a server of one's own, this machine."""

    PUBLIC = "public"
    USGOV = "usgov"
    CHINA = "china"
    OPENAI = "openai"
    OTHER = "other"


class Kind(StrEnum):
    """What is found at an address.

    ``PROJECT``: a Foundry project, which knows v1 and the audience ``ai.azure`` only. ``REGIONAL``: a region's shared
    host, which takes keys only, since tokens need the resource's own host.
    """

    RESOURCE = "resource"
    PROJECT = "project"
    REGIONAL = "regional"
    OPENAI = "openai"
    LOOPBACK = "loopback"
    OTHER = "other"


class Endpoint(msgspec.Struct, frozen=True):
    """An address that was understood.

    ``base``: scheme, host, port unless it is the scheme's own, path; no slash at the end. ``host``: in lower case,
    without port and brackets. ``deployment`` and ``api_version``: found in a pasted URL, else ""; to be offered.
    """

    base: str
    host: str
    provider: Provider
    cloud: Cloud
    kind: Kind
    deployment: str = ""
    api_version: str = ""


_AZURE = {
    "openai.azure.com": (Cloud.PUBLIC, Kind.RESOURCE),
    "cognitiveservices.azure.com": (Cloud.PUBLIC, Kind.RESOURCE),
    "services.ai.azure.com": (Cloud.PUBLIC, Kind.RESOURCE),
    "api.cognitive.microsoft.com": (Cloud.PUBLIC, Kind.REGIONAL),
    "openai.azure.us": (Cloud.USGOV, Kind.RESOURCE),
    "cognitiveservices.azure.us": (Cloud.USGOV, Kind.RESOURCE),
    "services.ai.azure.us": (Cloud.USGOV, Kind.RESOURCE),
    "api.cognitive.microsoft.us": (Cloud.USGOV, Kind.REGIONAL),
    "openai.azure.cn": (Cloud.CHINA, Kind.RESOURCE),
    "cognitiveservices.azure.cn": (Cloud.CHINA, Kind.RESOURCE),
    "services.ai.azure.cn": (Cloud.CHINA, Kind.RESOURCE),
    "api.cognitive.azure.cn": (Cloud.CHINA, Kind.REGIONAL),
}
"""Domains of which Azure alone hands out hosts. Not ``azure-api.net``: what runs there is its tenant's own code."""
_OPENAI_HOST = "api.openai.com"
_PORTALS = frozenset({"portal.azure.com", "portal.azure.us", "portal.azure.cn", "ai.azure.com", "oai.azure.com"})
_DOMAINS = {Cloud.PUBLIC: "azure.com", Cloud.OTHER: "azure.com", Cloud.USGOV: "azure.us", Cloud.CHINA: "azure.cn"}

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")
_BEHIND_OPENAI = frozenset({"", "v1", "deployments", "responses", "models"})
_V1 = frozenset({"v1", "latest", "preview"})
_PORTS = {"https": 443, "http": 80}
_FORMS = 'a bare name ("my-openai"), a host name ("my-openai.openai.azure.com") or an https:// URL'


def endpoint_of(resource: str, provider: Provider) -> Endpoint:
    """The address that ``resource`` means: a bare name, a host, or a URL as a portal shows it.

    Raises ``ConfigError`` where it means none; the message quotes the host at most, since a URL may hold a secret.
    """
    typed = resource.strip()
    if not typed:
        if provider is Provider.OPENAI:
            return endpoint_of(OPENAI_BASE, provider)
        raise ConfigError("resource is empty", f"Write {_FORMS}.")
    parts = _split(typed)
    host, port = _host(parts), _port(parts)
    segments = [segment for segment in parts.path.split("/") if segment]
    if provider is Provider.AZURE_OPENAI:
        host = _with_domain(host, parts, segments)
    cloud, kind = _whose(host)
    scheme = parts.scheme or ("http" if kind is Kind.LOOPBACK else "https")
    _refuse_misplaced(scheme, host, cloud, kind, provider)
    origin = f"{scheme}://{f'[{host}]' if ':' in host else host}{_written(port, scheme)}"
    if provider is not Provider.AZURE_OPENAI:
        if segments[-2:] == ["chat", "completions"]:
            segments = segments[:-2]
        return Endpoint(_joined(origin, segments or ["v1"]), host, provider, cloud, kind)
    own, found = _divided(segments)
    if cloud is not Cloud.OTHER:
        own, kind = _on_azure(own, kind)
    return Endpoint(_joined(origin, own), host, provider, cloud, kind, *_offered(found, parts.query))


def is_v1(endpoint: Endpoint, api_version: str) -> bool:
    """Whether the deployment is named in the body (``model``) rather than in the URL."""
    if endpoint.provider is not Provider.AZURE_OPENAI or endpoint.kind is Kind.PROJECT:
        return True
    return api_version.strip().lower() in _V1


def chat_url(endpoint: Endpoint, deployment: str, api_version: str) -> str:
    """The URL to post a chat completion to. Raises ``ConfigError`` where it needs a deployment and has none.

    ``deployment``: "" takes the one found in the pasted URL. ``api_version``: a date, or "v1" ("latest" is the same,
    "preview" asks for v1's preview); "" takes the default.
    """
    if endpoint.provider is not Provider.AZURE_OPENAI:
        return f"{endpoint.base}/chat/completions"
    version = api_version.strip() or DEFAULT_API_VERSION
    if is_v1(endpoint, version):
        query = "?api-version=preview" if version.lower() == "preview" else ""
        return f"{endpoint.base}/openai/v1/chat/completions{query}"
    name = (deployment or endpoint.deployment).strip()
    if name in ("", ".", ".."):
        raise ConfigError(f"no deployment is named for {endpoint.host}", 'Write deployment = "…".')
    query = f"?api-version={quote(version, safe='')}"
    return f"{endpoint.base}/openai/deployments/{quote(name, safe='')}/chat/completions{query}"


def may_hold_secret(endpoint: Endpoint, trusted_hosts: Iterable[str]) -> bool:
    """Whether a key or token may be sent there: Azure, OpenAI, this machine, or a host the user has confirmed.

    ``trusted_hosts``: hosts, or "host:port" for that port alone; what is neither matches nothing.
    """
    if endpoint.kind is Kind.LOOPBACK:
        return True
    if not endpoint.base.startswith("https://"):
        return False
    if endpoint.cloud is not Cloud.OTHER:
        return True
    parts = urlsplit(endpoint.base)
    bracketed = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    forms = (endpoint.host, f"{bracketed}:{parts.port or _PORTS[parts.scheme]}")
    return any(_confirmed(host) in forms for host in trusted_hosts)


def default_scope(endpoint: Endpoint) -> str:
    """The scope of a token for it; "" for OpenAI, which takes none."""
    audiences = _audiences(endpoint)
    if not audiences:
        return ""
    return scope_of(audiences[1] if endpoint.kind is Kind.PROJECT else audiences[0])


def acceptable_audience(endpoint: Endpoint, audience: str) -> bool:
    """Whether a token for ``audience`` may be minted because the service asked: only Azure AI's own of that cloud."""
    return _resource_of(audience) in _audiences(endpoint)


def scope_of(audience: str) -> str:
    """``audience`` as a scope, whether it is written as a resource, with a slash, or as a scope already."""
    return f"{_resource_of(audience)}/.default"


def _confirmed(host: str) -> str | None:
    try:
        return trusted_host(host)
    except Wrong:
        return None


def _resource_of(audience: str) -> str:
    return audience.strip().removesuffix("/.default").rstrip("/")


def _audiences(endpoint: Endpoint) -> tuple[str, ...]:
    """Those of the cloud: Cognitive Services first, then Foundry."""
    domain = _DOMAINS.get(endpoint.cloud)
    return (f"https://cognitiveservices.{domain}", f"https://ai.{domain}") if domain else ()


def _split(typed: str) -> SplitResult:
    """Scheme ("" if none was typed), authority, path and query."""
    if any(mark.isspace() or not mark.isprintable() or mark == "\\" for mark in typed):
        raise ConfigError("resource holds a space or another sign that no address holds", f"Write {_FORMS}.")
    named = _SCHEME.match(typed)
    if named and named[1].lower() not in _PORTS:
        raise ConfigError(f'resource begins with "{named[1]}://"', "Write https://, or the host alone.")
    try:
        parts = urlsplit(typed if named else f"//{typed}")
    except ValueError:  # its text would quote what was typed
        raise ConfigError("resource is no address that can be read", f"Write {_FORMS}.") from None
    if "@" in parts.netloc:
        raise ConfigError(
            "resource holds a user name or password before the host",
            "Write the address without it; keys go into the keyring: `parleqctl secret set`.",
        )
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        try:
            return str(
                ipaddress.IPv6Address(host.replace("%", "zone"))
            )  # a zone is no part of an address to write down
        except ValueError:
            raise ConfigError("resource holds no right IPv6 address", "Write it as https://[::1]:8080.") from None
    if not is_host_name(host):
        raise ConfigError(
            "resource names no host",
            f"Write {_FORMS}. A host with other letters than a to z is written in its xn-- form.",
        )
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ConfigError("resource holds a port that is none", "Write a number from 1 to 65535 behind the colon.")
    return port


def _with_domain(host: str, parts: SplitResult, segments: list[str]) -> str:
    """``host``, completed if it is a resource's bare name: one word, without scheme, port and path of its own."""
    if "." in host or ":" in host or host == "localhost" or parts.scheme or parts.port or _divided(segments)[0]:
        return host
    if not _NAME.fullmatch(host):
        raise ConfigError(
            "resource is no name that a resource can have",
            "A resource's name has 2 to 64 letters, digits and hyphens, and no hyphen at either end.",
        )
    return f"{host}.openai.azure.com"


def _whose(host: str) -> tuple[Cloud, Kind]:
    """By whole labels: ``openai.azure.com.example.org`` and ``myopenai.azure.com`` are strangers."""
    name, _, domain = host.partition(".")
    while domain:
        if domain in _AZURE and name:
            return _AZURE[domain]
        name, _, domain = domain.partition(".")
    if host == _OPENAI_HOST or host.endswith("." + _OPENAI_HOST):
        return Cloud.OPENAI, Kind.OPENAI
    return Cloud.OTHER, Kind.LOOPBACK if _is_loopback(host) else Kind.OTHER


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_misplaced(scheme: str, host: str, cloud: Cloud, kind: Kind, provider: Provider) -> None:
    if host in _PORTALS:
        raise ConfigError(
            f"{host} is the portal, where people look, not the resource",
            'Copy the endpoint from the resource\'s page "Keys and Endpoint".',
        )
    if cloud is Cloud.OPENAI and provider is Provider.AZURE_OPENAI:
        raise ConfigError(f"{host} is OpenAI's, not Azure's", 'Write provider = "openai".')
    if scheme == "http" and kind is not Kind.LOOPBACK:
        raise ConfigError(
            f"http:// to {host} would send text and key in the clear",
            "Write https://; plain http:// is for this machine only.",
        )


def _written(port: int | None, scheme: str) -> str:
    return "" if port in (None, _PORTS[scheme]) else f":{port}"


def _joined(origin: str, segments: list[str]) -> str:
    return "/".join([origin, *(quote(segment, safe="%:@!$&'()*+,;=~") for segment in segments)])


def _divided(segments: list[str]) -> tuple[list[str], list[str]]:
    """The path in front of the service's own (``/openai/…``), and the service's own."""
    for index, segment in enumerate(segments):
        following = segments[index + 1].lower() if index + 1 < len(segments) else ""
        if segment.lower() == "openai" and following in _BEHIND_OPENAI:
            return segments[:index], segments[index:]
    return segments, []


def _on_azure(own: list[str], kind: Kind) -> tuple[list[str], Kind]:
    """Azure's own hosts have no paths in front but a project's."""
    if [segment.lower() for segment in own[:2]] == ["api", "projects"] and len(own) > 2:
        return own[:3], Kind.PROJECT
    return [], kind


def _offered(found: list[str], query: str) -> tuple[str, str]:
    """The deployment and the version that a pasted URL names, "" for what it does not.

    Only a URL of Azure OpenAI's own (``/openai/…``) names one of its versions: those of ``/models/…`` are others.
    """
    if not found:
        return "", ""
    names = [segment.lower() for segment in found[1:2]]
    deployment = unquote(found[2]) if names == ["deployments"] and len(found) > 2 else ""
    if names == ["v1"]:
        return deployment, "v1"
    versions = [value for key, value in parse_qsl(query) if key.lower() == "api-version"]
    version = versions[0] if versions else ""
    return deployment, version if re.fullmatch(r"[A-Za-z0-9.-]{1,40}", version) else ""
