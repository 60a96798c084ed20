from __future__ import annotations

import pytest

from parleqd.core.text.fillers import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("so um i wanted to uh follow up", "so i wanted to follow up"),
        ("Um, can you, uh, send it?", "can you send it?"),
        ("Um... so I was thinking.", "so I was thinking."),
        ("Okay. Um. So we start.", "Okay. So we start."),
        ("I think so, um.", "I think so."),
        ("I—um—think so.", "I think so."),
        ("the um, the report", "the the report"),
        ("- um buy milk", "- buy milk"),
        ("one\num two", "one\ntwo"),
        ("in the er uh um office", "in the office"),
        ("How old was Pulaski err rather Chopin?", "How old was Pulaski rather Chopin?"),
        ("What did um Kepler discover?", "What did Kepler discover?"),
        ("the flight to um Paris", "the flight to Paris"),
        ("um no", "no"),
        ("um lunch", "lunch"),
        ("um at six", "at six"),
    ],
)
def test_hesitations_go(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "er kommt morgen um zehn",
        "Er kommt um zehn",
        "Er kommt, um zu helfen",
        "Fahr um die Ecke",
        "um acht",
        "um so besser",
        "er hat das Haus um neun Uhr verlassen",
        "eu tenho um carro",
        "com um amigo",
        "er is een man",
        "Jeg er glad",
        "wat is er um",
        "Mr. Um called me, and they know Mr. Um",
    ],
)
def test_words_of_other_languages_and_names_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("raw, text", [("deploy, um, on", "deploy, on"), ("deploy uh um on", "deploy on")])
def test_pauses_and_other_fillers_show_a_hesitation_in_any_text(raw: str, text: str) -> None:
    assert clean(raw).replace(",", "") == text.replace(",", "")


@pytest.mark.parametrize("raw", ["Um.", "um uh er", "Um, uh... like, um.", " um \n", "Uh!", "you know, um"])
def test_nothing_is_left_of_nothing_but_fillers(raw: str) -> None:
    assert clean(raw).strip() == ""


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Hi Marcus, um, thanks for it", "Hi Marcus, thanks for it"),
        ("What the hell, um, this build", "What the hell, this build"),
        ("later, but, um, it went", "later, but it went"),
        ("Well, um, okay.", "Well, okay."),
        ("apples, um, oranges, and pears", "apples, oranges, and pears"),
        ("a checkout query, like, forty times slower", "a checkout query forty times slower"),
        ("I told you, uh, we can", "I told you, we can"),
        ("I'm ten minutes late, um, start without me", "I'm ten minutes late, start without me"),
        ("I tried calling, uh, nobody answered", "I tried calling, nobody answered"),
        ("I was there, um, nothing was open", "I was there, nothing was open"),
        ("The meetings, um, start at nine", "The meetings start at nine"),
        ("You should probably, um, call him", "You should probably call him"),
        ("He asked, um, everybody to leave", "He asked everybody to leave"),
        ("We saw, um, nobody there", "We saw nobody there"),
        ("She can, uh, bring the cake", "She can bring the cake"),
        ("The cats I've seen, uh, use the flap", "The cats I've seen use the flap"),
        ("Anna can sing and Tom, um, make the tea", "Anna can sing and Tom make the tea"),
    ],
)
def test_a_comma_stays_where_one_belongs(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("The risk is, you know, that nobody owns it.", "The risk is that nobody owns it."),
        ("It was, like, really hard, and, like, rare.", "It was really hard, and rare."),
        ("failed and uh you know we need it", "failed and we need it"),
        ("You know, we should go.", "we should go."),
        ("Like, I have no idea", "I have no idea"),
        ("I mean, it's fine.", "it's fine."),
        ("It was, I mean, terrible.", "It was terrible."),
        ("The, ah, invoice and the ah bill", "The invoice and the bill"),
        ("the committee ah approved it", "the committee approved it"),
        ("our hmm third option", "our third option"),
    ],
)
def test_phrases_go_where_they_only_fill(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Um Kulthum sang in Cairo, and UM-Flint has a recording.",
        "the singer um Kulthum",
        "the ER was full",
        'The transcript says "um" eleven times, and the word like twice.',
        'She said, "Um, no."',
        "the word um is short",
        "5 um wide",
        "uh huh, uh oh",
        "to err is human, errors err on the safe side",
        "Ah, I see. Hmm, not sure.",
        "I like it, but it looks like rain.",
        "something like the blue one people like you always find",
        "Do you know if you know who is coming? As you know, I can't.",
        "and you know it is bad",
        "Like, comment, and subscribe.",
        "It's hard, you know? It is, you know.",
        "If you know, you know, right?",
        "Please watch, like, and share.",
        "Umm al-Quwain is an emirate.",
        "the German preposition um",
        "No, wait for me outside, I mean it.",
        "Let's meet Tuesday, I mean, Wednesday.",
        "the review is on tuesday i mean wednesday",
        "(um) [uh]",
        "the ah ha moment came late",
        "they went ooh and ah at it",
        "say ah and open wide, an ah of relief, the ah sound",
        "a fifty ah battery and a 5 ah one",
        "my cousin Ah Beng is here",
        "the mm scale",
    ],
)
def test_words_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("they um like it", "they like it"),
        ("do you um know sarah", "do you know sarah"),
        ("it is um like the other one", "it is like the other one"),
        ("on tuesday uh i mean wednesday", "on tuesday i mean wednesday"),
    ],
)
def test_a_word_beside_a_hesitation_stays_where_it_may_be_meant(raw: str, text: str) -> None:
    assert clean(raw) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("fillers", find)]]).text
