from __future__ import annotations

from collections.abc import Mapping

import pytest
from anyio.to_thread import run_sync

from parleq_client import ClientError
from parleqctl.console import Console
from parleqctl.invocation import Invocation
from parleqctl.parser import UsageError, build
from parleqctl.questions import Questions
from parleqctl.setup_interview import AUTHS, FAMILIES, PROVIDERS, Interview
from parleqd.core.settings import Auth, Family, Provider
from tests.fakes.command_line import MemoryStream
from tests.fakes.daemon import Object, Reply, running_daemon
from tests.fakes.setting_up import DATED, NO_AZ, NOT_SIGNED_IN, PLAY, REPLIES, WORK

KEY = "k3y-of-the-test"
PASTED = "https://east.openai.azure.com/openai/deployments/tidy/chat/completions?api-version=2024-10-21"
EAST = "https://east.openai.azure.com"
AZURE = ("--provider", "azure-openai", "--auth", "api-key")
OTHER = ("--provider", "openai-compatible")
BOTH: Mapping[str, Reply] = {"azure/subscriptions": {"subscriptions": [WORK, PLAY]}}


async def hold(
    *options: str,
    answers: str = "",
    replies: Mapping[str, Reply] | None = None,
    names: tuple[str, ...] = (),
    twice: str = "",
) -> tuple[Object, str | None, str]:
    """The target, the secret, and what stood on stderr. ``twice``: answers to the second round."""
    err = MemoryStream()
    console = Console(MemoryStream((answers + twice).encode()), None, err, {})

    def interview(path: str) -> tuple[Object, str | None] | Exception:
        arguments = build("setup").parse_args(["setup", "--socket", path, *options])
        interview = Interview(Invocation(arguments, console), Questions(console, defaults=arguments.yes), names)
        try:
            interview.hold()
            if twice:
                interview.forget_options()
                interview.hold()
        except (ClientError, UsageError) as error:
            return error  # raised outside, where no task group wraps it
        return interview.draft(), interview.secret

    async with running_daemon({**REPLIES, **(replies or {})}) as daemon:
        held = await run_sync(interview, daemon.path)
    assert KEY not in err.written
    if isinstance(held, Exception):
        raise held
    return *held, err.written


def azure(**more: object) -> Object:
    usual = {"provider": "azure-openai", "auth": "azure-cli", "resource": EAST, "deployment": "clean"}
    return {**usual, "api_version": DATED, "family": "standard", "name": "east", **more}


def test_the_options_are_those_of_the_settings() -> None:
    assert (set(PROVIDERS), set(AUTHS), set(FAMILIES)) == (set(Provider), set(Auth), set(Family))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("\n\n\n\n\n\n", azure()),
        ("1\n1\n2\n\n\nthinking\n", azure(deployment="thinker", api_version="v1", family="reasoning", name="thinking")),
        ("1\n1\n3\nhidden\n\n\n\n", azure(deployment="hidden")),
        ("1\n2\nwest\ngpt-5-mini\n\n\n\n",
         azure(resource="https://west.openai.azure.com", deployment="gpt-5-mini", api_version="v1", family="reasoning",
               name="west")),
    ],
)  # fmt: skip
async def test_with_az_all_is_chosen_from_lists_or_typed(answers: str, expected: Object) -> None:
    assert (await hold(answers=answers))[:2] == (expected, None)


@pytest.mark.asyncio
async def test_one_of_several_subscriptions_is_kept_with_the_target() -> None:
    assert (await hold(answers="\n2\n\n\n\n\n\n", replies=BOTH))[0] == azure(subscription="s2")
    tenant = await hold("--tenant", "t", answers="\n2\n\n\n\n\n\n", replies=BOTH)
    assert tenant[0] == azure(tenant="t")  # az takes one of the two


@pytest.mark.asyncio
async def test_with_a_key_a_pasted_url_offers_what_it_names() -> None:
    target, secret, shown = await hold(answers=f"2\n{PASTED}\n\n\n\n{KEY}\n\n")
    assert target == azure(auth="api-key", deployment="tidy", api_version="2024-10-21")
    assert secret == KEY
    assert "Deployment [tidy]: " in shown


@pytest.mark.asyncio
async def test_openai_has_an_address_of_its_own() -> None:
    target, secret, _ = await hold(answers="3\n\n\n\n\n")
    wanted = {"provider": "openai", "auth": "api-key", "deployment": "gpt-4o-mini", "family": "standard"}
    assert target == {**wanted, "name": "openai"}
    assert secret is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("url", "name"),
    [("http://127.0.0.1:8080/v1", "local"), ("https://llm.azure.com/v1", "llm"), ("https://10.azure.com", "local")],
)
async def test_a_server_of_ones_own_is_named_after_its_host(url: str, name: str) -> None:
    target, _, _ = await hold(*OTHER, answers=f"{url}\nsmall\n\n\n\n")
    assert (target["resource"], target["name"], "api_version" in target) == (url, name, False)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("options", "answers", "trusted"),
    [
        ((), "https://gw.example.com/v1\ny\nsmall\n\n\n\n", ["gw.example.com"]),
        ((), "https://gw.example.com/v1\nn\nhttp://127.0.0.1/v1\nsmall\n\n\n\n", None),
        (("--trust", "gw.example.com"), "https://gw.example.com/v1\nsmall\n\n\n\n", ["gw.example.com"]),
        (("--trust", "gw.example.com"), "http://127.0.0.1/v1\nsmall\n\n\n\n", None),
        (("--trust", "other.example.com"), "https://gw.example.com/v1\ny\nsmall\n\n\n\n", ["gw.example.com"]),
    ],
)
async def test_a_strange_host_is_confirmed_by_its_name(
    options: tuple[str, ...], answers: str, trusted: list[str] | None
) -> None:
    target, _, shown = await hold(*OTHER, *options, answers=answers)
    assert target.get("trusted_hosts") == trusted
    asked = (
        "gw.example.com is neither Azure's nor OpenAI's. Send your texts, and the key or token, there? [y/N]" in shown
    )
    assert asked is ("\ny\n" in answers or "\nn\n" in answers)


@pytest.mark.asyncio
async def test_a_strange_host_that_nobody_confirms_gets_nothing() -> None:
    where = ("--resource", "https://gw.example.com/v1", "--deployment", "small")
    with pytest.raises(UsageError, match=r"--trust gw\.example\.com"):
        await hold(*OTHER, *where, "--yes")
    with pytest.raises(ClientError, match=r"nothing is sent to gw\.example\.com, and nothing was saved"):
        await hold(*OTHER, *where, answers="\n")


@pytest.mark.asyncio
async def test_an_address_that_cannot_be_read_is_asked_for_again_unless_an_option_gave_it() -> None:
    target, _, shown = await hold(*AZURE, answers="two words\neast\nclean\n\n\n\n\n")
    assert target["resource"] == EAST
    assert "resource holds a space [config_invalid]; write a URL" in shown
    with pytest.raises(ClientError, match="holds a space"):
        await hold(*AZURE, "--resource", "two words")


@pytest.mark.asyncio
async def test_options_answer_everything() -> None:
    options = (*AZURE, "--resource", "east", "--deployment", "gpt-5.1", "--name", "mine", "--yes", "--key-from-stdin")
    target, secret, shown = await hold(*options, answers=f"{KEY}\n", replies={"azure/subscriptions": NO_AZ})
    assert target == azure(auth="api-key", deployment="gpt-5.1", api_version="v1", family="reasoning", name="mine")
    assert (secret, shown) == (KEY, "")
    chosen = await hold(*options, "--api-version", "2024-10-21", "--family", "standard", answers=f"{KEY}\n")
    assert (chosen[0]["api_version"], chosen[0]["family"]) == ("2024-10-21", "standard")


@pytest.mark.asyncio
async def test_with_az_an_option_may_name_what_is_listed() -> None:
    options = ("--auth", "azure-cli", "--yes", "--deployment", "thinker", "--subscription", "Play")
    target, _, _ = await hold(*options, replies=BOTH)
    chosen = azure(deployment="thinker", api_version="v1", family="reasoning", subscription="s2")
    assert target == chosen


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ((), "--provider"),
        (("--provider", "azure-openai"), "--auth"),
        (AZURE, "--resource"),
        ((*AZURE, "--resource", "east"), "--deployment"),
        (("--auth", "azure-cli"), "--deployment"),
        ((*AZURE, "--resource", "east", "--deployment", "clean", "--key-from-stdin"), "--key-from-stdin"),
    ],
)
async def test_without_a_question_what_no_option_answers_is_named(options: tuple[str, ...], missing: str) -> None:
    with pytest.raises(UsageError, match=missing):
        await hold(*options, "--yes")


@pytest.mark.asyncio
async def test_a_key_from_the_first_line_goes_before_the_answers() -> None:
    target, secret, _ = await hold("--key-from-stdin", answers=f"{KEY}\n2\neast\nclean\n\n\n\n")
    assert (target, secret) == (azure(auth="api-key"), KEY)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("refusal", "answers", "told"),
    [(NO_AZ, "1\neast\nclean\n\n\n\n\n", "was not found"), (NOT_SIGNED_IN, "1\nn\neast\nclean\n\n\n\n", "are typed")],
)
async def test_without_az_the_rest_is_typed(refusal: Reply, answers: str, told: str) -> None:
    target, _, shown = await hold(answers=answers, replies={"azure/subscriptions": refusal})
    assert (target["resource"], target["deployment"]) == (EAST, "clean")
    assert told in shown


@pytest.mark.asyncio
async def test_without_az_azure_takes_a_key_unasked() -> None:
    target, _, _ = await hold(
        "--provider", "azure-openai", answers="east\nclean\n\n\n\n\n", replies={"azure/subscriptions": NO_AZ}
    )
    assert target == azure(auth="api-key")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("1\n", "\n", "east-2"),
        ("1\n", "west\n", "west"),
        ("1\n", "east\nn\nnorth\n", "north"),
        ("1\n", "east\ny\n", "east"),
        ("2\n", "", "east"),
        ("west\n", "", "west"),
    ],
)
async def test_a_second_target_is_added_or_takes_the_place_of_one(first: str, last: str, name: str) -> None:
    names = ("east",) if "west" not in first else ("east", "west")
    target, _, _ = await hold(answers=f"{first}2\neast\nclean\n\n\n\n{last}", names=names)
    assert target["name"] == name


@pytest.mark.asyncio
async def test_a_second_round_has_the_first_ones_answers_as_defaults() -> None:
    options = (*AZURE, "--resource", "east", "--deployment", "clean", "--name", "mine", "--key-from-stdin")
    again, secret, _ = await hold(*options, answers=f"{KEY}\n\n\n", twice="\n\n\n\n\n\n\n")
    assert (again, secret) == (azure(auth="api-key", name="mine"), KEY)
    other, secret, _ = await hold(*options, answers=f"{KEY}\n\n\n", twice="1\n\n\n\n\n\n")
    assert (other["auth"], secret) == ("azure-cli", None)
