from __future__ import annotations

import pytest

from parleqd.core.text.addresses.operators import is_code
from parleqd.core.text.tokens import tokenise
from tests.unit.core.text.addresses.test_stage import written


@pytest.mark.parametrize(
    "raw, text",
    [
        ("while count less than ten open brace count plus equals one semicolon close brace",
         "while count < 10 open brace count += 1 semicolon close brace"),
        ("return x plus one semicolon", "return x + 1 semicolon"),
        ("while x not equals zero open brace x minus minus semicolon close brace",
         "while x != 0 open brace x-- semicolon close brace"),
        ("if a triple equals b", "if a triple equals b"),
        ("if a equals equals equals b", "if a === b"),
        ("if a double equals b open paren close paren semicolon", "if a == b open paren close paren semicolon"),
        ("let x equals five plus two semicolon open paren x", "let x = 5 + 2 semicolon open paren x"),
    ],
)  # fmt: skip
def test_operators(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two plus two equals four",
        "if you have less than ten items open the box",
        "let me know if one equals the other",
        "for ten years the semicolon was rare",
        "If x equals equals zero, stop.",
        "open the brace and close the brace",
    ],
)
def test_prose_is_no_code(text: str) -> None:
    assert not is_code(tokenise(text))
