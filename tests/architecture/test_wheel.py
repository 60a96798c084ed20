"""What the wheel holds: the product, and of the developer tools what `parleqctl bench` runs, whole."""

from __future__ import annotations

import subprocess
import sys

from hatchling.builders.wheel import WheelBuilder

from tests.parts import ROOT

LOADED = """
import parleqctl.commands.bench, importlib, sys
importlib.import_module(f"{parleqctl.commands.bench.PROGRAM[-1]}.program")
print(*sorted(name for name in sys.modules if name.startswith("parleqd._tools")))
"""


def test_the_tools_in_the_wheel_are_those_that_the_bench_loads() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(done.stdout.split()) | {"parleqd._tools.bench.speech.__main__"} == {
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file in shipped()
        if file.startswith("parleqd/_tools/") and file.endswith(".py")
    }


def test_the_demo_s_recording_is_in_the_wheel() -> None:
    assert "parleqd/_tools/demo_recording/demo.flac" in shipped()


def shipped() -> set[str]:
    """The paths of the files in the wheel."""
    return {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
