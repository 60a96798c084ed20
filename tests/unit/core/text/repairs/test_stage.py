from __future__ import annotations

import random

import pytest

from parleqd.core.text.edits import replay
from parleqd.core.text.pipeline import Cleaned, Stage, run
from parleqd.core.text.repairs import scratch, stage
from parleqd.core.text.tokens import tokenise
from tests.parts import scale

_WORDS = (
    "no wait sorry i mean actually rather make that or oh um uh er let me rephrase scratch that at on the a in when "
    "what who how did is was can we you five six $40 3pm Tuesday May Bob cats red thousand dollars and two , . ? ! — … "
    '" ( ) \n tell me instead oops correction if because just w- well point'
).split(" ")


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Let's meet at five. No wait, six.", "Let's meet at six."),
        ("Let's meet on Monday. Sorry, I mean Tuesday.", "Let's meet on Tuesday."),
        ("Send it to Bob. No wait, Alice.", "Send it to Alice."),
        ("The meeting is at three. Sorry, four.", "The meeting is at four."),
        ("We close at five. Actually, six.", "We close at six."),
    ],
)
def test_a_sentence_of_its_own_can_correct_the_one_before(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Page four, no, page six, uses old numbers.", "Page six uses old numbers."),
        ("At five, no, six, we leave.", "At six, we leave."),
        ("I'd like four, no, five, please.", "I'd like five, please."),
    ],
)
def test_the_comma_that_closes_a_correction_goes_with_it(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "No, wait for me outside, I mean it.",
        "Sorry I'm late, the train was stuck.",
        "I'm sorry, the file is missing.",
        "Sorry, I can't come on Monday.",
        "I can't make it on Monday, sorry, Tuesday is better for me.",
        "No, I don't think so.",
        "No, Monday is fine.",
        "Actually, it is fine.",
        "I actually like it.",
        "It's actually five, not six.",
        "You know what I mean?",
        "What I mean is that we wait.",
        "I mean, it works.",
        "I mean it.",
        "She means well, I mean business.",
        "Make that clear to them.",
        "Can you make that three pages long?",
        "Please make that work by Friday.",
        "We could make that five if you like.",
        "That would make that one the best.",
        "I would rather go on Tuesday.",
        "I'd rather have six than five.",
        "It's rather cold on Monday.",
        "Wait for me at five.",
        "Please wait five minutes.",
        "I'll wait until Monday.",
        "There is no time on Monday.",
        "There are no two ways about it.",
        "We have no one on Friday.",
        "At five no one came.",
        "By Monday no one had answered.",
        "Is it five? No, six.",
        "Do you want two? No, three.",
        "Is it on Monday? No, it's on Tuesday.",
        "Did you ask Bob? No, Alice did it.",
        "What tools make that possible?",
        "What would make that work?",
        "Is that okay, no problem if not?",
        "When did he say no when you asked?",
        "Who knows, um, what time it is?",
        "Does anyone know, uh, which room we are in?",
        "Do you want tea or no tea?",
        "Is it a yes or no question?",
        "He said no to the plan on Monday.",
        "Say no on Monday and yes on Tuesday.",
        "I have two dogs and no cats.",
        "I like Monday, actually I like all days.",
        "I told Bob, actually Alice told him.",
        "I have five, sorry about that.",
        "I sent it on Monday, sorry for the delay.",
        "I sent it on Monday, sorry if that was wrong.",
        "Thanks Bob, sorry to bother you.",
        "It is cold, I mean really cold.",
        "It's good, I mean, it works.",
        "By Friday I mean Friday morning.",
        "when i say monday i mean tuesday",
        "Whoever you are, whatever you want, wait.",
        "My mistake was to wait.",
        "Let me say that again: no.",
        "Do not accept the invoice, no matter what the client says.",
        "There's no wait time on Tuesday.",
        "There is no wait list.",
        "No wait, that's wrong.",
        "No, actually, I agree.",
        "Well, actually, five is fine.",
        "Five is fine, actually.",
        "We have three, actually.",
        "We start at five, no?",
        "You like it, no?",
        "I love you too, no, I love you more.",
        "I don't know, I mean, I guess.",
        "I'm sorry. I mean it. No, really.",
        "Sorry, who is this?",
        "Sorry, what did you say?",
        "Oh no, it's Monday.",
        "Oh wait, I forgot.",
        "Wait, what?",
        "No way, no how.",
        "No, no, no.",
        "No problem, no worries.",
        "No pain, no gain.",
        "Yes, no, maybe.",
        "Rather than five, take six.",
        "I need five rather than six.",
        "The second rather than the first.",
        "Two or three, I mean it's not important.",
        "We have a no wait policy.",
        "He was sorry. Monday was hard.",
        "I feel sorry for Bob.",
        "They were sorry, Alice was not.",
        "Better safe than sorry, Bob.",
        "Sorry Bob, I can't.",
        "Thanks, sorry, I was away.",
        "The word sorry is on page five.",
        "Please put no on line five and six.",
        "Press no, then press yes.",
        "Actually no.",
        "Actually no, I don't think that's right.",
        "May I mean what I say?",
        "He may, I mean, he might come.",
        "Let us wait. Six is too early.",
        "Let's wait, six people are missing.",
        "Five people said no. Six said yes.",
        "I said stop, I mean it, stop.",
        "Look, no hands.",
        "There were two, no more than three.",
        "There were two, no less than two.",
        "I see no reason, no reason at all.",
        "With no ifs, no buts.",
        "You have no time and no money.",
        "In Germany no one knows him.",
        "The cat sat, no, stood is not the word.",
        "What do you think I mean?",
        "What did you do, I mean, really?",
        "What are the odds, I mean, seriously?",
        "What gives the team, uh, the edge?",
        "Where does John, um, Smith live?",
        "Where is the, um, station?",
        "What time, um, is it?",
        "Which one is, um, the best?",
        "I wonder what, um, who they are.",
        "What is in the box, um, the red one?",
        "Is there no other way?",
        "Are there no eggs left?",
        "How can no be an answer?",
        "How is it that no child knows?",
        "Five people make that ten times a day.",
        "Two of us make that trip three times a year.",
        "Those two make it five.",
        "What tools make it possible?",
        "I'll take the bus, sorry to say.",
        "Sorry, the first one was mine.",
        "Thank you, sorry for the trouble, Tom.",
        "I told Tom, sorry, I did not know.",
        "Not now, sorry, maybe on Monday.",
        "On Monday I can't, sorry.",
        "I have a meeting at five, sorry, can we talk at six?",
        "We close at five, actually we close at six on Friday.",
        "He is nice, or rather, he tries to be.",
        "No, the first one, please.",
        "I want no sugar, no milk, and no cream.",
        "There is no reason to wait, no reason at all.",
        "They sent no letter and no parcel.",
        "I have no idea, no clue.",
        "Either Monday or Tuesday, no later than five.",
        "Two plus two is four, no doubt.",
        "I paid twenty, no more.",
        "One way or another, no one way is best.",
        "In 2019 no two teams won.",
        "Wait, no, I mean what I said.",
        "Sorry, no, that was on Tuesday.",
        "No, I mean the other one.",
        "Oh no, sorry, I forgot.",
        "Can you wait, I mean stay?",
        "The room is free, no the manager is not in.",
        "The first one is free, no the second one is taken.",
        "There are two, no the third is broken.",
        "Wait a minute, what is that?",
        "Wait a second for Tom.",
        "What did the dog eat, um, the bone?",
        "When is the next, no idea.",
        "At last, I mean it.",
        "What happened, no, did you see it?",
        "How come the shop takes no cards?",
    ],
)
def test_words_that_correct_nothing(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("text", ["At five no one came.", "no i mean it", "we need no more than two"])
def test_a_text_without_marks_is_as_safe(text: str) -> None:
    assert clean(text) == text


def test_nothing_in_quotation_marks_is_touched() -> None:
    text = 'He wrote "at five, no wait, six" to me.'
    assert clean(text) == text


def test_any_text_is_mended_once_and_for_all() -> None:
    chance = random.Random(7)
    for _ in range(scale(300, 20_000)):
        length = chance.randint(1, 25)
        text = "".join(chance.choice(["", " ", " ", " "]) + chance.choice(_WORDS) for _ in range(length))
        cleaned = mended(text)
        assert not cleaned.skipped, text
        assert replay(text, cleaned.edits) == cleaned.text
        assert clean(cleaned.text) == cleaned.text, text


def mended(raw: str) -> Cleaned:
    stages = [Stage("scratch_that", scratch.find), Stage("repairs", stage.find)]
    return run(raw, tokenise(raw), [stages])


def clean(raw: str) -> str:
    return mended(raw).text
