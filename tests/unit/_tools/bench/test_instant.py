from __future__ import annotations

import pytest

from parleqd._tools.bench import instant


def test_a_figure_comes_for_texts_of_a_hundred_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instant, "ROUNDS", 1)
    (figure,) = instant.measure()
    assert (figure.limit, figure.unit) == (2, "ms")
    assert figure.value > 0
