from __future__ import annotations

import threading

import pytest

from parleqd.engine.long_texts import worked_on


@pytest.mark.parametrize(("characters", "is_here"), [(10, True), (11, False)])
@pytest.mark.asyncio
async def test_a_long_text_is_worked_on_in_a_thread(characters: int, is_here: bool) -> None:
    here = await worked_on(threading.get_ident, characters, 10) == threading.get_ident()
    assert here is is_here


@pytest.mark.parametrize("characters", [1, 11])
@pytest.mark.asyncio
async def test_what_is_raised_is_raised(characters: int) -> None:
    def fail() -> None:
        raise ValueError("no text")

    with pytest.raises(ValueError, match="no text"):
        await worked_on(fail, characters, 10)
