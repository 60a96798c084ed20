from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.fakes.command_line import Outcome, parleqctl, parleqctl_at, parleqd_that
from tests.fakes.daemon import Refusal, Reply, running_daemon

MODEL = {"key": "speech.model", "value": "tiny.en", "origin": "default"}
BUDGET = {"key": "cleanup.budget_s", "value": 4.0, "origin": "file"}
PROBLEM = {"file": "/c.toml", "line": 2, "key": "speech.modle", "message": "unknown", "hint": "speech.model"}
ANSWERS: dict[str, Reply] = {
    "settings/get": {"path": "/d.toml", "settings": [MODEL, BUDGET], "problems": ["/d.toml:1: a: b"]},
    "settings/set": BUDGET,
    "daemon/reload": {"problems": []},
}


class Checked:
    """What ``parleqd --check-config`` reports under ``environment``: MODEL alone, and ``problems``."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[dict[str, Any]] = []
        self._program = parleqd_that("import os; print(os.environ['REPORT'])", folder)

    @property
    def environment(self) -> dict[str, str]:
        report = {"file": "/c.toml", "exists": True, "settings": [MODEL], "problems": self.problems}
        return {**self._program, "REPORT": json.dumps(report)}


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    return Checked(tmp_path)


@pytest.fixture
def naming_what_is_named(tmp_path: Path) -> dict[str, str]:
    """Variables of a check that finds nothing wrong with the usual file, and no file where one is named."""
    return parleqd_that(
        """if True:
        import json, sys
        named = "--config" in sys.argv
        problems = [{"message": "does not exist"}] * named
        print(json.dumps({"file": sys.argv[-1] if named else "/usual.toml", "settings": [], "problems": problems}))""",
        tmp_path,
    )


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


def test_without_a_daemon_settings_are_read_as_one_would(checked: Checked, tmp_path: Path) -> None:
    def config(*argv: str) -> Outcome:
        return parleqctl("config", *argv, "--socket", str(tmp_path / "none"), environment=checked.environment)

    assert config("path").out == "/c.toml\n"
    assert config("path", "--json").json == [{"path": "/c.toml"}]
    assert config("show").out == 'speech.model = "tiny.en"\n'
    assert config("get", "speech.model").out == "tiny.en\n"
    assert config("set", "speech.model", "x").code == 3


def test_without_a_daemon_problems_are_lines_too(checked: Checked, tmp_path: Path) -> None:
    checked.problems.append(PROBLEM)
    outcome = parleqctl("config", "show", "--json", "--socket", str(tmp_path / "none"), environment=checked.environment)
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
async def test_a_good_file_is_valid(checked: Checked) -> None:
    async with running_daemon(ANSWERS) as daemon:
        outcome = await parleqctl_at(daemon, "config", "validate", environment=checked.environment)
    assert (outcome.code, outcome.out) == (0, "/c.toml: no problem found\n")


@pytest.mark.asyncio
@pytest.mark.parametrize(("path", "problems"), [("/usual.toml", 0), ("/other.toml", 1)])
async def test_the_daemon_s_file_is_named_for_the_check_unless_it_is_the_usual_one(
    path: str, problems: int, naming_what_is_named: dict[str, str]
) -> None:
    settings: Reply = {"path": path, "settings": [], "problems": []}
    async with running_daemon({**ANSWERS, "settings/get": settings}) as daemon:
        outcome = await parleqctl_at(daemon, "config", "validate", environment=naming_what_is_named)
    assert outcome.code == (4 if problems else 0)
    assert ("does not exist" in outcome.err) is bool(problems)


def test_a_good_file_is_valid_without_a_daemon_too(checked: Checked, tmp_path: Path) -> None:
    outcome = parleqctl(
        "config", "validate", "--json", "--socket", str(tmp_path / "none"), environment=checked.environment
    )
    assert (outcome.code, outcome.json) == (0, [{"path": "/c.toml", "problems": []}])


def test_a_bad_file_is_told_line_by_line(checked: Checked, tmp_path: Path) -> None:
    checked.problems.append(PROBLEM)
    outcome = parleqctl(
        "config", "validate", "--json", "--socket", str(tmp_path / "none"), environment=checked.environment
    )
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
    variable: str, checked: Checked, editor: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "config.toml"
    settings: Reply = {"path": str(path), "settings": [], "problems": []}
    edits = {variable: f"{editor} 'two words'"}
    async with running_daemon({**ANSWERS, "settings/get": settings}) as daemon:
        good = await parleqctl_at(daemon, "config", "edit", environment={**checked.environment, **edits})
        checked.problems.append(PROBLEM)
        bad = await parleqctl_at(daemon, "config", "edit", environment={**checked.environment, **edits})
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


BEHAVIOUR = {"key": "mode", "value": "instant", "origin": "built in: terminals"}


@pytest.mark.asyncio
async def test_what_is_done_in_an_application_is_shown_with_the_rule_that_won() -> None:
    async with running_daemon({"settings/behaviour": {"settings": [BEHAVIOUR]}}) as daemon:
        plain = await parleqctl_at(daemon, "config", "show", "--app", "kitty")
        full = await parleqctl_at(
            daemon, "config", "show", "--json", "--app", "code", "--window-class", "Code", "--file-type", "md"
        )
        title = await parleqctl_at(daemon, "config", "show", "--title", "Inbox")
    assert plain.out == 'mode = "instant"  # built in: terminals\n'
    assert (full.json, title.code) == ([{"settings": [BEHAVIOUR]}], 0)
    assert daemon.asked("settings/behaviour") == [
        {"context": {"window_class": "kitty", "app": "kitty"}},
        {"context": {"window_class": "Code", "app": "code", "file_type": "md"}},
        {"context": {"title": "Inbox"}},
    ]


def test_without_a_daemon_an_application_is_looked_up_as_one_would(tmp_path: Path) -> None:
    environment = parleqd_that(
        """if True:
        import json, sys
        told = [{"key": "context", "value": sys.argv[-1], "origin": sys.argv[-2]}]
        print(json.dumps({"file": "/c.toml", "settings": [], "problems": [], "behaviour": told}))""",
        tmp_path,
    )
    outcome = parleqctl(
        "config", "show", "--app", "a", "--json", "--socket", str(tmp_path / "n"), environment=environment
    )
    (told,) = outcome.json[0]["settings"]
    assert (told["origin"], json.loads(told["value"])) == ("--context", {"app": "a", "window_class": "a"})
