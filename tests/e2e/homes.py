"""Homes in which nothing is, for a program to be installed into and removed from, by the installers that people use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.parts import ROOT, need

PATIENCE_S = 300.0
PINNED = ROOT / "requirements" / "base.txt"
BACK_ENDS = ROOT / "requirements" / "build.txt"
INSTALLERS = ("uv", "pipx-uv", "pipx-pip")
"""uv tool; pipx that calls uv, and that calls pip, which asks the index each time."""
_OF_THE_INSTALLER = (".local/share/pipx/venvs/.parleqd.lock",)
"""What pipx leaves that has our name in its own."""
_KEPT = ("LANG", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_KEPT_PREFIXES = ("PIP_", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX", "UV_FIND", "UV_NATIVE", "UV_SYSTEM_CERTS")


@dataclass(frozen=True)
class Home:
    """A home, and the environment of a program that its owner starts."""

    path: Path
    environment: dict[str, str]

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            command, env=self.environment, cwd=self.path, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=PATIENCE_S,
        )  # fmt: skip

    def done(self, *command: str | Path) -> str:
        """What a command prints; it must not fail."""
        outcome = self.run(*command)
        assert outcome.returncode == 0, f"{command}:\n{outcome.stdout}{outcome.stderr}"
        return outcome.stdout

    def program(self, name: str) -> Path:
        """One of the programs that were installed."""
        return self.path / ".local" / "bin" / name

    def left_behind(self) -> list[str]:
        """All that has our name, wherever it lies."""
        found = (path.relative_to(self.path).as_posix() for path in self.path.rglob("*"))
        return sorted(name for name in found if "parleq" in name and name not in _OF_THE_INSTALLER)


@contextmanager
def empty_home() -> Iterator[Home]:
    """A home with a runtime folder."""
    with tempfile.TemporaryDirectory(prefix="home-", dir="/tmp") as folder:  # short: a socket's path will begin so
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        yield Home(Path(folder), {"HOME": folder, "XDG_RUNTIME_DIR": str(runtime)} | fetching())


def fetching() -> dict[str, str]:
    """Variables for an installer in another home: the user's own index, certificates and caches."""
    uv, pip = need("installers").with_name("uv"), [sys.executable, "-m", "pip"]
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}
    kept |= {
        "LC_ALL": "C.UTF-8",
        "PATH": f"{uv.parent}:{os.environ['PATH']}",
        "PIP_CACHE_DIR": _said(*pip, "cache", "dir"),
        "UV_CACHE_DIR": _said(uv, "cache", "dir"),
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for variable, file in (("PIP_CONFIG_FILE", "pip/pip.conf"), ("UV_CONFIG_FILE", "uv/uv.toml")):
        if (settings / file).is_file():
            kept.setdefault(variable, str(settings / file))
    return kept


def install(home: Home, installer: str, archive: Path, extras: str) -> None:
    """Install the programs of a wheel or an sdist, with the locked versions of what they need."""
    spec = f"{archive}[{extras}]"
    if installer == "uv":
        home.done(
            "uv", "tool", "install", "--python", sys.executable, "--constraints", PINNED,
            "--build-constraints", BACK_ENDS, spec,
        )  # fmt: skip
        return
    back_end = installer.removeprefix("pipx-")
    arguments = f"--pip-args=--constraint={_versions(home.path)}"
    home.done("pipx", "install", "--python", sys.executable, "--backend", back_end, arguments, spec)


def uninstall(home: Home, installer: str) -> None:
    """Remove them."""
    home.done(*(("uv", "tool") if installer == "uv" else ("pipx",)), "uninstall", "parleqd")


def _versions(folder: Path) -> Path:
    """The locked versions alone, as docs/install.md makes them: pip takes no checksums beside a wheel of one's own."""
    pins = re.findall(r"^([a-z0-9].*[^ \\]) *\\$", PINNED.read_text("utf-8"), flags=re.MULTILINE)
    path = folder / "versions.txt"
    path.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
    return path


def _said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
