"""``make demo-azure``: a spoken recording through a real daemon, polished by a real model at an Azure-shaped URL.

No account: the model runs on this machine, and the daemon knows it as an Azure OpenAI resource with a key. It is a very
small model, so the daemon's guard may refuse what it answers; the demo then tells that, and shows what came instead.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from parleqd._tools.demo import NoTextError, Stage, conclude, dictate, milliseconds, perform, speech_model
from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.local_model import DEPLOYMENT, LocalModel, NoModelError, local_model
from parleqd._tools.private_daemon import private_daemon
from parleqd.core.polish.resource import chat_url, endpoint_of
from parleqd.core.settings import Provider
from parleqd.protocol.names import Mode, Reason

EXIT_NO_ANSWER = 1

_API_VERSION = "v1"
_KEY = {"AZURE_OPENAI_API_KEY": "no-secret-of-anybody"}
_BUDGET_S = 60
"""A processor reads the request's fixed part in seconds, where a service takes a tenth of one."""
_NEXT = """\
Next
  make demo-azure MODEL=FILE   the same with a chat model of yours, in the format GGUF
  README.md, "Settings"        the same with a deployment of yours: resource, deployment, auth"""


def main() -> int:
    """Run the demo, with the model in the file that is named, if one is; 0 only when the model's answer came."""
    weights = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    return perform(lambda stage: demonstrate(stage, RECORDING, weights))


def demonstrate(stage: Stage, recording: Path, weights: Path | None) -> int:
    """Everything from the model's start to the daemon's end. Raises ``NoTextError``."""
    stage.head("parleqd: speech in, polished text out, by a model at an Azure-shaped URL")
    try:
        with local_model(weights) as model:
            stage.row("deployment", f"{model.weights.name}, served on this machine as\n{_url(model)}")
            with private_daemon(settings_for(model), _KEY) as daemon:
                result = dictate(stage, daemon, recording, Mode.POLISHED)
                with daemon.connect() as connection:
                    metrics = connection.call("metrics/get")
    except NoModelError as problem:
        raise NoTextError(str(problem)) from None
    conclude(stage, rows(result, metrics, model), _NEXT)
    return 0 if answered(result) else EXIT_NO_ANSWER


def settings_for(model: LocalModel) -> str:
    """The settings file that makes the model a target, as it would be for a deployment in a cloud."""
    return f"""\
[cleanup]
budget_s = {_BUDGET_S}
[[cleanup.target]]
name = "local"
provider = "azure-openai"
auth = "api-key"
resource = {json.dumps(model.resource)}
deployment = {json.dumps(DEPLOYMENT)}
api_version = {json.dumps(_API_VERSION)}
"""


def answered(result: dict[str, Any]) -> bool:
    """Whether a model answered, fit to be used or not."""
    return result["fallback"] is None or result["fallback"]["reason"] == Reason.GUARD_REJECTED


def rows(result: dict[str, Any], metrics: dict[str, Any], model: LocalModel) -> list[tuple[str, str]]:
    """Result and metrics of the one dictation, for people."""
    mode, counts = result["mode"], metrics["counts"]
    targets = [name.removeprefix("target_") for name in counts if name.startswith("target_")]
    tokens = (
        f"{counts.get('tokens_prompt', 0)} in, {counts.get('tokens_cached', 0)} of them cached, "
        f"{counts.get('tokens_completion', 0)} out"
    )
    return [
        ("raw", result["raw"]),
        ("text", result["text"]),
        ("mode", f"{mode['asked']} asked, {mode['used']} used"),
        *(("target", f"{name}: {model.weights.name}") for name in targets),
        *(("fallback", text) for text in _fallback(result)),
        *(("missing", warning["message"]) for warning in result["warnings"]),
        ("times", "\n".join(_times(result["timings_ms"], metrics["stages"]))),
        *(("tokens", tokens) for _ in targets),
        ("audio", f"{result['audio_seconds']:.1f} s"),
        ("model", speech_model(result)),
    ]


def _fallback(result: dict[str, Any]) -> list[str]:
    """Why the text is not the model's."""
    why = result["fallback"]
    if why is None:
        return []
    told = f"{why['message']} [{why['reason']}]" + (f"; {why['hint']}" if why["hint"] else "")
    if why["reason"] != Reason.GUARD_REJECTED:
        return [told]
    return [f"{told}\nThe model was asked and did answer: the guard found the answer unfit to replace what was said."]


def _times(took: dict[str, float], stages: dict[str, Any]) -> list[str]:
    first = [stages["first_token"]["p50"]] if "first_token" in stages else []
    return [
        f"{milliseconds(took['release_to_raw']):>7}  from the last word to the raw text,",
        *(f"{milliseconds(value):>7}  from there to the model's first token," for value in first),
        f"{milliseconds(took['cleanup']):>7}  cleanup, its whole answer",
        f"{milliseconds(took['release_to_text']):>7}  from the last word to the final text",
    ]


def _url(model: LocalModel) -> str:
    return chat_url(endpoint_of(model.resource, Provider.AZURE_OPENAI), DEPLOYMENT, _API_VERSION)


if __name__ == "__main__":
    sys.exit(main())
