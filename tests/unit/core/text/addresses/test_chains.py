from __future__ import annotations

import pytest

from parleqd.core.text.addresses.chains import DASH, bare, chain_at, genitive
from parleqd.core.text.addresses.items import read
from parleqd.core.text.tokens import tokenise


def chain(text: str, signs: frozenset[str] = frozenset(".-_")) -> str:
    found = chain_at(read(tokenise(text)), 0, signs)
    return "" if found is None else str(found)


@pytest.mark.parametrize(
    "text, said",
    [
        ("docs dot example dot org slash a", "docs.example.org"),
        ("a hyphen b dash c", "a-b"),
        ("n vidia dot com", "nvidia.com"),
        ("a vidia dot com", "a"),
        ("anna two dot com", "anna2.com"),
        ("read me dot m d", "readme.md"),
        ("dot com", ""),
        ("one, dot com", "1"),
    ],
)
def test_chains(text: str, said: str) -> None:
    assert chain(text) == said


def test_a_dash_counts_where_it_is_asked_for() -> None:
    assert chain("a dash b", frozenset(("-", DASH))) == "a-b"


def test_a_chain_has_an_end() -> None:
    assert len(chain("a dot " * 1000 + "b")) < 100


def test_parts() -> None:
    found = chain_at(read(tokenise("x dot y underscore z")), 0, frozenset("._"))
    assert found is not None
    assert str(found.cut(1, 3)) == "y_z"
    assert (found.first, found.last) == (0, 5)


def test_genitives() -> None:
    assert (bare("com's"), genitive("com's"), genitive("com")) == ("com", "'s", "")
