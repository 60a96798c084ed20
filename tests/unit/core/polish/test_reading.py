from __future__ import annotations

import pytest

from parleqd.core.polish.reading import Reading, is_content, is_fraction, is_name, is_numeral


def test_words_are_read_in_the_forms_to_compare() -> None:
    text = "Don't pay Anna's $50 at 3pm for OrderView v2.1, get_user_id"
    assert Reading(text).keys == ("do not pay anna dollar 50 at 3 pm for order view v 2 1 get user id".split())


def test_names_are_capitals_inside_a_sentence() -> None:
    text = Reading("Ask Priya. Then I call Tom, on Monday\nBye")
    assert [word.text for word in text.words if is_name(word)] == ["Priya", "Tom", "Monday"]


def test_words_know_their_sentence_and_place() -> None:
    text = Reading("Mail it to a.b@example.com. Now!")
    assert [word.sentence for word in text.words] == [0, 0, 0, 0, 0, 0, 0, 1]
    assert [text.text[word.at : word.end] for word in text.words][-2:] == ["com", "Now"]


def test_cues_are_where_somebody_may_correct_himself() -> None:
    text = Reading("Meet at five, no wait, six. Scratch that. Meet at ten")
    assert [(text.keys[cue.begin], text.keys[cue.after], cue.far) for cue in text.cues] == [
        ("no", "6", False),
        ("scratch", "meet", True),
    ]
    assert not Reading("There is nobody").cues


def test_a_text_without_some_of_its_words() -> None:
    text = Reading("I don't, um, think so")
    assert text.without(frozenset([3])).keys == ["i", "do", "not", "think", "so"]
    assert text.without(frozenset()) is text


def test_what_stands_between_words() -> None:
    text = Reading("- one, two!")
    assert [text.between(-1, 0), text.between(0, 1), text.between(1, 2)] == ["- ", ", ", "!"]


@pytest.mark.parametrize(
    "said, marks",
    [
        ("comma", "comma"),
        ("new line", "new line"),
        ("new car", ""),
        ("open quote", "open quote"),
        ("open door", ""),
        ("question mark", "question mark"),
        ("mark", ""),
        ("all caps", "all caps"),
    ],
)
def test_marks_are_what_is_dictated_as_such(said: str, marks: str) -> None:
    text = Reading(said)
    found = text.dictated_marks(range(len(text.keys)), as_list=False)
    assert " ".join(text.keys[index] for index in sorted(found)) == marks


def test_words_that_count_the_points_of_a_list_are_marks_in_one() -> None:
    text = Reading("second boil it")
    assert text.dictated_marks(range(3), as_list=True) == {0}
    assert text.dictated_marks(range(3), as_list=False) == set()


def test_no_negates_only_what_it_belongs_to() -> None:
    assert Reading("no reason").negates(0)
    assert Reading("do not go").negates(1)
    assert not Reading("No, I agree").negates(0)
    assert not Reading("no wait").negates(0)


def test_kinds_of_words() -> None:
    assert is_content("invoice")
    assert not any(is_content(key) for key in ("the", "not", "5", "21st", "nineties", "um"))
    assert is_numeral("hundred")
    assert is_numeral("12")
    assert is_fraction("half")
    assert not is_numeral("invoice")


@pytest.mark.parametrize(
    "said, word, carries",
    [
        ("I like tea", "like", True),
        ("I would like to go", "like", True),
        ("we like went home", "like", False),
        ("it was, like, cold", "like", False),
        ("turn right here", "right", True),
        ("it works well", "well", True),
        ("well it works", "well", False),
        ("so now we start", "now", False),
        ("do it now please", "now", True),
        ("it basically works", "basically", False),
    ],
)
def test_words_that_gain_time_say_something_elsewhere(said: str, word: str, carries: bool) -> None:
    text = Reading(said)
    assert text.carries(text.keys.index(word)) is carries


def test_written_fractions_are_numbers() -> None:
    assert Reading("add ½ cup").keys == Reading("add 1/2 cup").keys
