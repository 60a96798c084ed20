from __future__ import annotations

from collections.abc import Iterator

import pytest

from parleqd._tools.private_x import PrivateX, private_x
from tests.parts import need


@pytest.fixture
def server() -> Iterator[PrivateX]:
    """An X server without a window manager."""
    need("xvfb")
    with private_x(window_manager=False) as started:
        yield started
