from __future__ import annotations

import itertools
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.polish.stream import MOST_LINES, Answer, Completion, EventStream, Usage
from parleqd.core.settings.sections import Auth, Family, Provider, Target
from parleqd.protocol.names import Reason


def spec_of(family: Family = Family.STANDARD) -> RequestSpec:
    target = Target("eastus", Provider.AZURE_OPENAI, Auth.API_KEY, "my-openai", "gpt-4o-mini", family=family)
    return RequestSpec(target, endpoint_of("my-openai", Provider.AZURE_OPENAI))


def read(*packets: bytes, limit: int = 1_000_000, family: Family = Family.STANDARD) -> Answer | Failure:
    completion = Completion(spec_of(family), "r-1", limit)
    for packet in packets:
        completion.feed(packet)
    return completion.result()


def event(chunk: object) -> bytes:
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


def piece(text: str | None, reason: str | None = None, **more: Any) -> bytes:
    return event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason, **more}]})


def stop(reason: str = "stop") -> bytes:
    return event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})


def failed(answer: Answer | Failure) -> Failure:
    assert isinstance(answer, Failure)
    return answer


DONE = b"data: [DONE]\n\n"
FIRST = event({"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []})
ROLE = event(
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}], "usage": None}
)
NOTE = event(
    {
        "id": "",
        "choices": [
            {
                "index": 0,
                "finish_reason": None,
                "content_filter_results": {"hate": {"filtered": False}},
                "content_filter_offsets": {"check_offset": 0, "start_offset": 0, "end_offset": 9},
            }
        ],
    }
)
COUNTS = {
    "prompt_tokens": 30,
    "completion_tokens": 9,
    "prompt_tokens_details": {"cached_tokens": 20},
    "completion_tokens_details": {
        "reasoning_tokens": 4,
        "accepted_prediction_tokens": 3,
        "rejected_prediction_tokens": 2,
    },
}
USAGE = event({"choices": [], "usage": COUNTS})
WHOLE = FIRST + ROLE + piece("Grüße, ") + NOTE + piece(None) + piece("Zoë 👋.") + stop() + NOTE + USAGE + DONE
ANSWER = Answer("Grüße, Zoë 👋.", "stop", Usage(30, 9, 20, 4, 3, 2))


def test_an_answer_as_azure_streams_it() -> None:
    assert read(WHOLE) == ANSWER


def test_text_is_given_as_it_comes() -> None:
    completion = Completion(spec_of())
    assert [completion.feed(part) for part in (FIRST, ROLE, piece("a") + piece("b"), stop())] == ["", "", "ab", ""]


def test_nothing_is_read_behind_the_end_mark() -> None:
    completion = Completion(spec_of())
    completion.feed(WHOLE.removesuffix(DONE))
    ended = [completion.ended]
    completion.feed(DONE)
    assert [*ended, completion.ended] == [False, True]
    assert completion.feed(piece("late")) == ""


@pytest.mark.parametrize(
    "stream",
    [
        WHOLE.replace(b"data: ", b"data:"),
        WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.replace(b"\n", b"\r"),
        WHOLE.replace(b"\n\n", b"\n"),  # no empty line between events
        WHOLE.replace(b"data: ", b": keep-alive\n\nevent: message\nid: 7\nretry: 9\ndata: "),
        b"\xef\xbb\xbf" + WHOLE,
        b"\n\n" + WHOLE,
        WHOLE.removesuffix(DONE),
        WHOLE.removesuffix(b"\n\n"),
        WHOLE.removesuffix(b" [DONE]\n\n"),
        WHOLE + event({"error": {"message": "after the end"}}),
        WHOLE.removesuffix(DONE) + b"data: {broken\n\n" + DONE,
        WHOLE.replace(b'{"choices"', b'{\ndata: "choices"'),
        WHOLE.replace(b'"choices": [], "usage"', b'"choices": [{"index": 0, "delta": {}}], "usage"'),
        WHOLE.replace(DONE, event({"choices": [{"index": 1, "delta": {"content": "other"}}]}) + DONE),
        WHOLE.replace(DONE, event({"choices": None}) + event({"choices": [None, "x"]}) + DONE),
    ],
)
def test_other_ways_to_write_the_same_stream(stream: bytes) -> None:
    assert read(stream) == ANSWER


BODY = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "prompt_tokens_details": None},
    "prompt_filter_results": [],
}


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_a_gateway_may_ignore_that_a_stream_was_asked_for(lead: bytes) -> None:
    assert read(lead + json.dumps(BODY, indent=1).encode()) == Answer("Hi.", "stop", Usage(3, 1))


SHAPES = [
    *(WHOLE, WHOLE.replace(b"\n", b"\r\n"), WHOLE.replace(b"\n", b"\r"), b"\xef\xbb\xbf" + WHOLE),
    *(json.dumps(BODY).encode(), FIRST + b"data: {broken\n\n" + WHOLE, b"<html>no</html>", WHOLE[:-40], WHOLE[:300]),
    *(WHOLE + WHOLE, FIRST + event({"error": {"code": "429"}}) + WHOLE, b'\r\n\r{"error": "x"}', b": only\n\n", b""),
]


@given(st.sampled_from(SHAPES), st.sets(st.integers(0, len(WHOLE)), max_size=12), st.sampled_from([100, 700, 10**6]))
def test_where_packets_end_never_matters(stream: bytes, at: set[int], limit: int) -> None:
    cuts = [0, *sorted(at), len(stream)]
    packets = [stream[a:b] for a, b in itertools.pairwise(cuts)]
    assert read(*packets, limit=limit) == read(stream, limit=limit)


def test_every_single_byte_may_come_alone() -> None:
    for stream in (WHOLE, WHOLE.replace(b"\n", b"\r\n"), json.dumps(BODY).encode()):
        assert read(*(stream[at : at + 1] for at in range(len(stream)))) == read(stream)


@given(st.binary(max_size=200), st.sampled_from([b"", b"data: ", b"{", WHOLE[:200]]))
def test_no_bytes_raise(data: bytes, lead: bytes) -> None:
    read(lead + data)


@given(st.integers(0, len(WHOLE)))
def test_a_cut_stream_is_never_a_whole_answer(at: int) -> None:
    answer = read(WHOLE[:at])
    if isinstance(answer, Answer):
        assert answer.text == ANSWER.text
    else:
        assert answer.reason in (Reason.TRUNCATED, Reason.MALFORMED_RESPONSE)
        assert (answer.remedy, answer.fail_over, answer.ails) == (Remedy.AGAIN, True, True)


@pytest.mark.parametrize(
    "stream, reason",
    [
        (FIRST + ROLE + piece("half"), Reason.TRUNCATED),
        (FIRST + ROLE + piece("half") + DONE, Reason.TRUNCATED),
        (b"", Reason.TRUNCATED),
        (piece("half", "length") + DONE, Reason.TRUNCATED),
        (piece("half", "max_tokens") + DONE, Reason.TRUNCATED),
        (b"<html>sign in</html>", Reason.MALFORMED_RESPONSE),
        (b": only a comment\n\n", Reason.MALFORMED_RESPONSE),
        (b"{}", Reason.MALFORMED_RESPONSE),
        (b'{"choices": [', Reason.MALFORMED_RESPONSE),
        (b"[1, 2]", Reason.MALFORMED_RESPONSE),
        (ROLE + b"data: {broken\n\n" + stop() + DONE, Reason.MALFORMED_RESPONSE),
        (ROLE + b"data: 12\n\n" + stop() + DONE, Reason.MALFORMED_RESPONSE),
        (ROLE + event({"choices": [{"delta": {"content": 12}}]}) + stop(), Reason.MALFORMED_RESPONSE),
        (piece(None, "tool_calls") + DONE, Reason.MALFORMED_RESPONSE),
        (piece("half") + event({"error": {"code": "429"}}) + stop() + DONE, Reason.RATE_LIMITED),
        (piece("half") + event({"error": {"message": "x", "type": "server_error"}}), Reason.SERVICE_UNAVAILABLE),
        (b'{"error": {"code": "insufficient_quota"}}', Reason.QUOTA_EXHAUSTED),
        (piece("bad", "content_filter") + DONE, Reason.CONTENT_FILTERED),
        (event({"choices": [{"delta": {"refusal": "I cannot"}}]}) + stop() + DONE, Reason.GUARD_REJECTED),
    ],
)
def test_an_answer_that_is_none(stream: bytes, reason: Reason) -> None:
    failure = failed(read(stream))
    assert failure.reason is reason
    assert failure.request_id == "r-1"


def test_a_filter_may_strike_after_the_end() -> None:
    late = {"finish_reason": "content_filter", "content_filter_results": {"self_harm": {"filtered": True}}}
    failure = failed(read(piece("shown") + stop() + event({"choices": [late]}) + DONE))
    assert failure.reason is Reason.CONTENT_FILTERED
    assert "self harm" in failure.message
    assert not failure.fail_over
    assert not failure.ails


def test_a_filter_that_did_not_run_changes_nothing() -> None:
    note = {"error": {"code": "content_filter_error", "message": "x"}}
    assert read(piece("text", "stop", content_filter_results=note) + DONE) == Answer("text", "stop")


def test_an_empty_answer_is_one() -> None:
    assert read(piece(None) + stop() + DONE) == Answer("", "stop")


def test_hidden_reasoning_may_use_up_the_limit() -> None:
    assert "reasoning" in failed(read(stop("length"), family=Family.REASONING)).hint
    assert "reasoning" not in failed(read(piece("half", "length"), family=Family.REASONING)).hint


@pytest.mark.parametrize("stream", [b"data: " + b"x" * 500, b": ping\n\n" * 100, b"{" + b" " * 500, piece("x") * 50])
def test_an_answer_without_end_is_given_up(stream: bytes) -> None:
    completion = Completion(spec_of(), limit=200)
    completion.feed(stream)
    assert completion.ended
    failure = failed(completion.result())
    assert (failure.reason, failure.ails) == (Reason.MALFORMED_RESPONSE, False)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        [],
        {"prompt_tokens": None, "completion_tokens_details": 3},
        {"prompt_tokens": True, "completion_tokens": -1},
        {"prompt_tokens": "3"},
    ],
)
def test_counts_may_be_missing_or_nonsense(usage: object) -> None:
    answer = read(piece("x", "stop") + event({"usage": usage}) + DONE)
    assert isinstance(answer, Answer)
    assert answer.usage in (None, Usage())


def test_the_result_may_be_asked_for_twice() -> None:
    completion = Completion(spec_of())
    completion.feed(WHOLE)
    assert completion.result() == completion.result() == ANSWER


def test_events_are_lists_of_lines() -> None:
    events = EventStream()
    assert events.feed(b"data: a\ndata:b\nother: c\n\ndata\n\n") == [[b"a", b"b"], [b""]]
    assert events.feed(b"data: c") == []
    assert events.close() == [[b"c"]]


def test_no_text_stands_in_a_failure() -> None:
    for ending in (b"", b"data: {broken\n\n", stop("length"), stop("content_filter"), event({"error": "canary"})):
        assert "canary" not in repr(read(piece("canary") + ending))


def test_of_blank_bytes_before_an_answer_nothing_is_kept() -> None:
    completion, blank = Completion(spec_of()), b"\r\n \xef\xbb\xbf" * 100
    tracemalloc.start()
    try:
        for _ in range(1000):
            completion.feed(blank)
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 10 * len(blank)  # so every byte is looked at once, however many there are
    completion.feed(WHOLE)
    assert completion.result() == ANSWER


def test_an_event_of_more_lines_than_an_answer_has_tokens_is_none() -> None:
    lines = b"data: {}\n" * MOST_LINES
    assert failed(read(stop() + lines + b"data: {}\n\n")).reason is Reason.MALFORMED_RESPONSE
    assert isinstance(read(stop() + lines + b"\n"), Answer)


def test_a_category_is_named_once_however_often_it_filtered() -> None:
    note = piece(None, "content_filter", content_filter_results={"hate": {"filtered": True}})
    assert failed(read(note * 3 + DONE)).message.endswith("(hate)")
