"""Where a speech server of this machine is: what the user typed as ``speech.server``, read as an address.

Audio never leaves the machine. So only what is a loopback address as it stands is one: no name is ever looked up
(``localhost`` means 127.0.0.1 and ::1 here, whatever a hosts file says), and no form of an address that two programs
may read differently is understood (2130706433, 127.1, 0x7f.0.0.1, ::ffff:127.0.0.1).
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

FORMS = '"http://127.0.0.1:8000/v1", "http://localhost:8000" or "http://[::1]:8000"'
_ADDRESS = re.compile(
    r"(?i:http)://(?P<host>\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[0-9A-Za-z._~-]+)*)/?"
)
_TRANSCRIPTIONS = "/audio/transcriptions"
_TRANSLATIONS = "/audio/translations"
_DEFAULT_PATH = "/v1"
_DEFAULT_PORT = 80


class NotLoopbackError(ValueError):
    """This is no address of a speech server on this machine; the message says why."""


class SpeechServer(NamedTuple):
    """An address that was understood. ``hosts``: the addresses to try in turn; ``path``: without a slash at its end."""

    hosts: tuple[str, ...]
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as a URL has them."""
        host = "localhost" if len(self.hosts) > 1 else self.hosts[0]
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def path_of_texts(self, *, translate: bool) -> str:
        """The path to post audio to (OpenAI's API reference, "Create transcription" and "Create translation")."""
        return self.path + (_TRANSLATIONS if translate else _TRANSCRIPTIONS)


def server_of(url: str) -> SpeechServer:
    """The server that ``url`` means. Raises ``NotLoopbackError`` for any that is not on this machine for certain.

    The message never quotes the text: a URL may hold a secret.
    """
    parts = _ADDRESS.fullmatch(url.strip())
    if parts is None and re.match(r"(?i)https:", url.strip()):
        raise NotLoopbackError("what stays on this machine needs no https")
    if parts is None:
        raise NotLoopbackError("this is not the address of a server on this machine")
    port = _DEFAULT_PORT if parts["port"] is None else int(parts["port"])
    if not 1 <= port <= 65535:
        raise NotLoopbackError("there is no such port")
    path = parts["path"].removesuffix(_TRANSCRIPTIONS)
    return SpeechServer(_loopback(parts["host"].strip("[]")), port, path or _DEFAULT_PATH)


def _loopback(host: str) -> tuple[str, ...]:
    if host.lower() == "localhost":
        return ("127.0.0.1", "::1")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise NotLoopbackError("a host is named that may be anywhere: the audio stays on this machine") from None
    mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    if mapped or not address.is_loopback:
        raise NotLoopbackError("this address is not on this machine for certain: the audio stays here")
    return (str(address),)
