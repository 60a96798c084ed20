from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from parleqd.app.config_check import run_check


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_OPENAI_ENDPOINT", "OPENAI_API_KEY", "PARLEQ_CONFIG", "PARLEQ_MANAGED"):
        monkeypatch.delenv(name, raising=False)


def check(path: Path, *, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    return run_check(str(path), as_json=as_json, out=out), out.getvalue()


def test_good_settings_are_listed_with_their_origins(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[history]\nkeep = 5\n")
    status, text = check(path)
    lines = {line.split(" ")[0]: line for line in text.splitlines()}
    assert status == 0
    assert lines["history.keep"].endswith(f"# {path}:2")
    assert lines["history.keep"].startswith("history.keep = 5 ")
    assert lines["cleanup.mode"].endswith("# default")


def test_a_missing_file_that_was_named_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    status, text = check(path)
    assert (status, text.splitlines()[0]) == (78, f"# {path} (no such file: defaults)")
    assert text.splitlines()[-1] == f"error: {path}: does not exist; defaults apply; name an existing file"
    monkeypatch.setenv("PARLEQ_CONFIG", str(path))
    assert run_check(None, as_json=False, out=io.StringIO()) == 78


def test_a_missing_file_in_the_usual_place_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    out = io.StringIO()
    assert run_check(None, as_json=False, out=out) == 0
    assert out.getvalue().splitlines()[0].endswith("config.toml (no such file: defaults)")


def test_a_bad_one_is_named_last(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[history]\nkep = 5\n")
    status, text = check(path)
    assert status == 78
    assert text.splitlines()[-1] == f"error: {path}:2: history.kep: is not a setting; did you mean keep?"


@pytest.mark.parametrize(("text", "status"), [("[history]\nkeep = 5\n", 0), ("[history]\nkeep = -5\n", 78)])
def test_json_is_one_object_on_one_line(tmp_path: Path, text: str, status: int) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    given, printed = check(path, as_json=True)
    assert given == status
    assert printed.count("\n") == 1
    report = json.loads(printed)
    values = {setting["key"]: setting["value"] for setting in report["settings"]}
    assert (report["file"], report["exists"]) == (str(path), True)
    assert values["history.keep"] == (0 if status else 5)
    assert [(problem["line"], problem["key"]) for problem in report["problems"]] == (
        [(2, "history.keep")] if status else []
    )


def test_no_secret_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://u:canary-2@localhost/v1?key=canary-3")
    (tmp_path / "config.toml").touch()
    for as_json in (True, False):
        status, printed = check(tmp_path / "config.toml", as_json=as_json)
        assert status == 0
        assert "http://localhost/v1" in printed
        assert "canary" not in printed


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEQ_CONFIG", str(tmp_path / "mine.toml"))
    out = io.StringIO()
    run_check(None, as_json=False, out=out)
    assert "mine.toml" in out.getvalue()


def told(path: Path, context: str, *, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    return run_check(str(path), as_json=as_json, out=out, context=context), out.getvalue()


def test_what_is_done_in_an_application_is_told_with_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[app]]\napp = "kitty"\npreset = "plain"\n')
    status, text = told(path, '{"app": "kitty"}')
    lines = {line.split(" ")[0]: line.partition("# ")[2] for line in text.splitlines()[1:]}
    assert (status, lines["mode"], lines["preset"]) == (0, "cleanup.mode (default)", f"app[0].preset ({path}:3)")
    assert lines["newlines"] == "built in: terminals"
    assert "history.keep" not in lines
    report = json.loads(told(path, '{"app": "kitty"}', as_json=True)[1])
    assert {"key": "newlines", "value": "space", "origin": "built in: terminals"} in report["behaviour"]
    assert report["settings"]


def test_a_place_that_is_none_is_a_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path / "config.toml", "kitty") == (64, "")
    assert '{"app": "kitty"}' in capsys.readouterr().err


def test_a_policy_is_named_and_can_be_tried_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, policy = tmp_path / "config.toml", tmp_path / "managed.toml"
    path.write_text("")
    policy.write_text("[limit]\nhistory = 5\n")
    policy.chmod(0o644)
    monkeypatch.setenv("PARLEQ_MANAGED", str(policy))
    status, text = check(path)
    assert (status, text.splitlines()[1]) == (0, f"# managed by {policy}")
    assert f"history.keep = 5  # managed {policy}:2" in " ".join(text.split()).replace(" #", "  #")
    assert json.loads(check(path, as_json=True)[1])["managed_by"] == str(policy)
