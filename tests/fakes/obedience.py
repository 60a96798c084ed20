"""A program of the tests that does what its standard input says, a line a deed, and answers each with a line."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Deed = Callable[[Any], Awaitable[Any]]

_LONGEST_LINE = 1 << 24


async def obey(deeds: Mapping[str, Deed]) -> None:
    """Until the input ends. A line is ``[deed, argument]``; its answer is what the deed gives, as JSON."""
    lines = asyncio.StreamReader(_LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async for line in lines:
        deed, argument = json.loads(line)
        answer = json.dumps(await deeds[deed](argument))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
