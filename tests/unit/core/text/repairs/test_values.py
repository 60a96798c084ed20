from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.repairs.stage import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Let's meet at five, no wait, six.", "Let's meet at six."),
        ("meet at five no wait six", "meet at six"),
        ("it costs forty, no, fifty thousand dollars", "it costs fifty thousand dollars"),
        ("We need three boxes, sorry, four boxes of paper.", "We need four boxes of paper."),
        ("The train leaves at nine, I mean ten, from platform two.", "The train leaves at ten from platform two."),
        ("the train leaves at nine i mean ten from platform two", "the train leaves at ten from platform two"),
        ("the review is on tuesday i mean wednesday in the small room", "the review is on wednesday in the small room"),
        ("The review is on Tuesday, I mean Wednesday.", "The review is on Wednesday."),
        ("The review is on Tuesday, or rather Wednesday.", "The review is on Wednesday."),
        ("Can we move it to Monday morning, no, Tuesday afternoon?", "Can we move it to Tuesday afternoon?"),
        ("on monday at five no six", "on monday at six"),
        ("The launch is in May, actually June.", "The launch is in June."),
        ("The launch is in March, make that April.", "The launch is in April."),
        (
            "Please order two copies, actually make that three copies, for the library.",
            "Please order three copies for the library.",
        ),
        ("please order two copies make that three copies for the library", "please order three copies for the library"),
        ("Book a table for two, actually make that three, at eight.", "Book a table for three at eight."),
        ("Ask Priya, sorry, Pranav to join.", "Ask Pranav to join."),
        ("Ask Priya sorry Pranav to join.", "Ask Pranav to join."),
        ("Send it to Anna, I mean Hannah, before noon.", "Send it to Hannah before noon."),
        ("Turn left, no, right at the lights.", "Turn right at the lights."),
        ("turn left no right at the lights", "turn right at the lights"),
        ("Paint it red, no wait, green.", "Paint it green."),
        ("The meeting is on June 9th, sorry, June 10th.", "The meeting is on June 10th."),
        ("The meeting is on June 9th, sorry, 10th.", "The meeting is on June 10th."),
        ("see you tomorrow no wait thursday", "see you thursday"),
        ("It happened before, sorry, after lunch.", "It happened after lunch."),
        ("He told him, sorry, her to wait.", "He told her to wait."),
        ("The invoice is 200, correction, 300 euros.", "The invoice is 300 euros."),
        ("the invoice is two hundred correction three hundred euros", "the invoice is three hundred euros"),
        ("We have twenty five, no, twenty six people.", "We have twenty six people."),
        ("The budget is 3.2%, sorry, 3.4%.", "The budget is 3.4%."),
        ("I need it by Friday, oh wait, Thursday.", "I need it by Thursday."),
        ("We sold ten thousand, sorry, twelve thousand units.", "We sold twelve thousand units."),
        ("The call is at ten thirty, no, eleven.", "The call is at eleven."),
        ("The call is at 10:30, sorry, 11:30 on Friday.", "The call is at 11:30 on Friday."),
        ("Let's say seven, no wait, eight o'clock.", "Let's say eight o'clock."),
        ("the deadline is on thursday i mean friday next week", "the deadline is on friday next week"),
        ("Could you tell Marco, sorry, Marcus that the door is open?", "Could you tell Marcus that the door is open?"),
        ("We need two chairs, actually make that five chairs, in the room.", "We need five chairs in the room."),
        ("That comes to twelve, no, fifteen hundred euros in total.", "That comes to fifteen hundred euros in total."),
        ("between five and six no six and seven", "between six and seven"),
        ("We have seven, sorry, eight people coming.", "We have eight people coming."),
        ("My flight leaves at 6:15, no wait, 7:15 tomorrow.", "My flight leaves at 7:15 tomorrow."),
        ("It weighs five kilos, no, six kilos.", "It weighs six kilos."),
        ("Could you call Tom, I mean Tim, tomorrow?", "Could you call Tim tomorrow?"),
        ("could you call tom i mean tim tomorrow", "could you call tim tomorrow"),
        ("My number ends in four, sorry, five.", "My number ends in five."),
        ("He arrived yesterday, I mean today.", "He arrived today."),
        ("Let's meet at noon, no wait, one.", "Let's meet at one."),
        ("It takes ten minutes, or rather twenty minutes.", "It takes twenty minutes."),
        ("We use red, sorry, blue ink.", "We use blue ink."),
        ("It was him, I mean, her.", "It was her."),
        ("Use port 80, no, 443.", "Use port 443."),
        ("Set it to 10%, no, 15%.", "Set it to 15%."),
        ("My name is Jon, sorry, John.", "My name is John."),
        (
            "I booked the table for Friday at seven, no wait, Saturday at eight.",
            "I booked the table for Saturday at eight.",
        ),
        ("I'll need two days, no, three days, for that.", "I'll need three days for that."),
        ("meet me on the second i mean third floor", "meet me on the third floor"),
        ("He was born in 1980, no, 1981.", "He was born in 1981."),
        ("The total is twenty, excuse me, thirty euros.", "The total is thirty euros."),
        ("Turn the volume up, no, down.", "Turn the volume down."),
        ("The red wire goes left, I mean right.", "The red wire goes right."),
    ],
)
def test_a_value_gives_way_to_one_of_its_kind(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("at five pm no six", "at six pm"),
        ("It weighs five kilos, no, six.", "It weighs six kilos."),
        ("It takes ten minutes, or rather twenty.", "It takes twenty minutes."),
        ("I'll come on the ninth of June, no, the tenth.", "I'll come on the tenth of June."),
        ("Can we move it to Monday morning, no, Tuesday?", "Can we move it to Tuesday morning?"),
        ("it costs forty thousand dollars no fifty", "it costs fifty thousand dollars"),
        ("I'll be there at 5pm, no, 6.", "I'll be there at 6pm."),
        ("It costs $40, no, 50.", "It costs $50."),
        ("I paid 20 dollars, sorry, 30.", "I paid 30 dollars."),
        ("We need three boxes, sorry, four, of paper.", "We need four boxes of paper."),
        ("I booked the table for Friday at seven, no wait, Saturday.", "I booked the table for Saturday at seven."),
        ("the package weighs five kilos i mean six", "the package weighs six kilos"),
        ("Please order two copies, make that three.", "Please order three copies."),
    ],
)
def test_what_is_counted_is_said_once_and_belongs_to_both(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("between five and six, no, six and seven", "between six and seven"),
        ("Please invite Tom and Jerry, sorry, Tom and Harry.", "Please invite Tom and Harry."),
        ("from 3 to 5, sorry, from 4 to 6", "from 4 to 6"),
    ],
)
def test_a_pair_gives_way_to_a_pair(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "I have two dogs and no cats.",
        "Five people make that ten times a day.",
        "In 2019 no two teams won.",
        "By Monday no one had answered.",
        "I can't make it on Monday, sorry, Tuesday is better for me.",
        "when i say monday i mean tuesday",
        "I need five rather than six.",
        "He may, I mean, he might come.",
        "five is six",
        "I like Monday, actually I like all days.",
        "Put no on line five and six.",
    ],
)
def test_values_that_both_stand(text: str) -> None:
    assert clean(text) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("repairs", find)]]).text
