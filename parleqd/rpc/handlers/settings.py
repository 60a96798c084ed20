"""settings/*, daemon/reload."""

from __future__ import annotations

import msgspec

from parleqd.core.applications.choice import choose, told
from parleqd.core.errors import ConfigError
from parleqd.core.ports import SettingOrigin
from parleqd.core.settings.rules import closest
from parleqd.protocol import messages as m
from parleqd.protocol.methods import DAEMON_RELOAD, SETTINGS_BEHAVIOUR, SETTINGS_GET, SETTINGS_SET
from parleqd.rpc.dispatch import handles, handles_async
from parleqd.rpc.services import Call


def _entry(setting: SettingOrigin) -> m.SettingEntry:
    return m.SettingEntry(key=setting.key, value=msgspec.Raw(setting.value.encode()), origin=setting.origin)


def _find(call: Call, key: str) -> list[SettingOrigin]:
    settings = call.services.configuration.store.show()
    found = [setting for setting in settings if setting.key == key or setting.key.startswith((f"{key}.", f"{key}["))]
    if not found:
        meant = closest(key, [setting.key for setting in settings])
        hint = f"did you mean {meant}? " if meant is not None else ""
        raise ConfigError(f"there is no setting {key!r}", f"{hint}`parleqctl config show` lists them")
    return found


@handles(SETTINGS_GET)
def get(call: Call, params: m.SettingsGetParams) -> m.SettingsGetResult:
    store = call.services.configuration.store
    found = store.show() if params.key is None else _find(call, params.key)
    return m.SettingsGetResult(
        path=str(store.path),
        settings=[_entry(setting) for setting in found],
        problems=[str(problem) for problem in store.problems],
    )


@handles(SETTINGS_BEHAVIOUR)
def behaviour(call: Call, params: m.SettingsBehaviourParams) -> m.SettingsBehaviourResult:
    store = call.services.configuration.store
    shown = told(choose(store.settings, params.context), store.show())
    return m.SettingsBehaviourResult(settings=[_entry(setting) for setting in shown])


@handles_async(SETTINGS_SET)
async def set_one(call: Call, params: m.SettingsSetParams) -> m.SettingEntry:
    await call.services.configuration.set(params.key, params.value)
    return _entry(_find(call, params.key)[0])


@handles_async(DAEMON_RELOAD)
async def reload(call: Call, _: m.Nothing) -> m.ReloadResult:
    await call.services.vocabulary.start()
    return m.ReloadResult(problems=[str(problem) for problem in await call.services.configuration.reload()])
