"""text/*: cleanup and refinement alone."""

from __future__ import annotations

import anyio

from parleqd.core.applications.choice import choose
from parleqd.core.errors import RefusedError
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.session.outcome import Cleaned
from parleqd.core.settings.presets import Preset, find, presets
from parleqd.engine import refining
from parleqd.protocol import messages as m
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import TEXT_CLEAN, TEXT_PRESETS, TEXT_REFINE
from parleqd.protocol.names import ErrorCode, Mode, Reason
from parleqd.rpc import translate
from parleqd.rpc.dispatch import handles, handles_async
from parleqd.rpc.services import Call


@handles_async(TEXT_CLEAN)
async def clean(call: Call, params: m.TextCleanParams) -> m.TextCleanResult:
    settings = call.services.configuration.settings
    there = choose(settings, params.context)
    asked = params.mode or there.mode
    language = (params.context.language if params.context is not None else "") or settings.speech.language
    began = anyio.current_time()
    cleaned = await call.services.cleanup.clean(params.text, asked, language, there.behaviour, patient=True)
    return m.TextCleanResult(
        text=cleaned.text,
        mode=translate.mode(asked, cleaned),
        fallback=translate.fallback(cleaned.fallback),
        edits=translate.edits(cleaned.edits),
        timings_ms=m.CleanupTimings(cleanup=round((anyio.current_time() - began) * 1000, 3)),
    )


@handles_async(TEXT_REFINE)
async def refine(call: Call, params: m.TextRefineParams) -> m.TextRefineResult:
    if (params.instruction is None) is (params.preset is None):
        message = 'bad parameters: give either "instruction" or "preset"'
        raise RpcError(ErrorCode.INVALID_PARAMS, message)
    settings = call.services.configuration.settings
    there = choose(settings, params.context)
    asked = params.mode or there.refine_mode(settings)
    language = (params.context.language if params.context is not None else "") or settings.speech.language
    began = anyio.current_time()
    cleaned = await _refined(call, params, asked, language, there.behaviour)
    return m.TextRefineResult(
        text=cleaned.text,
        baseline=params.text,
        mode=translate.mode(asked, cleaned),
        fallback=translate.fallback(cleaned.fallback),
        edits=translate.edits(cleaned.edits),
        timings_ms=m.CleanupTimings(cleanup=round((anyio.current_time() - began) * 1000, 3)),
    )


async def _refined(call: Call, params: m.TextRefineParams, asked: Mode, language: str, behaviour: Behaviour) -> Cleaned:
    instruction = params.instruction
    if params.preset is not None:
        instruction = _preset(call, params.preset).instruction
        if asked is not Mode.POLISHED:
            return refining.without_model(params.text, asked)
    return await call.services.cleanup.refine(params.text, instruction or "", asked, language, behaviour, patient=True)


def _preset(call: Call, called: str) -> Preset:
    own = call.services.configuration.settings.cleanup.presets
    found = find(own, called)
    if found is None:
        known = ", ".join(preset.name for preset in presets(own))
        raise RefusedError(Reason.UNKNOWN_PRESET, f"there is no preset {called!r}", f"the presets are {known}")
    return found


@handles(TEXT_PRESETS)
def list_presets(call: Call, _: m.Nothing) -> m.TextPresetsResult:
    known = presets(call.services.configuration.settings.cleanup.presets)
    return m.TextPresetsResult(
        presets=[m.PresetEntry(name=one.name, instruction=one.instruction, digit=one.digit) for one in known]
    )
