from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import distributions

import pytest
from packaging.utils import canonicalize_name

from parleqd._tools.sbom import PROGRAM, installed_needs, needed
from tests.parts import ROOT, need

VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())
sys.exit(str(fault) if fault else 0)
"""


def test_every_locked_package_that_is_installed_is_needed_and_no_tool_is() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)
    installed = {canonicalize_name(each.name) for each in distributions()}
    found = set(installed_needs("parleqd", frozenset()))
    assert {canonicalize_name(name) for name in locked} & installed == found
    assert "azure-identity" not in found
    assert {"azure-identity", "msal"} <= set(installed_needs("parleqd", frozenset({"identity"})))


@pytest.mark.timeout(120)
def test_the_bill_is_what_the_standard_wants() -> None:
    need("cyclonedx-py")
    command = [str(PROGRAM), "environment", "--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    bill = needed(json.loads(listed.stdout))
    names = {each["name"] for each in bill["components"]}
    assert {"anyio", "faster-whisper"} <= names
    assert names & {"pytest", "mypy", "hypothesis"} == set()
    python = PROGRAM.with_name("python")
    done = subprocess.run(
        [str(python), "-c", VALIDATE], input=json.dumps(bill), text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
