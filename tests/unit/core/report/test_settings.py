from __future__ import annotations

import json

import pytest

from parleqd.core.report.pseudonyms import Pseudonyms
from parleqd.core.report.settings import origin_shown, shown
from parleqd.core.settings import Settings, flatten, parse

CANARY = "Kingfisher"
CHOSEN = {
    "audio": {"device": f"{CANARY} headset", "channel": 2},
    "speech": {
        "model": f"/home/{CANARY}/model",
        "language": "auto",
        "languages": ["de", "en"],
        "server": "http://127.0.0.1:8123/v1",
        "server_model": CANARY,
    },
    "cleanup": {
        "mode": "polished",
        "ca_file": f"/home/{CANARY}/ca.pem",
        "prices": {CANARY: [1, 2, 3]},
        "presets": {CANARY: f"as {CANARY} would say"},
        "target": [
            {
                "name": CANARY,
                "provider": "azure-openai",
                "auth": "azure-cli",
                "resource": f"{CANARY}-openai",
                "deployment": CANARY,
                "tenant": CANARY,
                "scope": f"api://{CANARY}/.default",
                "weight": 2,
            },
        ],
    },
    "insertion": {"paste_keys": {CANARY: "ctrl+shift+v"}},
    "hotkey": {"key": CANARY},
    "app": [{"name": CANARY, "app": [CANARY], "title": f"*{CANARY}*", "mode": "raw", "vocabulary": [CANARY]}],
}


def chosen() -> Settings:
    settings, problems = parse(CHOSEN)
    assert problems == []
    return settings


def test_nothing_that_somebody_chose_is_shown() -> None:
    text = json.dumps(list(shown(chosen(), Pseudonyms())))
    assert CANARY.lower() not in text.lower()
    assert "8123" not in text


def test_numbers_flags_and_closed_sets_are() -> None:
    found = dict(shown(chosen(), Pseudonyms()))
    expected = {
        "audio.channel": 2,
        "audio.avoid_bluetooth": True,
        "speech.language": "auto",
        "speech.languages": ["de", "en"],
        "cleanup.mode": "polished",
        "cleanup.prices": "1 entries",
        "cleanup.target[0].provider": "azure-openai",
        "cleanup.target[0].weight": 2,
        "cleanup.target[0].api_version": "2025-04-01-preview",
        "app[0].mode": "raw",
    }
    assert {key: found[key] for key in expected} == expected


def test_one_name_is_the_same_everywhere() -> None:
    found = dict(shown(chosen(), Pseudonyms()))
    same = ("cleanup.target[0].name", "cleanup.target[0].deployment", "hotkey.key", "speech.server_model")
    assert len({found[key] for key in same}) == 1
    assert found["app[0].vocabulary"] == [found["hotkey.key"]]


def test_no_setting_is_left_out() -> None:
    keys = {key for key, _ in shown(chosen(), Pseudonyms())}
    assert {key for key, _ in flatten(chosen())} <= keys


def test_defaults_are_shown() -> None:
    expected = [(key, json.dumps(value)) for key, value in flatten(Settings())]
    found = {key: json.dumps(value) for key, value in shown(Settings(), Pseudonyms())}
    differing = [key for key, value in expected if json.loads(found[key]) != json.loads(value)]
    assert differing == ["cleanup.prices", "cleanup.presets", "insertion.paste_keys"]  # "0 entries"


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("default", "default"),
        ("environment PARLEQ_SPEECH_MODEL", "environment"),
        ("managed /etc/xdg/parleq/managed.toml:3", "policy"),
        ("closed, since the settings file has a problem", "closed"),
        ("/home/kingfisher/config.toml:3", "file"),
        ("", "file"),
    ],
)
def test_an_origin_names_no_file(origin: str, said: str) -> None:
    assert origin_shown(origin) == said
