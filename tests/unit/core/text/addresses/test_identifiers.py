from __future__ import annotations

import pytest

from tests.unit.core.text.addresses.test_stage import written


@pytest.mark.parametrize(
    "raw, text",
    [
        ("rename max underscore size underscore in underscore bytes", "rename max_size_in_bytes"),
        ("the variable is underscore valid", "the variable is_valid"),
        ("x underscore one and y underscore two", "x_1 and y_2"),
        ("set self dot user underscore id please", "set self.user_id please"),
        ("the user dot profile underscore image field", "the user.profile_image field"),
        ("import os dot path dot join", "import os.path.join"),
        ("call self dot close", "call self.close"),
        ("camel case get user name and stop", "getUserName and stop"),
        ("pascal case user profile", "UserProfile"),
        ("snake case user id", "user_id"),
        ("rename camel case user name to snake case user name", "rename userName to user_name"),
        ("kebab case my component", "kebab case my component"),
        ("kebab case main menu", "main-menu"),
        ("constant case max size", "MAX_SIZE"),
        ("the case number is two four dash c v dash one one eight", "the case number is 24-CV-118"),
        ("the plate is a b c dash one two three", "the plate is ABC-123"),
        ("plan b dash two options", "plan b dash two options"),
        ("a dash b dash one", "a dash b dash one"),
        ("the u s dash twenty twenty census", "the u s dash twenty twenty census"),
        ("x y minus one two", "x y minus one two"),
        ("the so hyphen called expert", "the so-called expert"),
        ("it is up hyphen to hyphen date", "it is up-to-date"),
        ("everything after hyphen belongs to it", "everything after hyphen belongs to it"),
        ("the hyphen in this word", "the hyphen in this word"),
        ("one two three dot one two three dot o dot four o", "123.123.0.40"),
        ("ten dot zero dot zero dot one", "10.0.0.1"),
        ("one ninety two dot one sixty eight dot one dot one", "192.168.1.1"),
        ("e hyphen mail", "e hyphen mail"),
        ("covid hyphen nineteen", "covid-19"),
    ],
)
def test_names(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "I underscore the fact",
        "a underscore between words",
        "add underscore characters",
        "the shift underscore key",
        "studies underscore risks of smoking",
        "the camel case naming",
        "in camel case names are long",
        "snake case one",
        "the snake case was closed by them",
        "pascal case a b c d e f g h i j k l m n alpha beta gamma delta epsilon zeta eta",
        "twenty hyphen two",
        "three dot eleven",
    ],
)
def test_neither_code_nor_names(text: str) -> None:
    assert written(text) == text
