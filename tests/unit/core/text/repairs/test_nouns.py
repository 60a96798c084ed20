from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.repairs.stage import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        (
            "the data is stored in dublin or rather frankfurt for legal reasons",
            "the data is stored in frankfurt for legal reasons",
        ),
        ("I was tired, or rather, exhausted.", "I was exhausted."),
        ("I'd like tea, no wait, coffee, please.", "I'd like coffee, please."),
        ("Forward this to sales, or rather, support.", "Forward this to support."),
        ("Where do wolves no foxes sleep?", "Where do foxes sleep?"),
        ("How many cats or rather dogs live here?", "How many dogs live here?"),
        ("What are public schools, no, private schools called?", "What are private schools called?"),
        ("Who wrote the letters sorry I mean the songs?", "Who wrote the songs?"),
        ("Who leads the party oh wait the union?", "Who leads the union?"),
        ("What do bees no um wasps eat?", "What do wasps eat?"),
        ("What did Tesla invent no wait discover in 1890?", "What did Tesla discover in 1890?"),
        ("What do dairy farms no fish farms produce?", "What do fish farms produce?"),
        ("How many fruit trees no rose bushes grow here?", "How many rose bushes grow here?"),
    ],
)
def test_a_noun_gives_way_to_a_noun(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Why is there no coffee?",
        "Why does the company give no refund?",
        "How many people get no sleep?",
        "Who was given no chance?",
        "Why do private schools have no teachers?",
        "Which store sells no meat?",
        "Why does Bob eat no meat?",
        "What is the cook eating, no meat?",
        "What's the plan, no rush?",
        "Why are people no happier than before?",
        "Why did you no longer come?",
        "Why have no trains come?",
        "What has no legs and no arms?",
        "What if there is no bread?",
        "What difference does it make, no matter who wins?",
        "Which is best, no sugar or one sugar?",
        "What does no mean?",
        "What kind of person says no to cake?",
        "Which countries in Europe have no coast?",
        "Where in Germany is no tax due?",
        "Which laptop supports no updates?",
        "Why does the box contain no eggs?",
        "Why does this city have so few parks and no trees?",
        "Who wants no part in it?",
        "What is the best time, no hurry?",
        "Which is the best, no question?",
        "Why would a bank offer no loans?",
        "Where do trains make no stops?",
    ],
)
def test_no_is_a_determiner(text: str) -> None:
    assert clean(text) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("repairs", find)]]).text
