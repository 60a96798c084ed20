"""What went wrong with a download, in words that say what to do: foreign errors → ``OutsideError``."""

from __future__ import annotations

import errno
from pathlib import Path
from urllib.parse import urlsplit

from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

# The root of the errors of the HTTP library beneath huggingface_hub, whichever its version uses.
_TransportError: type[Exception] = HfHubHTTPError.__bases__[0]


def explained(error: Exception, repository: str, revision: str, folder: Path) -> OutsideError | None:
    """The error to raise in place of ``error``; ``None`` when it is nothing foreign, but a bug of ours."""
    if isinstance(error, HfHubHTTPError):
        return _refused(error.response.status_code, repository, revision)
    if isinstance(error, OfflineModeIsEnabled):
        return _failed("downloads are switched off by HF_HUB_OFFLINE", f"unset it, or {local_folder()}")
    if isinstance(error, _TransportError):
        return _unreachable(error)
    if isinstance(error, OSError):
        return _not_written(error, folder)
    return None


def check_endpoint(endpoint: str = constants.ENDPOINT) -> None:
    """Raise ``OutsideError`` (``download_failed``) when HF_ENDPOINT, which is not shown, is no web address."""
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        usable = False
    if not usable:
        raise _failed("HF_ENDPOINT is not the address of a web site", "write it as https://HOST, or unset it")


def host(endpoint: str = constants.ENDPOINT) -> str:
    """The hub in use, by name and port; never with what else an address may hold."""
    parts = urlsplit(endpoint)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def local_folder() -> str:
    """The way out that needs no hub."""
    return "copy the model's folder here and run: parleqctl models install /path/to/folder"


def again() -> str:
    """What to say when another try may do."""
    return "try again: what was fetched is kept"


def _refused(status: int, repository: str, revision: str) -> OutsideError:
    match status:
        case 401 | 403:
            hint = f"a mirror that wants a token takes it from HF_TOKEN; else {local_folder()}"
            return _failed(f"{host()} refuses {repository} (HTTP {status})", hint)
        case 404:
            hint = f"if HF_ENDPOINT names a mirror, it may not carry this model; {local_folder()}"
            return _failed(f"{host()} has no {repository} at revision {revision[:12]} (HTTP 404)", hint)
        case 429:
            return _failed(f"{host()} asks to slow down (HTTP 429)", f"wait some minutes, then {again()}")
        case _:
            return _failed(f"{host()} answered HTTP {status}", f"{again()}; else {local_folder()}")


def _unreachable(error: Exception) -> OutsideError:
    why = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in why:
        hint = "a proxy that inspects TLS needs its certificate in SSL_CERT_FILE"
        return _failed(f"the certificate of {host()} is not trusted", f"{hint}; else {local_folder()}")
    hint = f"check the network, or name a mirror in HF_ENDPOINT, or {local_folder()}"
    return _failed(f"{host()} cannot be reached: {why}", hint)


def _not_written(error: OSError, folder: Path) -> OutsideError:
    match error.errno:
        case None:  # http_get's own check: the connection ended before the file did
            return _failed(f"the download from {host()} broke off", again())
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return _failed(f"{folder}: {error.strerror}", "make room, then try again: what was fetched is kept")
        case _:
            return _failed(f"{folder} cannot be written: {error.strerror}", "check who owns the folder")


def _failed(message: str, hint: str) -> OutsideError:
    return OutsideError(Reason.DOWNLOAD_FAILED, message, hint)
