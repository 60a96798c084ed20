from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from parleqd.protocol import envelope
from parleqd.protocol import messages as m
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.names import ErrorCode, Reason

DEEP = b"[" * 100_000 + b"]" * 100_000


def refusal(body: bytes) -> RpcError:
    with pytest.raises(RpcError) as raised:
        envelope.decode(body)
    return raised.value


def params_refusal(raw: bytes, kind: type[m.Message] = m.SessionRef) -> RpcError:
    with pytest.raises(RpcError) as raised:
        envelope.decode_params(Raw(raw), kind)
    return raised.value


def plain(body: bytes) -> Any:
    return json.loads(body)


# Reading


@pytest.mark.parametrize("id_", [1, 0, -5, 2**70, "a", "", "x" * 1000, "é\u0000"])
def test_a_request_keeps_its_id(id_: int | str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": id_, "method": "status/get"}).encode()
    read = envelope.decode(body)
    assert (read.id, read.method) == (id_, "status/get")
    assert plain(envelope.encode_result(read.id or id_, m.Nothing()))["id"] == id_


def test_a_notification_has_no_id() -> None:
    assert envelope.decode(b'{"jsonrpc":"2.0","method":"initialized"}').id is msgspec.UNSET


def test_params_stay_raw_until_their_method_is_known() -> None:
    read = envelope.decode(b'{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":[1, 2]}}')
    assert bytes(read.params) == b'{"a":[1, 2]}'


def test_unknown_fields_are_ignored() -> None:
    assert envelope.decode(b'{"jsonrpc":"2.0","id":1,"method":"x","trace":{"deep":[1]}}').method == "x"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[",
        b"}",
        b"garbage",
        b"'{}'",
        b"{,}",
        b'{"jsonrpc":"2.0","id":1,"method":"x"',
        b'{"jsonrpc":"2.0","id":1,"method":"x"} {}',
        b'{"jsonrpc":"2.0","id":1,"method":"x",}',
        b'{"jsonrpc":"2.0","id":1 "method":"x"}',
        b'{"jsonrpc":"2.0","id":01,"method":"x"}',
        b'{"jsonrpc":"2.0","id":1,"method":"x","params":NaN}',
        b'{"jsonrpc":"2.0","id":1,"method":"x","params":{a:1}}',
        b'{"jsonrpc":"2.0","id":1,"method":"\xff"}',
        b'{"jsonrpc":"2.0","id":1,"method":5,"params":}',  # the first fault is one of type, the worse one of syntax
        b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"x"}',
        b"\xff\xfe{\x00",
        b"\x00",
        DEEP[:100_000],
        b'{"jsonrpc":"2.0","id":1,"method":"x","params":' + DEEP + b"}",
        DEEP,
    ],
)
def test_what_is_no_json_is_a_parse_error(body: bytes) -> None:
    problem = refusal(body)
    assert problem.code == ErrorCode.PARSE_ERROR
    assert problem.message.startswith("not JSON: ")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"null", "object"),
        (b"5", "object"),
        (b'"text"', "object"),
        (b"{}", '"jsonrpc" must be "2.0"'),
        (b'{"id":1,"method":"x"}', '"jsonrpc" must be "2.0"'),
        (b'{"jsonrpc":"1.0","id":1,"method":"x"}', '"jsonrpc" must be "2.0"'),
        (b'{"jsonrpc":2.0,"id":1,"method":"x"}', "$.jsonrpc"),
        (b'{"jsonrpc":"2.0","id":null,"method":"x"}', "id must be a number or a string"),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"x"}', "$.id"),
        (b'{"jsonrpc":"2.0","id":true,"method":"x"}', "$.id"),
        (b'{"jsonrpc":"2.0","id":[1],"method":"x"}', "$.id"),
        (b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b',"method":"x"}', "$.id"),
        (b'{"jsonrpc":"2.0","id":1e400,"method":"x"}', "$.id"),
        (b'{"jsonrpc":"2.0","id":1,"method":null}', "$.method"),
        (b'{"jsonrpc":"2.0","id":1,"method":["x"]}', "$.method"),
        (b'{"jsonrpc":"2.0","id":1}', '"method", or "result" or "error"'),
        (b"[]", "batches"),
        (b' [{"jsonrpc":"2.0","id":1,"method":"x"}]', "batches"),
        (b"[[]]", "batches"),
    ],
)
def test_json_that_is_no_message_is_an_invalid_request(body: bytes, says: str) -> None:
    problem = refusal(body)
    assert problem.code == ErrorCode.INVALID_REQUEST
    assert says in problem.message


@pytest.mark.parametrize(
    ("body", "id_"),
    [
        (b'{"id":7,"method":5}', 7),
        (b'{"method":null,"id":"seven"}', "seven"),
        (b'{"jsonrpc":"2.0","id":7,"method":"\xff"}', 7),
        (b'{"id":1.5}', None),
        (b'{"id":{}}', None),
        (b"[1]", None),
        (b"nothing", None),
        (b'{"id":7', None),
        (DEEP, None),
    ],
)
def test_the_id_of_a_bad_message_is_made_out_where_it_can_be(body: bytes, id_: int | str | None) -> None:
    assert envelope.id_of(body) == id_


# Parameters


@pytest.mark.parametrize("raw", [b"", b"null", b"{}", b' {"unknown": 1} '])
def test_absent_params_are_an_empty_object(raw: bytes) -> None:
    assert envelope.decode_params(Raw(raw), m.Nothing) == m.Nothing()
    assert envelope.decode_params(Raw(raw), m.OptionalSessionRef) == m.OptionalSessionRef()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "`session_id`"),
        (b"null", "`session_id`"),
        (b"[]", "array"),
        (b"5", "int"),
        (b"true", "bool"),
        (b'{"session_id":5}', "$.session_id"),
        (b'{"session_id":""}', "$.session_id"),
        (b'{"session_id":"' + b"x" * 65 + b'"}', "$.session_id"),
        (b'{"session_id":' + DEEP + b"}", "$.session_id"),
    ],
)
def test_bad_params_name_the_field(raw: bytes, says: str) -> None:
    problem = params_refusal(raw)
    assert problem.code == ErrorCode.INVALID_PARAMS
    assert says in problem.message


@pytest.mark.parametrize("raw", [b'{"session_id":"\xff"}', b'{"other":' + DEEP + b"}"])
def test_params_that_no_string_can_hold_are_a_parse_error(raw: bytes) -> None:
    assert params_refusal(raw).code == ErrorCode.PARSE_ERROR


@pytest.mark.parametrize("pcm", [b"!", b"AAA", b"AA==A", "é".encode()])
def test_bad_base64_is_a_bad_parameter(pcm: bytes) -> None:
    problem = params_refusal(b'{"session_id":"s","pcm":"' + pcm + b'"}', m.SessionAudioParams)
    assert problem.code == ErrorCode.INVALID_PARAMS
    assert "$.pcm" in problem.message


# Answers of a client


def test_an_answer_has_a_result_or_an_error() -> None:
    assert not envelope.decode(b'{"jsonrpc":"2.0","id":"parleqd-1","result":{}}').failed
    assert not envelope.decode(b'{"jsonrpc":"2.0","id":"parleqd-1","result":{},"error":null}').failed
    assert envelope.decode(b'{"jsonrpc":"2.0","id":"parleqd-1","error":{"code":1,"message":"no"}}').failed


def test_an_error_of_a_client_is_read() -> None:
    raw = b'{"code":-32000,"message":"no","data":{"reason":"cancelled","hint":"later"}}'
    read = envelope.decode_error(Raw(raw))
    assert (read.code, read.message) == (-32000, "no")
    assert read.data == envelope.ErrorData(Reason.CANCELLED, "later")


@pytest.mark.parametrize("raw", [b"5", b"{}", b'{"code":"x","message":1}', b'{"code":1,"message":"\xff"}'])
def test_a_malformed_error_of_a_client_becomes_an_internal_one(raw: bytes) -> None:
    assert envelope.decode_error(Raw(raw)).code == ErrorCode.INTERNAL_ERROR


# Writing


def test_a_result_is_an_answer_of_one_line() -> None:
    body = envelope.encode_result(3, m.SessionStarted(session_id="a\nb"))
    assert plain(body) == {"jsonrpc": "2.0", "id": 3, "result": {"session_id": "a\nb"}}
    assert b"\n" not in body


def test_a_refusal_carries_its_reason_and_hint() -> None:
    body = envelope.encode_error("x", RpcError(ErrorCode.REFUSED, "no", Reason.QUEUE_FULL, "later"))
    assert plain(body) == {
        "jsonrpc": "2.0",
        "id": "x",
        "error": {"code": -32000, "message": "no", "data": {"reason": "queue_full", "hint": "later"}},
    }


def test_an_error_without_a_reason_has_no_data() -> None:
    body = envelope.encode_error(None, RpcError(ErrorCode.PARSE_ERROR, "not JSON"))
    assert plain(body) == {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "not JSON"}}


def test_a_call_without_an_id_is_a_notification() -> None:
    note = plain(envelope.encode_call("session/final", m.SessionRef(session_id="s")))
    assert note == {"jsonrpc": "2.0", "method": "session/final", "params": {"session_id": "s"}}
    assert plain(envelope.encode_call("x", m.Nothing(), "parleqd-1"))["id"] == "parleqd-1"


def answered(body: bytes) -> None:
    """Decode what comes from a client, and answer it if it is refused, as a connection does."""
    try:
        envelope.decode(body)
    except RpcError as problem:
        envelope.encode_error(envelope.id_of(body), problem)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error"])


@given(st.dictionaries(FIELDS, st.just("2.0") | JSON))
def test_any_json_is_a_message_or_a_refusal(message: dict[str, object]) -> None:
    answered(json.dumps(message).encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_a_refusal(body: bytes) -> None:
    answered(body)


@pytest.mark.parametrize("half", [rb"\ud800", rb"\uDC00 and more", rb"\ud83d world"])
def test_half_a_surrogate_pair_is_answered_to_the_request_that_holds_it(half: bytes) -> None:
    body = b'{"jsonrpc":"2.0","id":42,"method":"text/clean","params":{"text":"' + half + b'"}}'
    with pytest.raises(RpcError, match="surrogate") as refused:
        envelope.decode_params(envelope.decode(body).params, m.TextCleanParams)
    assert refused.value.code is ErrorCode.INVALID_PARAMS
    assert envelope.id_of(body) == 42
