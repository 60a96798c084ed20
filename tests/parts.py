"""What tests ask of the world: real parts (parts.toml), the data beside the project, how much to run."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
_SYSTEM_PYTHON = Path("/usr/bin/python3")
"""Debian's packages of Python modules are for this one, which need not be the first on PATH."""
REQUIRED = os.environ.get("PARLEQ_REQUIRE_REAL_PARTS") == "1"
PROVING = os.environ.get("PARLEQ_PROVE") == "1"

Part = dict[str, Any]
"""One table of parts.toml, whose first lines say what each key means."""


def need(name: str) -> Path:
    """The program, library, file or package folder of a real part; else skip (or fail, when parts are required).

    Raises ``KeyError`` for a part that parts.toml does not list.
    """
    part = listed()[name]
    return find(part) or give_up(name, part, REQUIRED)


def shared_data(folder: str) -> Path:
    """A folder of the data beside the project (PARLEQ_SHARED, default ../shared); absent, always a skip."""
    shared = Path(os.environ.get("PARLEQ_SHARED", "../shared"))
    path = (ROOT / shared / "data" / folder).resolve()
    if not path.is_dir():
        pytest.skip(f"the shared data has no {folder!r} here; PARLEQ_SHARED is the folder above data/")
    return path


def scale(test: int, prove: int) -> int:
    """How often to repeat a torture: ``test`` times in `make test`, ``prove`` times in `make prove`."""
    return prove if PROVING else test


def listed() -> dict[str, Part]:
    """Every part by name."""
    return tomllib.loads(Path(__file__).with_name("parts.toml").read_text(encoding="utf-8"))


def missing_packages() -> list[str]:
    """The Debian packages of every part that is missing here, for .ci/run."""
    return sorted({package for part in listed().values() if not find(part) for package in part.get("debian", ())})


def find(part: Part) -> Path | None:
    """Where a part is, or ``None``."""
    if "program" in part:
        return _program(part)
    if "library" in part:
        name = ctypes.util.find_library(part["library"])
        return None if name is None else Path(name)
    if "file" in part:
        path = ROOT / part["file"]
        return path if path.is_file() else None
    if "python" in part:
        return _python(part["python"])
    spec = importlib.util.find_spec(part["module"])
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def give_up(name: str, part: Part, required: bool) -> NoReturn:
    """Skip the test, or fail it, and name what to install."""
    packages = f"apt-get install {' '.join(part['debian'])} (on Debian and Ubuntu)" if "debian" in part else ""
    how = ", then ".join(filter(None, (packages, part.get("install", ""))))
    message = f"{name} is missing ({part['what']}); to install it: {how}"
    if required:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _program(part: Part) -> Path | None:
    path = shutil.which(part["program"])
    if path is None:
        return None
    if "says" in part:
        answer = subprocess.run([path, "-h"], capture_output=True, text=True, check=False, timeout=10)
        if part["says"] not in answer.stdout + answer.stderr:
            return None
    return Path(path)


def _python(line: str) -> Path | None:
    if not _SYSTEM_PYTHON.is_file():
        return None
    ran = subprocess.run([_SYSTEM_PYTHON, "-c", line], capture_output=True, check=False, timeout=30)
    return _SYSTEM_PYTHON if ran.returncode == 0 else None
