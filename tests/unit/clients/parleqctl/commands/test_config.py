from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from parleqctl import daemon_check
from tests.fakes.command_line import parleqctl, parleqctl_at
from tests.fakes.daemon import Refusal, Reply, running_daemon

MODEL = {"key": "speech.model", "value": "tiny.en", "origin": "default"}
BUDGET = {"key": "cleanup.budget_s", "value": 4.0, "origin": "file"}
PROBLEM = {"file": "/c.toml", "line": 2, "key": "speech.modle", "message": "unknown", "hint": "speech.model"}
ANSWERS: dict[str, Reply] = {
    "settings/get": {"path": "/d.toml", "settings": [MODEL, BUDGET], "problems": ["/d.toml:1: a: b"]},
    "settings/set": BUDGET,
    "daemon/reload": {"problems": []},
}


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """The problems that ``parleqd --check-config`` reports; its settings are MODEL alone."""
    problems: list[dict[str, Any]] = []
    report = tmp_path / "report.json"

    class Program(tuple[str, ...]):
        """Writes the report that the test wants by then."""

        def __iter__(self) -> Any:
            found = {"file": "/c.toml", "exists": True, "settings": [MODEL], "problems": problems}
            report.write_text(json.dumps(found))
            return iter([sys.executable, "-c", f"print(open({str(report)!r}).read())"])

    monkeypatch.setattr(daemon_check, "PROGRAM", Program())
    return problems


@pytest.mark.asyncio
async def test_the_daemon_s_settings_are_shown() -> None:
    async with running_daemon(ANSWERS) as daemon:
        path = await parleqctl_at(daemon, "config", "path")
        show = await parleqctl_at(daemon, "config", "show")
        origin = await parleqctl_at(daemon, "config", "show", "--origin")
        json = await parleqctl_at(daemon, "config", "show", "--json")
    assert path.out == "/d.toml\n"
    assert show.out == 'speech.model = "tiny.en"\ncleanup.budget_s = 4.0\n'
    assert show.err == "parleqctl: warning: /d.toml:1: a: b [config_invalid]\n"
    assert origin.out == 'speech.model = "tiny.en"  # default\ncleanup.budget_s = 4.0    # file\n'
    assert json.json == [ANSWERS["settings/get"]]


@pytest.mark.usefixtures("checked")
def test_without_a_daemon_settings_are_read_as_one_would(tmp_path: Path) -> None:
    socket = ("--socket", str(tmp_path / "none"))
    assert parleqctl("config", "path", *socket).out == "/c.toml\n"
    assert parleqctl("config", "path", "--json", *socket).json == [{"path": "/c.toml"}]
    assert parleqctl("config", "show", *socket).out == 'speech.model = "tiny.en"\n'
    assert parleqctl("config", "get", "speech.model", *socket).out == "tiny.en\n"
    assert parleqctl("config", "set", "speech.model", "x", *socket).code == 3


def test_without_a_daemon_problems_are_lines_too(checked: list[dict[str, Any]], tmp_path: Path) -> None:
    checked.append(PROBLEM)
    outcome = parleqctl("config", "show", "--json", "--socket", str(tmp_path / "none"))
    assert outcome.json[0]["problems"] == ["/c.toml:2: speech.modle: unknown; speech.model"]


@pytest.mark.asyncio
async def test_one_setting_is_printed_bare_and_a_section_as_a_list() -> None:
    async with running_daemon(ANSWERS) as daemon:
        assert (await parleqctl_at(daemon, "config", "get", "speech.model")).out == "tiny.en\n"
        assert (await parleqctl_at(daemon, "config", "get", "cleanup.budget_s")).out == "4.0\n"
        assert (await parleqctl_at(daemon, "config", "get", "cleanup.budget_s", "--json")).json == [BUDGET]
        assert (await parleqctl_at(daemon, "config", "get", "speech")).out == 'speech.model = "tiny.en"\n'
        assert (await parleqctl_at(daemon, "config", "get", "speech", "--json")).json == [{"settings": [MODEL]}]
        unknown = await parleqctl_at(daemon, "config", "get", "speech.mod", "--json")
    assert (unknown.code, unknown.reason) == (4, "config_invalid")
    assert "did you mean speech.model?" in unknown.err


@pytest.mark.asyncio
async def test_a_section_may_be_a_list() -> None:
    target = {"key": "cleanup.target[0].name", "value": "eastus", "origin": "file"}
    targets: Reply = {"path": "/d.toml", "settings": [MODEL, target], "problems": []}
    async with running_daemon({"settings/get": targets}) as daemon:
        outcome = await parleqctl_at(daemon, "config", "get", "cleanup.target")
    assert outcome.out == 'cleanup.target[0].name = "eastus"\n'


@pytest.mark.asyncio
async def test_a_setting_is_written_by_the_daemon() -> None:
    async with running_daemon(ANSWERS) as daemon:
        outcome = await parleqctl_at(daemon, "config", "set", "cleanup.budget_s", "4")
        daemon.replies["settings/set"] = Refusal("config_invalid", "not a number", "such as 4.0")
        bad = await parleqctl_at(daemon, "config", "set", "cleanup.budget_s", "x", "--json")
    assert (outcome.code, outcome.out) == (0, "cleanup.budget_s = 4.0\n")
    assert daemon.asked("settings/set")[0] == {"key": "cleanup.budget_s", "value": "4"}
    assert (bad.code, bad.reason) == (4, "config_invalid")


@pytest.mark.asyncio
@pytest.mark.usefixtures("checked")
async def test_a_good_file_is_valid() -> None:
    async with running_daemon(ANSWERS) as daemon:
        outcome = await parleqctl_at(daemon, "config", "validate")
    assert (outcome.code, outcome.out) == (0, "/c.toml: no problem found\n")


@pytest.mark.asyncio
@pytest.mark.parametrize(("path", "problems"), [("/usual.toml", 0), ("/other.toml", 1)])
async def test_the_daemon_s_file_is_named_for_the_check_unless_it_is_the_usual_one(
    path: str, problems: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = """if True:
        import json, sys
        named = "--config" in sys.argv
        problems = [{"message": "does not exist"}] * named
        print(json.dumps({"file": sys.argv[-1] if named else "/usual.toml", "settings": [], "problems": problems}))"""
    monkeypatch.setattr(daemon_check, "PROGRAM", (sys.executable, "-c", program))
    settings: Reply = {"path": path, "settings": [], "problems": []}
    async with running_daemon({**ANSWERS, "settings/get": settings}) as daemon:
        outcome = await parleqctl_at(daemon, "config", "validate")
    assert outcome.code == (4 if problems else 0)
    assert ("does not exist" in outcome.err) is bool(problems)


@pytest.mark.usefixtures("checked")
def test_a_good_file_is_valid_without_a_daemon_too(tmp_path: Path) -> None:
    outcome = parleqctl("config", "validate", "--json", "--socket", str(tmp_path / "none"))
    assert (outcome.code, outcome.json) == (0, [{"path": "/c.toml", "problems": []}])


def test_a_bad_file_is_told_line_by_line(checked: list[dict[str, Any]], tmp_path: Path) -> None:
    checked.append(PROBLEM)
    outcome = parleqctl("config", "validate", "--json", "--socket", str(tmp_path / "none"))
    assert outcome.code == 4
    (printed,) = outcome.json
    assert printed["problems"] == [PROBLEM]
    assert printed["error"]["reason"] == "config_invalid"
    assert outcome.err.splitlines()[0] == "/c.toml:2: speech.modle: unknown; speech.model"
    assert "/c.toml has 1 problem(s) [config_invalid]" in outcome.err


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """A program that writes its first argument to the file that is its second."""
    path = tmp_path / "edit"
    path.write_text('#!/bin/sh\necho "$1" > "$2"\n')
    path.chmod(0o755)
    return path


@pytest.mark.asyncio
@pytest.mark.parametrize("variable", ["VISUAL", "EDITOR"])
async def test_an_edited_file_is_checked_and_applied(
    variable: str, checked: list[dict[str, Any]], editor: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "config.toml"
    settings: Reply = {"path": str(path), "settings": [], "problems": []}
    environment = {variable: f"{editor} 'two words'"}
    async with running_daemon({**ANSWERS, "settings/get": settings}) as daemon:
        good = await parleqctl_at(daemon, "config", "edit", environment=environment)
        checked.append(PROBLEM)
        bad = await parleqctl_at(daemon, "config", "edit", environment=environment)
        failed = await parleqctl_at(daemon, "config", "edit", "--json", environment={variable: "false"})
    assert await anyio.Path(path).read_text() == "two words\n"
    assert (good.code, bad.code, failed.code, failed.reason) == (0, 4, 4, "cancelled")
    assert len(daemon.asked("daemon/reload")) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("editor", ["/nowhere/edit --wait", "edit 'unclosed"])
async def test_an_editor_that_cannot_be_run_is_named_with_its_variable(editor: str, tmp_path: Path) -> None:
    settings: Reply = {"path": str(tmp_path / "c.toml"), "settings": [], "problems": []}
    async with running_daemon({**ANSWERS, "settings/get": settings}) as daemon:
        outcome = await parleqctl_at(daemon, "config", "edit", environment={"EDITOR": editor})
    assert outcome.code == 4
    assert f"the editor {editor!r} of EDITOR cannot be run: " in outcome.err
    assert "[config_invalid]" in outcome.err
    assert daemon.asked("daemon/reload") == []
