from __future__ import annotations

import msgspec
import pytest

from parleqd.core.settings import AppRule, Settings, Target
from parleqd.core.settings.apps import APP_KEYS
from parleqd.core.settings.table import CLOSED, LANGUAGES, SECTIONS, TARGET_KEYS


def test_the_table_and_the_structs_have_the_same_keys() -> None:
    structs = {
        section.name: {field.name for field in msgspec.structs.fields(section.type)} - {"targets"}
        for section in msgspec.structs.fields(Settings)
        if section.name != "apps"
    }
    assert structs == {section: set(rules) for section, rules in SECTIONS.items()}
    assert {field.name for field in msgspec.structs.fields(Target)} == set(TARGET_KEYS)
    assert {field.name for field in msgspec.structs.fields(AppRule)} == set(APP_KEYS)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_default_keeps_its_own_rule(section: str) -> None:
    values = getattr(Settings(), section)
    for key, rule in SECTIONS[section].items():
        assert rule(getattr(values, key)) == getattr(values, key)


def test_what_fails_closed_is_a_setting() -> None:
    assert all(key in SECTIONS[section] for section, key in CLOSED)


def test_the_languages_are_those_of_the_recogniser() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    assert set(_LANGUAGE_CODES) == LANGUAGES
