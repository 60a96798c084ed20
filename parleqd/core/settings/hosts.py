"""How a host is written: in ``trusted_hosts`` one form for whatever means the same, for speech only this machine."""

from __future__ import annotations

import ipaddress
import re

from parleqd.core.settings.rules import Wrong, kind, shown, text
from parleqd.core.speech.server import FORMS as LOOPBACK_FORMS
from parleqd.core.speech.server import NotLoopbackError, server_of

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_AUTHORITY = re.compile(r"\[(?P<six>[^\[\]]*)\](?::(?P<port6>.*))?|(?P<host>[^:\[\]]*)(?::(?P<port>.*))?")
_FORMS = 'a host such as "gateway.example.com", or with the port that alone is meant, "gateway.example.com:8443"'


def trusted_host(value: object) -> str:
    """``host`` or ``host:port``: in lower case, without scheme, slash and trailing dot; IPv6 in brackets before a port.

    A port stays, the usual 443 too: it narrows what is trusted. Raises ``Wrong`` for what means no single host.
    """
    given = text(value).strip()
    scheme, found, rest = given.lower().rpartition("://")
    if found and scheme != "https":
        raise Wrong(f"{shown(given)} begins with another scheme than https", _FORMS)
    rest = rest.removesuffix("/")
    if "*" in rest:
        raise Wrong(f"{shown(given)} is a pattern, and each host is confirmed by its own name", _FORMS)
    if re.search(r"[/?#@\\]", rest):
        raise Wrong("this text is more than a host", _FORMS)  # a URL may hold a secret: it is not repeated
    host, port = _divided(rest, given)
    return f"{f'[{host}]' if ':' in host else host}:{port}" if port else host


def trusted_hosts(value: object) -> tuple[str, ...]:
    """A list of hosts."""
    if not isinstance(value, list):
        raise Wrong(f"must be a list of hosts, not {kind(value)}", 'write it as ["gateway.example.com"]')
    return tuple(trusted_host(item) for item in value)


def speech_server(value: object) -> str:
    """The URL of a speech server on this machine, as it was written. Raises ``Wrong`` for any other."""
    given = text(value).strip()
    try:
        server_of(given)
    except NotLoopbackError as error:
        raise Wrong(str(error), f"write {LOOPBACK_FORMS}") from None
    return given


def _divided(authority: str, given: str) -> tuple[str, int | None]:
    six = _address(authority)
    if six is not None:
        return six, None
    parts = _AUTHORITY.fullmatch(authority)
    bracketed = parts is not None and parts["six"] is not None
    host = None if parts is None else _address(parts["six"]) if bracketed else parts["host"].removesuffix(".")
    if host is None or (not bracketed and not is_host_name(host)):
        raise Wrong(f"{shown(given)} is no host", _FORMS)
    assert parts is not None
    port = parts["port6"] if bracketed else parts["port"]
    if port is None:
        return host, None
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise Wrong(f"{shown(given)} has a port that is none", _FORMS)
    return host, int(port)


def _address(written: str) -> str | None:
    """An IPv6 address in its shortest form."""
    try:
        return None if "%" in written else str(ipaddress.IPv6Address(written))
    except ValueError:
        return None


def is_host_name(host: str) -> bool:
    """Is it a name, in lower case, that a host can have? An address of four numbers is one too."""
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))
