from __future__ import annotations

from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.clipboard import copy
from parleqctl.console import Console
from tests.fakes.command_line import MemoryStream


def tool(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def console(folder: Path) -> tuple[Console, MemoryStream]:
    err = MemoryStream()
    return Console(None, MemoryStream(), err, {"PATH": f"{folder}", "KEPT": "here"}), err


@pytest.mark.parametrize("name", ["wl-copy", "xclip", "xsel", "pbcopy"])
def test_whichever_tool_is_there_gets_the_text(tmp_path: Path, name: str) -> None:
    tool(tmp_path, name, f'/bin/cat > "{tmp_path}/copied"; echo "$KEPT" > "{tmp_path}/kept"')
    where, err = console(tmp_path)
    copy("naïve\n", where)
    assert (tmp_path / "copied").read_bytes() == "naïve\n".encode()
    assert (tmp_path / "kept").read_text() == "here\n"
    assert err.written == "copied 6 characters\n"


def test_a_tool_that_reaches_no_clipboard_is_passed_over(tmp_path: Path) -> None:
    tool(tmp_path, "wl-copy", "exit 1")
    tool(tmp_path, "xsel", f'/bin/cat > "{tmp_path}/copied"')
    copy("text", console(tmp_path)[0])
    assert (tmp_path / "copied").read_text() == "text"


def test_no_tool_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="no clipboard tool") as error:
        copy("text", console(tmp_path)[0])
    assert error.value.reason == "clipboard_missing"
    assert "wl-clipboard" in error.value.hint


def test_tools_that_all_fail_are_named(tmp_path: Path) -> None:
    tool(tmp_path, "wl-copy", "exit 1")
    (tmp_path / "xclip").write_text("no program")
    (tmp_path / "xclip").chmod(0o755)
    with pytest.raises(LocalError, match="wl-copy and xclip could not reach") as error:
        copy("text", console(tmp_path)[0])
    assert "WAYLAND_DISPLAY" in error.value.hint
