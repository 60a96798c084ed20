"""What a refused or broken request means: one `Failure` that people can act on.

Its message is this module's own: an error body is never quoted. Facts: Microsoft's page "Troubleshoot errors" of
Azure OpenAI, and the public clients' code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from parleqd.core.polish import error_body
from parleqd.core.polish.error_body import ErrorBody
from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.request import ABOUT_FAMILY, REPAIRABLE, RequestSpec
from parleqd.core.polish.resource import DEFAULT_API_VERSION, Cloud, Kind
from parleqd.core.settings.sections import Auth, Family, Provider
from parleqd.protocol.names import Reason

_ROLE = "Cognitive Services OpenAI User"
_CODES_OF_429 = frozenset({"insufficient_quota", "RateLimitReached", "rate_limit_exceeded", "too_many_requests"})


class Breakage(StrEnum):
    """How a connection failed. ``RESET``: also one that ended too early. ``STALL``: silence amid an answer.

    ``CA_FILE``, ``PROXY``: none was tried, for what this machine's settings name cannot be used.
    """

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    RESET = "reset"
    TIMEOUT = "timeout"
    STALL = "stall"
    CA_FILE = "ca_file"
    PROXY = "proxy"


def failure_of(status: int, headers: Mapping[str, str], body: bytes, spec: RequestSpec, now: float) -> Failure:
    """What an answer that is no success means. Raises nothing, whatever the body holds.

    ``now``: seconds since the epoch, for a ``retry-after`` that is a date.
    """
    said = error_body.read(body)
    failure = _judged(status, said, spec)
    wait = error_body.wait_of(headers, said, now)
    if failure.reason is Reason.RATE_LIMITED:
        failure = msgspec.structs.replace(failure, message=failure.message + _asked_to_wait(wait))
    should_retry = next((value for name, value in headers.items() if name.lower() == "x-should-retry"), "")
    return msgspec.structs.replace(
        failure,
        remedy=_obeying(should_retry, failure),
        retry_after_s=wait,
        request_id=error_body.request_id_of(headers),
    )


def streamed_failure(error: object, spec: RequestSpec, request_id: str = "") -> Failure:
    """What an error object inside an answer means that began as a success (HTTP 200)."""
    said = error_body.read_decoded({"error": error})
    status = 429 if said.code in _CODES_OF_429 else error_body.status_named(error) or 500
    wait = error_body.wait_of({}, said, now=0.0)
    return msgspec.structs.replace(_judged(status, said, spec), retry_after_s=wait, request_id=request_id)


def transport_failure(kind: Breakage, spec: RequestSpec) -> Failure:
    """What a request means that got no answer at all."""
    reason, message, hint = _BREAKAGES[kind]
    names = {"host": spec.endpoint.host, "target": spec.target.name, "where": where(spec)}
    local = kind in (Breakage.CA_FILE, Breakage.PROXY)
    return Failure(
        reason,
        message.format(**names),
        hint.format(**names),
        remedy=Remedy.NOTHING if local else Remedy.AGAIN,
        fail_over=kind is not Breakage.CA_FILE,  # every target needs it; another host may do without the proxy
        ails=not local,
    )


_BREAKAGES = {
    Breakage.DNS: (
        Reason.NETWORK_ERROR,
        "the name {host} was not found",
        'Check the network, and resource of the target "{target}" for a misspelt name.',
    ),
    Breakage.CONNECT: (
        Reason.NETWORK_ERROR,
        "no connection to {host}",
        "Check the network, VPN and proxy settings; a server of your own may not be running.",
    ),
    Breakage.TLS: (
        Reason.TLS_ERROR,
        "no secure connection to {host}: its certificate or protocol was refused",
        "Check this machine's clock; behind a proxy that inspects traffic, name its CA file: cleanup.ca_file.",
    ),
    Breakage.RESET: (
        Reason.NETWORK_ERROR,
        "{host} closed the connection before its answer was whole",
        "If it goes on, check proxy, VPN and firewall.",
    ),
    Breakage.TIMEOUT: (
        Reason.TIMEOUT,
        "{where} did not answer in time",
        "If it never does: a private endpoint needs the VPN, and its name resolved inside the network.",
    ),
    Breakage.STALL: (
        Reason.TIMEOUT,
        "{where} fell silent in the middle of its answer",
        "If it goes on, check proxy, VPN and firewall.",
    ),
    Breakage.CA_FILE: (
        Reason.TLS_ERROR,
        "nothing was sent to {host}: the certificates to trust cannot be read",
        "Correct the path in cleanup.ca_file, or in the variable (SSL_CERT_FILE …), or take it out.",
    ),
    Breakage.PROXY: (
        Reason.NETWORK_ERROR,
        "nothing was sent to {host}: its proxy cannot be used",
        "Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or the system's settings; NO_PROXY lets a host pass.",
    ),
}


def untrusted_failure(spec: RequestSpec) -> Failure:
    """A host that is nobody's we know is sent no key, token or text before the user has confirmed it."""
    host = spec.endpoint.host
    return Failure(
        Reason.NOT_CONFIGURED,
        f"{host} is none of Azure's or OpenAI's hosts, so nothing was sent there",
        f'if it is yours, confirm it in the settings of target "{spec.target.name}": trusted_hosts = ["{host}"]',
        ails=False,
    )


def filtered_failure(categories: tuple[str, ...], spec: RequestSpec) -> Failure:
    """The service's content filter held text back: a normal outcome, which no retry changes."""
    named = f" ({', '.join(category.replace('_', ' ') for category in categories)})" if categories else ""
    return Failure(
        Reason.CONTENT_FILTERED,
        f"the content filter of {where(spec)} held the text back{named}",
        "The text is delivered without the model's cleanup; filters are set per deployment in the portal.",
        fail_over=False,
        ails=False,
    )


# Judging


def _judged(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    if said.filtered is not None:
        return filtered_failure(said.filtered, spec)
    if status >= 500:
        return Failure(
            Reason.SERVICE_UNAVAILABLE,
            f"{where(spec)} is failing ({_named(status, said)})",
            "Nothing is wrong on this side; it often passes within a minute.",
            remedy=Remedy.AGAIN,
        )
    if 200 <= status < 300:
        return Failure(Reason.MALFORMED_RESPONSE, f"{where(spec)} sent no answer that can be read")
    if 300 <= status < 400:
        return _redirected(spec)
    if said.code == "DeploymentNotFound":
        return _no_deployment(spec)
    return _JUDGES.get(status, _bad_request)(status, said, spec)


def _bad_request(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    param = said.param if said.param in REPAIRABLE else _param_in(said)
    if param:
        return _refused_parameter(param, spec)
    if said.code == "context_length_exceeded" or said.has(_TOO_LONG):
        message, hint = "is given more text than its model takes", "Dictate in shorter pieces, or use another model."
    elif said.code == "OperationNotSupported":
        message, hint = "serves a model without chat completions", "Deploy another model, such as gpt-4o-mini."
    elif said.has("custom subdomain"):
        message = "takes no token at this host, only a key"
        hint = "Write the resource's own host name (my-openai.openai.azure.com), not the region's, or use a key."
    else:
        message = f"refused the request ({_named(status, said)})"
        hint = _GATEWAY_HINT if _behind_gateway(spec) else _version_hint(spec)
    return Failure(Reason.BAD_REQUEST, f"{where(spec)} {message}", hint, fail_over=False, ails=False)


_TOO_LONG = r"context (window|length|size)"
"""In the words of servers that have no code for it: LiteLLM, vLLM, llama.cpp."""
_GATEWAY_HINT = "A gateway answers there, in its own way: check that it knows the key and the deployment."


def _behind_gateway(spec: RequestSpec) -> bool:
    """Whether something stands in for Azure."""
    return spec.target.provider is Provider.AZURE_OPENAI and spec.endpoint.cloud is Cloud.OTHER


def _param_in(said: ErrorBody) -> str:
    """The parameter that a message complains of, which names the one to use instead later, if at all."""
    if not said.has(r"unsupported|unknown|unrecogni[sz]ed|not support|n't support|not permitted"):
        return ""
    found = re.search(rf"\b({'|'.join(sorted(REPAIRABLE, key=len, reverse=True))})\b", said.text)
    return found[1] if found else ""


def _refused_parameter(param: str, spec: RequestSpec) -> Failure:
    about_family = param in ABOUT_FAMILY
    if about_family:
        other = Family.STANDARD if spec.target.family is Family.REASONING else Family.REASONING
        hint = f'Set family = "{other.value}" for the target "{spec.target.name}".'
    else:
        hint = _version_hint(spec)
    return Failure(
        Reason.WRONG_FAMILY if about_family else Reason.BAD_REQUEST,
        f"{where(spec)} does not take the parameter {param}",
        hint,
        remedy=Remedy.REPAIR,
        fail_over=False,
        ails=False,
        param=param,
    )


def _unauthorised(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    auth, name = spec.target.auth, spec.target.name
    if said.code == "PermissionDenied" or said.has(r"lacks the required data action|access to API/Operation"):
        return _no_role(spec)
    if auth is Auth.API_KEY:
        return Failure(
            Reason.KEY_REJECTED,
            f'{spec.endpoint.host} rejected the key of the target "{name}"',
            f"Store the right key (`parleqctl secret set {name}`), or confirm the resource: a key opens one alone.",
        )
    audience = said.audience
    expects = f"; it expects one for {audience}" if audience else ""
    return Failure(
        Reason.TOKEN_FAILED,
        f'{spec.endpoint.host} rejected the token of the target "{name}"{expects}',
        _SIGN_IN[auth],
        remedy=Remedy.NOTHING if auth is Auth.TOKEN else Remedy.NEW_TOKEN,
        audience=audience,
    )


_SIGN_IN = {
    Auth.API_KEY: "",
    Auth.AZURE_CLI: "Run `az logout`, then `az login` at the tenant of the resource: az repeats the token that it has.",
    Auth.TOKEN: "Store a new token: `az account get-access-token --resource https://cognitiveservices.azure.com`.",
    Auth.CLIENT_SECRET: "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret's expiry.",
    Auth.MANAGED_IDENTITY: "Check that the identity belongs to the resource's tenant.",
    Auth.WORKLOAD_IDENTITY: "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the federated credential.",
}


def _forbidden(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    host = spec.endpoint.host
    if said.has(r"virtual network|firewall|public access is disabled|private endpoint"):
        return Failure(
            Reason.NETWORK_BLOCKED,
            f"the network rules of {host} do not let this machine in",
            "Connect to the VPN, or allow this address under the resource's Networking page.",
        )
    if said.has("temporarily blocked"):
        message, hint = f"the resource {host} is blocked by Azure", "Ask Azure's support; the portal shows the cause."
        return Failure(Reason.PERMISSION_DENIED, message, hint)
    if said.code == "AuthenticationTypeDisabled" or said.has("key based authentication is disabled"):
        hint = f'Sign in instead: auth = "azure-cli" for the target "{spec.target.name}".'
        return Failure(Reason.PERMISSION_DENIED, f"{host} takes no keys, only tokens", hint)
    return _no_role(spec)


def _no_role(spec: RequestSpec) -> Failure:
    message = f"{where(spec)} does not permit this account to use it"
    if spec.target.provider is not Provider.AZURE_OPENAI:
        return Failure(Reason.PERMISSION_DENIED, message, "Check what the key's project may use.")
    hint = (
        f'Give the account the role "{_ROLE}" on the resource (`az role assignment create`), then wait 1 to 5 minutes.'
    )
    return Failure(Reason.PERMISSION_DENIED, message, hint)


def _not_found(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    if said.code == "model_not_found" or said.has(r"\b(deployment|model)\b.{0,80}\b(not exist|not found|not deployed)"):
        return _no_deployment(spec)
    if spec.target.provider is Provider.AZURE_OPENAI:
        hint = f"Check, in this order, resource (the host), deployment and api_version ({spec.target.api_version})."
    else:
        hint = "Check resource: the URL up to and with /v1."
    return Failure(Reason.RESOURCE_NOT_FOUND, f"{spec.endpoint.host} has nothing at the address of the request", hint)


def _no_deployment(spec: RequestSpec) -> Failure:
    return Failure(
        Reason.DEPLOYMENT_NOT_FOUND,
        f'{spec.endpoint.host} has no {_kind_of_name(spec)} "{spec.deployment}"',
        "Check its name, case included; one made within the last 5 minutes may need a moment.",
    )


def _redirected(spec: RequestSpec) -> Failure:
    return Failure(
        Reason.RESOURCE_NOT_FOUND,
        f"{spec.endpoint.host} points to another address, which is never followed with a key or token",
        "Write the final address as resource. A network's sign-in page answers so too: open a browser.",
    )


def _proxy_refused(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    hint = "Put a user name and password into HTTPS_PROXY, or let the host pass with NO_PROXY."
    return Failure(Reason.NETWORK_BLOCKED, f"the proxy before {spec.endpoint.host} wants a sign-in", hint)


def _timed_out(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    return Failure(Reason.TIMEOUT, f"{where(spec)} took too long and gave up ({status})", remedy=Remedy.AGAIN)


def _conflicting(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    message = f"{where(spec)} is being changed ({status})"
    return Failure(Reason.SERVICE_UNAVAILABLE, message, "It passes by itself.", remedy=Remedy.AGAIN)


def _limited(status: int, said: ErrorBody, spec: RequestSpec) -> Failure:
    if status == 402 or said.code == "insufficient_quota" or said.has(r"exceeded your current quota"):
        message = f"the account behind {spec.endpoint.host} has used up what it paid for"
        return Failure(Reason.QUOTA_EXHAUSTED, message, "Check plan and billing on the provider's site.")
    if said.has(r"high demand|capacity|overloaded"):
        message = f"{where(spec)} is short of capacity"
        hint = "Its region is busy: add a target in another region."
    else:
        message = f"{where(spec)} is over its rate limit"
        hint = "Raise the deployment's tokens per minute in the portal, or add a target in another region."
    return Failure(Reason.RATE_LIMITED, message, hint, remedy=Remedy.AGAIN)


_JUDGES: dict[int, Callable[[int, ErrorBody, RequestSpec], Failure]] = {
    401: _unauthorised,
    402: _limited,
    403: _forbidden,
    404: _not_found,
    407: _proxy_refused,
    408: _timed_out,
    409: _conflicting,
    429: _limited,
}


def _asked_to_wait(wait: float | None) -> str:
    if wait is None:
        return ""
    if wait < 120:
        return f"; it asks to wait {wait:.0f} s" if wait >= 1 else ""
    return f"; it asks to wait {wait / 60:.0f} minutes" if wait < 7200 else f"; it asks to wait {wait / 3600:.0f} hours"


def _obeying(should_retry: str, failure: Failure) -> Remedy:
    """The remedy, unless the service says plainly whether the same request may come again."""
    if should_retry == "false" and failure.remedy is Remedy.AGAIN:
        return Remedy.NOTHING
    if should_retry == "true" and failure.remedy is Remedy.NOTHING and failure.reason is not Reason.CONTENT_FILTERED:
        return Remedy.AGAIN
    return failure.remedy


# Wording


def where(spec: RequestSpec) -> str:
    """The deployment and its host, as messages name them."""
    return f'the {_kind_of_name(spec)} "{spec.deployment}" at {spec.endpoint.host}'


def _kind_of_name(spec: RequestSpec) -> str:
    return "deployment" if spec.target.provider is Provider.AZURE_OPENAI else "model"


def _named(status: int, said: ErrorBody) -> str:
    return f"{status} {said.code}" if said.code else str(status)


def _version_hint(spec: RequestSpec) -> str:
    if spec.target.provider is not Provider.AZURE_OPENAI or spec.endpoint.kind is Kind.PROJECT:
        return "Check that the server speaks OpenAI's chat completions and knows the model."
    return f'Check api_version: "{DEFAULT_API_VERSION}" or "v1" suit; {spec.target.api_version} may be too old.'
