"""Brings settings into effect, at start and whenever they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from anyio import to_thread

from parleqd.core.errors import ParleqError
from parleqd.core.ports import Calibrations, Microphone, Model, ModelStore, SettingsStore
from parleqd.core.settings import Engine, Settings, Speech
from parleqd.core.settings.sections import Device
from parleqd.core.speech.devices import Computing
from parleqd.engine.effects import Records
from parleqd.engine.microphone import choice_of
from parleqd.engine.recognition import Recognition
from parleqd.engine.sessions import Sessions
from parleqd.engine.targets import Targets
from parleqd.protocol.names import Mode, Reason


def chosen_model(models: ModelStore, calibrations: Calibrations, settings: Speech) -> Model:
    """The configured model; one that cannot be found counts as not installed, and says so when it is needed."""
    try:
        model = models.find(settings.model)
    except ParleqError:
        model = Model(settings.model, "", installed=False)
    measured = calibrations.find(model.path, settings.device) if model.installed else None
    how = Computing(settings.device) if measured is None else measured.computing
    if settings.device is not Device.AUTO:
        how = msgspec.structs.replace(how, device=settings.device)
    model = msgspec.structs.replace(model, computing=how)
    if settings.engine is Engine.OPENAI_COMPATIBLE:
        return msgspec.structs.replace(model, server=settings.server, server_model=settings.server_model)
    return model


class Configuration:
    """Owns the settings in effect."""

    def __init__(
        self,
        store: SettingsStore,
        models: ModelStore,
        calibrations: Calibrations,
        sessions: Sessions,
        recognition: Recognition,
        records: Records,
        targets: Targets,
        microphone: Microphone | None,
    ) -> None:
        self.store = store
        self.models = models
        self._calibrations = calibrations
        self._sessions = sessions
        self._recognition = recognition
        self._records = records
        self._targets = targets
        self._microphone = microphone
        self._apply(store.settings)

    @property
    def settings(self) -> Settings:
        """What is in effect."""
        return self.store.settings

    @property
    def state(self) -> str:
        """``ok`` or ``config_invalid``."""
        return Reason.CONFIG_INVALID if self.store.problems else "ok"

    async def reload(self) -> Sequence[object]:
        """Read the settings file again; with a problem in it, the last good settings stay."""
        problems = await self.store.reload()
        self._records.log("settings_reloaded", problems=len(problems))
        await self._changed()
        return problems

    async def set(self, key: str, value: str) -> None:
        """Write one setting and bring it into effect. Raises ``ConfigError``, or what ``ModelStore.find`` raises."""
        if key == "speech.model":
            await to_thread.run_sync(self.models.find, value.strip("\"'"))
        await self.store.set(key, value)
        await self._changed()

    async def add_target(self, values: Mapping[str, object], mode: str | None) -> bool:
        """Write a cleanup target and bring it into effect; whether it replaced one. Raises ``ConfigError``."""
        replaced = await self.store.add_target(values, mode)
        await self._changed()
        return replaced

    async def find_model(self) -> None:
        """Look for the configured model again: the settings, or what is installed, have changed."""
        settings = self.store.settings.speech
        self._recognition.use(await to_thread.run_sync(chosen_model, self.models, self._calibrations, settings))

    async def _changed(self) -> None:
        self._apply(self.store.settings)
        await self.find_model()

    def _apply(self, settings: Settings) -> None:
        policy = self.store.policy
        self._targets.use(settings.cleanup, () if policy is None else policy.withheld)
        self._sessions.cleanup.most = Mode.POLISHED if policy is None else policy.most
        polisher = self._targets.polisher
        self._sessions.cleanup_budget_s = settings.cleanup.budget_s if polisher is None else polisher.budget_s
        self._sessions.settings = settings
        self._sessions.stop_after_silence_s = settings.audio.stop_after_silence_s
        if self._microphone is not None:
            self._microphone.choose(choice_of(settings))
        self._sessions.hearing.max_live_s = settings.audio.max_minutes * 60
        self._recognition.unload_after_s = settings.speech.unload_after_s
        self._records.history.keep = settings.history.keep
        if not settings.history.keep:
            self._records.recovery.forget_kept()
