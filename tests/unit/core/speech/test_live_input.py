from __future__ import annotations

import pytest

from parleqd.core.speech.live_input import (
    DEAD_AFTER_S,
    IN_FLIGHT_S,
    NOTHING_IN_FLIGHT_S,
    WORD_GAP_S,
    LiveInput,
    loudness,
)
from parleqd.protocol.names import SAMPLE_RATE

BLOCK = SAMPLE_RATE // 50
"""20 ms, as a microphone delivers them."""


def level(amplitude: int) -> bytes:
    """A block whose root mean square and peak are ``amplitude``."""
    high, low = amplitude.to_bytes(2, "little", signed=True), (-amplitude).to_bytes(2, "little", signed=True)
    return (high + low) * (BLOCK // 2)


FLAT, ROOM, WHISPER, VOICE = level(0), level(25), level(100), level(3000)


def hear(live: LiveInput, block: bytes, seconds: float) -> int:
    """How often it became clear that the input is dead."""
    return sum(live.hear(block) for _ in range(round(seconds * 50)))


def test_loudness_is_measured_against_full_scale() -> None:
    assert loudness(level(16384)) == pytest.approx((0.5, 16384))
    assert loudness(b"\x00\x80").peak == 32768


def test_a_flat_input_is_dead_and_said_so_once() -> None:
    live = LiveInput()
    assert hear(live, FLAT, DEAD_AFTER_S - 0.1) == 0
    assert hear(live, FLAT, 0.2) == 1
    assert hear(live, FLAT, 10) == 0


def test_an_input_that_lives_again_can_die_again() -> None:
    live = LiveInput()
    hear(live, FLAT, 2)
    assert hear(live, VOICE, 1) == 0
    assert hear(live, FLAT, 2) == 1


@pytest.mark.parametrize("block", [ROOM, WHISPER, VOICE])
def test_a_quiet_room_is_not_dead(block: bytes) -> None:
    assert hear(LiveInput(), block, 10) == 0


def test_nothing_is_waited_for_after_silence() -> None:
    live = LiveInput()
    hear(live, VOICE, 1)
    hear(live, ROOM, NOTHING_IN_FLIGHT_S)
    assert not live.may_close
    live.release()
    assert live.may_close


def test_a_word_under_way_is_heard_to_its_end() -> None:
    live = LiveInput()
    hear(live, ROOM, 1)
    hear(live, VOICE, 1)
    live.release()
    hear(live, VOICE, 0.2)
    assert not live.may_close
    hear(live, ROOM, WORD_GAP_S - 0.02)
    assert not live.may_close
    hear(live, ROOM, 0.04)
    assert live.may_close


def test_what_is_in_flight_is_waited_for_after_a_short_pause() -> None:
    live = LiveInput()
    hear(live, VOICE, 1)
    hear(live, ROOM, WORD_GAP_S + 0.02)
    live.release()
    assert not live.may_close
    hear(live, ROOM, IN_FLIGHT_S)
    assert live.may_close


def test_a_whisper_is_a_voice_in_a_quiet_room_and_a_hum_is_none_in_a_loud_one() -> None:
    quiet, loud = LiveInput(), LiveInput()
    hear(quiet, ROOM, 1)
    hear(quiet, WHISPER, 0.5)
    quiet.release()
    assert not quiet.may_close
    hear(loud, WHISPER, 1)  # the fan
    loud.release()
    assert loud.may_close


def test_times_are_seconds_at_any_rate() -> None:
    live = LiveInput(rate=48_000)
    hear(live, FLAT, DEAD_AFTER_S * 2)  # a block of this length lasts a third here
    assert not live.hear(b"")
    assert hear(live, FLAT, DEAD_AFTER_S * 1.5) == 1
