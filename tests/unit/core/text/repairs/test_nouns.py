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


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Where was the treaty drafted no wait signed?", "Where was the treaty signed?"),
        ("When did the plague start or rather end in Florence?", "When did the plague end in Florence?"),
        ("Where did the army camp no wait march in winter?", "Where did the army march in winter?"),
        ("Why did the king marry no divorce his first wife?", "Why did the king divorce his first wife?"),
        ("When was the bridge built no wait rebuilt?", "When was the bridge rebuilt?"),
        ("Which country borders no wait surrounds Lesotho?", "Which country surrounds Lesotho?"),
        ("Who sold I mean bought Alaska?", "Who bought Alaska?"),
        ("Who discovered oxygen no wait hydrogen?", "Who discovered hydrogen?"),
        ("What is the main export no import of Iceland?", "What is the main import of Iceland?"),
        ("How far is the Moon or rather Mars from Earth?", "How far is Mars from Earth?"),
        ("How far is the moon no wait Mars from us?", "How far is Mars from us?"),
        ("What did Newton publish no discover in 1687?", "What did Newton discover in 1687?"),
        ("How long no wide is the English Channel?", "How wide is the English Channel?"),
        ("By what name no title was the ruler known?", "By what title was the ruler known?"),
        ("How many provinces um states does Austria have?", "How many states does Austria have?"),
        ("Who is the president um mayor of the city?", "Who is the mayor of the city?"),
    ],
)
def test_a_word_gives_way_to_a_word_of_its_kind(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Is he there no one knows?",
        "Is there no milk in the fridge?",
        "Why is there no hot water or no cold water?",
        "What was in no way clear?",
        "Why was the man in no hurry?",
        "Who was in no mood to talk?",
        "Why did the shop sell no meat in May?",
        "Why has the army no food?",
        "When had the poor no rights?",
        "How did the team win no games in June?",
        "Where did the Romans build no roads in Ireland?",
        "Who built no walls?",
        "Which teams won no matches in May?",
        "Which country has no army?",
        "Which countries exports no oil?",
        "We sell red wine, no white wine is left.",
        "The sign says no, a guard said no too.",
    ],
)
def test_no_before_a_noun_stays(text: str) -> None:
    assert clean(text) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("repairs", find)]]).text
