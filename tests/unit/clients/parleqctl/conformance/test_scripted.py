from __future__ import annotations

from typing import Any

import msgspec

from parleqctl.conformance.scripted import TEXT, result_object
from parleqd.protocol.messages import SessionResult
from tests.conforming import problem


def test_the_scripted_result_is_one_of_the_protocol() -> None:
    result: dict[str, Any] = result_object("s1")
    assert msgspec.convert(result, SessionResult).text == TEXT
    answer = {"jsonrpc": "2.0", "id": 1, "result": result}
    assert problem("SessionResultResponse", answer) is None
