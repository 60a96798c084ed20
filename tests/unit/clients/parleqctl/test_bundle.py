from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.bundle import packed, write_bundle
from parleqd.protocol.names import Reason

FILES = {"a.txt": "first\n", "b.json": "{}\n"}


def test_the_files_are_in_it(tmp_path: Path) -> None:
    write_bundle(str(tmp_path / "b.tar.gz"), FILES)
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        assert archive.getnames() == ["parleq-report/a.txt", "parleq-report/b.json"]
        found = archive.extractfile("parleq-report/a.txt")
        assert found is not None
        assert found.read() == b"first\n"


def test_only_its_owner_can_read_it_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_bundle(str(tmp_path / "b"), FILES)
        os.umask(0o777)
        write_bundle(str(tmp_path / "c"), FILES)
    finally:
        os.umask(before)
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in "bc"} == {0o600}


def test_it_tells_neither_who_made_it_nor_when() -> None:
    data = packed(FILES)
    assert data == packed(FILES)
    assert data[3] & 0b11110 == 0, "the header has a file name, a comment, or more"  # RFC 1952, 2.3.1: FLG
    assert data[4:8] == bytes(4), "the header has a time"
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
        for entry in archive:
            assert (entry.uid, entry.gid, entry.uname, entry.gname, entry.mtime) == (0, 0, "", "", 0)


@pytest.mark.parametrize("how", ["file", "link", "dangling"])
def test_what_is_there_stays(tmp_path: Path, how: str) -> None:
    path, own = tmp_path / "b", tmp_path / "own"
    if how != "dangling":
        own.write_text("mine")
    path.write_text("mine") if how == "file" else path.symlink_to(own)
    with pytest.raises(LocalError) as refused:
        write_bundle(str(path), FILES)
    assert (refused.value.reason, "--output" in refused.value.hint) == (Reason.USAGE, True)
    assert own.exists() is (how != "dangling")
    assert how == "dangling" or path.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="No such file"):
        write_bundle(str(tmp_path / "nowhere" / "b"), FILES)
