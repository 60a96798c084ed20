from __future__ import annotations

from pathlib import Path

from parleqd._tools import session_pages as pages
from parleqd.core.session import events as ev
from parleqd.core.session.states import STATES, Delivering, Ended, Offer, Recording

ROOT = Path()


def test_there_is_an_example_of_every_state_offer_and_event() -> None:
    assert {type(state) for state in pages.EXAMPLE_STATES} == set(STATES)
    assert {s.offer for s in pages.EXAMPLE_STATES if isinstance(s, Delivering)} == set(Offer)
    assert {type(event) for event in pages.EXAMPLE_EVENTS} == set(ev.EVENTS)


def test_outcomes_tell_where_a_transition_leads() -> None:
    found = list(pages.outcomes(Recording, ev.CancelRequested))
    assert found
    assert all(isinstance(before, Recording) and isinstance(after, Ended) for before, after in found)


def test_a_pair_that_is_not_in_the_table_has_no_outcomes() -> None:
    assert list(pages.outcomes(Recording, ev.TurnCame)) == []


def test_the_phase_diagram_shows_the_way_of_a_dictation() -> None:
    lines = pages.phase_diagram(ROOT).splitlines()
    assert lines[:3] == ["```mermaid", "stateDiagram-v2", "    [*] --> recording"]
    assert "    recording --> transcribing: AudioEnded" in lines
    assert "    ended --> [*]" in lines
    assert not any(line.startswith("    ended --> ") and "[*]" not in line for line in lines)


def test_the_delivery_diagram_shows_what_is_known_of_the_text() -> None:
    lines = pages.delivery_diagram(ROOT).splitlines()
    assert "    under_way --> maybe_delivered: InsertionLost" in lines
    assert "    ready --> maybe_delivered: HandedOut" in lines


def test_the_event_table_tells_what_is_done_ignored_and_refused() -> None:
    cells = {row.split("`")[1]: row.split(" | ")[1:] for row in pages.event_table(ROOT).splitlines()[2:]}
    assert cells["StopRequested"][0:2] == ["stays", "ignored"]
    assert cells["AudioEnded"][0:2] == ["→ transcribing", "**refused**"]
    assert cells["TextCleaned"][2] == "→ delivering"
    assert set(cells) == {event.__name__ for event in ev.EVENTS}
