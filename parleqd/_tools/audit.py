"""`make audit`: is a fault known in any pinned package? pip-audit asks PyPI's advisories; what it could not is told.

pip-audit itself ends well when an index knows nothing of a package, as a mirror without advisories does of all: the
all-clear would be false. Here that is an exit code of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".parts" / "audit" / "bin" / "pip-audit"
LOCKS = ("base.txt", "dev.txt", "hotkey-linux.txt")
CLEAN, FAULTY, NOT_ASKED = 0, 1, 3
_SHOWN = 5
_DEADLINE_S = 600.0


class Advice(NamedTuple):
    """What came of it. ``faults``: a line for each; ``unasked``: packages that nobody could say a word about."""

    asked: int
    faults: Sequence[str]
    unasked: Sequence[str]


def main() -> int:
    """Print what is known; 0, 1 or 3."""
    command = [str(PROGRAM), "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    for lock in LOCKS:
        command += ["--requirement", str(ROOT / "requirements" / lock)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return tell(None, str(error))
    return tell(advice_of(done.stdout), done.stderr)


def advice_of(printed: str) -> Advice | None:
    """What pip-audit's JSON says; None for what is none: it ended with an error."""
    try:
        packages: list[dict[str, Any]] = json.loads(printed)["dependencies"]
        asked = [package for package in packages if "skip_reason" not in package]
        faults = [
            f"{package['name']} {package['version']}: {fault['id']}, "
            f"mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
            for package in asked
            for fault in package["vulns"]
        ]
    except (ValueError, KeyError, TypeError):
        return None
    return Advice(len(asked), faults, [package["name"] for package in packages if "skip_reason" in package])


def tell(advice: Advice | None, errors: str) -> int:
    """Print it; gives the exit code. Known faults go before what could not be asked."""
    if advice is None:
        last = errors.strip().splitlines()[-1:]
        print("audit: could not ask:", *last or ["pip-audit printed nothing"])
        return NOT_ASKED
    for fault in advice.faults:
        print(f"audit: {fault}")
    if advice.unasked:
        more = ", …" if len(advice.unasked) > _SHOWN else ""
        names = ", ".join(advice.unasked[:_SHOWN]) + more
        print(f"audit: could not ask about {len(advice.unasked)} of {advice.asked + len(advice.unasked)}: {names}")
        print("audit: the index has no advisories (a mirror?); ask from where PyPI itself can be reached")
    else:
        print(f"audit: {advice.asked} packages, {len(advice.faults)} known faults")
    if advice.faults:
        return FAULTY
    return NOT_ASKED if advice.unasked or not advice.asked else CLEAN


if __name__ == "__main__":
    sys.exit(main())
