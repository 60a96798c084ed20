"""The guards hold, and they bite: each seeded breach of the architecture is caught, in a copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture import tree
from tests.parts import ROOT


@dataclass(frozen=True)
class Breach:
    """A file with code that must not be there, and what the tool says about it."""

    file: str
    code: str
    caught: str


IMPORT_BREACHES = {
    "core imports the engine": Breach("parleqd/core/breach.py", "import parleqd.engine", "Layers BROKEN"),
    "core imports an adapter under TYPE_CHECKING": Breach(
        "parleqd/core/breach.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import parleqd.adapters",
        "Layers BROKEN",
    ),
    "protocol imports core": Breach("parleqd/protocol/breach.py", "import parleqd.core.errors", "Layers BROKEN"),
    "the engine imports an adapter inside a function": Breach(
        "parleqd/engine/breach.py", "def late():\n    import parleqd.adapters", "Layers BROKEN"
    ),
    "an adapter imports the engine": Breach("parleqd/adapters/breach.py", "import parleqd.engine", "Layers BROKEN"),
    "a package that no layer names": Breach("parleqd/extras/__init__.py", "", "Layers BROKEN"),
    "an adapter imports another": Breach(
        "parleqd/adapters/breach_one/__init__.py",
        "import parleqd.adapters.breach_two",
        "Adapters know nothing of one another BROKEN",
    ),
    "core opens sockets": Breach("parleqd/core/breach.py", "import socket", "Core and protocol do no I/O BROKEN"),
    "core rolls dice": Breach("parleqd/core/breach.py", "import random", "Core and protocol do no I/O BROKEN"),
    "the engine loads numpy": Breach("parleqd/engine/breach.py", "import numpy", "The daemon never loads"),
    "a handler reaches an adapter": Breach(
        "parleqd/rpc/breach.py", "import parleqd.adapters.breach_two", "Handlers never reach adapters BROKEN"
    ),
    "the wiring's neighbour names an adapter": Breach(
        "parleqd/app/breach.py", "import parleqd.adapters.breach_two", "Only the wiring names adapters BROKEN"
    ),
    "a client imports core": Breach(
        "clients/parleq_client/breach.py",
        "import parleqd.core.errors",
        "Clients stand on the protocol alone BROKEN",
    ),
    "the command line imports the messages": Breach(
        "clients/parleqctl/breach.py", "import parleqd.protocol.messages", "the protocol's names only BROKEN"
    ),
    "audio leaves by a second HTTP client": Breach(
        "parleqd/engine/breach.py", "import httpx", "Each library has one owner BROKEN"
    ),
    "audio leaves by the standard library": Breach(
        "parleqd/speech_worker/breach.py", "from http.client import HTTPConnection", "Each library has one owner BROKEN"
    ),
    "audio leaves by a socket of its own": Breach(
        "parleqd/engine/breach.py", "def late():\n    import socket", "Each library has one owner BROKEN"
    ),
    "the speech worker reaches the network with the client for text": Breach(
        "parleqd/speech_worker/breach.py", "import httpx", "Each library has one owner BROKEN"
    ),
    "a library that nobody decided on": Breach(
        "parleqd/app/breach.py", "import requests", "Each library has one owner BROKEN"
    ),
    "two packages import each other": Breach(
        "parleqd/core/breach_one/__init__.py", "import parleqd.core.breach_two", "No cycles BROKEN"
    ),
}
# What some breaches need around them.
SCENERY = {
    "parleqd/adapters/breach_two/__init__.py": "",
    "parleqd/core/breach_two/__init__.py": "import parleqd.core.breach_one",
}

LINT_BREACHES = {
    "a sleep": Breach("parleqd/engine/breach.py", "import time\n\ntime.sleep(1)\n", "TID251"),
    "a thread": Breach("parleqd/engine/breach.py", "import threading\n\nthreading.Thread()\n", "TID251"),
    "a timer": Breach("parleqd/rpc/breach.py", "import threading\n\nthreading.Timer(1, print)\n", "TID251"),
    "a loose task": Breach("parleqd/engine/breach.py", "import asyncio\n\nasyncio.create_task(None)\n", "TID251"),
    "a call into the loop from a thread": Breach(
        "parleqd/adapters/breach.py", "import asyncio\n\nasyncio.run_coroutine_threadsafe(None)\n", "TID251"
    ),
    "audio leaves by urllib": Breach("parleqd/engine/breach.py", "import urllib.request\n", "TID251"),
    "audio leaves by a connection of the event loop": Breach(
        "parleqd/engine/breach.py", "import anyio\n\nanyio.connect_tcp\n", "TID251"
    ),
    "a mock": Breach("tests/unit/test_breach.py", "from unittest import mock\n", "TID251"),
    "a swallowed failure": Breach(
        "parleqd/engine/breach.py", "try:\n    x = 1\nexcept Exception:\n    pass\n", "BLE001"
    ),
    "a print in the daemon": Breach("parleqd/app/breach.py", 'print("dictated text")\n', "T201"),
    "a log line built by hand": Breach(
        "parleqd/app/breach.py", 'import logging\n\nlogging.getLogger("x").info(f"{1}")\n', "G004"
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code without tests, as the import linter sees it."""
    for path in tree.modules():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    found = lint_imports(ROOT)
    if found.returncode != 0:
        pytest.fail(found.stdout + found.stderr, pytrace=False)


def test_what_the_breaches_need_around_them_is_no_breach(copy: Path) -> None:
    for file, code in SCENERY.items():
        plant(copy, file, code)
    assert lint_imports(copy).returncode == 0


@pytest.mark.parametrize("breach", IMPORT_BREACHES.values(), ids=IMPORT_BREACHES.keys())
def test_a_forbidden_import_is_caught(breach: Breach, copy: Path) -> None:
    for file, code in {**SCENERY, breach.file: breach.code}.items():
        plant(copy, file, code)
    found = lint_imports(copy)
    assert found.returncode == 1
    assert breach.caught in found.stdout


@pytest.mark.parametrize("breach", LINT_BREACHES.values(), ids=LINT_BREACHES.keys())
def test_a_banned_construct_is_caught(breach: Breach, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    plant(tmp_path, breach.file, f"from __future__ import annotations\n\n{breach.code}")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert breach.caught in found.stdout


def test_a_fake_that_no_longer_fits_its_port_is_caught(tmp_path: Path) -> None:
    fake = tmp_path / "fake.py"
    fake.write_text(
        "from parleqd.core.ports import Journal\n\n"
        "class Fake:\n    def open(self, session_id: int) -> None: ...\n\n"
        "journal: Journal = Fake()\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--cache-dir", str(tmp_path)]
    found = subprocess.run([*command, str(fake)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert 'variable has type "Journal"' in found.stdout, found.stdout + found.stderr


def plant(root: Path, file: str, code: str) -> None:
    """Write the file, and make every folder on its way a package."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)
    for folder in path.relative_to(root).parents:
        if folder.parts and folder.parts != ("clients",) and not (root / folder / "__init__.py").exists():
            (root / folder / "__init__.py").touch()


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts over a tree."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'clients'}", "COLUMNS": "200"}
    return subprocess.run(
        [program, "--no-logo", "--no-cache"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
