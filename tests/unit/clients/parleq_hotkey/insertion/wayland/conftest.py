"""One compositor for the tests of each module here; what it starts in a test ends with that test."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest

from parleqd._tools.private_wayland import PrivateWayland
from tests.wayland import Target, compositor

# Its wheels end with Python 3.12; without it the modules that are tested here cannot be imported.
if importlib.util.find_spec("pywayland") is None:
    collect_ignore_glob = ["test_*.py", "protocols/*"]


@pytest.fixture(scope="module")
def sway() -> Iterator[PrivateWayland]:
    with compositor() as running:
        yield running


@pytest.fixture
def target(sway: PrivateWayland) -> Iterator[Target]:
    made = Target(sway, "foot")
    yield made
    sway.end(made.program)


@pytest.fixture
def mortal() -> Iterator[PrivateWayland]:
    """A compositor that the test may kill."""
    with compositor() as running:
        yield running
