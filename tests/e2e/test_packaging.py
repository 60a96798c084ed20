"""What is handed out: the wheel and the sdist, what is in them, and the programs as pipx and uv install them.

`make test` installs with uv, and with pipx that calls uv, from uv's cache (`make env` filled it) and without a network.
`make prove` installs the wheel and the sdist with both, pip's way too, with every extra, from the configured index.
"""

from __future__ import annotations

import configparser
import email
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

import parleqd
from tests.e2e.homes import INSTALLERS, Home, empty_home, fetching, install, uninstall
from tests.parts import PROVING, ROOT, need
from tests.systemd import user_systemd

pytestmark = pytest.mark.timeout(120)

PROGRAMS = ("parleqd", "parleqctl", "parleq-hotkey")
PACKAGES = ("parleqd", "parleq_client", "parleqctl", "parleq_hotkey")
RECORDING = ROOT / "parleqd" / "_tools" / "demo_recording" / "demo.flac"
SHIPPED_BESIDE = {"LICENSE", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "requirements/base.txt"}


@dataclass(frozen=True)
class Built:
    wheel: Path
    sdist: Path

    def names(self) -> set[str]:
        """The files of the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())

    def read(self, name: str) -> str:
        """A file of the wheel's dist-info."""
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.read(f"parleqd-{parleqd.__version__}.dist-info/{name}").decode()

    def metadata(self) -> Message:
        return email.message_from_string(self.read("METADATA"))


def build(root: Path, into: Path, **changed: str) -> Built:
    """Both, from the sources in ``root``, with some variables of the environment changed."""
    command = [sys.executable, "-m", "parleqd._tools.dist", "--root", str(root), "--into", str(into)]
    subprocess.run(command, cwd=ROOT, env=os.environ | changed, check=True, capture_output=True, text=True)
    (wheel,), (sdist,) = into.glob("*.whl"), into.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def unpacked(built: Built, folder: Path) -> Path:
    with tarfile.open(built.sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"parleqd-{parleqd.__version__}"


# ── what is in them ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_wheel_says_what_the_package_says(built: Built) -> None:
    metadata = built.metadata()
    assert metadata["Version"] == parleqd.__version__
    assert built.wheel.name == f"parleqd-{parleqd.__version__}-py3-none-any.whl"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert built.read("licenses/LICENSE") == (ROOT / "LICENSE").read_text("utf-8")
    scripts = configparser.ConfigParser()
    scripts.read_string(built.read("entry_points.txt"))
    assert set(scripts["console_scripts"]) == set(PROGRAMS)


def test_the_wheel_holds_the_packages_whole_and_nothing_that_only_lay_about(built: Built) -> None:
    names = built.names()
    shared = f"parleqd-{parleqd.__version__}.data/data/share/"
    assert {name.split("/")[0] for name in names} == {
        *PACKAGES, f"parleqd-{parleqd.__version__}.data", f"parleqd-{parleqd.__version__}.dist-info",
    }  # fmt: skip
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert {name.removeprefix(shared) for name in names if name.startswith(shared)} == files_below(ROOT / "share")
    assert {name for name in names if name.startswith("parleqctl/")} == {
        f"parleqctl/{name}" for name in files_below(ROOT / "clients" / "parleqctl")
    }
    assert not [name for name in names if re.search(r"(^|/)(tests?|conftest\.py|\..*)(/|$)|\.pyc$", name)]


def test_the_sdist_holds_what_builds_checks_and_tests_it_and_nothing_that_only_lay_about(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
        assert {(member.uid, member.gid, member.uname) for member in archive.getmembers()} == {(0, 0, "")}
    packages = {f"{'' if name.startswith('parleqd') else 'clients/'}{name}" for name in built.names()}
    assert {name for name in packages if "-info/" not in name and ".data/" not in name} <= names
    assert names >= SHIPPED_BESIDE | {"tests/conftest.py", "packaging/debian/rules", "docs/install.md", "PKG-INFO"}
    assert not [name for name in names if re.search(r"(^|/)(\.venv|\.parts|node_modules|__pycache__|dist)/", name)]


def files_below(folder: Path) -> set[str]:
    """The units of the service are links to where people look for them."""
    found = (Path(place, name) for place, _, names in os.walk(folder, followlinks=True) for name in names)
    return {path.relative_to(folder).as_posix() for path in found if path.parent.name != "__pycache__"}


# ── the same bytes ──────────────────────────────────────────────────────────────────────────────────────────


def test_built_elsewhere_by_somebody_else_at_another_time_they_are_the_same_bytes(built: Built, tmp_path: Path) -> None:
    """From the unpacked sdist: so the sdist builds the same wheel, and itself."""
    before = os.umask(0o077)
    try:
        root = unpacked(built, tmp_path / "elsewhere")
        for path in root.rglob("*"):
            os.utime(path, (1, 1_000_000_000))
        again = build(
            root, tmp_path / "dist", TZ="Asia/Kolkata", LC_ALL="C", HOME=str(tmp_path), USER="else", PYTHONHASHSEED="7"
        )
    finally:
        os.umask(before)
    assert again.wheel.read_bytes() == built.wheel.read_bytes()
    assert again.sdist.read_bytes() == built.sdist.read_bytes()


@pytest.mark.timeout(600)
@pytest.mark.skipif(not PROVING, reason="lintian takes its time: make prove")
def test_debian_s_judge_misses_nothing_in_the_source_package_but_an_address(built: Built, tmp_path: Path) -> None:
    """Whoever hands the package on puts theirs in."""
    root = unpacked(built, tmp_path)
    (tmp_path / f"parleqd_{parleqd.__version__}.orig.tar.gz").write_bytes(built.sdist.read_bytes())
    shutil.copytree(root / "packaging" / "debian", root / "debian")
    subprocess.run([need("dpkg-source"), "-b", root], cwd=tmp_path, check=True, capture_output=True)
    (source,) = tmp_path.glob("*.dsc")
    judged = subprocess.run([need("lintian"), "--fail-on", "none", source], capture_output=True, text=True, check=True)
    found = re.findall(r"^[EW]: parleqd source: (\S+)", judged.stdout, flags=re.MULTILINE)
    assert found == ["bogus-mail-host"], judged.stdout


# ── installed ───────────────────────────────────────────────────────────────────────────────────────────────


asks_a_registry = pytest.mark.skipif(not PROVING, reason="it asks the package registry: make prove")


@asks_a_registry
@pytest.mark.timeout(600)
@pytest.mark.parametrize("archive", ["wheel", "sdist"])
@pytest.mark.parametrize("installer", INSTALLERS)
def test_installed_into_an_empty_home_they_start_and_go_without_a_trace(
    built: Built, installer: str, archive: str
) -> None:
    with empty_home() as home:
        install(home, installer, getattr(built, archive), extras(built))
        for name in PROGRAMS:
            assert home.done(home.program(name), "--version") == f"{name} {parleqd.__version__}\n"
            assert f"usage: {name} " in home.done(home.program(name), "--help")
        explained(home.run(home.program("parleqctl"), "doctor", "--json"))
        pages = manual(home, installer)
        assert all((pages / "man1" / f"{name}.1").is_file() for name in PROGRAMS)
        assert "PARLEQCTL(1)" in home.done(need("man"), "-M", pages, "parleqctl")
        assert home.left_behind()
        uninstall(home, installer)
        assert home.left_behind() == []


@asks_a_registry
@pytest.mark.timeout(600)
@pytest.mark.parametrize("installer", INSTALLERS)
def test_on_a_fresh_machine_the_service_works_and_goes_without_a_trace(built: Built, installer: str) -> None:
    """From nothing to a dictation by a daemon that the first request started, and back."""
    with user_systemd() as systemd:
        home = Home(systemd.home, systemd.environment | fetching())
        install(home, installer, built.wheel, "demo,identity")
        ctl = str(home.program("parleqctl"))
        assert systemd.run(ctl, "service", "install").returncode == 0
        explained(systemd.run(ctl, "doctor", "--json"))
        dictated = systemd.run(ctl, "dictate", "--pace", "fast", str(RECORDING))
        assert "garden party" in dictated.stdout, (dictated.stderr, systemd.log)
        assert json.loads(systemd.run(ctl, "service", "status", "--json").stdout)["installed"] is True
        assert systemd.run(ctl, "service", "uninstall").returncode == 0
        assert home.left_behind()
        uninstall(home, installer)
        assert home.left_behind() == []
        assert not [path for path in systemd.runtime.rglob("*") if "parleq" in path.name and path.is_file()]


def extras(built: Built) -> str:
    """All that there are to prove; else those that `make env` has, so that nothing is fetched."""
    return ",".join(built.metadata().get_all("Provides-Extra", [])) if PROVING else "demo,identity"


def explained(examined: subprocess.CompletedProcess[str]) -> None:
    """Every check of the doctor is green, or says what to do."""
    checks = json.loads(examined.stdout)["checks"]
    assert {"settings", "model", "worker"} <= {check["check"] for check in checks if check["verdict"] == "ok"}, checks
    assert not [check for check in checks if check["verdict"] != "ok" and not check["hint"]]


def manual(home: Home, installer: str) -> Path:
    """Where the pages lie: pipx links them to where man looks."""
    if installer == "uv":
        return Path(home.done("uv", "tool", "dir").strip()) / "parleqd" / "share" / "man"
    completion = home.path / ".local" / "share" / "bash-completion" / "completions" / "parleqctl"
    assert "parleqctl" in completion.read_text("utf-8")
    return home.path / ".local" / "share" / "man"
