from __future__ import annotations

from parleqd._tools.bench import instant_memory


def test_engine_and_vocabulary_each_take_some_memory() -> None:
    figures = instant_memory.measure()
    assert [figure.what for figure in figures] == [instant_memory.ENGINE.what, instant_memory.VOCABULARY.what]
    assert all(figure.value > 0 for figure in figures)


def test_the_terms_are_all_different() -> None:
    names = instant_memory.names(instant_memory.TERMS)
    assert len(set(names)) == instant_memory.TERMS
