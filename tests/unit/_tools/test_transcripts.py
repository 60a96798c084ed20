from __future__ import annotations

from typing import Any

import pytest

from parleqd._tools.transcripts import Names, differences, play, scenario_of
from parleqd.adapters.speech.scripted import ScriptedFactory
from tests.integration.daemon import running_daemon

FILE = {"source": "file", "path": "/speech.flac", "pace": "fast"}
SCENARIO: list[dict[str, Any]] = [
    {"as": "alice", "connect": "headers"},
    {"as": "alice", "say": {"id": 1, "method": "session/start", "params": FILE}},
    {"as": "alice", "until": {"id": 1}},
    {"as": "alice", "say": {"id": 2, "method": "session/result", "params": {"session_id": "<session 1>"}}},
    {"as": "alice", "until": {"id": 2}},
    {"as": "alice", "leave": True},
]


def heard(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"as": "alice", "heard": message}]


def test_ids_have_names_by_kind_and_order() -> None:
    names = Names()
    hidden = names.hide({"a": "0" * 16, "b": ["f" * 16, "0" * 16], "id": "parleqd-4", "c": 1})
    assert hidden == {"a": "<session 1>", "b": ["<session 2>", "<session 1>"], "id": "<request 1>", "c": 1}
    assert names.reveal(hidden) == {"a": "0" * 16, "b": ["f" * 16, "0" * 16], "id": "parleqd-4", "c": 1}


@pytest.mark.asyncio
async def test_a_scenario_is_played_and_can_be_played_again_from_its_transcript() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello", "hello"])) as daemon:
        transcript = await play(SCENARIO, str(daemon.path))
        again = await play(scenario_of(transcript), str(daemon.path))
    assert differences(transcript, again) == differences(again, transcript) == []
    results = [step["heard"]["result"] for step in transcript if "heard" in step]
    assert results[0] == {"session_id": "<session 1>"}
    assert results[1]["raw"] == "hello"
    assert set(results[1]["timings_ms"].values()) == {0.0}


@pytest.mark.parametrize(
    "later",
    [
        {"id": 1, "result": {"a": 1, "b": {"c": [1]}, "new": 1}, "new": 1},
        {"id": 1, "result": {"b": {"c": [1], "new": {}}, "a": 1}},
    ],
)
def test_a_later_version_may_say_more(later: dict[str, Any]) -> None:
    assert differences(heard({"id": 1, "result": {"a": 1, "b": {"c": [1]}}}), heard(later)) == []


@pytest.mark.parametrize(
    "later",
    [
        {"id": 1, "result": {"b": {"c": [1]}}},
        {"id": 1, "result": {"a": 2, "b": {"c": [1]}}},
        {"id": 1, "result": {"a": 1.0, "b": {"c": [1]}}},
        {"id": 1, "result": {"a": 1, "b": {"c": [1, 2]}}},
        {"id": 1, "error": {}},
    ],
)
def test_a_later_version_may_drop_and_change_nothing(later: dict[str, Any]) -> None:
    (difference,) = differences(heard({"id": 1, "result": {"a": 1, "b": {"c": [1]}}}), heard(later))
    assert difference.startswith("alice no longer hears")


def test_what_a_server_can_do_may_grow() -> None:
    def told(*topics: str) -> list[dict[str, Any]]:
        return heard({"result": {"capabilities": {"topics": list(topics)}}})

    assert differences(told("state"), told("state", "weather")) == []
    assert differences(told("state", "weather"), told("state"))


def test_each_message_answers_for_one() -> None:
    once = heard({"method": "session/state"})
    assert differences(once * 2, once)
    assert differences(once, once * 2) == []
