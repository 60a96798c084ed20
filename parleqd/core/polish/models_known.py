"""What is known of models by their names: whether they take chat completions, their family, and the API version.

Facts: Microsoft's pages "Reasoning models" and "API version lifecycle" of Azure OpenAI, and OpenAI's list of models.
"""

from __future__ import annotations

import re

import msgspec

from parleqd.core.polish.resource import DEFAULT_API_VERSION
from parleqd.core.settings.sections import Family

_SEPARATORS = re.compile(r"[\s_-]+")
_O_SERIES = re.compile(r"(?<![a-z0-9])o[1-9](?=-|$|mini|pro|preview|deep)")
_GPT = re.compile(r"(?<![a-z0-9])gpt-?(\d)(?:\.?(\d))?(?!\d)")
"""Anywhere in a deployment's own name, as a word. Azure writes gpt-35, as its names have no dots."""
_NO_CHAT = re.compile(
    r"embedding|whisper|transcribe|diarize|dall-e|image|tts|audio|realtime|sora|moderation|davinci|babbage|instruct$"
    r"|codex|computer-use|deep-research|gpt-5[\d.]*-pro|o[13]-pro|model-router-embed|rerank|ocr"
)
"""Other things than chat, and what is served by the Responses API alone."""


class Suited(msgspec.Struct, frozen=True):
    """What suits a model. ``chat``: it takes chat completions, as far as its name tells."""

    family: Family
    api_version: str
    chat: bool


def suited(model: str, maker: str = "OpenAI") -> Suited:
    """By the model's name, or a deployment's that holds it. ``maker``: Azure's "format" of the model.

    Models of other makers and those since gpt-5.1 are served at the v1 address. What is not known is a standard one.
    A chat variant of gpt-5 does not reason; where it refuses a parameter all the same, the request is repaired.
    """
    name = _SEPARATORS.sub("-", model.strip().lower())
    gpt = _GPT.search(name)
    generation = (int(gpt[1]), int(gpt[2] or 0)) if gpt else (0, 0)
    reasons = bool(_O_SERIES.search(name)) or (generation >= (5, 0) and "chat" not in name)
    foreign = maker.strip().lower() not in ("", "openai")
    return Suited(
        Family.REASONING if reasons else Family.STANDARD,
        "v1" if foreign or generation > (5, 0) else DEFAULT_API_VERSION,
        not _NO_CHAT.search(name),
    )
