from __future__ import annotations

from typing import Any

import msgspec
import pytest
from anyio import Path

from parleqd.core.errors import RefusedError
from parleqd.core.session.outcome import Cleaned
from parleqd.core.session.texts import behind
from parleqd.core.vocabulary.document import MOST_PROBLEMS
from parleqd.engine.history import Entry
from parleqd.protocol.methods import (
    DAEMON_RELOAD,
    VOCABULARY_ADD,
    VOCABULARY_IMPORT,
    VOCABULARY_LIST,
    VOCABULARY_REMOVE,
    VOCABULARY_SUGGEST,
)
from parleqd.protocol.names import Mode, Reason
from tests.fakes.dictations import outcome, spec
from tests.fakes.engine import ask, running_engine


def terms(listed: Any) -> list[str]:
    return [entry["term"] for entry in listed["entries"]]


@pytest.mark.asyncio
async def test_a_term_comes_and_goes() -> None:
    async with running_engine() as engine:
        added = await ask(engine, VOCABULARY_ADD, term=" Kubernetes ", aliases=["k8s"])
        assert added == {"change": "added", "entry": {"term": "Kubernetes", "aliases": ["k8s"], "spoken": []}}
        assert (await ask(engine, VOCABULARY_ADD, term="kubernetes"))["change"] == "changed"
        listed = await ask(engine, VOCABULARY_LIST)
        assert (terms(listed), listed["problems"]) == (["kubernetes"], [])
        assert await Path(listed["path"]).exists()
        assert (await ask(engine, VOCABULARY_REMOVE, term="KUBERNETES"))["aliases"] == ["k8s"]
        with pytest.raises(RefusedError) as refused:
            await ask(engine, VOCABULARY_REMOVE, term="KUBERNETES")
        assert refused.value.reason is Reason.UNKNOWN_TERM
        assert terms(await ask(engine, VOCABULARY_LIST)) == []


@pytest.mark.asyncio
async def test_a_list_says_what_became_of_it() -> None:
    async with running_engine() as engine:
        imported = await ask(engine, VOCABULARY_IMPORT, text="Noirtier\n...\nMorrel\n")
        assert [imported[kind] for kind in ("added", "changed", "unchanged")] == [2, 0, 0]
        assert [problem["line"] for problem in imported["problems"]] == [2]
        csv = await ask(engine, VOCABULARY_IMPORT, text="Villefort,Vilfor\n", format="csv")
        assert csv["added"] == 1
        listed = await ask(engine, VOCABULARY_LIST)
        assert listed["entries"][-1] == {"term": "Villefort", "aliases": ["Vilfor"], "spoken": []}


@pytest.mark.asyncio
async def test_what_was_edited_by_hand_is_told_when_listed_and_used_after_a_reload() -> None:
    async with running_engine() as engine:
        place = Path((await ask(engine, VOCABULARY_LIST))["path"])
        await place.write_text("Noirtier\n{\nMorrel\n")
        await ask(engine, DAEMON_RELOAD)
        assert engine.services.vocabulary.expected() == ("Morrel", "Noirtier")
        listed = await ask(engine, VOCABULARY_LIST)
        assert terms(listed) == ["Noirtier", "Morrel"]
        assert [problem["line"] for problem in listed["problems"]] == [2]


@pytest.mark.asyncio
async def test_a_file_of_bad_lines_is_told_in_part() -> None:
    async with running_engine() as engine:
        place = Path((await ask(engine, VOCABULARY_LIST))["path"])
        await place.write_text("...\n" * (MOST_PROBLEMS + 2))
        problems = (await ask(engine, VOCABULARY_LIST))["problems"]
        assert [problem["line"] for problem in problems] == [*range(1, MOST_PROBLEMS + 1), 0]
        assert problems[-1]["message"] == "and 2 more"


@pytest.mark.asyncio
async def test_with_a_history_that_keeps_nothing_no_use_of_a_term_is_noted() -> None:
    async with running_engine() as engine:
        await ask(engine, VOCABULARY_IMPORT, text="Noirtier\nMorrel\n")
        vocabulary = engine.services.vocabulary
        vocabulary.noticed("Noirtier")
        assert vocabulary.expected() == ("Noirtier", "Morrel")
        await engine.services.configuration.set("history.keep", "0")
        assert vocabulary.expected() == ("Morrel", "Noirtier")


@pytest.mark.asyncio
async def test_what_models_put_in_the_place_of_what_was_heard_is_suggested_until_it_is_known() -> None:
    async with running_engine() as engine:
        for number, mode in enumerate((Mode.POLISHED, Mode.POLISHED, Mode.INSTANT), start=1):
            heard, written = "open the cube cuddle config", "open the kubectl config"
            cleaned = Cleaned(written, mode, behind((), heard, written))
            made = msgspec.structs.replace(outcome("", heard), cleaned=cleaned)
            engine.services.records.history.record(Entry(spec(id=f"s{number}", number=number), made))
        suggested = await ask(engine, VOCABULARY_SUGGEST)
        assert suggested == {"suggestions": [{"term": "kubectl", "heard": "cube cuddle", "times": 2}]}
        assert terms(await ask(engine, VOCABULARY_LIST)) == []
        await ask(engine, VOCABULARY_ADD, term="kubectl")
        assert await ask(engine, VOCABULARY_SUGGEST) == {"suggestions": []}
