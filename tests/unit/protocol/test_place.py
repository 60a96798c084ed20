from __future__ import annotations

import pytest

from parleqd.protocol import place

MOUNTS = """\
/dev/vda / ext4 rw 0 0
tmpfs /dev/shm tmpfs rw 0 0
tmpfs /run/user/1000 tmpfs rw 0 0
/dev/vdb /run/user/1000/disk ext4 rw 0 0
tmpfs /mnt/with\\040blank tmpfs rw 0 0
tmpfs /over tmpfs rw 0 0
/dev/vdc /over ext4 rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"PARLEQ_SOCKET": "/a/b.sock", "XDG_RUNTIME_DIR": "/run/user/7"}, "linux", "/a/b.sock"),
        ({"PARLEQ_SOCKET": "", "XDG_RUNTIME_DIR": "/run/user/7"}, "linux", "/run/user/7/parleq/parleqd.sock"),
        ({"XDG_RUNTIME_DIR": "/run/user/7/"}, "linux", "/run/user/7/parleq/parleqd.sock"),
        ({"XDG_RUNTIME_DIR": "relative"}, "linux", "/dev/shm/parleq-7/parleqd.sock"),
        ({}, "linux", "/dev/shm/parleq-7/parleqd.sock"),
        ({"TMPDIR": "/var/folders/x/T/"}, "darwin", "/var/folders/x/T/parleq-7/parleqd.sock"),
        ({}, "darwin", "/tmp/parleq-7/parleqd.sock"),
        ({"XDG_RUNTIME_DIR": "/run/7"}, "darwin", "/run/7/parleq/parleqd.sock"),
    ],
)
def test_the_socket_is_where_the_first_rule_that_applies_puts_it(
    environment: dict[str, str], platform: str, expected: str
) -> None:
    assert place.socket_path(environment, 7, platform) == expected


@pytest.mark.parametrize(("platform", "longest"), [("linux", 107), ("darwin", 103)])
def test_a_path_longer_than_the_platform_takes_is_refused_with_the_reason(platform: str, longest: int) -> None:
    fits = "/" + "x" * (longest - 1)
    assert place.usable_socket_path(fits, platform) == fits
    with pytest.raises(place.PlaceError, match=f"at most {longest + 1}") as refused:
        place.socket_path({"PARLEQ_SOCKET": fits + "x"}, 7, platform)
    assert "shorter" in refused.value.hint


def test_the_length_is_counted_in_bytes() -> None:
    with pytest.raises(place.PlaceError):
        place.usable_socket_path("/" + "é" * 60, "linux")


def test_folders_that_may_lie_in_memory_come_best_first() -> None:
    assert place.memory_folders({"XDG_RUNTIME_DIR": "/run/user/7"}, 7, "linux") == (
        "/run/user/7/parleq",
        "/dev/shm/parleq-7",
    )
    assert place.memory_folders({}, 7, "linux") == ("/dev/shm/parleq-7",)
    assert place.memory_folders({"TMPDIR": "/var/T"}, 7, "darwin") == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dev/shm", True),
        ("/dev/shm/parleq-7", True),
        ("/dev/shmx", False),
        ("/home/user", False),
        ("/run/user/1000/parleq", True),
        ("/run/user/1000/disk/parleq", False),
        ("/mnt/with blank/parleq", True),
        ("/over/parleq", False),
    ],
)
def test_the_nearest_and_latest_mount_decides_what_is_memory(path: str, expected: bool) -> None:
    assert place.in_memory(path, MOUNTS) is expected


def test_an_empty_mount_table_holds_no_memory() -> None:
    assert place.in_memory("/dev/shm/parleq-7", "") is False


WHOLE = "         0          0 4294967295\n"


@pytest.mark.parametrize(
    ("owner", "mode", "uid_map", "expected"),
    [
        (0, 0o755, WHOLE, False),
        (7, 0o700, WHOLE, False),
        (8, 0o700, WHOLE, True),
        (7, 0o770, WHOLE, True),
        (7, 0o702, WHOLE, True),
        (0, 0o1777, WHOLE, False),
        (8, 0o1777, WHOLE, True),  # its owner may remove what he likes
        (65534, 0o755, WHOLE, True),
        (65534, 0o755, "", True),
        (65534, 0o755, "7 7 1\n", False),  # root's, in a sandbox
        (65534, 0o775, "7 7 1\n", True),
    ],
)
def test_what_lies_in_a_folder_is_safe_from_others(owner: int, mode: int, uid_map: str, expected: bool) -> None:
    assert place.replaceable(owner, mode, place.trusted_owners(7, uid_map)) is expected
