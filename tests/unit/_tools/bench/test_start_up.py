from __future__ import annotations

import pytest

from parleqd._tools.bench import start_up


def test_a_real_daemon_is_compared_with_bare_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_up, "ROUNDS", 1)
    (figure,) = start_up.measure()
    assert (figure.limit, figure.unit) == (250, "ms")
    assert figure.detail.startswith("medians of 1: ")
