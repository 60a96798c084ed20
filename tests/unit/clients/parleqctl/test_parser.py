from __future__ import annotations

import pytest

from parleqctl.parser import COMMANDS, Parser, UsageError, build, called, parse


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse([name, "--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert "example" in shown
    assert f"parleqctl {name}" in shown or name == "bridge"
    assert "--socket PATH" in shown


def test_the_help_lists_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    shown = capsys.readouterr().out
    assert all(f"    {name} " in shown for name in COMMANDS)
    assert "5 nothing was said" in shown


def test_the_version_is_the_daemon_s(capsys: pytest.CaptureFixture[str]) -> None:
    from parleqd import __version__

    with pytest.raises(SystemExit):
        parse(["--version"])
    assert capsys.readouterr().out == f"parleqctl {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["status", "--json"], "status"),
        (["--socket", "status", "clean"], "clean"),
        (["--socket=/x", "clean"], "clean"),
        (["--socket"], None),
        (["--help"], None),
        ([], None),
    ],
)
def test_the_command_is_the_first_argument_that_is_no_option(argv: list[str], name: str | None) -> None:
    assert called(argv) == name


def test_the_socket_may_stand_before_or_after_the_command() -> None:
    assert parse(["--socket", "/a", "status"]).socket == "/a"
    assert parse(["status", "--socket", "/b"]).socket == "/b"
    assert parse(["--socket", "/a", "history", "list", "--socket", "/c"]).socket == "/c"
    assert "socket" not in parse(["status"])


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "COMMAND"),
        (["statsu"], "did you mean 'status'"),
        (["xyzzy"], "commands: status, dictate"),
        (["begin"], "no command 'begin'"),
        (["dictate"], "FILE"),
        (["dictate", "--mode", "loud", "a"], "invalid choice: 'loud'"),
        (["dictate", "--pac", "fast", "a"], "--pac"),
        (["status", "--jso"], "--jso"),
        (["history"], "ACTION"),
        (["history", "list", "--limit", "many"], "'many' is not a whole number"),
        (["status", "extra"], "extra"),
    ],
)
def test_wrong_usage_says_what_would_be_right(argv: list[str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(argv)
    assert message in error.value.message
    assert error.value.usage.startswith("usage: parleqctl")


def test_only_the_command_that_is_called_is_built() -> None:
    assert "metrics" not in build("status").format_help()
    assert "metrics" in build().format_help()


def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, build("dictate").format_usage().splitlines())) <= 40
    monkeypatch.setenv("COLUMNS", "wide")
    assert isinstance(build("status"), Parser)
