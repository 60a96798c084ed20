"""The program as a process is tried in tests/e2e/test_hotkey.py."""

from __future__ import annotations

import subprocess
import sys

import pytest

from parleq_hotkey.main import run


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--version"], 0), (["--help"], 0), (["--json"], 2), (["--log-level", "loud"], 2)]
)
def test_arguments(arguments: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == code


def test_a_socket_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--socket", "/tmp/" + "x" * 200]) == 4
    assert "closing NUL" in capsys.readouterr().err


def test_what_is_loaded_at_first_is_little() -> None:
    program = "import sys, parleq_hotkey.main; print(*(name.split('.')[0] for name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"msgspec", "Xlib", "jeepney", "pynput", "evdev", "pywayland", "sounddevice", "tkinter"} & set(loaded)


@pytest.mark.skipif(sys.platform != "linux", reason="what is looked at is Linux's")
def test_no_memory_of_it_is_dumped() -> None:
    look = "exec('print(open(\"/proc/self/coredump_filter\").read(), resource.getrlimit(resource.RLIMIT_CORE))')"
    program = f"import os, resource, parleq_hotkey.main as m; m.run = lambda _: {look} or 0; m.main()"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["00000000", "(0,", "0)"]
