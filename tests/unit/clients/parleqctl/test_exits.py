from __future__ import annotations

import pytest

from parleq_client import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError
from parleqctl import exits


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreachableError("m", "h"), 3),
        (RefusedError(-32000, "queue_full", "m"), 4),
        (ProtocolError("m"), 4),
        (LocalError("too_large", "m"), 4),
    ],
)
def test_each_error_has_its_code(error: ClientError, code: int) -> None:
    assert exits.of_error(error) == code


@pytest.mark.parametrize(
    ("codes", "worst"), [([], 0), ([0, 0], 0), ([0, 5], 5), ([5, 4, 0], 4), ([4, 5], 4), ([3, 4], 3)]
)
def test_a_failure_outweighs_silence_which_outweighs_success(codes: list[int], worst: int) -> None:
    assert exits.worst(codes) == worst
