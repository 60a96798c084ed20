from __future__ import annotations

from pathlib import Path

import pytest

from parleqd.speech_worker.fetch.checksum import Promise, is_kept

# `printf hello | sha256sum` and `printf hello | git hash-object --stdin`
SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
GIT_SHA1 = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"


@pytest.mark.parametrize(
    ("promise", "kept"),
    [
        (Promise("f"), True),
        (Promise("f", 5), True),
        (Promise("f", 4), False),
        (Promise("f", 5, SHA256), True),
        (Promise("f", None, SHA256), True),
        (Promise("f", 5, SHA256[::-1]), False),
        (Promise("f", 5, None, GIT_SHA1), True),
        (Promise("f", 5, None, GIT_SHA1[::-1]), False),
        (Promise("f", 5, SHA256, "ignored"), True),
    ],
)
def test_a_file_keeps_its_promise(tmp_path: Path, promise: Promise, kept: bool) -> None:
    (tmp_path / "f").write_bytes(b"hello")
    assert is_kept(promise, tmp_path / "f") is kept
