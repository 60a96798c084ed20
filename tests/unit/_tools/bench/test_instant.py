from __future__ import annotations

from parleqd._tools.bench import instant


def test_a_figure_comes_for_texts_of_a_hundred_words() -> None:
    (figure,) = instant.measure(rounds=1)
    assert (figure.limit, figure.unit) == (2, "ms")
    assert figure.value > 0
