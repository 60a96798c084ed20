"""What is asked of a target: the body by model family, what a deployment was found not to take, and the headers.

Facts about parameters: Microsoft's pages "Reasoning models" and "Predicted outputs" of Azure OpenAI.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

import msgspec

from parleqd.core.errors import RefusedError
from parleqd.core.polish.prompt import Message
from parleqd.core.polish.resource import DEFAULT_API_VERSION, Cloud, Endpoint, chat_url, is_v1
from parleqd.core.settings.sections import Auth, Family, Provider, Target
from parleqd.protocol.names import Reason

REPAIRABLE = frozenset(
    {"max_tokens", "max_completion_tokens", "temperature", "reasoning_effort", "stream_options", "prediction"}
)
"""The parameters that a request can do without, or under another name."""
ABOUT_FAMILY = frozenset({"max_tokens", "max_completion_tokens", "temperature", "reasoning_effort"})
"""Those that one family takes and the other refuses."""

LEAST_TOKENS, MOST_TOKENS = 256, 16_384
LEAST_REASONING_TOKENS = 4096
"""Hidden reasoning counts too: with less, the answer may come out empty."""
_THINKING_TOKENS = 2048

_GPT = re.compile(r"gpt-?(\d+)(?:\.(\d+))?")


class RequestSpec(msgspec.Struct, frozen=True):
    """A target and where it is. ``predict``: send the transcript along as the predicted output (standard family)."""

    target: Target
    endpoint: Endpoint
    predict: bool = False

    @property
    def deployment(self) -> str:
        """The deployment's, or model's, name; that in a pasted URL if the settings give none."""
        return self.target.deployment or self.endpoint.deployment

    @property
    def url(self) -> str:
        """Where to post to. Raises ``ConfigError`` if a deployment must be named and is not."""
        return chat_url(self.endpoint, self.deployment, self.target.api_version)


class Repairs(msgspec.Struct, frozen=True):
    """What a deployment was found to need: requests without the ``refused`` parameters.

    A refused token limit goes under its other name, and goes altogether once both are refused.
    """

    refused: frozenset[str] = frozenset()


NO_REPAIRS = Repairs()


def body_of(
    spec: RequestSpec,
    messages: Sequence[Message],
    transcript: str,
    repairs: Repairs = NO_REPAIRS,
) -> dict[str, object]:
    """The body of a chat completion, to be sent as JSON.

    ``transcript``: what the messages ask to clean; the answer is about as long.
    """
    body: dict[str, object] = {"messages": [{"role": message.role, "content": message.content} for message in messages]}
    if is_v1(spec.endpoint, spec.target.api_version):
        body["model"] = spec.deployment
    body |= {"stream": True, "stream_options": {"include_usage": True}}
    body |= _limit(spec.target.family, transcript, repairs)
    if spec.target.family is Family.REASONING:
        if effort := effort_for(spec.deployment):
            body["reasoning_effort"] = effort
    else:
        body["temperature"] = 0
        if spec.predict and "max_completion_tokens" not in body:  # the service refuses the two together
            body["prediction"] = {"type": "content", "content": transcript}
    return {name: value for name, value in body.items() if name not in repairs.refused}


def effort_for(model: str) -> str:
    """The least ``reasoning_effort`` that the model takes, by its name; "" for one that takes none.

    Where the name says nothing, "low": every model that reasons takes it.
    """
    name = model.lower()
    gpt = _GPT.search(name)
    if gpt is None or int(gpt[1]) < 5 or "codex" in name or "pro" in name.split("-"):
        return "low"
    if "chat" in name:
        return ""
    return "minimal" if (int(gpt[1]), int(gpt[2] or 0)) == (5, 0) else "none"


def repair_for(param: str, sent: Container[str], repairs: Repairs) -> Repairs | None:
    """``repairs`` and that of the parameter a service refused, or ``None`` where that cannot help.

    It cannot twice, nor for what was not in the body ``sent``, nor for what a request cannot do without.
    """
    if param not in REPAIRABLE or param not in sent or param in repairs.refused:
        return None
    return Repairs(repairs.refused | {param})


def advice(spec: RequestSpec, repairs: Repairs) -> str:
    """Which setting to change so that no repair is needed: sentences to tell the user once; "" if there is none."""
    target, refused = spec.target, repairs.refused
    where = f'for the target "{target.name}"'
    sentences = []
    if target.family is Family.STANDARD and refused & {"max_tokens", "temperature"}:
        sentences.append(f'Set family = "reasoning" {where}: its model refuses {_listed(refused & ABOUT_FAMILY)}.')
    elif target.family is Family.REASONING and "max_completion_tokens" in refused:
        sentences.append(f'Set family = "standard" {where}: its model refuses {_listed(refused & ABOUT_FAMILY)}.')
    if "stream_options" in refused and target.provider is Provider.AZURE_OPENAI:
        version = target.api_version.strip()
        sentences.append(f'Set api_version = "{DEFAULT_API_VERSION}" {where}: {version} is too old for token counts.')
    if "prediction" in refused:
        sentences.append(f"Switch predicted outputs off {where}: its model does not take them.")
    return " ".join(sentences)


def headers_for(spec: RequestSpec, secret: str) -> dict[str, str]:
    """The request's headers: one of ``api-key`` and ``authorization``, never both, never an empty one.

    ``secret``: the key or the token. A server of one's own may have none. Raises ``RefusedError`` for a secret that
    is missing (``key_missing``) or that no header can carry (``key_rejected``); the message does not hold it.
    """
    headers = {"content-type": "application/json", "accept": "text/event-stream"}
    value = re.sub(r"^bearer\s+", "", secret.strip(), flags=re.IGNORECASE)
    name = spec.target.name
    if not value:
        if not needs_secret(spec):
            return headers
        raise RefusedError(
            Reason.KEY_MISSING,
            f'the target "{name}" has no key or token',
            f"Store one: `parleqctl secret set {name}`.",
        )
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise RefusedError(
            Reason.KEY_REJECTED,
            f'the key or token of the target "{name}" holds a space, a line break or a letter that no key holds',
            f"Copy it again, whole and alone: `parleqctl secret set {name}`.",
        )
    if spec.target.provider is Provider.AZURE_OPENAI and spec.target.auth is Auth.API_KEY:
        return headers | {"api-key": value}
    return headers | {"authorization": f"Bearer {value}"}


def needs_secret(spec: RequestSpec) -> bool:
    """Only a server of one's own may do without."""
    return spec.target.provider is not Provider.OPENAI_COMPATIBLE or spec.endpoint.cloud is not Cloud.OTHER


def _limit(family: Family, transcript: str, repairs: Repairs) -> dict[str, object]:
    """The token limit, under the name that the deployment takes."""
    names = ["max_tokens", "max_completion_tokens"]
    if family is Family.REASONING:
        names.reverse()
    name = next((name for name in names if name not in repairs.refused), None)
    return {} if name is None else {name: _tokens_for(transcript, reasoning=name == "max_completion_tokens")}


def _tokens_for(transcript: str, *, reasoning: bool) -> int:
    """Room for an answer twice as long as the text.

    A token is about four bytes of English and two to three of other scripts. No more than that: the service counts
    the limit against the quota when the request arrives, whatever the answer's length.
    """
    answer = LEAST_TOKENS + len(transcript.encode("utf-8", "replace")) // 2
    if reasoning:
        return min(max(answer + _THINKING_TOKENS, LEAST_REASONING_TOKENS), MOST_TOKENS)
    return min(answer, MOST_TOKENS)


def _listed(names: frozenset[str]) -> str:
    return " and ".join(sorted(names))
