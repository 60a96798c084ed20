from __future__ import annotations

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import RESULT, Refusal, running_daemon


@pytest.mark.asyncio
async def test_printing_takes_the_text_over_prints_it_and_acknowledges() -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "stop", "--print")
        json = await parleqctl_at(daemon, "stop", "--print", "--json")
    assert (text.code, text.out, text.err) == (0, "Hello world.\n", "")
    assert (json.code, json.json, json.err) == (0, [RESULT], "")
    assert daemon.asked("session/stop") == [{"deliver": "return"}] * 2
    assert len(daemon.asked("session/acknowledge")) == 2


@pytest.mark.asyncio
async def test_nothing_said_is_exit_code_5_with_the_result_object() -> None:
    silent = {**RESULT, "raw": "", "text": "", "verdict": "dead_input"}
    async with running_daemon({"session/result": silent}) as daemon:
        outcome = await parleqctl_at(daemon, "stop", "--print", "--json")
    assert (outcome.code, outcome.json) == (5, [silent])


@pytest.mark.asyncio
async def test_a_text_that_belongs_to_another_program_stays_its_own() -> None:
    async with running_daemon({"session/result": Refusal("not_owner", "it belongs to another client")}) as daemon:
        outcome = await parleqctl_at(daemon, "stop", "--print", "--json")
    assert (outcome.code, outcome.reason) == (4, "not_owner")


@pytest.mark.asyncio
async def test_without_waiting_one_question_is_all() -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "stop", "--no-wait")
        json = await parleqctl_at(daemon, "stop", "--no-wait", "--json")
    assert (text.code, text.out, text.err) == (0, "", "")
    assert json.json == [{"session_id": "s1"}]
    assert daemon.received == [("session/stop", {})] * 2


@pytest.mark.asyncio
async def test_printing_without_waiting_is_a_contradiction() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "stop", "--print", "--no-wait")
    assert (outcome.code, daemon.received) == (2, [])
