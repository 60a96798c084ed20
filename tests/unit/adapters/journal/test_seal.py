"""What is sealed opens with its key and in its place only."""

from __future__ import annotations

import pytest

from parleqd.adapters.journal.seal import Encrypted, Plain

KEY = bytes(range(32))


def test_in_memory_nothing_is_done() -> None:
    assert Plain().seal("audio", 1, b"pcm") == b"pcm"
    assert Plain().unseal("audio", 1, b"pcm") == b"pcm"


def test_sealed_is_unreadable_and_opens_again() -> None:
    sealed = Encrypted(KEY).seal("audio", 1, b"what was said")
    assert b"said" not in sealed
    assert Encrypted(KEY).unseal("audio", 1, sealed) == b"what was said"


def test_the_same_twice_looks_different() -> None:
    seal = Encrypted(KEY)
    assert seal.seal("audio", 1, b"pcm") != seal.seal("audio", 1, b"pcm")


@pytest.mark.parametrize(("kind", "number"), [("audio", 2), ("stages", 1)])
def test_a_record_moved_elsewhere_does_not_open(kind: str, number: int) -> None:
    seal = Encrypted(KEY)
    assert seal.unseal(kind, number, seal.seal("audio", 1, b"pcm")) is None


@pytest.mark.parametrize("change", [lambda sealed: sealed[:-1], lambda sealed: b"", lambda sealed: b"x" + sealed[1:]])
def test_what_was_changed_does_not_open(change) -> None:  # type: ignore[no-untyped-def] # a lambda of the table
    seal = Encrypted(KEY)
    assert seal.unseal("audio", 1, change(seal.seal("audio", 1, b"pcm"))) is None


def test_another_key_opens_nothing() -> None:
    assert Encrypted(bytes(32)).unseal("audio", 1, Encrypted(KEY).seal("audio", 1, b"pcm")) is None


def test_a_key_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="31 bytes instead of 32"):
        Encrypted(bytes(31))
