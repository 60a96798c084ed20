from __future__ import annotations

from pathlib import Path

from parleqd._tools.event_pages import event_tables, kind_table
from parleqd.core.log_events import EVENTS, Kind

ROOT = Path()


def test_every_event_has_one_row_with_all_its_fields() -> None:
    rows = {line.split("`")[1]: line for line in event_tables(ROOT).splitlines() if line.startswith("| `")}
    assert list(rows) == list(EVENTS)
    for name, spec in EVENTS.items():
        assert all(f"`{field}` " in rows[name] for field in spec.fields)
        assert rows[name].count("`") == 2 * (1 + len(spec.fields)) + spec.told.count("`")


def test_short_lists_of_words_are_written_out() -> None:
    assert "`status` failed\\|held\\|read\\|sent\\|verified" in event_tables(ROOT)
    assert "`reason` word" in event_tables(ROOT)


def test_every_kind_is_explained() -> None:
    assert kind_table(ROOT).count("\n") == 1 + len(Kind)
