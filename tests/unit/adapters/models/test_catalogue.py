from __future__ import annotations

import re

import pytest

from parleqd.adapters.models.catalogue import CATALOGUE, Published


def test_names_are_unique() -> None:
    assert len({model.name for model in CATALOGUE}) == len(CATALOGUE)


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.name)
def test_every_model_is_pinned(model: Published) -> None:
    assert re.fullmatch("[0-9a-f]{40}", model.revision)
    assert re.fullmatch("[0-9a-f]{64}", model.sha256)
    assert model.size > 50_000_000


def test_names_and_repositories_are_those_of_faster_whisper() -> None:
    from faster_whisper.utils import _MODELS

    assert {model.name: model.repository for model in CATALOGUE}.items() <= _MODELS.items()


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("tiny.en", "English, 76 MB"),
        ("base", "multilingual, 145 MB"),
        ("distil-large-v3", "English, 1513 MB"),
    ],
)
def test_a_description_names_language_and_size(name: str, description: str) -> None:
    assert next(model for model in CATALOGUE if model.name == name).description == description
