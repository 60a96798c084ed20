"""Budgets: what the Instant engine keeps in memory, and what a large vocabulary adds to it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from importlib import import_module
from itertools import islice, product

import msgspec
import psutil

from parleqd._tools.bench.figures import Budget, Figure

ENGINE = Budget("Instant engine, resident", 16, "MB")
VOCABULARY = Budget("Instant vocabulary of 5,000 terms, resident", 24, "MB")
TERMS = 5000
_MB = 1024 * 1024
_SYLLABLES = "ba dri ko le mun par que sta tro vel wix zan".split()


def measure() -> list[Figure]:
    """In a process of its own, where nothing of the engine is loaded yet."""
    command = [sys.executable, "-P", "-m", __name__]
    engine, vocabulary = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [
        ENGINE.figure(engine, "code, word lists and compiled patterns, beyond Python and msgspec"),
        VOCABULARY.figure(vocabulary, f"{TERMS:,} terms of three or four syllables, each with a spoken form"),
    ]


def grown() -> tuple[float, float]:
    """By how many MB this process grows with the engine, and then with the vocabulary."""
    empty = _resident()
    instant = import_module("parleqd.core.text.instant")
    instant.clean("um so the the first text compiles what is compiled once")
    loaded = _resident()
    entry = import_module("parleqd.core.vocabulary.entry")
    index = import_module("parleqd.core.text.terms.index")
    vocabulary = index.compiled([entry.Entry(term.title(), (), (f"{term[:3]} {term[3:]}",)) for term in names(TERMS)])
    instant.clean("to parquesta and back", vocabulary=vocabulary)
    return loaded - empty, _resident() - loaded


def names(count: int) -> list[str]:
    """So many words that are none, all different. At most 20,000."""
    lengths = (product(_SYLLABLES, repeat=length) for length in (3, 4))
    return ["".join(pieces) for pieces in islice((pieces for length in lengths for pieces in length), count)]


def _resident() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / _MB


if __name__ == "__main__":
    print(msgspec.json.encode(grown()).decode())
