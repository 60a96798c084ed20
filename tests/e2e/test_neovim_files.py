"""The Lua of the Neovim client and its help, looked at as files."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.e2e.neovim import PLUGIN, neovim
from tests.parts import ROOT, need

PEERS = ROOT / "tests" / "peers"
FILES = sorted(map(str, [*PLUGIN.rglob("*.lua"), *(PEERS / "neovim").glob("*.lua")]))
GLOBALS = set(
    "assert error ipairs math next os pairs pcall require setmetatable string table tostring type unpack vim".split()
)
MODULE_LINES = 400


def run(*command: str) -> str:
    """What a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 0, done.stderr
    return done.stdout + (done.stderr if "nvim" in command[0] else "")


def test_every_file_compiles_and_knows_no_globals_but_the_usual() -> None:
    modules = [file for file in FILES if str(PLUGIN) in file]
    nvim = str(need("neovim"))
    listed = run(nvim, "--headless", "--clean", "-l", str(PEERS / "neovim" / "globals.lua"), *modules)
    found = dict.fromkeys(line for line in listed.splitlines() if line.rsplit(": ", 1)[1] not in GLOBALS)
    assert not found, list(found)
    assert len(listed.splitlines()) > len(modules), "it lists what is used at all"


def test_every_file_has_the_formatters_form() -> None:
    need("node")
    folder = need("stylua").parents[3]
    assert run("node", str(PEERS / "stylua" / "format.cjs"), str(folder), *FILES) == ""


def test_every_file_is_short_and_names_its_licence() -> None:
    for file in PLUGIN.rglob("*.lua"):
        lines = file.read_text().splitlines()
        assert len(lines) <= MODULE_LINES, file
        assert lines[0] == "-- SPDX-License-Identifier: Apache-2.0", file


def test_the_help_has_tags_and_names_every_action_setting_and_mapping(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(PLUGIN, tmp_path / "plugin"))
    with neovim({}, setup=None) as editor:
        editor.lua("vim.cmd.helptags(...)", str(copy / "doc"))
        actions = editor.lua("return require('parleq.command').complete('')")
        settings = editor.lua("return vim.tbl_keys(require('parleq.config').defaults)")
        mappings = editor.lua("return vim.tbl_map(function(map) return map.lhs end, vim.api.nvim_get_keymap('n'))")
    tags = {line.split("\t")[0] for line in (copy / "doc" / "tags").read_text().splitlines()}
    text = (copy / "doc" / "parleq.txt").read_text()
    assert {f":Parleq-{action}" for action in actions} <= tags
    assert {f"parleq-setting-{setting}" for setting in settings} <= tags
    plugs = {mapping for mapping in mappings if mapping.startswith("<Plug>(parleq")}
    assert plugs
    assert plugs <= tags
    assert set(re.findall(r"\|((?::Parleq|parleq)[^|\s]*)\|", text)) <= tags
    assert max(map(len, text.splitlines())) <= 80
