"""Protocol 1 is frozen: what its first clients heard, clients of every later version hear too."""

from __future__ import annotations

import pytest

from parleqd._tools.transcripts import Object, differences, play, read, scenario_of
from parleqd.adapters.speech.scripted import ScriptedFactory
from tests.integration.daemon import running_daemon
from tests.parts import ROOT

DATA = ROOT / "tests" / "data"
TRANSCRIPTS = {path.stem: read(path) for path in sorted((DATA / "transcripts").glob("*.jsonl"))}
SCENARIOS = {path.stem: read(path) for path in sorted((DATA / "scenarios").glob("*.jsonl"))}
SAID = "The garden party is on Friday."


async def played(steps: list[Object]) -> list[Object]:
    async with running_daemon(recognisers=ScriptedFactory([SAID] * 5)) as daemon:
        return await play(steps, str(daemon.path))


@pytest.mark.parametrize("name", TRANSCRIPTS)
@pytest.mark.asyncio
async def test_what_was_recorded_is_still_heard(name: str) -> None:
    assert differences(TRANSCRIPTS[name], await played(scenario_of(TRANSCRIPTS[name]))) == []


def test_every_scenario_was_recorded() -> None:
    assert TRANSCRIPTS.keys() == SCENARIOS.keys()
    for name, transcript in TRANSCRIPTS.items():
        said = [step for step in transcript if "heard" not in step]
        assert said == [step for step in SCENARIOS[name] if "until" not in step], f"{name}: record it anew"
