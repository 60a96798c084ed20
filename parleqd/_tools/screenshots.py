"""Pictures of an X display, for tests and documents: taken, put together, and written as PNG (RFC 2083)."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from Xlib import X, display


@dataclass(frozen=True, slots=True)
class Image:
    """``rgb``: three bytes a pixel, line by line from the top."""

    width: int
    height: int
    rgb: bytes

    def colours(self) -> dict[str, int]:
        """How many pixels there are of each colour, named "#rrggbb"."""
        counts = Counter(zip(self.rgb[0::3], self.rgb[1::3], self.rgb[2::3], strict=True))
        return {f"#{bytes(pixel).hex()}": count for pixel, count in counts.items()}

    def png(self) -> bytes:
        """The image as a PNG file, with its colours in a palette when there are 256 at most."""
        colours = sorted({self.rgb[start : start + 3] for start in range(0, len(self.rgb), 3)})
        if len(colours) <= 256:
            number = {colour: index for index, colour in enumerate(colours)}
            pixels = bytes(number[self.rgb[start : start + 3]] for start in range(0, len(self.rgb), 3))
            return _png(self.width, self.height, 3, pixels, palette=b"".join(colours))
        return _png(self.width, self.height, 2, self.rgb)


def screenshot(name: str, area: tuple[int, int, int, int] | None = None) -> Image:
    """What the display of that name (":5") shows, or an area of it: left and upper edge, width and height.

    Raises ValueError when the area is not within. The display must have 24 bits a pixel, as Xvfb has here.
    """
    connection = display.Display(name)
    try:
        root = connection.screen().root
        size = root.get_geometry()
        x, y, width, height = area or (0, 0, size.width, size.height)
        if not (0 <= x < x + width <= size.width and 0 <= y < y + height <= size.height):
            raise ValueError(f"{width}x{height}+{x}+{y} is not within {size.width}x{size.height}")
        data = root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF).data
    finally:
        connection.close()
    rgb = bytearray(3 * width * height)
    for place, source in enumerate((2, 1, 0)):  # the server gives blue, green, red and a byte of nothing
        rgb[place::3] = data[source::4]
    return Image(width, height, bytes(rgb))


def stacked(columns: Sequence[Sequence[Image]], gap: int, ground: Sequence[bytes]) -> Image:
    """Columns of images side by side, each on its ``ground`` (three bytes), with ``gap`` pixels around the images."""
    height = max(sum(image.height + gap for image in column) for column in columns) + gap
    parts = [_column(column, height, gap, colour) for column, colour in zip(columns, ground, strict=True)]
    rows = (part.rgb[3 * part.width * y : 3 * part.width * (y + 1)] for y in range(height) for part in parts)
    return Image(sum(part.width for part in parts), height, b"".join(rows))


def _column(images: Sequence[Image], height: int, gap: int, colour: bytes) -> Image:
    width = max(image.width for image in images) + 2 * gap
    rows = []
    for image in images:
        left = (width - image.width) // 2
        rows += [colour * width] * gap
        for y in range(image.height):
            line = image.rgb[3 * image.width * y : 3 * image.width * (y + 1)]
            rows.append(colour * left + line + colour * (width - left - image.width))
    rows += [colour * width] * (height - len(rows))
    return Image(width, height, b"".join(rows))


def _png(width: int, height: int, kind: int, pixels: bytes, palette: bytes = b"") -> bytes:
    line = len(pixels) // height
    rows = b"".join(b"\0" + pixels[line * y : line * (y + 1)] for y in range(height))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))]
    chunks += [(b"PLTE", palette)] if palette else []
    chunks += [(b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
