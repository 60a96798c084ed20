"""text/*: cleanup alone."""

from __future__ import annotations

import anyio

from parleqd.protocol import messages as m
from parleqd.protocol.methods import TEXT_CLEAN
from parleqd.rpc import translate
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call


@handles_async(TEXT_CLEAN)
async def clean(call: Call, params: m.TextCleanParams) -> m.TextCleanResult:
    settings = call.services.configuration.settings
    asked = params.mode or settings.cleanup.mode
    language = (params.context.language if params.context is not None else "") or settings.speech.language
    began = anyio.current_time()
    cleaned = await call.services.cleanup.clean(params.text, asked, language, patient=True)
    return m.TextCleanResult(
        text=cleaned.text,
        mode=translate.mode(asked, cleaned),
        fallback=translate.fallback(cleaned.fallback),
        edits=translate.edits(cleaned.edits),
        timings_ms=m.CleanupTimings(cleanup=round((anyio.current_time() - began) * 1000, 3)),
    )
