from __future__ import annotations

import pytest

from parleqd.core.report.pseudonyms import Pseudonyms


def test_a_name_has_one_number_throughout() -> None:
    names = Pseudonyms()
    assert [names.of(name) for name in ("east", "west", "east", "")] == ["name-1", "name-2", "name-1", ""]


@pytest.mark.parametrize("model", ["tiny", "tiny.en", "large-v3-turbo", "distil-large-v3", "medium.en", "small"])
def test_published_models_keep_their_names(model: str) -> None:
    assert Pseudonyms().of(model) == model


@pytest.mark.parametrize("name", ["tiny.en-velvet", "velvet-small", "small\nvelvet", "/models/tiny.en", "Tiny"])
def test_what_only_resembles_one_does_not(name: str) -> None:
    assert Pseudonyms().of(name) == "name-1"
