from __future__ import annotations

import os
from pathlib import Path

import pytest

from parleqd.app.config_effective import load_settings
from parleqd.app.config_managed import PolicyPlace
from parleqd.core.settings import Settings
from tests.two_targets import TWO_TARGETS

AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://r",
    "AZURE_OPENAI_DEPLOYMENT": "d",
    "AZURE_OPENAI_API_KEY": "canary",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def origins(path: Path, environment: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    return {s.key: (s.value, s.origin) for s in load_settings(path, environment or {}).origins}


def test_no_file_gives_the_defaults(path: Path) -> None:
    effective = load_settings(path, {})
    assert (effective.settings, effective.problems, effective.exists) == (Settings(), (), False)


def test_every_value_has_its_origin(path: Path) -> None:
    path.write_text('[audio]\n\ndevice = "x"\n')
    shown = origins(path, AZURE)
    assert shown["audio.device"] == ('"x"', f"{path}:3")
    assert shown["audio.max_minutes"] == ("20", "default")
    assert shown["cleanup.target[0].deployment"] == ('"d"', "environment AZURE_OPENAI_DEPLOYMENT")
    assert shown["cleanup.target[0].auth"] == ('"api-key"', "environment AZURE_OPENAI_API_KEY")
    assert shown["cleanup.target[0].weight"] == ("1", "default")
    assert "canary" not in str(shown)


def test_a_bad_value_shows_what_took_its_place(path: Path) -> None:
    path.write_text('[audio]\nmax_minutes = "x"\n[history]\nkeep = "x"\n')
    shown = origins(path)
    assert shown["audio.max_minutes"] == ("20", "default")
    assert shown["history.keep"] == ("0", "closed, since the settings file has a problem")


def test_a_target_keeps_its_number_when_one_before_it_is_left_out(path: Path) -> None:
    path.write_text('[[cleanup.target]]\n[[cleanup.target]]\nname="b"\nresource="r"\ndeployment="d"\n')
    assert origins(path)["cleanup.target[1].name"] == ('"b"', f"{path}:3")


def test_a_problem_of_the_environment_names_the_variable(path: Path) -> None:
    (problem,) = load_settings(path, {**AZURE, "AZURE_OPENAI_API_VERSION": "soon"}).problems
    assert (problem.file, problem.line) == ("environment AZURE_OPENAI_API_VERSION", 0)


def test_half_a_target_of_the_environment_is_told(path: Path) -> None:
    half = {name: value for name, value in AZURE.items() if name != "AZURE_OPENAI_DEPLOYMENT"}
    (problem,) = load_settings(path, half).problems
    assert str(problem).startswith("environment AZURE_OPENAI_ENDPOINT: cleanup.target: ")
    assert "set AZURE_OPENAI_DEPLOYMENT" in problem.hint
    path.write_text("[cleanup\n")
    assert [problem.file for problem in load_settings(path, half).problems] == [str(path)]


def test_a_file_that_cannot_be_read_closes_what_is_private(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    effective = load_settings(path, {})
    assert effective.settings.history.keep == 0
    assert [problem.message for problem in effective.problems] == ["is not UTF-8"]


def test_a_rule_that_names_a_preset_that_is_none_is_told_with_its_line(path: Path) -> None:
    path.write_text('[[app]]\napp = "a"\npreset = "nope"\n')
    effective = load_settings(path, {})
    assert [(problem.line, problem.key) for problem in effective.problems] == [(3, "app[0].preset")]
    assert effective.settings.apps[0].preset is None


def test_the_check_knows_of_the_policy_too(path: Path, tmp_path: Path) -> None:
    path.write_text(TWO_TARGETS)
    policy = tmp_path / "managed.toml"
    policy.write_text("[limit]\nhistory = 5\n")
    policy.chmod(0o666)
    effective = load_settings(path, {}, policy=PolicyPlace(policy, owner=os.getuid()))
    assert (effective.settings.history.keep, len(effective.problems)) == (0, 1)
