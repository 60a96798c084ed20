"""Frames survive however the bytes arrive; anything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.speech import file_audio, wire
from parleqd.core.speech import messages as m

MESSAGES: list[m.Command] = [
    m.Load("tiny.en", "/models/tiny.en"),
    m.Open("u", urgent=True, start=12.5),
    m.Audio("u", bytes(range(256)) * 10),
    m.Finish("u"),
    m.Discard("ü"),
    m.Ping(7),
]

FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    bytes: st.binary(),
    bool: st.booleans(),
    int: st.integers(0, 2**40),
    float: st.floats(allow_nan=False),
    str | None: st.none() | st.text(),
    tuple[str, ...]: st.lists(st.text()).map(tuple),
}


@given(st.lists(st.integers(1, 400)))
def test_messages_arrive_whole_and_in_order_however_the_bytes_are_cut(sizes: list[int]) -> None:
    data = wire.pack(*MESSAGES)
    unpacker = wire.commands()
    arrived: list[m.Command] = []
    for size in [*sizes, len(data)]:
        arrived += unpacker.feed(data[:size])
        data = data[size:]
    assert arrived == MESSAGES


def test_events_and_file_audio_are_told_apart_by_who_reads() -> None:
    assert wire.events().feed(wire.pack(m.Working(None), m.Pong(1, 0.5))) == [m.Working(None), m.Pong(1, 0.5)]
    records: list[file_audio.FileAudio] = [file_audio.Frames(b"\1\0"), file_audio.Broken("is empty", "x")]
    assert wire.file_audio().feed(wire.pack(*records, file_audio.Ended())) == [*records, file_audio.Ended()]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xff\xff\xff", "at most"),
        (b"Warn" + b"ing: a native library prints" * 400_000, "at most"),
        (b"\3\0\0\0abc", "no known message"),
        (wire.pack(m.Ping(1)), "no known message"),
    ],
)
def test_what_is_no_frame_of_ours_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(wire.WireError, match=what):
        wire.events().feed(data)


@pytest.mark.parametrize(
    ("kind", "unpacker"),
    [(kind, wire.commands) for kind in get_args(m.Command)]
    + [(kind, wire.events) for kind in get_args(m.Event)]
    + [(kind, wire.file_audio) for kind in get_args(file_audio.FileAudio)],
    ids=lambda value: value.__name__,
)
@given(st.data())
def test_every_message_comes_out_as_it_went_in(
    kind: type[m.Command], unpacker: Callable[[], wire.Unpacker[m.Command]], data: st.DataObject
) -> None:
    fields = {name: data.draw(FIELDS[hint]) for name, hint in get_type_hints(kind).items() if name != "__slots__"}
    message = kind(**fields)
    assert unpacker().feed(wire.pack(message)) == [message]
