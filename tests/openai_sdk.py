"""The official ``openai`` package, in an environment of its own: what it sends when it is asked as its users ask it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import anyio

from tests.parts import need

_ASK = """
import json
import sys

import openai

outcomes = []
for client, options, called, body in json.load(sys.stdin):
    options |= {name: lambda value=value: value for name, value in called.items()}
    with getattr(openai, client)(**{"max_retries": 0} | options) as asked:
        try:
            asked.chat.completions.create(**body)
            outcomes.append("")
        except openai.APIStatusError as error:
            outcomes.append(type(error).__name__)
print(json.dumps(outcomes))
"""


class Asked(NamedTuple):
    """One question: ``client`` is the class's name, ``called`` are options that it calls, with what they return."""

    client: str
    options: Mapping[str, Any]
    called: Mapping[str, str]
    body: Mapping[str, Any]


async def ask_the_sdk(questions: Sequence[Asked]) -> list[str]:
    """Have it send them in turn, without retries unless asked for. What each raised, "" for nothing."""
    done = await anyio.run_process(
        [str(need("openai-sdk")), "-c", _ASK], input=json.dumps(questions).encode(), stderr=subprocess.PIPE, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    outcomes: list[str] = json.loads(done.stdout)
    return outcomes
