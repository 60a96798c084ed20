from __future__ import annotations

import struct
import zlib

import pytest

from parleqd._tools.private_x import private_x
from parleqd._tools.screenshots import Image, screenshot, stacked
from tests.parts import need

RED, BLUE, GREY = b"\xff\0\0", b"\0\0\xff", b"\x80\x80\x80"


def chunks(png: bytes) -> dict[bytes, bytes]:
    """A PNG's chunks by name, their checksums checked."""
    found, rest = {}, png.removeprefix(b"\x89PNG\r\n\x1a\n")
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        name, data, check = rest[4:8], rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert struct.unpack(">I", check) == (zlib.crc32(name + data),)
        found[name] = data
        rest = rest[12 + length :]
    return found


def test_a_picture_of_few_colours_has_a_palette() -> None:
    found = chunks(Image(2, 2, RED + BLUE + BLUE + RED).png())
    assert list(found) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert found[b"IHDR"] == struct.pack(">IIBBBBB", 2, 2, 8, 3, 0, 0, 0)
    assert found[b"PLTE"] == BLUE + RED
    assert zlib.decompress(found[b"IDAT"]) == b"\0\1\0" + b"\0\0\1"


def test_a_picture_of_many_colours_is_written_as_it_is() -> None:
    rgb = bytes(part for number in range(300) for part in (number % 256, number // 256, 0))
    found = chunks(Image(300, 1, rgb).png())
    assert list(found) == [b"IHDR", b"IDAT", b"IEND"]
    assert zlib.decompress(found[b"IDAT"]) == b"\0" + rgb


def test_colours_are_counted() -> None:
    assert Image(3, 1, RED + BLUE + RED).colours() == {"#ff0000": 2, "#0000ff": 1}


def test_images_are_stacked_in_columns_on_their_grounds() -> None:
    found = stacked([[Image(1, 1, RED), Image(3, 1, BLUE * 3)], [Image(1, 1, RED)]], 1, [GREY, BLUE])
    assert (found.width, found.height) == (5 + 3, 5)
    rows = [found.rgb[24 * y : 24 * (y + 1)] for y in range(5)]
    empty = GREY * 5 + BLUE * 3
    red = GREY * 2 + RED + GREY * 2 + BLUE + RED + BLUE
    assert rows == [empty, red, empty, GREY + BLUE * 3 + GREY + BLUE * 3, empty]


def test_a_display_is_looked_at() -> None:
    for part in ("xvfb", "xdotool"):
        need(part)
    with private_x(size="64x48", window_manager=False) as server:
        server.run("xsetroot", "-solid", "#123456")
        whole = screenshot(server.name)
        assert (whole.width, whole.height, whole.colours()) == (64, 48, {"#123456": 64 * 48})
        assert screenshot(server.name, (60, 40, 4, 8)).colours() == {"#123456": 32}
        with pytest.raises(ValueError, match="5x8"):
            screenshot(server.name, (60, 40, 5, 8))
