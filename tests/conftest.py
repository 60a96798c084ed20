"""What holds for every test: a blocking call in the event loop fails, and random inputs can be repeated."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from tests.parts import PROVING

# `make test` runs the same small slice every time; `make prove` looks further and says how to repeat a find.
settings.register_profile("test", max_examples=50, deadline=None, database=None, derandomize=True)
settings.register_profile("prove", max_examples=2000, deadline=None, database=None, print_blob=True)
settings.load_profile("prove" if PROVING else "test")

# A shell starts background jobs with SIGINT ignored, and every program below would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Whatever desktops there are, of tests that run beside this one too, none is there for a program that is not given it.
os.environ.update(DISPLAY="", WAYLAND_DISPLAY="")

# Where a blocking call in the loop is meant: file, functions, and why. What they call may block too.
MAY_BLOCK = [
    (
        "tests/fakes/journals.py",
        {"file_journal", "names_in", "contents"},
    ),  # what a test prepares, and its look at what is left
    ("tests/parts.py", {"need", "shared_data"}),  # a look at the machine before the test begins
    # files in memory: no disk is waited for (on a disk, `append` goes through a thread; what does not is told there)
    ("parleqd/adapters/journal/file.py", {"open", "left_behind", "close"}),
    ("parleqd/adapters/journal/entry.py", {"note", "append", "read", "trim", "discard", "hand_over"}),
    ("pytest_timeout.py", {"timeout_sigalrm", "timeout_timer"}),  # its report of a test that hangs
]


@pytest.fixture(autouse=True)
def no_blocking_call_in_the_loop() -> Iterator[BlockBuster]:
    """A call that blocks (file, lock, socket, sleep) raises ``BlockingError`` while an event loop runs."""
    with blockbuster_ctx() as blockbuster:
        for function in blockbuster.functions.values():
            for file, functions in MAY_BLOCK:
                function.can_block_in(file, functions)
        yield blockbuster
