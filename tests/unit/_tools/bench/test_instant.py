from __future__ import annotations

from parleqd._tools.bench import instant


def test_figures_come_for_short_and_long_texts() -> None:
    figures = instant.measure(rounds=1)
    assert [(figure.limit, figure.unit) for figure in figures] == [(2, "ms"), (None, "µs"), (200, "ms"), (2, "×")]
    assert all(figure.value > 0 for figure in figures)
