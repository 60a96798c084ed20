from __future__ import annotations

import errno
from pathlib import Path

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason
from parleqd.speech_worker.fetch.failures import check_endpoint, explained, host

FOLDER = Path("/models/.partial/base")
URL = "https://hub.example/api"


def explain(error: Exception) -> OutsideError:
    failure = explained(error, "somebody/some-model", "0123456789abcdef", FOLDER)
    assert failure is not None
    assert failure.reason == Reason.DOWNLOAD_FAILED
    return failure


def answered(status: int) -> HfHubHTTPError:
    response = httpx2.Response(status, request=httpx2.Request("GET", URL))
    return HfHubHTTPError("no", response=response)


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (answered(401), "refuses somebody/some-model (HTTP 401)", "HF_TOKEN"),
        (answered(403), "refuses somebody/some-model (HTTP 403)", "HF_TOKEN"),
        (answered(404), "has no somebody/some-model at revision 0123456789ab (HTTP 404)", "HF_ENDPOINT"),
        (answered(429), "asks to slow down (HTTP 429)", "wait some minutes"),
        (answered(503), "answered HTTP 503", "what was fetched is kept"),
        (OfflineModeIsEnabled("x"), "switched off by HF_HUB_OFFLINE", "unset it"),
        (httpx2.ConnectError("no such host"), "cannot be reached: no such host", "HF_ENDPOINT"),
        (httpx2.ReadTimeout(""), "cannot be reached: ReadTimeout", "check the network"),
        (httpx2.ConnectError("CERTIFICATE_VERIFY_FAILED"), "is not trusted", "SSL_CERT_FILE"),
        (OSError("Consistency check failed"), "broke off", "what was fetched is kept"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device", "make room"),
        (OSError(errno.EACCES, "Permission denied"), "Permission denied", "who owns"),
    ],
)
def test_every_failure_says_what_to_do(error: Exception, message: str, hint: str) -> None:
    failure = explain(error)
    assert message in failure.message
    assert hint in failure.hint


@pytest.mark.parametrize("error", [answered(401), answered(404), answered(503), httpx2.ConnectError("x")])
def test_without_a_hub_a_local_folder_is_the_way_out(error: Exception) -> None:
    assert "parleqctl models install /path/to/folder" in explain(error).hint


def test_a_bug_stays_a_bug() -> None:
    assert explained(IndexError(), "", "", FOLDER) is None


def test_the_host_is_named_without_what_may_be_secret() -> None:
    assert host("https://user:canary@mirror.example:8443/canary") == "mirror.example:8443"


@pytest.mark.parametrize("endpoint", ["not-a-url", "mirror.example", "ftp://h", "https://", "https://h:x", "http://["])
def test_an_endpoint_that_is_no_address_is_told_without_being_shown(endpoint: str) -> None:
    with pytest.raises(OutsideError) as error:
        check_endpoint(endpoint)
    assert error.value.reason == Reason.DOWNLOAD_FAILED
    assert error.value.message == "HF_ENDPOINT is not the address of a web site"


@pytest.mark.parametrize("endpoint", ["https://huggingface.co", "http://127.0.0.1:8080/hub"])
def test_a_web_address_will_do(endpoint: str) -> None:
    check_endpoint(endpoint)
