from __future__ import annotations

from parleqd._tools.bench import start_up


def test_a_real_daemon_is_compared_with_bare_python() -> None:
    (figure,) = start_up.measure(rounds=1)
    assert (figure.limit, figure.unit) == (250, "ms")
    assert figure.detail.startswith("medians of 1: ")
