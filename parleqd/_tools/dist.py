"""Build the sdist and the wheel (`make dist`): the same bytes wherever, whenever and by whomever they are built.

hatchling puts one date on everything; it is the release's (``release_date``), which an unpacked sdist knows too, so
that it builds the same wheel and the same sdist. What remains is zlib: another build of it may compress differently.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from parleqd._tools.release import release_date

ROOT = Path(__file__).resolve().parents[2]


def build(root: Path, into: Path) -> list[Path]:
    """The sdist and the wheel of the sources in ``root``. Raises ``CalledProcessError`` with what hatchling says."""
    epoch = str(int(release_date(root).timestamp()))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(into.absolute())],
        cwd=root,
        env=os.environ | {"SOURCE_DATE_EPOCH": epoch},
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(into.glob("parleqd-*"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, and print each file with its checksum, as sha256sum does."""
    parser = argparse.ArgumentParser(prog="dist", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the sources: a checkout, or an unpacked sdist")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", help="where the files go (default: dist)")
    options = parser.parse_args(arguments)
    try:
        built = build(options.root, options.into)
    except subprocess.CalledProcessError as failure:
        print(f"dist: hatchling failed:\n{failure.stderr}", file=sys.stderr)
        return 1
    for path in built:
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
