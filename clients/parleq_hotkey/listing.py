"""Back-ends for people and for programs, as ``--list-back-ends`` prints them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from parleq_hotkey.ports import BackEnd


def as_json(back_ends: Sequence[BackEnd]) -> str:
    """``{"back_ends": [{"kind", "name", "usable", "message", "hint", "reason"}]}``."""
    return json.dumps({"back_ends": [asdict(one) for one in back_ends]}, ensure_ascii=False)


def as_text(back_ends: Sequence[BackEnd]) -> str:
    """A paragraph for each kind, a line for each back-end, and one below it that says what helps."""
    return "\n\n".join(
        "\n".join([kind, *(line for one in found for line in _lines(one))])
        for kind, found in groupby(back_ends, lambda one: one.kind)
    )


def _lines(one: BackEnd) -> list[str]:
    line = f"  {'+' if one.usable else '-'} {one.name:<14} {one.message}"
    return [line, f"    {'':<14} {one.hint}"] if one.hint else [line]
