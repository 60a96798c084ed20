from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from anyio.to_thread import run_sync

from parleqctl.console import Console
from parleqctl.invocation import Invocation
from parleqctl.parser import build
from parleqctl.questions import Questions
from parleqctl.setup_azure import Azure
from tests.fakes.command_line import MemoryStream
from tests.fakes.daemon import Object, Peer, Refusal, Reply, running_daemon
from tests.fakes.setting_up import CLEAN, EAST, EMBED, NO_AZ, NOT_SIGNED_IN, PLAY, REPLIES, THINKER, WORK

DENIED = Refusal("permission_denied", "this account may not list", "ask for a role")


async def ask(
    question: Callable[[Azure], Any],
    answers: str = "",
    replies: Mapping[str, Reply] | None = None,
    *,
    yes: bool = False,
) -> tuple[Any, str]:
    """What ``question`` gives, and what stood on stderr."""
    err = MemoryStream()
    console = Console(MemoryStream(answers.encode()), None, err, {})

    def asked(path: str) -> Any:
        arguments = build("setup").parse_args(["setup", "--socket", path])
        return question(Azure(Invocation(arguments, console), Questions(console, defaults=yes)))

    async with running_daemon({**REPLIES, **(replies or {})}) as daemon:
        return await run_sync(asked, daemon.path), err.written


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ({"subscriptions": [WORK]}, "signed in"),
        (NOT_SIGNED_IN, "not signed in"),
        (NO_AZ, "absent"),
        (Refusal("az_timeout", "too slow"), "not signed in"),
    ],
)
async def test_how_it_is_with_az(reply: Reply, state: str) -> None:
    told, shown = await ask(lambda azure: azure.state, replies={"azure/subscriptions": reply})
    assert (told, shown) == (state, "")


@pytest.mark.asyncio
async def test_one_may_sign_in_meanwhile() -> None:
    replies: list[Object | Refusal] = [NOT_SIGNED_IN, NOT_SIGNED_IN, {"subscriptions": [WORK]}]

    async def subscriptions(_: Peer, params: Object) -> Object:
        reply = replies.pop(0)
        if isinstance(reply, Refusal):
            raise reply
        return reply

    told, shown = await ask(lambda azure: azure.sign_in(), "\ny\n", {"azure/subscriptions": subscriptions})
    assert told is True
    assert shown.count("in another window: run `az login`") == 2


@pytest.mark.asyncio
@pytest.mark.parametrize("yes", [True, False])
async def test_one_need_not(yes: bool) -> None:
    told, _ = await ask(lambda azure: azure.sign_in(), "n\n", {"azure/subscriptions": NOT_SIGNED_IN}, yes=yes)
    assert told is False


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wanted", "answers", "chosen"), [("Play", "", PLAY), ("s2", "", PLAY), (None, "\n", WORK), (None, "2\n", PLAY)]
)
async def test_a_subscription_is_named_or_chosen(wanted: str | None, answers: str, chosen: Object) -> None:
    both: Mapping[str, Reply] = {"azure/subscriptions": {"subscriptions": [WORK, PLAY]}}
    assert (await ask(lambda azure: azure.subscription(wanted), answers, both))[0] == chosen
    assert (await ask(lambda azure: azure.several(), replies=both))[0] is True


@pytest.mark.asyncio
async def test_the_only_subscription_is_not_asked_about() -> None:
    assert await ask(lambda azure: azure.subscription(None)) == (WORK, "")
    assert await ask(lambda azure: azure.several()) == (False, "")


@pytest.mark.asyncio
async def test_a_resource_is_chosen_or_to_be_typed() -> None:
    assert (await ask(lambda azure: azure.resource("s1"), "\n"))[0] == EAST
    assert (await ask(lambda azure: azure.resource("s1"), "2\n"))[0] is None
    assert (await ask(lambda azure: azure.resource("s1"), yes=True))[0] == EAST
    nothing = await ask(lambda azure: azure.resource("s1"), replies={"azure/resources": {"resources": []}})
    assert nothing == (None, "az lists no resources there that serve models\n")


@pytest.mark.asyncio
async def test_a_deployment_is_chosen_among_those_that_can_be_used() -> None:
    chosen, shown = await ask(lambda azure: azure.deployment("s1", EAST, None), "2\n")
    assert chosen == THINKER
    assert shown.startswith("no chat completions, or not ready yet: embed\n")
    assert "  1) clean  (gpt-4o-mini 1)\n" in shown
    assert (await ask(lambda azure: azure.deployment("s1", EAST, "clean")))[0] == CLEAN
    assert (await ask(lambda azure: azure.deployment("s1", EAST, "gone")))[0] is None
    only: Mapping[str, Reply] = {"azure/deployments": {"deployments": [EMBED]}}
    assert (await ask(lambda azure: azure.deployment("s1", EAST, None), replies=only))[0] is None


@pytest.mark.asyncio
async def test_what_cannot_be_listed_is_told_and_to_be_typed() -> None:
    refused: Mapping[str, Reply] = {"azure/resources": DENIED, "azure/deployments": DENIED}
    for question in (lambda azure: azure.resource("s1"), lambda azure: azure.deployment("s1", EAST, None)):
        told, shown = await ask(question, replies=refused)
        assert told is None
        assert "cannot be listed: this account may not list [permission_denied]; ask for a role" in shown
