from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest

from parleqd._tools import demo_azure
from parleqd._tools.demo import NoTextError, Stage
from parleqd._tools.local_model import LocalModel
from parleqd.core.settings import Auth, Provider
from parleqd.core.settings.parse import parse
from tests.fakes.daemon import RESULT, Object

MODEL = LocalModel("http://127.0.0.1:8080", Path("/models/small.gguf"))
POLISHED = {**RESULT, "mode": {"asked": "polished", "used": "polished"}}
METRICS: Object = {
    "stages": {"first_token": {"count": 1, "p50": 1234.0, "p95": 1234.0}},
    "counts": {"target_local": 1, "tokens_prompt": 627, "tokens_cached": 5, "tokens_completion": 27},
}


def fallen_back(reason: str) -> Object:
    why = {"reason": reason, "message": "so it is", "hint": "do this", "target": "local"}
    return {**RESULT, "mode": {"asked": "polished", "used": "instant"}, "fallback": why}


def test_the_model_is_one_target_of_azures_kind() -> None:
    settings, problems = parse(tomllib.loads(demo_azure.settings_for(MODEL)))
    assert problems == []
    (target,) = settings.cleanup.targets
    assert (target.provider, target.auth, target.api_version) == (Provider.AZURE_OPENAI, Auth.API_KEY, "v1")
    assert target.resource == MODEL.resource


def test_a_polished_text_is_told_with_its_target_its_tokens_and_its_times() -> None:
    told = dict(demo_azure.rows(POLISHED, METRICS, MODEL))
    assert told["mode"] == "polished asked, polished used"
    assert told["target"] == "local: small.gguf"
    assert told["tokens"] == "627 in, 5 of them cached, 27 out"
    assert "1.23 s  from there to the model's first token" in told["times"]
    assert "fallback" not in told
    assert demo_azure.answered(POLISHED)


def test_an_answer_that_the_guard_refused_is_told_for_what_it_is() -> None:
    result = fallen_back("guard_rejected")
    told = dict(demo_azure.rows(result, {"stages": {}, "counts": {}}, MODEL))
    assert told["mode"] == "polished asked, instant used"
    assert told["fallback"].startswith("so it is [guard_rejected]; do this\n")
    assert "did answer" in told["fallback"]
    assert not {"target", "tokens"} & told.keys()
    assert demo_azure.answered(result)


def test_a_model_that_gave_no_answer_is_a_failure() -> None:
    result = fallen_back("network_error")
    told = dict(demo_azure.rows(result, {"stages": {}, "counts": {}}, MODEL))
    assert told["fallback"] == "so it is [network_error]; do this"
    assert not demo_azure.answered(result)


def test_without_a_model_there_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(NoTextError):
        demo_azure.demonstrate(Stage(io.StringIO(), colour=False), tmp_path / "a.flac", tmp_path / "no.gguf")
