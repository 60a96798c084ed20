from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.repairs.stage import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Page four, no, page six, uses old numbers.", "Page six uses old numbers."),
        ("The review is on Tuesday, sorry, on Wednesday.", "The review is on Wednesday."),
        ("Send it to Sarah, actually no, send it to Bob.", "Send it to Bob."),
        ("Send it to Sarah, no wait, to Bob.", "Send it to Bob."),
        (
            "The data is stored in Dublin, or rather in Frankfurt, for legal reasons.",
            "The data is stored in Frankfurt for legal reasons.",
        ),
        ("The file is in the shared folder, I mean the archive folder.", "The file is in the archive folder."),
        ("the file is in the shared folder i mean the archive folder", "the file is in the archive folder"),
        ("Move the chair, sorry, the table to the kitchen.", "Move the table to the kitchen."),
        ("Use the red folder, sorry, the blue folder.", "Use the blue folder."),
        ("I'll call you, no wait, I'll email you.", "I'll email you."),
        ("We met in London, I mean in Paris, last year.", "We met in Paris last year."),
        ("Tell me when, no wait, where the meeting is.", "Tell me where the meeting is."),
        ("The first, I mean the second paragraph is wrong.", "The second paragraph is wrong."),
        ("I'll bring the salad, or rather the dessert.", "I'll bring the dessert."),
        ("My sister, no, my brother, lives there.", "My brother lives there."),
        (
            "The budget table on page four, no, page six, uses last year's numbers.",
            "The budget table on page six uses last year's numbers.",
        ),
        ("I need it by Friday, wait no, by Thursday.", "I need it by Thursday."),
        ("Version two, no, version three is out.", "Version three is out."),
        ("The office is in Lyon, or rather near Lyon, for now.", "The office is near Lyon for now."),
        ("I think we should, I think we could wait.", "I think we could wait."),
        ("move it to slide ten sorry slide twelve", "move it to slide twelve"),
        ("Take the first door on the left, no, the right.", "Take the first door on the right."),
        ("She lives in Rome, no, in Paris.", "She lives in Paris."),
        ("I'll take the small one, sorry, the large one.", "I'll take the large one."),
        ("We ship to Canada, or rather to Mexico.", "We ship to Mexico."),
        ("He will arrive on the 3rd, sorry, the 4th of May.", "He will arrive on the 4th of May."),
        ("Let's meet at noon, no wait, at one.", "Let's meet at one."),
        ("Open the window, I mean the door.", "Open the door."),
        ("Please close the window, no, the door.", "Please close the door."),
        ("Put the milk in the oven, I mean in the fridge.", "Put the milk in the fridge."),
        ("put the milk in the oven i mean in the fridge", "put the milk in the fridge"),
        ("Put the milk in the oven, sorry, the fridge.", "Put the milk in the fridge."),
        ("I need your address, or rather your email.", "I need your email."),
        ("Let's go to the beach, no wait, the park.", "Let's go to the park."),
        ("Please ask the plumber, I mean the electrician, to come back.", "Please ask the electrician to come back."),
        ("the file is called report one no report two", "the file is called report two"),
        ("Meet me on the second floor, no, the third floor.", "Meet me on the third floor."),
        ("meet me on the second floor no the third floor", "meet me on the third floor"),
        ("Forward this to the sales team, or rather, the support team.", "Forward this to the support team."),
        ("They arrive from Paris, I mean from Lyon, at ten.", "They arrive from Lyon at ten."),
        ("We start at eight, sorry, at nine.", "We start at nine."),
        ("It will rain on Sunday, or actually on Saturday.", "It will rain on Saturday."),
        ("Your appointment is in room twelve, correction, room fourteen.", "Your appointment is in room fourteen."),
    ],
)
def test_what_is_said_again_stands_alone(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("When is, no wait, where is the meeting?", "Where is the meeting?"),
        ("Can you send me, no wait, can you print the report?", "Can you print the report?"),
        ("Hey Sam, can you, sorry, could you send the file?", "Hey Sam, could you send the file?"),
        ("When did the Romans no the Vikings reach Iceland?", "When did the Vikings reach Iceland?"),
        ("Who painted no who stole the Mona Lisa?", "Who stole the Mona Lisa?"),
        ("What is the capital of France no Germany?", "What is the capital of Germany?"),
        ("What is the capital of Norway, I mean Sweden?", "What is the capital of Sweden?"),
        ("How tall is the, uh, how long is the bridge?", "How long is the bridge?"),
        ("Which river um which mountain is the longest?", "Which mountain is the longest?"),
        ("Which team no wait which player won?", "Which player won?"),
        ("In which city or no make that in which country was he born?", "In which country was he born?"),
        ("How much or rather how many do we need?", "How many do we need?"),
        ("How much no wait how many do we need?", "How many do we need?"),
        ("When was when did the war end?", "When did the war end?"),
        ("What does a nurse actually no a doctor earn?", "What does a doctor earn?"),
        ("What color tell me instead what size is it?", "What size is it?"),
        ("Where was no in what town was she born?", "In what town was she born?"),
        ("What year er what month was it?", "What month was it?"),
        ("Did you see the dog, no, the cat?", "Did you see the cat?"),
        ("Is the shop open on Monday, no, Tuesday?", "Is the shop open on Tuesday?"),
        ("Who is the mayor of Bern, sorry, Basel?", "Who is the mayor of Basel?"),
        ("Where do the cats um the dogs sleep?", "Where do the dogs sleep?"),
        ("What ah what time is it?", "What time is it?"),
        ("Who sings I meant to ask who wrote the song?", "Who wrote the song?"),
        ("Where is the I wanted to know when is the concert?", "When is the concert?"),
        ("Which river wait a minute which lake is the deepest?", "Which lake is the deepest?"),
        ("What is the name I want to know what is the price?", "What is the price?"),
        ("When did on second thought who won the war?", "Who won the war?"),
        ("What is the longest no shortest river?", "What is the shortest river?"),
        ("Who was the first no last king?", "Who was the last king?"),
        ("Who lives in Rome no near Rome?", "Who lives near Rome?"),
        ("What did he no she say?", "What did she say?"),
    ],
)
def test_a_question_begun_anew_stands_alone(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("We should go, let me rephrase, we need to go.", "We need to go."),
        ("I think, let me start over, the plan is fine.", "The plan is fine."),
        ("It is unfair. Let me rephrase that. It is not fair to all.", "It is not fair to all."),
        ("Hello. It is unfair. Let me rephrase. It is bad.", "Hello. It is bad."),
    ],
)
def test_all_of_the_sentence_is_taken_back(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Who knows, um, what time it is?",
        "What gives the team, uh, the edge?",
        "Where does John, um, Smith live?",
        "He is nice, or rather, he tries to be.",
        "I have a meeting at five, sorry, can we talk at six?",
        "What do you want, tell me what you need.",
        "The first one is free, no the second one is taken.",
        "We have one, sorry, the cat pushed me.",
    ],
)
def test_no_handle_no_change(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Send it to Mr. Okafor, correction, Ms. Okafor by noon.", "Send it to Ms. Okafor by noon."),
        ("Please see section four, wait, section five.", "Please see section five."),
        ("send it to john oh wait i meant to jane", "send it to jane"),
        ("What are the Andes or rather the Alps called?", "What are the Alps called?"),
        ("Where is the source actually the mouth of the Rhine?", "Where is the mouth of the Rhine?"),
        ("What was built in no was destroyed in 1906?", "What was destroyed in 1906?"),
        ("Is it the lungs no which organ makes insulin?", "Which organ makes insulin?"),
        ("The king sorry who was the queen of Sweden?", "Who was the queen of Sweden?"),
    ],
)
def test_what_is_built_alike_stands_alone(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Where are the Alps or actually their highest peak?",
        "How was Rome, no wait, which tribe sacked it?",
        "Are you sure, sorry, what time is it?",
        "Is it raining, no, who told you that?",
    ],
)
def test_what_was_named_before_stays_where_it_is_spoken_of(text: str) -> None:
    assert clean(text) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("repairs", find)]]).text
