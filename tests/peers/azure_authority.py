"""Entra and the managed-identity services on loopback, as far as ``az`` and azure-identity ask them.

It signs everybody in, writes down every request, and fails when told to. Routes and shapes: the public
documentation of Entra's v2.0 endpoints, Azure Resource Manager, IMDS and App Service. Tokens are unsigned JWTs.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import anyio
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.streams.tls import TLSListener

from tests.peers.azure_resources import Resources
from tests.peers.certificates import Certificates

TENANT = "11111111-2222-3333-4444-555555555555"
SUBSCRIPTION = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
USER = "dev@emu.test"
HEADER_OF_APP_SERVICE = "app-service-header"
"""What ``X-IDENTITY-HEADER`` must be."""

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_USER_GRANTS = frozenset((DEVICE_CODE, "refresh_token", "password"))
_OBJECT = "99999999-8888-7777-6666-555555555555"
_MOST_HEADERS = 64 * 1024


class Request(NamedTuple):
    """One request as it came; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """``body`` is sent as JSON."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = {}


def refusal(code: int, sentence: str, status: int = 400, error: str = "invalid_grant") -> Answer:
    """An error as Entra words one."""
    body = {
        "error": error,
        "error_description": f"AADSTS{code}: {sentence} Trace ID: 0 Correlation ID: 0 Timestamp: 2026-01-01 00:00:00Z",
        "error_codes": [code],
        "correlation_id": "00000000-0000-0000-0000-000000000000",
    }
    return Answer(body, status)


@dataclass(frozen=True)
class Silence:
    """``begun``: a request has come that is not answered yet."""

    begun: anyio.Event = field(default_factory=anyio.Event)
    over: anyio.Event = field(default_factory=anyio.Event)


@dataclass
class Authority:
    """What it answers with, and what it was asked. Change the fields between requests.

    ``failures``: by grant type, "managed_identity" for the two services of that. ``down``: connections are closed
    unanswered; ``silence``: requests are left unanswered until it is over.
    """

    base: str = ""
    plain: str = ""
    expires_in: int = 4000
    refresh_in: int | None = None
    failures: dict[str, Answer] = field(default_factory=dict)
    down: bool = False
    silence: Silence | None = None
    log: list[Request] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    """The tokens handed out."""
    resources: Resources = field(default_factory=lambda: Resources(SUBSCRIPTION))

    @property
    def grants(self) -> list[Request]:
        """The requests for a token at Entra's endpoint."""
        return [request for request in self.log if request.path.endswith("/oauth2/v2.0/token")]

    def token(self, audience: str) -> str:
        """A new one; a counter tells it from the others."""
        now = int(time.time())
        claims = {"aud": audience, "iat": now, "exp": now + self.expires_in, "tid": TENANT, "oid": _OBJECT}
        self.issued.append(_jwt({**claims, "n": len(self.issued)}))
        return self.issued[-1]

    def answer(self, request: Request) -> Answer:
        """By route."""
        match request.path.strip("/").split("/"):
            case [tenant, "v2.0", ".well-known", "openid-configuration"]:
                return Answer(self._endpoints(tenant))
            case [_, "oauth2", "v2.0", "devicecode"]:
                return Answer(_device_code(self.base))
            case [_, "oauth2", "v2.0", "token"]:
                return self._grant(request.form)
            case ["subscriptions"]:
                return Answer({"value": [_subscription()]})
            case ["tenants"]:
                return Answer({"value": [{"tenantId": TENANT, "displayName": "Emulated"}]})
            case ["msi", "token"]:
                return self._app_service(request)
            case ["metadata", "identity", "oauth2", "token"]:
                return self._imds(request)
        if (listed := self.resources.answer(request.path)) is not None:
            return Answer(*listed)
        return Answer({"error": {"code": "NotFound", "message": f"no route for {request.path}"}}, 404)

    def _endpoints(self, tenant: str) -> Mapping[str, str]:
        root = f"{self.base}/{tenant}"
        return {
            "token_endpoint": f"{root}/oauth2/v2.0/token",
            "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
            "issuer": f"{root}/v2.0",
            "jwks_uri": f"{root}/discovery/v2.0/keys",
        }

    def _grant(self, form: Mapping[str, str]) -> Answer:
        grant = form.get("grant_type", "")
        if grant in self.failures:
            return self.failures[grant]
        scopes = form.get("scope", "").split()
        audience = next((scope.removesuffix("/.default") for scope in scopes if "/" in scope), "")
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "ext_expires_in": self.expires_in,
            "access_token": self.token(audience),
        }
        if self.refresh_in is not None:
            body["refresh_in"] = self.refresh_in
        if grant in _USER_GRANTS:
            body |= self._user(form)
        return Answer(body)

    def _user(self, form: Mapping[str, str]) -> Mapping[str, str]:
        now = int(time.time())
        claims = {"aud": form.get("client_id", ""), "iss": f"{self.base}/{TENANT}/v2.0", "iat": now, "exp": now + 3600}
        return {
            "scope": form.get("scope", ""),
            "refresh_token": f"refresh-{len(self.issued)}",
            "client_info": _packed({"uid": _OBJECT, "utid": TENANT}),
            "id_token": _jwt({**claims, "preferred_username": USER, "tid": TENANT, "oid": _OBJECT, "sub": _OBJECT}),
        }

    def _app_service(self, request: Request) -> Answer:
        if request.headers.get("x-identity-header") != HEADER_OF_APP_SERVICE:
            return Answer({"statusCode": 401, "message": "unauthorised"}, 401)
        return self._managed(request, {"expires_on": str(int(time.time()) + self.expires_in)})

    def _imds(self, request: Request) -> Answer:
        if request.headers.get("metadata") != "true":
            return Answer({"error": "bad_request"}, 400)
        now = int(time.time())
        times = {"expires_in": self.expires_in, "expires_on": now + self.expires_in, "not_before": now}
        return self._managed(request, {name: str(value) for name, value in times.items()})

    def _managed(self, request: Request, times: Mapping[str, str]) -> Answer:
        if "managed_identity" in self.failures:
            return self.failures["managed_identity"]
        resource = request.query.get("resource", "")
        told = {"resource": resource, "token_type": "Bearer", "client_id": request.query.get("client_id", "")}
        return Answer({"access_token": self.token(resource), **told, **times})


@asynccontextmanager
async def running_authority(certificates: Certificates) -> AsyncIterator[Authority]:
    """One on two free ports of loopback: ``base`` with TLS, ``plain`` without (for managed identities)."""
    authority = Authority()
    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as plain,
        await anyio.create_tcp_listener(local_host="127.0.0.1") as under_tls,
        anyio.create_task_group() as tasks,
    ):
        authority.plain = f"http://127.0.0.1:{plain.extra(SocketAttribute.local_port)}"
        authority.base = f"https://localhost:{under_tls.extra(SocketAttribute.local_port)}"
        tls = TLSListener(under_tls, certificates.server_context(), standard_compatible=False)

        async def serve(stream: ByteStream) -> None:
            async with stream:
                await _converse(authority, stream)

        tasks.start_soon(plain.serve, serve)
        tasks.start_soon(tls.serve, serve)
        yield authority
        tasks.cancel_scope.cancel()


async def _converse(authority: Authority, stream: ByteStream) -> None:
    """Answer one request after the other until the peer goes."""
    reader = BufferedByteReceiveStream(stream)
    try:
        while not authority.down:
            request = await _read(reader)
            authority.log.append(request)
            if authority.silence is not None:
                authority.silence.begun.set()
                await authority.silence.over.wait()
            await stream.send(_packet(authority.answer(request)))
    except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError):
        pass  # it has gone


async def _read(reader: BufferedByteReceiveStream) -> Request:
    head = (await reader.receive_until(b"\r\n\r\n", _MOST_HEADERS)).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.receive_exactly(length) if (length := int(headers.get("content-length", "0"))) else b""
    url = urlsplit(target)
    form = parse_qsl(body.decode(), keep_blank_values=True)
    return Request(method, url.path, dict(parse_qsl(url.query, keep_blank_values=True)), dict(form), headers)


def _packet(answer: Answer) -> bytes:
    body = json.dumps(answer.body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} Emulated", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _device_code(base: str) -> Mapping[str, Any]:
    told = {"user_code": "EMULATED", "device_code": "device", "verification_uri": f"{base}/device"}
    return {**told, "expires_in": 900, "interval": 1, "message": "sign in"}


def _subscription() -> Mapping[str, Any]:
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "homeTenantId": TENANT,
        "displayName": "Emulated",
        "state": "Enabled",
        "managedByTenants": [],
    }


def _jwt(claims: Mapping[str, Any]) -> str:
    return f"{_packed({'alg': 'none', 'typ': 'JWT'})}.{_packed(claims)}.emulated"


def _packed(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
