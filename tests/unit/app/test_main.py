from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import parleqd
from parleqd.app.main import main, models_folder, parser
from parleqd.rpc.listener import claim
from tests.parts import ROOT

NO_MODEL = "[speech]\nunload_after_s = 0\n"


def start(socket_path: Path, config: Path) -> subprocess.Popen[str]:
    """The program, once its socket answers."""
    command = [sys.executable, "-m", "parleqd", "--socket", str(socket_path), "--config", str(config)]
    program = subprocess.Popen([*command, "--log-format", "json"], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert program.stderr is not None
    while '"listening"' not in (line := program.stderr.readline()):
        assert line, "the program has ended"
    return program


def ask(path: Path, method: str) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode() + b"\n")
        with client.makefile("rb") as answers:
            answer: dict[str, object] = json.loads(answers.readline())["result"]
            return answer


def test_the_command_line_has_the_options_of_the_interface() -> None:
    options = parser().parse_args(
        ["--config", "c", "--socket", "s", "--log-level", "debug", "--log-format", "json", "--check-config", "--json"]
    )
    assert (options.config, options.socket, options.log_level, options.log_format) == ("c", "s", "debug", "json")
    assert options.check_config
    assert options.json
    assert parser().parse_args([]).config is None


@pytest.mark.parametrize("arguments", [["--log-level", "loud"], ["--port", "80"], ["extra"]])
def test_a_bad_command_line_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    assert exited.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(["--version"])
    assert exited.value.code == 0
    assert parleqd.__version__ in capsys.readouterr().out


def test_the_settings_are_checked_without_a_daemon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[history]\nkeep = 3\n")
    assert main(["--config", str(config), "--check-config", "--json"]) == 0
    assert "history.keep" in capsys.readouterr().out
    config.write_text("[history]\nkeep = 'many'\n")
    assert main(["--config", str(config), "--check-config"]) == 78


def test_the_parts_are_tried_without_a_daemon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[history]\nkeep = 'many'\n")
    place = tmp_path / "d.sock"
    command = [sys.executable, "-m", "parleqd", "--socket", str(place), "--config", str(config), "--doctor", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=15, cwd=ROOT)
    assert done.returncode == 1, done.stderr
    checks = {check["check"]: check for check in json.loads(done.stdout)["checks"]}
    assert (checks["daemon"]["reason"], checks["settings"]["reason"]) == ("daemon_unreachable", "config_invalid")
    speech = ["model", "worker", "speed"]
    assert list(checks) == ["daemon", "settings", *speech, "devices", "microphone", "journal", "targets"]
    assert list(tmp_path.iterdir()) == [config]
    monkeypatch.setenv("PARLEQ_SOCKET", "/" + "x" * 200)
    assert main(["--doctor"]) == 1
    assert "PARLEQ_SOCKET" in capsys.readouterr().err


def test_a_second_daemon_says_that_one_runs_already(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "d.sock"
    claimed = claim(path)
    try:
        assert main(["--socket", str(path)]) == 1
    finally:
        claimed.release()
    assert "already running" in capsys.readouterr().err


def test_a_socket_path_that_is_too_long_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--socket", str(tmp_path / ("x" * 200))]) == 1
    assert "--socket" in capsys.readouterr().err
    monkeypatch.setenv("PARLEQ_SOCKET", "/" + "x" * 200)
    assert main([]) == 1
    assert "PARLEQ_SOCKET" in capsys.readouterr().err


def test_models_lie_in_the_users_data_folder() -> None:
    assert models_folder().parts[-2:] == ("parleq", "models")


def test_the_program_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(NO_MODEL)
    path = tmp_path / "d.sock"
    program = start(path, config)
    try:
        assert ask(path, "status/get")["pid"] == program.pid
        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=10)
    finally:
        program.kill()
    assert program.returncode == 0
    assert "Traceback" not in errors
    assert not path.exists()


def test_a_program_that_was_killed_is_replaced(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(NO_MODEL + "[audio]\ndevcie = 'desk'\n")
    path = tmp_path / "d.sock"
    first = start(path, config)
    first.kill()
    first.communicate(timeout=10)
    assert path.is_socket()
    second = start(path, config)
    try:
        assert ask(path, "status/get")["pid"] == second.pid
    finally:
        second.terminate()
        second.communicate(timeout=10)


def test_what_ends_it_is_told_without_its_message() -> None:
    code = """
from parleqd.app import main
main.main = lambda: {}["secret"]
main.program()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("KeyError\n")
    assert "secret" not in done.stderr
