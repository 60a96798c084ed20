from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from parleq_client import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError
from parleq_client.wire import (
    Lines,
    answer,
    check_protocol,
    check_socket,
    encoded,
    no_such_method,
    notification,
    refusal,
    request,
    result_of,
    start_hint,
    told,
)
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode


def test_the_socket_of_another_user_is_not_talked_to(tmp_path: Path) -> None:
    path = str(tmp_path / "other.sock")
    owner = os.getuid()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(path)
        found = os.stat(path)
    check_socket(path, found, owner)
    with pytest.raises(UnreachableError, match=f"belongs to user id {owner}, and this is user id {owner + 1}"):
        check_socket(path, found, owner + 1)


def test_a_message_above_the_limit_is_not_sent() -> None:
    with pytest.raises(LocalError) as error:
        encoded({"text": "x" * MAX_MESSAGE_BYTES})
    assert error.value.reason == "too_large"


def test_text_that_is_no_unicode_is_not_sent() -> None:
    with pytest.raises(LocalError, match=r"U\+DCFF") as error:
        encoded({"text": "a\udcffb"})
    assert error.value.reason == "bad_request"


def test_text_beyond_ascii_goes_as_utf_8() -> None:
    assert encoded({"text": "é\u2028"}) == '{"text":"é\u2028"}'.encode()


def test_the_hint_names_the_socket_only_when_it_is_not_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEQ_SOCKET", "/tmp/usual.sock")
    assert start_hint("/tmp/usual.sock") == "start it with `parleqd`"
    assert start_hint("/tmp/x.sock") == "start it with `parleqd --socket /tmp/x.sock`"
    monkeypatch.setenv("PARLEQ_SOCKET", "/tmp/" + "x" * 120)
    assert start_hint("/tmp/x.sock") == "start it with `parleqd --socket /tmp/x.sock`"


def test_messages_come_out_whole_however_they_were_cut() -> None:
    lines, sent = Lines("d.sock"), [request(1, "status/get", None), notification("initialized", {"a": "é"})]
    found = []
    for byte in b"".join(encoded(message) + b"\n\n" for message in sent):
        lines.feed(bytes([byte]))
        while (message := lines.next_message()) is not None:
            found.append(message)
    assert found == sent


def test_a_line_without_end_is_cut_off() -> None:
    lines = Lines("d.sock")
    lines.feed(b"x" * (MAX_MESSAGE_BYTES + 1))
    with pytest.raises(ProtocolError) as error:
        lines.next_message()
    assert error.value.reason == "too_large"


@pytest.mark.parametrize("garbage", [b"SSH-2.0-OpenSSH\n", b"\xff\xfe\n", b"[1]\n", b"[" * 100_000 + b"\n"])
def test_what_is_no_message_is_told_apart(garbage: bytes) -> None:
    lines = Lines("d.sock")
    lines.feed(garbage)
    with pytest.raises(ProtocolError, match=r"d\.sock"):
        lines.next_message()


@pytest.mark.parametrize("message", [{"method": 3}, {"method": "a", "params": [1]}, {}])
def test_what_is_told_has_a_name_and_fields(message: dict[str, object]) -> None:
    assert told({"method": "a", "params": None}, "d.sock") == ("a", {})
    with pytest.raises(ProtocolError):
        told(message, "d.sock")


def test_an_answer_is_a_result_or_an_error() -> None:
    assert result_of(answer(1, {"a": 1})) == {"a": 1}
    with pytest.raises(RefusedError, match="gone") as error:
        result_of(refusal(1, ClientError("device_lost", "gone", "plug it in")))
    assert (error.value.reason, error.value.hint) == ("device_lost", "plug it in")
    with pytest.raises(RefusedError) as unknown:
        result_of(no_such_method(1, "a/b"))
    assert unknown.value.code == ErrorCode.METHOD_NOT_FOUND
    with pytest.raises(ProtocolError):
        result_of({"id": 1})


def test_another_protocol_is_refused() -> None:
    check_protocol({"protocol": 1}, "d.sock")
    with pytest.raises(ProtocolError, match="speaks protocol 2"):
        check_protocol({"protocol": 2}, "d.sock")
