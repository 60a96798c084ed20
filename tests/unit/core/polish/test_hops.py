from __future__ import annotations

from typing import Any

import pytest

from parleqd.core.polish import hops, prompt, request
from parleqd.core.polish.failure import Failure
from parleqd.core.polish.failures import Breakage, transport_failure
from parleqd.core.polish.hops import Finding, Hop, Learned
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.settings import Auth, Family, Provider, Target
from parleqd.protocol.names import CheckVerdict, Reason

AUDIENCE = "https://cognitiveservices.azure.com"
NOW = 1_700_000_000.0


def spec_of(
    resource: str = "east", auth: Auth = Auth.AZURE_CLI, provider: Provider = Provider.AZURE_OPENAI, **fields: Any
) -> RequestSpec:
    target = Target("east", provider, auth, resource, "gpt-4o-mini", **fields)
    return RequestSpec(target, endpoint_of(resource, provider))


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.hop: finding.verdict for finding in findings}


def test_hops_of_signing_in_belong_to_targets_that_do() -> None:
    with_key, with_token = (hops.hops_of(spec_of(auth=auth).target) for auth in (Auth.API_KEY, Auth.TOKEN))
    assert set(Hop) - set(with_key) == {Hop.TOKEN, Hop.AUDIENCE}
    assert set(Hop) - set(with_token) == {Hop.KEY}
    assert with_key == sorted(with_key, key=list(Hop).index)


def test_what_was_not_reached_is_one_finding_and_a_later_finding_replaces_an_earlier_one() -> None:
    target = spec_of(auth=Auth.API_KEY).target
    found = [Finding(Hop.NAME, CheckVerdict.WARNING, "a"), Finding(Hop.ADDRESS, CheckVerdict.OK, "b")]
    told = hops.in_order(target, [*found, Finding(Hop.NAME, CheckVerdict.OK, "c")])
    assert [(one.hop, one.message) for one in told[:2]] == [(Hop.ADDRESS, "b"), (Hop.NAME, "c")]
    others = "key, permission, deployment, family, streaming, quota"
    assert told[2:] == [Finding(Hop.CONNECTION, CheckVerdict.SKIPPED, f"not reached; not tried either: {others}")]
    last = [Finding(hop, CheckVerdict.OK, "") for hop in hops.hops_of(target)[:-1]]
    assert hops.in_order(target, last)[-1].message == "not reached"
    assert len(hops.in_order(target, [*last, Finding(Hop.QUOTA, CheckVerdict.OK, "")])) == len(last) + 1


@pytest.mark.parametrize(
    ("family", "limits"),
    [
        (Family.STANDARD, {"max_tokens": hops.MOST_TOKENS}),
        (Family.REASONING, {"max_completion_tokens": hops.MOST_REASONING_TOKENS}),
    ],
)
def test_a_trial_s_answer_may_only_be_short(family: Family, limits: dict[str, int]) -> None:
    body = request.body_of(spec_of(family=family), prompt.clean("hello"), "hello")
    small = hops.small(body)
    assert {name: value for name, value in small.items() if value != body[name]} == limits
    assert hops.small({"messages": []}) == {"messages": []}


@pytest.mark.parametrize(
    ("addresses", "said"),
    [
        (("20.1.2.3",), "east.openai.azure.com: 20.1.2.3"),
        (("10.1.2.3", "fd00::1"), "east.openai.azure.com: 10.1.2.3, fd00::1 (a private endpoint)"),
        (("127.0.0.1",), "east.openai.azure.com: 127.0.0.1 (this machine)"),
        (("20.1.1.1", "20.1.1.2", "20.1.1.3", "20.1.1.4"), "east.openai.azure.com: 20.1.1.1, 20.1.1.2, 20.1.1.3 …"),
        (("odd",), "east.openai.azure.com: odd"),
    ],
)
def test_what_a_name_leads_to(addresses: tuple[str, ...], said: str) -> None:
    found = hops.name(spec_of(), Learned(addresses))
    assert (found.verdict, found.message) == ("ok", said)


def test_a_private_address_of_a_server_of_one_s_own_is_no_private_endpoint() -> None:
    spec = spec_of("https://gpu.lan/v1", Auth.API_KEY, Provider.OPENAI_COMPATIBLE)
    assert hops.name(spec, Learned(("192.168.1.9",))).message == "gpu.lan: 192.168.1.9 (a private network's)"
    assert hops.address(spec_of("https://gpu.lan/v1", provider=Provider.OPENAI_COMPATIBLE)).verdict == "failed"


def test_a_name_that_only_a_proxy_knows_is_no_failure_once_something_answered() -> None:
    assert hops.name(spec_of(), Learned()).verdict == "warning"
    answered = hops.answered(spec_of(), Learned(first_text_ms=5.0))
    assert answered[0].hop is Hop.NAME
    assert (answered[0].verdict, "by a proxy" in answered[0].message) == ("ok", True)
    known = hops.answered(spec_of(), Learned(("20.1.2.3",), first_text_ms=5.0))
    assert Hop.NAME not in verdicts(known)


@pytest.mark.parametrize(
    ("auth", "expires", "secret", "verdict", "said"),
    [
        (Auth.API_KEY, None, True, "ok", "there is one"),
        (Auth.API_KEY, None, False, "ok", "there is none, and this server may need none"),
        (Auth.TOKEN, None, True, "ok", "there is one; it does not say how long it lasts"),
        (Auth.TOKEN, NOW + 59 * 60, True, "ok", "there is one, good for 59 minutes"),
        (Auth.TOKEN, NOW + 24 * 3600, True, "ok", "there is one, good for 24 hours"),
        (Auth.TOKEN, NOW - 600, True, "warning", "by its own words it ended 10 minutes ago"),
    ],
)
def test_what_is_at_hand(auth: Auth, expires: float | None, secret: bool, verdict: str, said: str) -> None:
    found = hops.signed_in(spec_of(auth=auth).target, Learned(expires=expires), secret=secret, now=NOW)
    assert (found.verdict, found.message) == (verdict, said)


@pytest.mark.parametrize("breakage", Breakage)
def test_without_an_answer_it_is_the_name_or_the_connection(breakage: Breakage) -> None:
    found = hops.unreachable(transport_failure(breakage, spec_of()), breakage)
    assert (found.hop, found.verdict) == ("name" if breakage is Breakage.DNS else "connection", "failed")


@pytest.mark.parametrize("auth", [Auth.API_KEY, Auth.AZURE_CLI])
@pytest.mark.parametrize("reason", Reason)
def test_every_failure_is_somebody_s_and_proves_nothing_behind_it(reason: Reason, auth: Auth) -> None:
    spec = spec_of(auth=auth)
    for learned in (Learned(("20.1.2.3",)), Learned(("20.1.2.3",), answering=True)):
        told = hops.in_order(spec.target, hops.refused(Failure(reason, "m", "h"), spec, learned))
        (at,) = [place for place, one in enumerate(told) if one.verdict not in ("ok", "skipped")]
        assert {one.verdict for one in told[at + 1 :]} <= {"skipped"} or told[at].hop is Hop.ADDRESS


@pytest.mark.parametrize(
    ("auth", "expected", "holds", "hop", "hint"),
    [
        (Auth.AZURE_CLI, "https://ai.azure.com", AUDIENCE, "audience", 'Set scope = "https://ai.azure.com/.default"'),
        (Auth.AZURE_CLI, "https://elsewhere.example", AUDIENCE, "audience", "sign in"),
        (Auth.TOKEN, "https://ai.azure.com", AUDIENCE, "audience", "sign in"),
        (Auth.AZURE_CLI, AUDIENCE, f"{AUDIENCE}/", "token", "sign in"),
        (Auth.AZURE_CLI, "", AUDIENCE, "token", "sign in"),
        (Auth.AZURE_CLI, AUDIENCE, "", "audience", f'Set scope = "{AUDIENCE}/.default"'),
    ],
)
def test_a_refused_token_is_of_another_audience_or_no_good(
    auth: Auth, expected: str, holds: str, hop: str, hint: str
) -> None:
    failure = Failure(Reason.TOKEN_FAILED, "rejected", "sign in", audience=expected, request_id="r-1")
    found = hops.refused(failure, spec_of(auth=auth), Learned(("20.1.2.3",), audience=holds))[-1]
    assert (found.hop, found.verdict) == (hop, "failed")
    assert found.hint.startswith(hint)
    assert found.message.endswith("(request r-1)")
    assert (f"this one is for {holds}" in found.message) is (hop == "audience" and holds != "")


def test_a_token_at_a_region_s_shared_host_is_a_matter_of_the_address() -> None:
    failure = Failure(Reason.BAD_REQUEST, "takes no token at this host")
    spec = spec_of("westeurope.api.cognitive.microsoft.com")
    assert hops.refused(failure, spec, Learned())[-1].hop is Hop.ADDRESS


@pytest.mark.parametrize("reason", [Reason.CONTENT_FILTERED, Reason.GUARD_REJECTED])
def test_what_says_nothing_of_the_way_there_is_a_warning(reason: Reason) -> None:
    assert hops.refused(Failure(reason, "m"), spec_of(), Learned())[-1].verdict == "warning"


@pytest.mark.parametrize(
    ("learned", "verdict", "said"),
    [
        (Learned(first_text_ms=12.4), "ok", "the first of the answer came after 12 ms"),
        (Learned(limited=True), "ok", "an answer came; its text did not fit into this trial's small limit"),
        (Learned(), "warning", "the answer came in one piece: something on the way does not stream"),
    ],
)
def test_how_the_answer_came(learned: Learned, verdict: str, said: str) -> None:
    (found,) = [one for one in hops.answered(spec_of(), learned) if one.hop is Hop.STREAMING]
    assert (found.verdict, found.message) == (verdict, said)


@pytest.mark.parametrize(
    ("headers", "verdict", "said"),
    [
        ({}, "ok", "not used up; the service does not tell what is left"),
        ({"remaining-requests": "-1", "remaining-tokens": "many"}, "ok", "not used up; the service does not tell"),
        ({"remaining-requests": "9"}, "ok", "9 requests left for now"),
        ({"remaining-tokens": "9800", "limit-tokens": "10000"}, "ok", "9,800 of 10,000 tokens left for now"),
        ({"remaining-requests": "5", "remaining-tokens": "0"}, "warning", "5 requests and 0 tokens left for now"),
    ],
)
def test_how_much_is_left(headers: dict[str, str], verdict: str, said: str) -> None:
    sent = {f"x-ratelimit-{name}": value for name, value in headers.items()}
    found = hops.answered(spec_of(), Learned(headers=sent))[-1]
    assert (found.hop, found.verdict) == (Hop.QUOTA, verdict)
    assert found.message.startswith(said)


def test_what_a_service_says_of_itself_is_repeated_only_where_it_is_a_name() -> None:
    learned = Learned(headers={"x-ms-region": "East US\x1b[2J"}, model="gpt-4o-mini-2024-07-18")
    (found,) = [one for one in hops.answered(spec_of(), learned) if one.hop is Hop.DEPLOYMENT]
    assert found.message == 'the deployment "gpt-4o-mini" at east.openai.azure.com, the model gpt-4o-mini-2024-07-18'
    same = hops.answered(spec_of(), Learned(model="gpt-4o-mini"))
    assert ["model" in one.message for one in same if one.hop is Hop.DEPLOYMENT] == [False]
