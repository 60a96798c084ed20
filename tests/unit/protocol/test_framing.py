from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.protocol import framing
from parleqd.protocol.framing import MAX_HEADER_BYTES, Decoder, FrameProblem, Framing
from parleqd.protocol.names import MAX_MESSAGE_BYTES, Reason

Found = list[bytes | str]

BODY = b'{"jsonrpc":"2.0","id":1,"method":"status/get"}'


def headed(body: bytes) -> bytes:
    return framing.encode(body, Framing.HEADERS)


def decode(*chunks: bytes, limit: int = MAX_MESSAGE_BYTES, ended: bool = False) -> Found:
    """Messages as bytes, problems as their text."""
    decoder = Decoder(limit)
    found = [frame for chunk in chunks for frame in decoder.feed(chunk)]
    if ended:
        found += decoder.end()
    return [frame.message if isinstance(frame, FrameProblem) else frame for frame in found]


def one_problem(data: bytes, limit: int = MAX_MESSAGE_BYTES) -> FrameProblem:
    (problem,) = Decoder(limit).feed(data)
    assert isinstance(problem, FrameProblem)
    return problem


@pytest.mark.parametrize("kind", list(Framing))
def test_a_frame_is_decoded_to_what_was_encoded(kind: Framing) -> None:
    decoder = Decoder()
    assert decoder.feed(framing.encode(BODY, kind)) == [BODY]
    assert decoder.framing is kind


@pytest.mark.parametrize("kind", list(Framing))
def test_a_split_at_every_byte_changes_nothing(kind: Framing) -> None:
    data = framing.encode(BODY, kind) + framing.encode(b'{"second":2}', kind)
    for at in range(len(data) + 1):
        assert decode(data[:at], data[at:]) == [BODY, b'{"second":2}']
    assert decode(*(data[at : at + 1] for at in range(len(data)))) == [BODY, b'{"second":2}']


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (b"{", Framing.LINES),
        (b"[", Framing.LINES),
        (b"x", Framing.LINES),
        (b"\x00", Framing.LINES),
        (b"\xff", Framing.LINES),
        (b"C", Framing.HEADERS),
        (b"c", Framing.HEADERS),
        (b" \r\n\t{", Framing.LINES),
        (b"\n\nC", Framing.HEADERS),
    ],
)
def test_the_first_byte_decides(first: bytes, kind: Framing) -> None:
    decoder = Decoder()
    decoder.feed(first)
    assert decoder.framing is kind


def test_white_space_alone_decides_nothing_and_is_not_kept() -> None:
    decoder = Decoder()
    assert decoder.feed(b" \n\t\r\n" * 1000) == []
    assert decoder.framing is None
    assert decoder.end() == []


# Lines


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        (b"{}\n{}\n", [b"{}", b"{}"]),
        (b"{}\r\n\r\n  \n\t{}\r\n", [b"{}", b"{}"]),
        (b"garbage\n{}\n", [b"garbage", b"{}"]),
        (b"\x00\xff\n{}\n", [b"\x00\xff", b"{}"]),
        (b"Content-Length: 2\r\n", []),
        (b"{\n}\n", [b"{", b"}"]),
    ],
)
def test_each_line_that_holds_anything_is_a_message(data: bytes, messages: list[bytes]) -> None:
    assert decode(data) == messages


def test_a_last_line_without_its_newline_counts() -> None:
    assert decode(b'{"a":1}\n{"b":2}') == [b'{"a":1}']
    assert decode(b'{"a":1}\n{"b":2}', ended=True) == [b'{"a":1}', b'{"b":2}']


@pytest.mark.parametrize("chunk", [1, 7, 64, 10_000])
def test_an_oversize_line_is_reported_once_and_the_next_message_is_found(chunk: int) -> None:
    data = b"{" + b"x" * 100 + b"\n{}\n" + b"y" * 500 + b"\n[]\n"
    found = decode(*(data[at : at + chunk] for at in range(0, len(data), chunk)), limit=10)
    first, second, third, fourth = found
    assert (second, fourth) == (b"{}", b"[]")
    assert isinstance(first, str)
    assert isinstance(third, str)


def test_an_oversize_line_has_the_reason_too_large() -> None:
    problem = one_problem(b"x" * 100, limit=10)
    assert problem.reason is Reason.TOO_LARGE
    assert "10" in problem.message


def test_a_line_of_just_the_limit_is_taken() -> None:
    assert decode(b"x" * 10 + b"\n", limit=10) == [b"x" * 10]
    assert decode(*[b"x"] * 10, b"\n", limit=10) == [b"x" * 10]


def test_the_rest_of_an_oversize_line_is_nothing_at_the_end() -> None:
    assert len(decode(b"x" * 100, b"more", limit=10, ended=True)) == 1


# Headers


@pytest.mark.parametrize(
    "block",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length:2\r\n\r\n",
        b"CONTENT-LENGTH:   2  \r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nContent-Type: x\r\n\r\n",
        b"Content-Length: 2\n\n",
        b"Content-Length: 2\r\n\n",
        b"Content-Length: 02\r\n\r\n",
    ],
)
def test_headers_come_in_any_case_and_order(block: bytes) -> None:
    data = (block + b"{}") * 2
    assert decode(data) == [b"{}", b"{}"]
    assert decode(*(data[at : at + 1] for at in range(len(data)))) == [b"{}", b"{}"]


def test_a_body_may_hold_anything() -> None:
    body = b"\r\n\r\nContent-Length: 5\r\n\r\n\x00\xff{"
    assert decode(headed(body) + headed(b"{}")) == [body, b"{}"]


def test_empty_lines_between_messages_are_skipped() -> None:
    assert decode(headed(b"{}") + b"\r\n" + headed(b"[]") + b"\n\n" + headed(b"1")) == [b"{}", b"[]", b"1"]


def test_an_empty_body_is_a_message_too() -> None:
    assert decode(headed(b"") + headed(b"{}")) == [b"", b"{}"]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (b"Content-Type: x\r\n\r\n", "without Content-Length"),
        (b"Content-Length: two\r\n\r\n", "number of bytes"),
        (b"Content-Length: -2\r\n\r\n", "number of bytes"),
        (b"Content-Length: +2\r\n\r\n", "number of bytes"),
        (b"Content-Length: \r\n\r\n", "number of bytes"),
        (b"Content-Length: 2 3\r\n\r\n", "number of bytes"),
        (b"Content-Length: \xb2\r\n\r\n", "number of bytes"),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", "number of bytes"),
        (b"Content-Length 2\r\n\r\n", "`Name: value`"),
        (b"Con tent-Length: 2\r\n\r\n", "`Name: value`"),
        (b"C\x00\r\n\r\n", "`Name: value`"),
    ],
)
def test_a_malformed_block_is_answered_and_the_next_message_but_one_is_found(block: bytes, says: str) -> None:
    """The body of the bad block has no length, so it is taken for headers, up to the next message's length."""
    problem, *rest = decode(block + BODY + headed(b"{}") + headed(b"[]"))
    assert isinstance(problem, str)
    assert says in problem
    assert rest[-2:] == [b"{}", b"[]"]


def test_a_wrong_length_costs_its_message_and_no_other() -> None:
    short = b"Content-Length: %d\r\n\r\n%b" % (len(BODY) - 1, BODY)
    assert decode(short + headed(b"{}") + headed(b"[]"))[-2:] == [b"{}", b"[]"]
    long = b"Content-Length: %d\r\n\r\n%b" % (len(BODY) + 3, BODY)
    assert decode(long + headed(b"{}") + headed(b"[]"))[-1] == b"[]"


@pytest.mark.parametrize("chunk", [1, 64, 4096, 1 << 20])
def test_a_header_block_without_end_is_reported_once(chunk: int) -> None:
    data = b"C" * 3 * MAX_HEADER_BYTES + b": x\r\nContent-Length: 2\r\n\r\n{}" + headed(b"[]")
    problem, *rest = decode(*(data[at : at + chunk] for at in range(0, len(data), chunk)))
    assert isinstance(problem, str)
    assert str(MAX_HEADER_BYTES) in problem
    assert rest == [b"{}", b"[]"]


def test_large_bodies_behind_bad_headers_still_find_the_next_message() -> None:
    body = b'{"x":"' + b"x" * 5 * MAX_HEADER_BYTES + b'"}'
    found = decode(b"Content-Type: x\r\n\r\n" + body + headed(body) + headed(b"{}"))
    assert found[-2:] == [body, b"{}"]


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_an_oversize_body_is_reported_before_it_comes_and_thrown_away(chunk: int) -> None:
    decoder = Decoder(limit=100)
    (problem,) = decoder.feed(b"Content-Length: 101\r\n\r\n")
    assert isinstance(problem, FrameProblem)
    assert problem.reason is Reason.TOO_LARGE
    data = b"x" * 101 + headed(b"{}")
    assert [f for at in range(0, len(data), chunk) for f in decoder.feed(data[at : at + chunk])] == [b"{}"]


def test_a_body_of_just_the_limit_is_taken() -> None:
    assert decode(headed(b"x" * 100), limit=100) == [b"x" * 100]


@pytest.mark.parametrize("chunk", [1, 64, 4096, 1 << 20])
def test_what_stood_at_the_beginning_of_an_over_long_block_is_forgotten(chunk: int) -> None:
    data = b"Content-Length: 2\r\nX: " + b"x" * MAX_HEADER_BYTES + b"\r\n\r\n{}" + headed(b"[]")
    found = decode(*(data[at : at + chunk] for at in range(0, len(data), chunk)))
    assert _shape(found) == [None, None, b"[]"]


def test_a_length_beyond_all_memory_reserves_none() -> None:
    decoder = Decoder()
    decoder.feed(b"Content-Length: 999999999999999\r\n\r\n")
    assert decoder.feed(b"x" * 1000) == []


@pytest.mark.parametrize("half", [b"Content-Le", b"Content-Length: 5\r\n\r\n{}", b"Content-Length: 5\r\n"])
def test_half_a_message_at_the_end_is_a_problem(half: bytes) -> None:
    assert decode(half, ended=True) == ["the connection ended in the middle of a message"]


def test_nothing_left_at_the_end_is_none() -> None:
    assert decode(headed(b"{}") + b"\r\n", ended=True) == [b"{}"]
    assert decode(ended=True) == []


# Both


@given(st.data())
def test_how_the_input_is_split_never_matters(data: st.DataObject) -> None:
    pieces = st.sampled_from(
        [b"{}", b"\n", b"\r\n", b"\r\n\r\n", b"Content-Length: 2", b"C", b"c", b": ", b"x" * 40, b"[", b"\xff", BODY]
    )
    whole = b"".join(data.draw(st.lists(pieces, max_size=20)))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=8)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert _shape(decode(*chunks, limit=60, ended=True)) == _shape(decode(whole, limit=60, ended=True))


@given(st.binary(max_size=300))
def test_no_input_raises(data: bytes) -> None:
    decode(data, ended=True)
    decode(b"C" + data, ended=True)


@given(st.lists(st.binary(max_size=80), max_size=8), st.integers(1, 30))
def test_headed_messages_come_through_whole(bodies: list[bytes], chunk: int) -> None:
    data = b"".join(headed(body) for body in bodies)
    assert decode(*(data[at : at + chunk] for at in range(0, len(data), chunk)), ended=True) == bodies


@pytest.mark.parametrize("kind", list(Framing))
def test_no_byte_is_looked_at_again_and_again(kind: Framing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large message in small pieces takes linear time: what was searched for the end mark is not searched again."""
    searched = 0

    class Counting(bytearray):
        def find(self, mark: bytes, start: int = 0, *end: int) -> int:  # type: ignore[override]
            nonlocal searched
            searched += len(self) - start
            return super().find(mark, start, *end)

    decoder = Decoder()
    decoder.feed(b"{" if kind is Framing.LINES else b"Content-Length: 1000000\r\n\r\n")
    monkeypatch.setattr(decoder, "_buffer", Counting(decoder._buffer))
    for _ in range(1000):
        decoder.feed(b"x" * 1000)
    assert searched <= 2_000_000


def _shape(found: Found) -> list[bytes | None]:
    """Messages, and where problems were: how large an over-long line is, is not known while it comes."""
    return [None if isinstance(frame, str) else frame for frame in found]
