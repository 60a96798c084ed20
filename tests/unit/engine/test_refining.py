from __future__ import annotations

import json

import pytest

from parleqd.core.polish.failures import Breakage
from parleqd.core.session.outcome import Cleaned
from parleqd.core.settings import Auth, Cleanup, Provider, Target
from parleqd.core.text.edits import replay
from parleqd.engine.bus import Bus
from parleqd.engine.metrics import Metrics
from parleqd.engine.refining import MOST_CHARACTERS, Refining, appended, kept, without_model
from parleqd.engine.targets import Targets
from parleqd.protocol.names import Mode, Reason
from tests.fakes.chat import FakeChat, Reply, broken, streamed
from tests.fakes.cloud import cloud, no_cloud
from tests.fakes.log import MemoryLog

TEXT = "We meet on Tuesday."
CHANGED = "We meet on Friday."
TARGET = Target("east", Provider.AZURE_OPENAI, Auth.API_KEY, "east", "gpt-4o-mini")


class Desk:
    """A refining whose one target answers so."""

    def __init__(self, *replies: Reply) -> None:
        self.chat, self.metrics = FakeChat(*replies), Metrics()
        self.targets = Targets(cloud(self.chat, environment={"AZURE_OPENAI_API_KEY": "k"}), Bus(), MemoryLog())
        self.targets.use(Cleanup(targets=(TARGET,)))
        self.refining = Refining(self.targets, self.metrics)


def unchanged(cleaned: Cleaned, reason: Reason | None) -> bool:
    told = None if cleaned.fallback is None else cleaned.fallback.reason
    return (cleaned.text, cleaned.used, cleaned.edits, told) == (TEXT, Mode.RAW, (), reason)


@pytest.mark.asyncio
async def test_a_model_changes_the_text_as_it_is_told() -> None:
    at = Desk(streamed(CHANGED))
    done = await at.refining.change(TEXT, "um Friday, not Tuesday", patient=True)
    sent = json.loads(at.chat.requests[0].body)["messages"][-1]["content"]
    assert f"<text>\n{TEXT}\n</text>" in sent
    assert "<instruction>\num Friday, not Tuesday\n</instruction>" in sent
    assert (done.text, done.used, done.fallback) == (CHANGED, Mode.POLISHED, None)
    assert replay(TEXT, done.edits) == CHANGED
    assert {"first_token", "refine"} <= set(at.metrics.stages())
    assert at.metrics.counts["target_east"] == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (streamed("I'm sorry, but I can't help with that."), Reason.GUARD_REJECTED),
        (streamed(""), Reason.GUARD_REJECTED),
        (broken(Breakage.CONNECT), Reason.NETWORK_ERROR),
        (Reply(401), Reason.KEY_REJECTED),
    ],
)
@pytest.mark.asyncio
async def test_whatever_fails_the_text_is_kept_and_the_reason_told(reply: Reply, reason: Reason) -> None:
    at = Desk(reply, reply, reply)
    assert unchanged(await at.refining.change(TEXT, "make it shorter", patient=True), reason)


@pytest.mark.asyncio
async def test_a_question_in_the_text_is_not_to_be_answered() -> None:
    at = Desk(streamed("It is five o'clock."))
    done = await at.refining.change("what time is it", "make it polite", patient=True)
    assert done.text == "what time is it"
    assert done.fallback is not None
    assert "question" in done.fallback.message
    assert "otherwise" in done.fallback.hint


@pytest.mark.asyncio
async def test_without_a_target_the_text_is_kept() -> None:
    refining = Refining(Targets(no_cloud(), Bus(), MemoryLog()), Metrics())
    done = await refining.change(TEXT, "make it shorter")
    assert unchanged(done, Reason.NOT_CONFIGURED)
    assert done.fallback is not None
    assert "on this device" not in done.fallback.message


@pytest.mark.parametrize(("text", "instruction"), [(TEXT, ""), (TEXT, " \n"), ("", "shorter"), (" ", "shorter")])
@pytest.mark.asyncio
async def test_nothing_is_sent_where_nothing_is_asked_for(text: str, instruction: str) -> None:
    at = Desk()
    done = await at.refining.change(text, instruction, patient=True)
    assert (done.text, done.fallback, at.chat.requests) == (text, None, [])


@pytest.mark.asyncio
async def test_a_text_that_no_answer_can_hold_is_not_sent() -> None:
    at = Desk()
    done = await at.refining.change("x" * (MOST_CHARACTERS + 1), "shorter", patient=True)
    assert done.fallback is not None
    assert done.fallback.reason is Reason.TOO_LARGE
    assert at.chat.requests == []


def test_what_was_said_is_put_behind_the_text() -> None:
    done = appended(TEXT, Cleaned("And on Friday.", Mode.INSTANT))
    assert (done.text, done.used) == (f"{TEXT} And on Friday.", Mode.INSTANT)
    assert replay(TEXT, done.edits) == done.text
    assert appended(TEXT, Cleaned("", Mode.RAW)) == kept(TEXT)


def test_a_preset_is_never_put_behind_the_text() -> None:
    done = without_model(TEXT, Mode.INSTANT)
    assert unchanged(done, Reason.NOT_CONFIGURED)
    assert done.fallback is not None
    assert "instant" in done.fallback.message
