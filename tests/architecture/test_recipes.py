"""The recipes of packaging/ and docs/install.md say what the package says; the tools they are for can read them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import parleqd
from tests.parts import ROOT, need

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEBIAN = ROOT / "packaging" / "debian"
FORMULA = (ROOT / "packaging" / "homebrew" / "parleqd.rb").read_text("utf-8")
INSTALL = (ROOT / "docs" / "install.md").read_text("utf-8")
RECIPES = {"debian": (DEBIAN / "rules").read_text("utf-8"), "homebrew": FORMULA}


def test_the_formula_has_the_package_s_version_and_licence() -> None:
    assert re.findall(r'^  version "(.+)"', FORMULA, flags=re.MULTILINE) == [parleqd.__version__]
    assert f'license "{PROJECT["license"]}"' in FORMULA


def test_ruby_reads_the_formula() -> None:
    checked = subprocess.run([need("ruby"), "-wc"], input=FORMULA, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "Syntax OK\n", "")


def test_debian_s_changelog_is_of_the_package_s_version() -> None:
    fields = subprocess.run(
        [need("dpkg-parsechangelog"), "--all", "-l", DEBIAN / "changelog"], capture_output=True, text=True, check=True
    )
    assert fields.stderr == ""
    assert f"\nVersion: {parleqd.__version__}-1\n" in fields.stdout


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_installs_what_is_locked_and_nothing_else(recipe: str) -> None:
    """The locks pin what pyproject.toml asks for: test_locks.py."""
    text = RECIPES[recipe]
    assert {"--require-hashes", "--only-binary", "requirements/base.txt", "requirements/build.txt"} <= {
        word.strip('",') for word in re.split(r"[\s\[\]]+", text)
    }
    assert re.search(r"--no-deps\W+--no-index", text)


@pytest.mark.parametrize("recipe", ["control", "parleqd.rb"])
def test_a_recipe_brings_no_python_that_is_too_old(recipe: str) -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=3.")
    text = (DEBIAN / recipe).read_text("utf-8") if recipe == "control" else FORMULA
    versions = re.findall(r"python3 \(>= 3\.(\d+)\)|python@3\.(\d+)", text)
    assert versions
    assert all(int(debian or homebrew) >= int(oldest) for debian, homebrew in versions)


@pytest.mark.parametrize("program", PROJECT["scripts"])
def test_every_program_gets_a_place(program: str) -> None:
    assert f"usr/lib/parleqd/bin/{program} usr/bin/{program}\n" in (DEBIAN / "parleqd.links").read_text("utf-8")
    assert FORMULA.count(program) >= 2


def test_what_the_recipes_hand_on_is_there() -> None:
    for line in (DEBIAN / "parleqd.install").read_text("utf-8").splitlines():
        assert list(ROOT.glob(line.split()[0])), line
    for pattern in re.findall(r'Dir\["(share/.+?)"\]', FORMULA):
        assert list(ROOT.glob(pattern)), pattern


def test_debhelper_finds_its_way_through_the_steps(tmp_path: Path) -> None:
    shutil.copytree(DEBIAN, tmp_path / "debian")
    steps = subprocess.run(
        [need("debhelper"), "binary", "--no-act"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "debian/rules override_dh_auto_install" in steps.stdout
    assert "dh_shlibdeps" not in [line.strip() for line in steps.stdout.splitlines()]


def test_the_page_lists_every_extra_and_what_it_brings() -> None:
    rows = table("extras")
    assert set(rows) == set(PROJECT["optional-dependencies"])
    for extra, lines in PROJECT["optional-dependencies"].items():
        assert [name for line in lines if (name := re.split(r"[=><; ]", line)[0]) not in rows[extra]] == []


def test_the_page_and_debian_s_control_ask_for_the_same_system_packages() -> None:
    control = (DEBIAN / "control").read_text("utf-8")
    fields = re.findall(r"^(?:Depends|Recommends|Suggests): (.+)$", control, flags=re.MULTILINE)
    asked = {name for field in fields for name in field.split(", ") if not name.startswith("$")}
    assert set(table("system packages")) == asked


def table(name: str) -> dict[str, str]:
    """The rows of a marked table of the page, by what stands in the first column."""
    marked = INSTALL.partition(f"<!-- {name} -->")[2].partition("<!-- end -->")[0]
    return dict(re.findall(r"^\| `(.+?)` \| (.+) \|$", marked, flags=re.MULTILINE))
