"""How much work a call is: a measure that no busy machine disturbs."""

from __future__ import annotations

import sys
from collections.abc import Callable


def work_of(call: Callable[[], object]) -> int:
    """How many functions the call enters and leaves."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count
