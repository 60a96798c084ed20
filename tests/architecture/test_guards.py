"""What conftest.py and pyproject.toml promise about every test is really switched on."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path

import pytest
from blockbuster import BlockingError


@pytest.mark.asyncio
async def test_a_blocking_call_in_the_loop_fails() -> None:
    with pytest.raises(BlockingError):
        read_this_file()


@pytest.mark.asyncio
async def test_asyncio_runs_in_debug_mode() -> None:
    assert asyncio.get_running_loop().get_debug()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="seen"):
        warnings.warn("seen", stacklevel=1)


def test_a_hanging_test_is_ended(pytestconfig: pytest.Config) -> None:
    assert float(pytestconfig.getini("timeout")) == 20


def read_this_file() -> bytes:
    """Block on a disk."""
    return Path(__file__).read_bytes()
