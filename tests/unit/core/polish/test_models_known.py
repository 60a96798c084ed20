from __future__ import annotations

import pytest

from parleqd.core.polish.models_known import Suited, suited
from parleqd.core.settings import Family

DATED = "2025-04-01-preview"
STANDARD = Suited(Family.STANDARD, DATED, chat=True)
REASONING = Suited(Family.REASONING, DATED, chat=True)


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["gpt-4o", "gpt-4o-mini", "GPT-4.1-nano", "gpt-4", "gpt-35-turbo", "gpt-3.5-turbo"], STANDARD),
        (["my-deployment", "", "cleanup", "gpt-oss-120b"], STANDARD),
        (["gpt-5", "gpt-5-mini", " gpt-5-nano "], REASONING),
        (["my-gpt-5", "prod-o4-mini", "gpt-5 mini", "gpt_5_mini", "gpt5-mini", "o4mini", "my_o3"], REASONING),
        (["my-gpt-4o", "chat4o", "co3", "foo3-mini", "o365-cleanup", "o3d", "gpt-2025", "agpt-5"], STANDARD),
        (["prod-gpt-5.1", "eu_gpt-51"], Suited(Family.REASONING, "v1", chat=True)),
        (["o1", "o1-mini", "o3", "o3-mini", "o4-mini"], REASONING),
        (["gpt-5-chat"], STANDARD),
        (["gpt-5.1", "gpt-5.4-mini", "gpt-6"], Suited(Family.REASONING, "v1", chat=True)),
        (["gpt-5.2-chat"], Suited(Family.STANDARD, "v1", chat=True)),
        (["gpt-5-pro", "gpt-5-codex", "o3-pro", "o3-deep-research"], Suited(Family.REASONING, DATED, chat=False)),
        (
            ["text-embedding-3-small", "whisper", "dall-e-3", "gpt-4o-transcribe", "tts-hd", "gpt-4o-realtime-preview",
             "sora", "gpt-image-1", "codex-mini", "computer-use-preview", "gpt-35-turbo-instruct"],
            Suited(Family.STANDARD, DATED, chat=False),
        ),
    ],
)  # fmt: skip
def test_a_name_tells_family_version_and_use(models: list[str], expected: Suited) -> None:
    assert {model: suited(model) for model in models} == dict.fromkeys(models, expected)


def test_other_makers_are_served_at_the_v1_address() -> None:
    assert suited("Mistral-Large-3", "Mistral AI") == Suited(Family.STANDARD, "v1", chat=True)
    assert suited("gpt-4o", "") == STANDARD
