from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import Object, Peer, Refusal, running_daemon

TINY = {"name": "tiny.en", "path": "/m/tiny.en", "installed": True, "in_use": True, "description": "small"}
MODEL_SETTING = {"key": "speech.model", "value": "tiny.en", "origin": "default"}
BASE = {"name": "base.en", "path": "", "installed": False, "in_use": False, "description": ""}


@pytest.mark.asyncio
async def test_models_are_listed_with_the_one_in_use() -> None:
    async with running_daemon({"models/list": {"models": [TINY, BASE]}}) as daemon:
        text = await parleqctl_at(daemon, "models", "list")
        json = await parleqctl_at(daemon, "models", "list", "--json")
    assert text.out == "*  tiny.en  installed  small  /m/tiny.en\n   base.en\n"
    assert json.json == [{"models": [TINY, BASE]}]


@pytest.mark.asyncio
async def test_how_fast_models_are_is_listed_as_far_as_it_is_known() -> None:
    known = [TINY | {"factor": 0.0512, "estimated": False}, BASE | {"factor": 0.0999, "estimated": True}]
    async with running_daemon({"models/list": {"models": known}}) as daemon:
        text = await parleqctl_at(daemon, "models", "list")
    tiny, base = text.out.splitlines()
    assert tiny.endswith("  small, 0.051 x real time  /m/tiny.en")
    assert base.endswith("  about 0.1 x real time")


@pytest.mark.asyncio
@pytest.mark.parametrize("named", [[], ["tiny.en"]])
async def test_the_model_in_use_is_measured_unless_another_is_named(named: list[str]) -> None:
    answers: dict[str, Any] = {
        "models/calibrate": TINY | {"factor": 0.05, "estimated": False},
        "settings/get": {
            "path": "",
            "settings": [MODEL_SETTING],
            "problems": [],
        },
    }
    async with running_daemon(answers) as daemon:
        outcome = await parleqctl_at(daemon, "models", "calibrate", *named)
    assert outcome.out == "tiny.en runs at 0.05 x real time here\n"
    assert [asked["name"] for asked in daemon.asked("models/calibrate")] == ["tiny.en"]


@pytest.mark.asyncio
async def test_no_models_is_an_empty_list() -> None:
    async with running_daemon({"models/list": {"models": []}}) as daemon:
        outcome = await parleqctl_at(daemon, "models", "list")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "no models\n")


@pytest.mark.asyncio
@pytest.mark.parametrize("terminal", [True, False])
async def test_progress_is_shown_on_a_terminal(terminal: bool) -> None:
    async def install(peer: Peer, params: Object) -> Object:
        token = params["progress_token"]
        await peer.notify("$/progress", {"token": "other", "message": "no", "done": 1, "total": 2})
        await peer.notify("$/progress", {"token": token, "message": "model.bin", "done": 1, "total": 2})
        return TINY

    async with running_daemon({"models/install": install}) as daemon:
        outcome = await parleqctl_at(daemon, "models", "install", "tiny.en", terminal=terminal)
    assert outcome.out == "tiny.en is installed in /m/tiny.en\n"
    bar = "\rmodel.bin [############------------] 50 % of 0.0 MB\x1b[K\r\x1b[K"
    assert outcome.err == (bar if terminal else "")
    assert daemon.asked("initialize")


@pytest.mark.asyncio
async def test_a_download_that_failed_is_told() -> None:
    async with running_daemon({"models/install": Refusal("download_failed", "offline", "set HF_ENDPOINT")}) as daemon:
        outcome = await parleqctl_at(daemon, "models", "install", "base.en", "--json")
    assert (outcome.code, outcome.reason) == (4, "download_failed")


@pytest.mark.asyncio
async def test_a_model_is_used_and_removed() -> None:
    async with running_daemon({"models/use": TINY, "models/remove": {}}) as daemon:
        assert (await parleqctl_at(daemon, "models", "use", "tiny.en")).out == "tiny.en is in use\n"
        assert (await parleqctl_at(daemon, "models", "use", "tiny.en", "--json")).json == [TINY]
        assert (await parleqctl_at(daemon, "models", "remove", "tiny.en")).out == "tiny.en is removed\n"
        assert (await parleqctl_at(daemon, "models", "remove", "tiny.en", "--json")).json == [{}]
    assert daemon.asked("models/use") == daemon.asked("models/remove") == [{"name": "tiny.en"}] * 2


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory and home: with a folder here/model, and one that is named as a model is."""
    (tmp_path / "here" / "model").mkdir(parents=True)
    (tmp_path / "tiny.en").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.asyncio
async def test_a_folder_is_named_by_its_absolute_path(home: Path) -> None:
    names = {
        "tiny.en": "tiny.en",
        "here/missing": "here/missing",
        "here/model": f"{home}/here/model",
        "./tiny.en": f"{home}/tiny.en",
        ".": f"{home}",
        "~/tiny.en": f"{home}/tiny.en",
        "/a/b": "/a/b",
    }
    async with running_daemon({"models/use": TINY}) as daemon:
        for name in names:
            await parleqctl_at(daemon, "models", "use", name)
    assert [params["name"] for params in daemon.asked("models/use")] == list(names.values())
