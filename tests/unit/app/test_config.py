from __future__ import annotations

import asyncio
import os
import stat
from functools import partial
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleqd.app.config import ConfigStore
from parleqd.app.config_managed import PolicyPlace
from parleqd.core.errors import ConfigError, ManagedError
from parleqd.core.ports import SettingsStore
from parleqd.core.settings import Auth, Provider, Settings, Target
from parleqd.protocol.names import Mode, Reason
from tests.two_targets import TWO_TARGETS

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


async def open_store(path: Path, environment: dict[str, str] | None = None) -> ConfigStore:
    return await to_thread.run_sync(ConfigStore, path, environment or {})


async def write(path: Path, text: str) -> None:
    await anyio.Path(path).write_text(text, "utf-8")


async def text_of(path: Path) -> str:
    return await anyio.Path(path).read_text("utf-8")


@pytest.mark.asyncio
async def test_a_named_file_that_is_missing_is_a_problem_until_it_is_there(path: Path) -> None:
    store = await to_thread.run_sync(partial(ConfigStore, path, {}, named=True))
    assert [str(problem) for problem in store.problems] == [
        f"{path}: does not exist; defaults apply; name an existing file"
    ]
    assert store.settings == Settings()
    await store.set("history.keep", "7")
    assert (store.problems, store.settings.history.keep) == ((), 7)


@pytest.mark.asyncio
async def test_a_problem_of_the_environment_keeps_no_change_of_the_file_from_taking_effect(path: Path) -> None:
    store = await open_store(path, {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com"})
    await store.set("history.keep", "7")
    assert (store.settings.history.keep, len(store.problems)) == (7, 1)
    await store.add_target(TARGET)
    assert ([target.name for target in store.settings.cleanup.targets], store.problems) == (["own"], ())


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


# Under an administrator's policy


@pytest.fixture
def place(tmp_path: Path) -> PolicyPlace:
    return PolicyPlace(tmp_path / "managed.toml", owner=os.getuid())


async def govern(place: PolicyPlace, text: str) -> None:
    await write(place.system, text)
    await anyio.Path(place.system).chmod(0o644)


async def governed(path: Path, place: PolicyPlace, text: str, policy: str) -> ConfigStore:
    await write(path, text)
    await govern(place, policy)
    return await to_thread.run_sync(partial(ConfigStore, path, {}, policy=place))


def shown(store: ConfigStore) -> dict[str, tuple[str, str]]:
    return {setting.key: (setting.value, setting.origin) for setting in store.show()}


@pytest.mark.asyncio
async def test_what_a_policy_decides_is_managed_and_comes_back_when_it_goes(path: Path, place: PolicyPlace) -> None:
    store = await governed(path, place, TWO_TARGETS, "[limit]\nhistory = 5\n[pin.audio]\nmax_minutes = 3\n")
    assert shown(store)["history.keep"] == ("5", f"managed {place.system}:2")
    assert shown(store)["audio.max_minutes"] == ("3", f"managed {place.system}:4")
    assert shown(store)["cleanup.mode"] == ('"polished"', f"{path}:4")
    assert store.policy is not None
    assert (store.policy.path, store.policy.decided) == (str(place.system), ("audio.max_minutes", "history.keep"))
    assert await text_of(path) == TWO_TARGETS
    await anyio.Path(place.system).unlink()
    assert await store.reload() == ()
    assert shown(store)["history.keep"] == ("50", f"{path}:2")
    assert store.policy is None


@pytest.mark.asyncio
async def test_a_policy_that_comes_holds_whatever_the_user_s_file_is_like(path: Path, place: PolicyPlace) -> None:
    await write(path, TWO_TARGETS)
    store = await to_thread.run_sync(partial(ConfigStore, path, {}, policy=place))
    await write(path, "[history\n")
    await govern(place, '[limit]\nmode = "instant"\n')
    problems = await store.reload()
    assert [problem.file for problem in problems] == [str(path)]
    assert (store.settings.history.keep, store.settings.cleanup.mode) == (50, Mode.INSTANT)
    await govern(place, "[limit]\nhistory = 'few'\n")
    problems = await store.reload()
    assert [problem.file for problem in problems] == [str(path), str(place.system)]
    assert (store.settings.history.keep, store.settings.cleanup.targets) == (0, ())
    assert shown(store)["history.keep"] == ("0", f"managed {place.system}")


@pytest.mark.asyncio
async def test_a_bad_policy_keeps_no_change_of_the_file_from_taking_effect(path: Path, place: PolicyPlace) -> None:
    store = await governed(path, place, "", "[limit]\nhistory = 'few'\n")
    await store.set("speech.language", "de")
    assert (store.settings.speech.language, store.settings.history.keep) == ("de", 0)


@pytest.mark.parametrize(
    ("policy", "key", "value", "line"),
    [
        ("[pin.history]\nkeep = 5\n", "history.keep", "5", 2),
        ("[limit]\nhistory = 5\n", "history.keep", "6", 2),
        ('[limit]\nmode = "instant"\n', "cleanup.mode", "polished", 2),
        ("[limit]\nstatic_keys = false\n", "cleanup.target[1].auth", "api-key", 2),
    ],
)
@pytest.mark.asyncio
async def test_a_key_that_is_managed_cannot_be_set(
    path: Path, place: PolicyPlace, policy: str, key: str, value: str, line: int
) -> None:
    store = await governed(path, place, TWO_TARGETS, policy)
    with pytest.raises(ManagedError) as refused:
        await store.set(key, value)
    assert refused.value.reason is Reason.MANAGED
    assert f"{key} is decided" in refused.value.message
    assert refused.value.message.endswith(f"{place.system}:{line}")
    assert await text_of(path) == TWO_TARGETS


@pytest.mark.asyncio
async def test_what_a_limit_allows_can_be_set(path: Path, place: PolicyPlace) -> None:
    store = await governed(path, place, TWO_TARGETS, "[limit]\nhistory = 5\n")
    await store.set("history.keep", "3")
    assert shown(store)["history.keep"] == ("3", f"{path}:2")


@pytest.mark.asyncio
async def test_targets_that_are_not_allowed_are_withheld_and_cannot_be_added(path: Path, place: PolicyPlace) -> None:
    store = await governed(path, place, TWO_TARGETS, '[limit]\nhosts = ["two-openai.openai.azure.com"]\n')
    assert [target.name for target in store.settings.cleanup.targets] == ["two"]
    assert shown(store)["cleanup.target[1].name"] == ('"two"', f"{path}:11")
    assert store.policy is not None
    (withheld,) = store.policy.withheld
    assert withheld.message == f"the policy allows the hosts two-openai.openai.azure.com ({place.system}:2)"
    with pytest.raises(ManagedError, match="target own is decided"):
        await store.add_target(TARGET)
    with pytest.raises(ManagedError, match="target x is decided"):
        store.check_target(Target(name="x", provider=Provider.OPENAI, auth=Auth.API_KEY))
    assert await text_of(path) == TWO_TARGETS
    await store.add_target({"name": "two", "deployment": "large", "resource": "two-openai"})
    assert store.settings.cleanup.targets[0].deployment == "large"


@pytest.mark.asyncio
async def test_a_target_is_not_added_with_a_mode_that_is_not_allowed(path: Path, place: PolicyPlace) -> None:
    store = await governed(path, place, "", '[pin.cleanup]\nmode = "instant"\n')
    with pytest.raises(ManagedError, match=r"cleanup\.mode is decided"):
        await store.add_target(TARGET, "polished")
    assert await text_of(path) == ""


@pytest.mark.asyncio
async def test_pinned_targets_are_shown_as_managed(path: Path, place: PolicyPlace) -> None:
    pinned = '[[pin.cleanup.target]]\nname = "ours"\nresource = "our-openai"\ndeployment = "mini"\n'
    store = await governed(path, place, TWO_TARGETS, pinned)
    assert [target.name for target in store.settings.cleanup.targets] == ["ours"]
    assert shown(store)["cleanup.target[0].name"] == ('"ours"', f"managed {place.system}:2")
    with pytest.raises(ManagedError):
        await store.set("cleanup.target[0].weight", "2")
