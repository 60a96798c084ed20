from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.beside import Wishes, daemon_with_a_home, main
from tests.parts import need


@pytest.mark.timeout(60)
def test_the_command_sees_a_daemon_of_its_own_and_its_exit_code_counts(capfd: pytest.CaptureFixture[str]) -> None:
    need("embedded-model")
    told = 'parleqctl status --json; echo "$HOME"; ls "$LOG" "$XDG_RUNTIME_DIR"; kill -0 "$DAEMON" && echo "[$CANARY]"'
    assert main(["--settings", "[history]\nkeep = 3", "--set", "CANARY=bird", f"{told}; exit 7"]) == 7
    printed = capfd.readouterr().out
    assert '"ready"' in printed
    assert "[]" in printed, "the daemon's variable is not the command's"
    (home,) = {Path(line) for line in printed.splitlines() if Path(line).name.startswith("beside-")}
    assert not home.exists(), "nothing is left"


@pytest.mark.timeout(60)
def test_the_environment_names_what_is_there() -> None:
    need("embedded-model")
    with daemon_with_a_home(Wishes("", {})) as environment:
        assert Path(environment["PARLEQ_SOCKET"]).is_socket()
        assert "listening" in Path(environment["LOG"]).read_text()
        assert Path(f"/proc/{environment['DAEMON']}").exists() or not Path("/proc/self").exists()
