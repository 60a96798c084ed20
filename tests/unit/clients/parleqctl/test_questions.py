from __future__ import annotations

from collections.abc import Callable

import pytest

from parleqctl.console import Console
from parleqctl.parser import UsageError
from parleqctl.questions import Questions
from tests.fakes.command_line import MemoryStream

CHOICES = [("a", "the first"), ("b", "the \x1bsecond")]


class Asked:
    """Questions whose answers are these lines; ``shown`` is what stood on stderr."""

    def __init__(self, answers: str = "", *, defaults: bool = False) -> None:
        self._err = MemoryStream()
        self.questions = Questions(Console(MemoryStream(answers.encode()), None, self._err, {}), defaults=defaults)

    @property
    def shown(self) -> str:
        return self._err.written


@pytest.mark.parametrize(
    ("answers", "default", "answer"), [("east\n", "", "east"), (" east \n", "west", "east"), ("\n", "west", "west")]
)
def test_a_text_is_the_line_or_the_default(answers: str, default: str, answer: str) -> None:
    assert Asked(answers).questions.text("Name", "--name", default) == answer


def test_an_empty_text_is_asked_for_again_and_answers_are_shown_where_no_terminal_does() -> None:
    asked = Asked("\n \neast")
    assert asked.questions.text("Name", "--name") == "east"
    assert asked.shown.splitlines()[:3] == ["Name: ", "an answer is needed; Ctrl-C gives up", "Name:  "]
    assert asked.shown.endswith("Name: east\n")


@pytest.mark.parametrize(
    ("answers", "default", "answer"),
    [("\n", None, "a"), ("\n", "b", "b"), ("2\n", None, "b"), ("b\n", None, "b"), ("0\n3\nx\n1\n", None, "a"),
     ("\n", "gone", "a")],
)  # fmt: skip
def test_a_choice_is_its_number_its_value_or_the_default(answers: str, default: str | None, answer: str) -> None:
    asked = Asked(answers)
    assert asked.questions.choose("Which?", "--which", CHOICES, default) == answer
    assert asked.shown.startswith("Which?\n  1) the first\n  2) the  second\nChoice [")
    assert asked.shown.count("type a number from 1 to 2") == (3 if "x" in answers else 0)


@pytest.mark.parametrize(
    ("answers", "default", "answer"),
    [
        ("\n", True, True),
        ("\n", False, False),
        ("Y\n", False, True),
        ("no\n", True, False),
        ("perhaps\ny\n", False, True),
    ],
)
def test_yes_or_no(answers: str, default: bool, answer: bool) -> None:
    assert Asked(answers).questions.yes("Sure?", "--sure", default=default) is answer


def test_a_secret_is_not_shown() -> None:
    asked = Asked(" k3y \n")
    assert asked.questions.secret("Key", "--key-from-stdin") == "k3y"
    assert asked.shown == "Key: \n"


@pytest.mark.parametrize(
    "ask",
    [
        lambda questions: questions.text("Name", "--it"),
        lambda questions: questions.choose("Name", "--it", CHOICES),
        lambda questions: questions.yes("Name", "--it", default=True),
        lambda questions: questions.secret("Name", "--it"),
    ],
)
def test_the_end_of_the_input_names_the_option_that_answers(ask: Callable[[Questions], object]) -> None:
    with pytest.raises(UsageError, match="standard input ended at 'Name', which --it answers"):
        ask(Asked().questions)


def test_where_nothing_is_asked_defaults_are_taken() -> None:
    asked = Asked("unread\n", defaults=True)
    questions = asked.questions
    assert not questions.can_ask
    assert questions.text("Name", "--name", "west") == "west"
    assert questions.choose("Which?", "--which", CHOICES, "b", certain=True) == "b"
    assert questions.choose("Which?", "--which", CHOICES[:1]) == "a"
    assert questions.yes("Sure?", "--sure", default=True)
    assert questions.secret("Key", "--key") == ""
    assert asked.shown == ""


def test_where_nothing_is_asked_what_has_no_default_names_its_option() -> None:
    questions = Asked(defaults=True).questions
    with pytest.raises(UsageError, match="--name does"):
        questions.text("Name", "--name")
    with pytest.raises(UsageError, match="--which does"):
        questions.choose("Which?", "--which", CHOICES, "b")
