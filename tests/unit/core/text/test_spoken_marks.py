from __future__ import annotations

import pytest

from parleqd.core.text.spoken_marks import commands
from parleqd.core.text.tokens import tokenise


def symbols(text: str) -> list[str]:
    return [command.symbol for command in commands(tokenise(text))]


@pytest.mark.parametrize(
    "text, said",
    [
        ("dear ms lopez comma it ships today exclamation mark", [",", "!"]),
        ("it is done full stop is it question mark", [".", "?"]),
        ("two things colon this semicolon that semi colon", [":", ";", ";"]),
        ("milk new line eggs newline bread new paragraph", ["\n", "\n", "\n\n"]),
        ("open quote disk full close quote", ['"', '"']),
        ("open parenthesis see open bracket x close bracket close parenthesis", ["(", "[", "]", ")"]),
        ("open curly brace return close brace", ["{", "}"]),
        ("the plan dash and this is key dash is simple", ["–", "–"]),
        ("what are you afraid of question mark", ["?"]),
        ("no comma I disagree", [","]),
        ("no comma thank you", [","]),
        ("this is the end period of course I help", ["."]),
        ("I want that comma and this period", [",", "."]),
        ('he said "no" period', ["."]),
        ("see you tomorrow period", ["."]),
        ("is that all question mark", ["?"]),
        ("is it the new question mark", ["?"]),
        ("dear team comma new line", [",", "\n"]),
        ("I like the red car period", ["."]),
        ("I was a little late period", ["."]),
        ("it is not that important period", ["."]),
        ("it is very long period", ["."]),
        ("important colon", [":"]),
        ("we saw the Cretaceous period comma then it ended", [","]),
        ("is it question mark exclamation mark", ["?", "!"]),
        ("take care of those period new paragraph thanks", [".", "\n\n"]),
        ("all of these comma but not those period", [",", "."]),
        ("I like this period new line thanks", [".", "\n"]),
        ("this one comma and that one period", [",", "."]),
        ("the one period in his life and the one comma here", []),
        ("we do not have any period new line thanks", [".", "\n"]),
        ("during that period new line it fell", ["\n"]),
        ("those period dramas and these colon cancer patients", []),
        ("those comma separated values and these period details", []),
        ("wait ellipsis well dot dot dot", ["…", "…"]),
        ("milk next line eggs next paragraph", ["\n", "\n\n"]),
        ("research ampersand development", ["&"]),
        ("great day hashtag winning at sign anna", ["#", "@"]),
        ("he said quote I am done unquote", ['"', '"']),
        ("begin quote yes end quote", ['"', '"']),
        ("it open paren see page nine close paren is late", ["(", ")"]),
        ("left paren see below right paren", ["(", ")"]),
        ("this is a test, dash, nothing more", ["–"]),
    ],
)
def test_marks_that_are_meant(text: str, said: list[str]) -> None:
    assert symbols(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "The comma key on my keyboard is stuck.",
        "Over a period of time the colon cancer rate went down.",
        "We are launching a new line of products in spring.",
        "please get me a quote for the roof and put a question mark next to the second item",
        "my period pains, our new line manager, another comma",
        "the oxford comma and the trial period",
        "type comma and press period",
        "a list separated by comma",
        "comma is allowed here",
        "there is no comma needed",
        "thanks to Robert Colon and friends",
        "please start new paragraph here",
        "Each new paragraph begins with a tab, and each full stop ends a line.",
        "in the first period we won",
        "in this period we grew",
        "his blue period",
        "it was a very long period",
        "The patient has a normal colon",
        "he has an inflamed colon",
        "inflamed colon",
        "menstrual period",
        "abdominal period",
        "refractory period",
        "no period",
        "the semester period",
        "cooling off period",
        "big question mark",
        "that is one big question mark",
        "clothing new line",
        "the latest new line",
        "a two week period, a 30-day period",
        "The cooldown period configured below is short.",
        "add a dash of salt, let's dash home, git commit dash m",
        "the ratio is two colon one",
        "use the open bracket and the close bracket",
        "close quote is not open",
        "the word (comma) is long",
        'he said "comma" and left',
        "question\nmark",
        "an ellipsis is three dots",
        "the next line of code, read next line",
        "use an ampersand, the ampersand key",
        "the hashtag is trending, a hashtag, hashtag campaign, hashtag of the day",
        "at sign is its name, the at sign",
        "the quote unquote expert",
        "please quote the price and send a quote",
        "a quote from the book and unquote it",
        "turn left bracket the screws",
        "right quote me on that, end quote that is all",
        "as the saying goes quote marks are overused",
        "an example of a period drama",
        "newline separated json",
        "eggs, a dash, and milk",
    ],
)
def test_words_that_are_just_words(text: str) -> None:
    assert symbols(text) == []


def test_a_mark_never_belongs_to_the_line_before_it() -> None:
    assert symbols("here\nperiod two") == []
    assert symbols("the\nnew line two") == ["\n"]
