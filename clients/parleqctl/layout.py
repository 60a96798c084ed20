"""How values look to people: tables, durations, sizes, progress, settings."""

from __future__ import annotations

import json
from time import localtime, strftime

from parleqctl.display import head, one_line, width

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence

_BAR = 24
_LEVEL_BAR = 10
_QUIETEST_DBFS = -60.0


def table(rows: Sequence[Sequence[str]], columns: int | None = None) -> str:
    """Rows in left-aligned columns, two blanks apart; no line longer than ``columns``, where given."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines if columns is None else [head(line, columns) for line in lines])


def duration(seconds: float) -> str:
    """``42 s``, ``3 min 5 s``, ``2 h 7 min``, ``3 d 4 h``."""
    whole = int(seconds)
    for unit, size, smaller, part in (("d", 86_400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // part} {smaller}"
    return f"{whole} s"


def moment(seconds_since_epoch: float) -> str:
    """Local date and time to the second."""
    return strftime("%Y-%m-%d %H:%M:%S", localtime(seconds_since_epoch))


def progress(message: str, done: int, total: int) -> str:
    """``tiny.en [######------] 50 % of 74.2 MB``; without a known total, what is done. Counts are bytes."""
    if total <= 0:
        return f"{message} {_megabytes(done)}"
    part = min(max(done / total, 0.0), 1.0)
    filled = int(_BAR * part)
    return f"{message} [{'#' * filled}{'-' * (_BAR - filled)}] {int(part * 100)} % of {_megabytes(total)}"


def level_bar(dbfs: float) -> str:
    """``[######----]``: how loud it is, from -60 dBFS up to 0."""
    part = min(max(1 - dbfs / _QUIETEST_DBFS, 0.0), 1.0)
    filled = round(_LEVEL_BAR * part)
    return f"[{'#' * filled}{'-' * (_LEVEL_BAR - filled)}]"


def setting(key: str, value: object) -> str:
    """``key = value`` as in TOML, whose notation for all that settings hold is JSON's."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
