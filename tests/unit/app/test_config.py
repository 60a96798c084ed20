from __future__ import annotations

import asyncio
import stat
from functools import partial
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleqd.app.config import ConfigStore, load_settings
from parleqd.core.errors import ConfigError
from parleqd.core.ports import SettingsStore
from parleqd.core.settings import Settings
from parleqd.protocol.names import Mode

AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://r",
    "AZURE_OPENAI_DEPLOYMENT": "d",
    "AZURE_OPENAI_API_KEY": "canary",
}


TARGET: dict[str, object] = {
    "name": "own",
    "provider": "openai-compatible",
    "resource": "http://127.0.0.1:8080/v1",
    "deployment": "small",
    "weight": None,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def origins(path: Path, environment: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    return {s.key: (s.value, s.origin) for s in load_settings(path, environment or {}).origins}


async def open_store(path: Path, environment: dict[str, str] | None = None) -> ConfigStore:
    return await to_thread.run_sync(ConfigStore, path, environment or {})


async def write(path: Path, text: str) -> None:
    await anyio.Path(path).write_text(text, "utf-8")


async def text_of(path: Path) -> str:
    return await anyio.Path(path).read_text("utf-8")


def test_no_file_gives_the_defaults(path: Path) -> None:
    effective = load_settings(path, {})
    assert (effective.settings, effective.problems, effective.exists) == (Settings(), (), False)


@pytest.mark.asyncio
async def test_a_named_file_that_is_missing_is_a_problem_until_it_is_there(path: Path) -> None:
    store = await to_thread.run_sync(partial(ConfigStore, path, {}, named=True))
    assert [str(problem) for problem in store.problems] == [
        f"{path}: does not exist; defaults apply; name an existing file"
    ]
    assert store.settings == Settings()
    await store.set("history.keep", "7")
    assert (store.problems, store.settings.history.keep) == ((), 7)


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


@pytest.mark.asyncio
async def test_a_problem_of_the_environment_keeps_no_change_of_the_file_from_taking_effect(path: Path) -> None:
    store = await open_store(path, {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com"})
    await store.set("history.keep", "7")
    assert (store.settings.history.keep, len(store.problems)) == (7, 1)
    await store.add_target(TARGET)
    assert ([target.name for target in store.settings.cleanup.targets], store.problems) == (["own"], ())


def test_a_file_that_cannot_be_read_closes_what_is_private(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    effective = load_settings(path, {})
    assert effective.settings.history.keep == 0
    assert [problem.message for problem in effective.problems] == ["is not UTF-8"]


@pytest.mark.asyncio
async def test_a_changed_file_takes_effect_on_reload(path: Path) -> None:
    store: SettingsStore = await open_store(path)
    await write(path, "[history]\nkeep = 5\n")
    assert list(await store.reload()) == []
    assert store.settings.history.keep == 5


@pytest.mark.asyncio
async def test_a_bad_file_leaves_the_last_good_settings_in_effect(path: Path) -> None:
    await write(path, "[history]\nkeep = 5\n[audio]\nmax_minutes = 7\n")
    store = await open_store(path)
    await write(path, "[history]\nkeep = 6\n[audio]\nmax_minuts = 9\n")
    (problem,) = await store.reload()
    assert str(problem) == f"{path}:4: audio.max_minuts: is not a setting; did you mean max_minutes?"
    assert store.problems == (problem,)
    assert (store.settings.history.keep, store.settings.audio.max_minutes) == (5, 7)
    assert {s.key: s.value for s in store.show()}["history.keep"] == "5"


@pytest.mark.asyncio
async def test_a_mended_file_clears_the_problems(path: Path) -> None:
    await write(path, "[history]\nkeep = -1\n")
    store = await open_store(path)
    assert (store.settings.history.keep, len(store.problems)) == (0, 1)
    await write(path, "[history]\nkeep = 3\n")
    assert await store.reload() == ()
    assert (store.settings.history.keep, store.problems) == (3, ())


@pytest.mark.asyncio
async def test_a_file_that_goes_away_changes_nothing(path: Path) -> None:
    await write(path, "[history]\nkeep = 0\n")
    store = await open_store(path)
    await anyio.Path(path).unlink()
    (problem,) = await store.reload()
    assert problem.message == "is gone"
    assert store.settings.history.keep == 0


@pytest.mark.asyncio
async def test_adding_a_target_writes_the_file_and_takes_effect(path: Path) -> None:
    store = await open_store(path, {"OPENAI_API_KEY": "k"})
    assert [target.name for target in store.settings.cleanup.targets] == ["openai"]
    assert not await store.add_target(TARGET, "polished")
    assert [target.name for target in store.settings.cleanup.targets] == ["own"]
    assert store.settings.cleanup.mode == "polished"
    assert await store.add_target({**TARGET, "deployment": "large"})
    assert [target.deployment for target in store.settings.cleanup.targets] == ["large"]
    assert stat.S_IMODE((await anyio.Path(path).stat()).st_mode) == 0o600


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("", {"family": "smart"}, "family: "),
        ("", {"resource": None}, "the target: has no resource"),
        ("[histry]\n", {}, "config.toml:1: histry: "),
        ("[[cleanup.target]]\nname = 'own'\nweigth = 2\n", {}, "weigth: is not a setting"),
        ("[cleanup\n", {}, "config.toml:1: "),
    ],
)
async def test_a_target_that_cannot_be_added_leaves_the_file(
    path: Path, text: str, target: dict[str, object], message: str
) -> None:
    await write(path, text)
    store = await open_store(path)
    with pytest.raises(ConfigError) as refused:
        await store.add_target({**TARGET, **target}, "polished")
    assert message in refused.value.message
    assert refused.value.hint
    assert await text_of(path) == text


@pytest.mark.asyncio
async def test_setting_a_key_writes_the_file_and_takes_effect(path: Path) -> None:
    await write(path, "# mine\n[history]\nkeep = 5  # few\n")
    store = await open_store(path)
    await store.set("history.keep", "7")
    assert await text_of(path) == "# mine\n[history]\nkeep = 7  # few\n"
    assert store.settings.history.keep == 7
    assert stat.S_IMODE((await anyio.Path(path).stat()).st_mode) == 0o600


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("cleanup.mode", "raw", 'mode = "raw"'),
        ("cleanup.mode", '"raw"', 'mode = "raw"'),
        ("audio.device", "5", 'device = "5"'),
        ("audio.max_minutes", "0.5", "max_minutes = 0.5"),
        ("speech.model", "/a path/model", 'model = "/a path/model"'),
        ("insertion.review", "true", "review = true"),
    ],
)
async def test_a_value_is_taken_as_its_key_wants_it(path: Path, key: str, value: str, line: str) -> None:
    store = await open_store(path)
    await store.set(key, value)
    assert line in (await text_of(path)).splitlines()
    assert store.problems == ()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        ("audio.max_minuts", "5", "there is no setting 'audio.max_minuts'", "did you mean audio.max_minutes?"),
        ("history.keep", "-1", "history.keep: -1 is out of range", "a whole number from 0 to 100000"),
        (
            "cleanup.mode",
            "",
            "cleanup.mode: this text is none of the choices",
            "one of raw, instant, polished",
        ),
        ("history", "none", "history is a section, not a setting", "its settings are history.keep"),
        ("cleanup.target", "[]", "cleanup.target is a section, not a setting", "its settings are cleanup.target[0]."),
        ("history.keep.x", "3", "there is no setting 'history.keep.x'", "did you mean history.keep?"),
        ("cleanup.target[0].weight", "2", "the file has no cleanup.target[0]", "add it to the file by hand"),
        ("", "x", "there is no setting ''", "`parleqctl config show`"),
    ],
)
async def test_a_bad_value_is_refused_and_the_file_stays(
    path: Path, key: str, value: str, message: str, hint: str
) -> None:
    await write(path, "[history]\nkeep = 5\n")
    store = await open_store(path)
    with pytest.raises(ConfigError) as refused:
        await store.set(key, value)
    assert refused.value.message == message
    assert refused.value.hint.startswith(hint)
    assert await text_of(path) == "[history]\nkeep = 5\n"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("key", "value"), [("cleanup.target", "[]"), ("cleanup.target[0]", "{}"), ("cleanup", "{}"), ("cleanup.target", "")]
)
async def test_the_targets_of_a_file_are_never_replaced_as_a_whole(path: Path, key: str, value: str) -> None:
    text = '[[cleanup.target]]\nname = "a"\nresource = "r"\ndeployment = "d"\n'
    await write(path, text)
    store = await open_store(path)
    with pytest.raises(ConfigError, match="is a section"):
        await store.set(key, value)
    assert await text_of(path) == text
    assert [target.name for target in store.settings.cleanup.targets] == ["a"]


@pytest.mark.asyncio
async def test_a_bad_file_is_mended_key_by_key(path: Path) -> None:
    await write(path, '[history]\nkeep = "x"\n[cleanup]\nmode = "x"\n')
    store = await open_store(path)
    await store.set("history.keep", "5")
    assert [problem.key for problem in store.problems] == ["cleanup.mode"]
    await store.set("cleanup.mode", "raw")
    assert store.problems == ()
    assert (store.settings.history.keep, store.settings.cleanup.mode) == (5, Mode.RAW)


@pytest.mark.asyncio
async def test_a_file_that_is_not_toml_is_not_touched(path: Path) -> None:
    await write(path, "[history\n")
    store = await open_store(path)
    with pytest.raises(ConfigError, match="not valid TOML"):
        await store.set("history.keep", "5")
    assert await text_of(path) == "[history\n"


@pytest.mark.asyncio
async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    await write(tmp_path / "file", "")
    store = await open_store(tmp_path / "elsewhere" / "config.toml")
    await anyio.Path(tmp_path / "elsewhere").symlink_to(tmp_path / "file")
    with pytest.raises(ConfigError, match="cannot be"):
        await store.set("history.keep", "5")


@pytest.mark.asyncio
async def test_two_changes_at_once_are_both_kept(path: Path) -> None:
    store = await open_store(path)
    await asyncio.gather(*(store.set(key, "3") for key in ("history.keep", "audio.max_minutes", "cleanup.budget_s")))
    settings = store.settings
    assert (settings.history.keep, settings.audio.max_minutes, settings.cleanup.budget_s) == (3, 3, 3)
