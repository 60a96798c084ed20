"""On what a speech model computes: the ways to try, the best first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

CPU, GPU, AUTO = "cpu", "cuda", "auto"
CPU_TYPE = "int8"
GPU_TYPES = ("float16", "int8_float16", "float32")
"""The fastest first; where the memory is too small for it, the next takes half (CTranslate2, "Quantization")."""
THREADS = 1
"""Unless measured: with two a whole clip takes about as long, short windows longer, and more processor time."""


class Computing(msgspec.Struct, frozen=True):
    """How a model computes, or is to: ``device`` "auto", "cpu" or "cuda"; "" and 0 leave the rest open."""

    device: str = AUTO
    compute_type: str = ""
    threads: int = 0


ON_CPU = Computing(CPU, CPU_TYPE, THREADS)


def ways(wanted: Computing, gpus: int, gpu_types: Collection[str]) -> Sequence[Computing]:
    """All ways to try, the processor last: it always works. ``gpu_types``: what the ``gpus`` can compute with."""
    threads = wanted.threads or THREADS
    found = [] if wanted.device == CPU or not gpus else [kind for kind in GPU_TYPES if kind in gpu_types]
    if wanted.compute_type in found:
        found = found[found.index(wanted.compute_type) :]
    return [*(Computing(GPU, kind, threads) for kind in found), Computing(CPU, CPU_TYPE, threads)]


def missed(wanted: Computing, used: Computing, failure: str) -> str:
    """What to tell of a GPU that was asked for, or found, and is not used; "" when there is nothing to tell."""
    if used.device == GPU or not (failure or wanted.device == GPU):
        return ""
    why = failure or "CTranslate2 finds none that it can use"
    return f"the speech model computes on the processor, not on a GPU: {why}"
