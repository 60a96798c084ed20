from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.terms.sound import plain, sound, unaccented


@pytest.mark.parametrize(
    "one, other",
    [
        ("Parleq", "Parlek"),
        ("Parleq", "parlac"),
        ("Parleq", "Parleg"),
        ("Kubernetes", "coobernetties"),
        ("Terraform", "Terraphorm"),
        ("Grafana", "gravana"),
        ("night", "knight"),
        ("write", "right"),
        ("Contoso", "kontozo"),
        ("PyTorch", "pietorch"),
        ("Sørensen", "Sorenson"),
        ("Philips", "Filips"),
        ("Xavier", "Zavier"),
        ("psalm", "salm"),
        ("bomb", "bom"),
    ],
)
def test_what_is_misheard_for_each_other_sounds_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Parleq", "parley"),
        ("Redis", "radish"),
        ("Redis", "reddest"),
        ("CRAN", "cram"),
        ("Indiana", "Indian"),
        ("Marina", "marine"),
        ("Georgia", "George"),
        ("Terraform", "Terraforms"),
        ("Snyk", "sync's"),
        ("Bedrock", "bed"),
        ("Ansible", "unstable"),
    ],
)
def test_other_words_sound_otherwise(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    "text, letters",
    [("Joaquín", "joaquin"), ("K8s", "k8s"), ("AT&T", "att"), ("Łódź", "lodz"), ("Straße", "strasse"), ("東京", "")],
)
def test_plain_letters(text: str, letters: str) -> None:
    assert plain(text) == letters


def test_accents_go_and_signs_stay() -> None:
    assert unaccented("Café-Ølé!") == "cafe-ole!"


@given(st.text())
def test_any_text_has_a_sound(text: str) -> None:
    assert sound(text) == sound(text.lower()) or not text.isascii()
    assert set(sound(text)) <= set("PTKFSXMNLRHWA")
