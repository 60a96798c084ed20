from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen  # noqa: TID251 - to a server of this test's own

import psutil
import pytest

from parleqd._tools import local_model as module
from parleqd._tools.local_model import DEPLOYMENT, PEER, WEIGHTS, NoModelError, local_model, packaged_weights
from tests.parts import need

pytestmark = pytest.mark.timeout(60)  # a model is loaded, on whatever machine this is


def test_a_model_answers_at_the_v1_path_and_is_gone_after_the_block() -> None:
    need("local-model")
    asked = {"model": DEPLOYMENT, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}
    with local_model() as model:
        assert model.resource.startswith("http://127.0.0.1:")
        assert model.weights.name == Path(WEIGHTS).name
        (process,) = [child for child in psutil.Process().children() if str(PEER) in child.cmdline()[0]]
        request = Request(
            f"{model.resource}/openai/v1/chat/completions",
            json.dumps(asked).encode(),
            {"content-type": "application/json"},
        )
        with urlopen(request) as answer:
            said = json.load(answer)
    assert said["usage"]["completion_tokens"] == 1
    assert not process.is_running()


def test_a_model_ends_with_whoever_started_it() -> None:
    need("local-model")
    killed = f"""
import os, psutil
from {module.__name__} import local_model
with local_model():
    print(psutil.Process().children()[0].pid, flush=True)
    os._exit(1)
"""
    with subprocess.Popen([sys.executable, "-c", killed], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
    assert starter.returncode == 1
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=10)


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    need("local-model")
    notes = tmp_path / "notes.txt"
    notes.write_text("no weights", encoding="utf-8")
    with pytest.raises(NoModelError, match=r"cannot use .*notes\.txt.*GGUF"), local_model(notes):
        pytest.fail("it has no model")
    with pytest.raises(NoModelError, match="there is no file"), local_model(tmp_path / "no.gguf"):
        pytest.fail("it has no model")


def test_weights_are_taken_byte_for_byte_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match="make parts"):
        packaged_weights(tmp_path)
    changed = tmp_path / "lib" / "python3.11" / "site-packages" / WEIGHTS
    changed.parent.mkdir(parents=True)
    changed.write_bytes(b"GGUF, or what somebody made of it")
    with pytest.raises(NoModelError, match="is not what it was made to be"):
        packaged_weights(tmp_path)


def test_without_the_peer_it_is_told_how_to_fetch_it(tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match=r"install\.sh local-model"), local_model(peer=tmp_path):
        pytest.fail("it has no model")
    assert PEER.name == "local-model"
