from __future__ import annotations

import anyio
import msgspec
import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.ports import PolicyWithholds, Token
from parleqd.core.settings import Auth, Cleanup, Price, Provider, Strategy, Target
from parleqd.engine.bus import Bus
from parleqd.engine.cleanup import Cleanup as Cleaner
from parleqd.engine.metrics import Metrics
from parleqd.engine.targets import Targets, variables_of
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.messages import TargetStatus
from parleqd.protocol.names import Mode, Reason
from tests.fakes.chat import FakeChat, Reply, streamed
from tests.fakes.cloud import cloud
from tests.fakes.log import MemoryLog
from tests.fakes.token_source import ScriptedTokens
from tests.fakes.vocabulary import MemoryVocabulary
from tests.unit.engine.test_polishing import CLEAN, RAW, refused

EAST = Target("east", Provider.AZURE_OPENAI, Auth.API_KEY, "east", "gpt-4o-mini")
SIGNED_IN = Target("west", Provider.AZURE_OPENAI, Auth.AZURE_CLI, "west", "gpt-4o-mini")
KEY = {"AZURE_OPENAI_API_KEY": "key"}


class Desk:
    def __init__(self, *replies: Reply, tokens: ScriptedTokens | None = None) -> None:
        self.chat, self.metrics = FakeChat(*replies), Metrics()
        source = tokens or ScriptedTokens([Token("token", 4e9)])
        self.targets = Targets(cloud(self.chat, sign_in=lambda *_: source, environment=KEY), Bus(), MemoryLog())
        self.cleaner = Cleaner(self.targets, self.metrics, Vocabulary(MemoryVocabulary(), MemoryLog()))

    async def polished(self, *targets: Target, mode: Mode = Mode.POLISHED) -> tuple[str, Mode, Reason | None]:
        """What becomes of a dictation with these targets in effect."""
        self.targets.use(Cleanup(mode=mode, targets=targets))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.targets.run)
            await anyio.wait_all_tasks_blocked()
            self.cleaner.prepare(Mode.POLISHED)
            await anyio.wait_all_tasks_blocked()
            cleaned = await self.cleaner.clean(RAW, Mode.POLISHED)
            tasks.cancel_scope.cancel()
        return cleaned.text, cleaned.used, None if cleaned.fallback is None else cleaned.fallback.reason


@pytest.mark.parametrize(
    ("target", "header"), [(EAST, ("api-key", "key")), (SIGNED_IN, ("authorization", "Bearer token"))]
)
@pytest.mark.asyncio
async def test_a_target_cleans_with_its_own_credential(target: Target, header: tuple[str, str]) -> None:
    desk = Desk(streamed(CLEAN))
    assert await desk.polished(target) == (CLEAN, Mode.POLISHED, None)
    assert desk.chat.requests[0].headers[header[0]] == header[1]
    assert desk.metrics.counts["tokens_prompt"] == 100
    assert desk.metrics.cost == {target.name: pytest.approx((100 * 0.15 + 9 * 0.60) / 1e6)}


@pytest.mark.asyncio
async def test_an_answer_that_cannot_be_used_is_paid_for_all_the_same() -> None:
    desk = Desk(streamed("The capital of France is Paris, and it has many museums."))
    assert (await desk.polished(EAST))[2] is Reason.GUARD_REJECTED
    assert desk.metrics.counts["tokens_prompt"] == 100
    assert desk.metrics.cost["east"] > 0


@pytest.mark.asyncio
async def test_a_change_of_other_settings_leaves_a_token_where_it_is() -> None:
    tokens = ScriptedTokens([Token("first", 4e9), Token("second", 4e9)])
    desk = Desk(streamed(CLEAN), streamed(CLEAN), tokens=tokens)
    await desk.polished(SIGNED_IN)
    desk.targets.use(Cleanup(budget_s=9.0, targets=(SIGNED_IN,)))
    await desk.polished(SIGNED_IN, mode=Mode.INSTANT)
    assert [sent.headers["authorization"] for sent in desk.chat.requests] == ["Bearer first"] * 2


@pytest.mark.asyncio
async def test_single_is_the_first_target_or_none() -> None:
    odd = Target("odd", Provider.AZURE_OPENAI, Auth.API_KEY, "http://example.com", "d")
    desk = Desk()
    desk.targets.use(Cleanup(strategy=Strategy.SINGLE, targets=(odd, EAST)))
    assert desk.targets.polisher is None
    assert desk.targets.absence.reason is Reason.CONFIG_INVALID


@pytest.mark.asyncio
async def test_the_status_tells_what_a_target_lacks() -> None:
    desk = Desk()
    stranger = msgspec.structs.replace(EAST, name="gateway", resource="https://gateway.example.com/x")
    keyless = msgspec.structs.replace(EAST, name="openai", provider=Provider.OPENAI, resource="")
    await desk.polished(stranger, keyless)
    states = {target.name: (target.state, target.detail) for target in desk.targets.status()}
    assert states["gateway"][0] == "unused"
    assert states["openai"][0] == "no_key"
    assert "parleqctl secret set openai" in states["openai"][1]


@pytest.mark.asyncio
async def test_the_price_table_and_the_ca_file_of_the_settings_count() -> None:
    desk = Desk(streamed(CLEAN))
    desk.targets.use(Cleanup(ca_file="ca.pem", prices={"gpt-4o-mini": Price(1, 1, 1)}))
    assert desk.targets.prices == {"gpt-4o-mini": Price(1, 1, 1)}
    assert desk.chat.trusted == "ca.pem"


@pytest.mark.parametrize(("changed", "token"), [("west", "new"), ("east", "old")])
@pytest.mark.asyncio
async def test_a_changed_secret_counts_at_once_and_leaves_the_other_targets_alone(changed: str, token: str) -> None:
    tokens = ScriptedTokens([Token("old", 4e9), Token("new", 4e9)])
    desk = Desk(streamed(CLEAN), streamed(CLEAN), tokens=tokens)
    desk.targets.changed_secret("west")  # before there are settings there is nothing to change
    await desk.polished(SIGNED_IN)
    desk.targets.changed_secret(changed)
    await desk.polished(SIGNED_IN)
    assert [sent.headers["authorization"] for sent in desk.chat.requests] == ["Bearer old", f"Bearer {token}"]


def test_the_variables_that_may_hold_a_secret_go_by_the_way_of_signing_in() -> None:
    assert variables_of(EAST) == ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY")
    assert variables_of(msgspec.structs.replace(EAST, auth=Auth.CLIENT_SECRET)) == ("AZURE_CLIENT_SECRET",)
    assert variables_of(SIGNED_IN) == ()


@pytest.mark.asyncio
async def test_without_a_target_or_with_none_that_can_be_understood_it_says_so() -> None:
    text, used, reason = await Desk().polished()
    assert (used, reason) == (Mode.INSTANT, Reason.NOT_CONFIGURED)
    broken = Target("odd", Provider.AZURE_OPENAI, Auth.API_KEY, "http://example.com", "d")
    desk = Desk()
    assert await desk.polished(broken) == (text, Mode.INSTANT, Reason.CONFIG_INVALID)
    assert [(one.name, one.state) for one in desk.targets.status()] == [("odd", "unused")]


@pytest.mark.asyncio
async def test_a_failure_is_the_text_of_this_device_and_shows_in_the_status() -> None:
    desk = Desk(refused(429, retry_after="86400"))
    _, used, reason = await desk.polished(EAST)
    assert (used, reason) == (Mode.INSTANT, Reason.RATE_LIMITED)
    (status,) = desk.targets.status()
    assert (status.name, status.state) == ("east", "down")
    assert status.detail


@pytest.mark.asyncio
async def test_who_is_not_signed_in_is_told_by_the_status() -> None:
    desk = Desk(tokens=ScriptedTokens([OutsideError(Reason.AZ_NOT_LOGGED_IN, "az is not logged in", "run `az login`")]))
    await desk.polished(SIGNED_IN)
    assert desk.targets.status() == [
        TargetStatus(name="west", state="no_token", detail="az is not logged in: run `az login`")
    ]


@pytest.mark.asyncio
async def test_other_settings_make_other_targets_and_the_same_leave_them() -> None:
    desk = Desk()
    desk.targets.use(Cleanup(targets=(EAST,)))
    first = desk.targets.polisher
    desk.targets.use(Cleanup(targets=(EAST,)))
    assert desk.targets.polisher is first
    desk.targets.use(Cleanup(targets=(SIGNED_IN,)))
    assert desk.targets.polisher is not first
    desk.targets.use(Cleanup())
    assert desk.targets.polisher is None


@pytest.mark.asyncio
async def test_a_target_that_a_policy_withholds_is_told_and_not_used() -> None:
    desk = Desk()
    withheld = PolicyWithholds("east", "the policy allows none of the hosts (managed.toml:2)")
    desk.targets.use(Cleanup(mode=Mode.POLISHED), [withheld])
    assert desk.targets.status() == [TargetStatus(name="east", state="withheld", detail=withheld.message)]
    assert (desk.targets.absence.reason, desk.targets.absence.target) == (Reason.MANAGED, "east")
    desk.targets.use(Cleanup(mode=Mode.POLISHED))
    assert (desk.targets.status(), desk.targets.absence.reason) == ([], Reason.NOT_CONFIGURED)
