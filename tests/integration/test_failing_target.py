"""A cleanup target that fails at random in every way known: whatever it does, each dictation is delivered, once."""

from __future__ import annotations

import asyncio
import base64
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.core.text import instant
from tests.fakes.client import Client
from tests.fakes.engine import SECOND
from tests.fakes.failing_server import WAYS, Way, held, polished, way
from tests.fakes.http_server import whole
from tests.integration.polishing import Polishing, running_polishing, said, state_of
from tests.parts import scale

DICTATIONS = scale(80, 1000)
DAEMONS = 10
"""At the same time: most of the time somebody waits for an answer that does not come."""
SHORT_S, LONG_S = 0.6, 5.0
"""Budgets."""
PATIENCE_S = 2.0
MOMENTS_S, LATER_S = (0.1, 1.0, 2.5, 5.0, 25.0), 90_000.0
"""Between two dictations: shorter and longer than anything may rest."""
PCM = base64.b64encode(SECOND).decode()
GOOD = way("good")


class Site:
    """A daemon with one target and one client. ``delivered``: each text that anybody was given, by session."""

    def __init__(self, polishing: Polishing, client: Client) -> None:
        (self.server,) = polishing.servers
        self.delivered: dict[str, list[str]] = {}
        self.modes = Counter[str]()
        self.reasons = Counter[str]()
        self.asked_while_down: list[str] = []
        self._polishing = polishing
        self._client = client

    async def dictate(self, raw: str, chance: random.Random) -> str:
        """One dictation; its session. Perhaps a long time after the one before, and perhaps the target works again."""
        grant = self.server.grants_probes = chance.random() < 0.9
        probes = self.server.probes
        leapt = await state_of(self._client) == "down" and chance.random() < 0.8
        self._polishing.clock.leap(LATER_S if leapt else chance.choice(MOMENTS_S))
        deliver = chance.choice(["return", "insert"])
        session_id: str = (await self._client.call("session/start", source="stream", deliver=deliver))["session_id"]
        await self._client.call("session/audio", session_id=session_id, pcm=PCM)
        if leapt and grant:
            with anyio.move_on_after(PATIENCE_S):  # on a busy machine even this probe may come too late
                await self._polishing.until(self._client, "healthy")
        state = await state_of(self._client)
        requests = len(self.server.transcripts)
        await self._client.call("session/stop", session_id=session_id)
        await (self._read(session_id) if deliver == "return" else self._inserted(session_id))
        brought_back = grant and self.server.probes > probes
        if state == "down" and not brought_back and len(self.server.transcripts) > requests:
            self.asked_while_down.append(raw)
        return session_id

    async def _read(self, session_id: str) -> None:
        result = await self._client.call("session/result", session_id=session_id)
        self.modes[result["mode"]["used"]] += 1
        if result["fallback"] is not None:
            self.reasons[result["fallback"]["reason"]] += 1
        self.delivered.setdefault(session_id, []).append(result["text"])
        await self._client.call("session/acknowledge", session_id=session_id)

    async def _inserted(self, session_id: str) -> None:
        await self._client.answer_with(await self._client.asked("insert/prepare"), {"target": "w", "context": {}})
        asked = await self._client.asked("text/insert")
        self.delivered.setdefault(asked["params"]["session_id"], []).append(asked["params"]["text"])
        await self._client.answer_with(asked, {"status": "verified"})
        await self._client.note("session/state", session_id=session_id, phase="ended")

    async def nothing_more(self) -> None:
        """No text is offered or asked to be inserted beyond those that were."""
        assert (await self._client.call("session/pending", all=True))["sessions"] == []
        assert self._client.requests == []
        finals = Counter(
            note["params"]["session_id"] for note in self._client.notes if note["method"] == "session/final"
        )
        assert set(finals.values()) == {1}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [scale(1, random.SystemRandom().randrange(1 << 32))])
@pytest.mark.asyncio
async def test_every_dictation_is_delivered_once_whatever_its_target_does(seed: int) -> None:
    asyncio.get_running_loop().set_debug(False)  # a traceback for every callback would take most of the time
    met = Counter[str]()
    modes = Counter[str]()
    reasons = Counter[str]()

    async def some(part: int) -> None:
        texts = [said(number) for number in range(part, DICTATIONS, DAEMONS)]
        chance = random.Random(f"{part} {seed}")
        async with (
            running_polishing(SHORT_S, texts, seed=f"{part} {seed}") as polishing,
            polishing.daemon.client("hotkey", topics=["state"], insert=True) as client,
        ):
            site = Site(polishing, client)
            for raw in texts:
                session_id = await site.dictate(raw, chance)
                (text,) = site.delivered[session_id]
                assert text in (polished(raw), instant.clean(raw).text), raw
            assert len(site.delivered) == len(texts)
            await site.nothing_more()
            assert site.server.intrusions == []
            assert site.asked_while_down == []
            assert site.server.followed == 0
            met.update(site.server.met)
            modes.update(site.modes)
            reasons.update(site.reasons)

    async with anyio.create_task_group() as tasks:
        for part in range(DAEMONS):
            tasks.start_soon(some, part)
    assert modes["polished"]
    assert len(reasons) > 5
    if DICTATIONS >= 1000:
        assert met.keys() == {way.name for way in WAYS}


@asynccontextmanager
async def two_clients(*ways: Way) -> AsyncIterator[tuple[Polishing, Client, Client]]:
    """A daemon with time enough, whose target answers in these ways, and two of its clients."""
    async with running_polishing(LONG_S) as polishing:
        polishing.servers[0].ahead += ways
        async with polishing.daemon.client("one") as one, polishing.daemon.client("other") as other:
            yield polishing, one, other


@pytest.mark.asyncio
async def test_what_one_text_is_told_to_wait_every_text_waits() -> None:
    wait = Way("rate", lambda *_: [whole(b"", 429, {"Retry-After-Ms": "1500"})], 1.5)
    async with two_clients(wait, GOOD) as (polishing, one, other):
        first = await one.request("text/clean", text=said(0))
        await polishing.until(one, "cooling")
        refused = await other.call("text/clean", text=said(1))
        assert (refused["mode"]["used"], refused["fallback"]["reason"]) == ("instant", "cooling_down")
        assert (await one.answer(first))["text"] == polished(said(0))
        assert polishing.servers[0].transcripts == [instant.clean(said(0)).text] * 2
        assert polishing.servers[0].intrusions == []


@pytest.mark.asyncio
async def test_an_answer_that_was_under_way_does_not_shorten_what_was_asked_for_meanwhile() -> None:
    ready = anyio.Event()
    async with two_clients(held(ready, GOOD), way("rate, seconds")) as (polishing, one, other):
        first = await one.request("text/clean", text=said(0))
        await polishing.until_asked(1)
        assert (await other.call("text/clean", text=said(1)))["fallback"]["reason"] == "rate_limited"
        ready.set()
        assert (await one.answer(first))["text"] == polished(said(0))
        assert (await one.call("text/clean", text=said(2)))["fallback"]["reason"] == "cooling_down"
        assert len(polishing.servers[0].transcripts) == 2


@pytest.mark.asyncio
async def test_a_parameter_that_two_texts_are_refused_at_once_is_repaired_for_both() -> None:
    ready = anyio.Event()
    refusal = held(ready, way("max_tokens"))
    async with two_clients(refusal, refusal, GOOD, GOOD) as (polishing, one, other):
        waiting = [await client.request("text/clean", text=said(0)) for client in (one, other)]
        await polishing.until_asked(2)
        ready.set()
        answers = [await client.answer(request) for client, request in zip((one, other), waiting, strict=True)]
        assert [answer["text"] for answer in answers] == [polished(said(0))] * 2


@pytest.mark.asyncio
async def test_new_settings_do_not_shorten_what_was_asked_for() -> None:
    async with two_clients(way("rate, seconds"), GOOD) as (polishing, one, other):
        assert (await one.call("text/clean", text=said(0)))["fallback"]["reason"] == "rate_limited"
        await other.call("settings/set", key="cleanup.budget_s", value="3")
        assert (await one.call("text/clean", text=said(1)))["fallback"]["reason"] == "cooling_down"
        polishing.clock.leap(7)
        assert (await one.call("text/clean", text=said(1)))["text"] == polished(said(1))
        assert polishing.servers[0].intrusions == []
