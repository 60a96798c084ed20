"""The locks pin what pyproject.toml asks for, each with hashes, and name no host."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture import tree
from tests.parts import ROOT

LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), *sorted((ROOT / "tests" / "peers").glob("*/*.txt"))]
NPM_LOCKS = [*(ROOT / "tests" / "peers").glob("*/package-lock.json"), *(ROOT / "clients").glob("*/package-lock.json")]
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; (?P<marker>[^\\]+))? \\$")
HASH = re.compile(r" +--hash=sha256:[0-9a-f]{64}( \\)?")
NOTE = re.compile(r" +#( +(via|-[rc] [a-z./-]+|[\w.-]+|parleqd \(pyproject\.toml\)))*")
# extra → the lock that carries it (architecture: what compiles from source has its own)
LOCK_OF_EXTRA = {"demo": "dev", "hotkey": "hotkey-linux", "identity": "dev", "wayland": "dev"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.relative_to(ROOT).as_posix())
def test_every_line_is_a_pin_a_hash_or_a_note(lock: Path) -> None:
    tree.expect_none(
        f"{lock.name}:{number}: {line}"
        for number, line in enumerate(lock.read_text("utf-8").splitlines(), 1)
        if not (PIN.match(line) or HASH.fullmatch(line) or NOTE.fullmatch(line))
    )


def test_every_requirement_is_pinned_within_its_limits() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [("base", line) for line in project["dependencies"]]
    asked += [
        (LOCK_OF_EXTRA[extra], line) for extra, lines in project["optional-dependencies"].items() for line in lines
    ]
    tree.expect_none(
        f"{line} is not pinned by {lock}.txt: `make lock`"
        for lock, line in asked
        if not _pinned(ROOT / "requirements" / f"{lock}.txt", Requirement(line))
    )


def test_what_npm_fetches_is_locked_without_a_host() -> None:
    tree.expect_none(
        f"{lock.relative_to(ROOT)}: {name} has no integrity or names a host"
        for lock in NPM_LOCKS
        for name, package in json.loads(lock.read_text("utf-8"))["packages"].items()
        if name and ("integrity" not in package or "resolved" in package)
    )


def _pinned(lock: Path, requirement: Requirement) -> bool:
    """All versions that the lock holds for a package (one a Python version) satisfy what was asked."""
    pins = [match for line in lock.read_text("utf-8").splitlines() if (match := PIN.match(line))]
    versions = [pin["version"] for pin in pins if pin["name"] == canonicalize_name(requirement.name)]
    return bool(versions) and all(version in requirement.specifier for version in versions)
