"""Sees to it that the speed of the model in use is known: measured while nobody dictates, and given way to who does."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
from anyio import to_thread

from parleqd.core.errors import ParleqError
from parleqd.core.ports import Calibrations, Log, Model
from parleqd.core.speech.calibration import Calibration, Speed, speeds
from parleqd.engine.configuration import Configuration
from parleqd.engine.recognition import Recognition

QUIET_S = 30.0
"""For so long nobody must have dictated before the machine is made busy."""


class Calibrating:
    """``quiet_s``: see ``QUIET_S``."""

    def __init__(
        self,
        calibrations: Calibrations,
        configuration: Configuration,
        recognition: Recognition,
        log: Log,
        *,
        quiet_s: float = QUIET_S,
    ) -> None:
        self._calibrations = calibrations
        self._configuration = configuration
        self._recognition = recognition
        self._log = log
        self._quiet_s = quiet_s
        self._one_at_a_time = anyio.Lock()
        self._hopeless: set[str] = set()

    async def measure(self, model: Model) -> Calibration:
        """Try a model and bring what was found into effect. Raises ``OutsideError`` (``worker_failed``).

        Whoever begins to dictate has the machine for himself: it begins again once he is done.
        """
        async with self._one_at_a_time:
            found = None
            while found is None:
                while self._recognition.busy:
                    await self._recognition.changed.wait()
                found = await self._measured_unless_disturbed(model)
        how = found.computing
        self._log("calibrated", factor=round(found.factor, 3), device=how.device, threads=how.threads)
        await self._configuration.find_model()
        return found

    async def known(self, models: Sequence[Model]) -> dict[str, Calibration]:
        """What was measured, by the models' names."""

        def look() -> dict[str, Calibration]:
            found = {model.name: self._calibrations.find(model.path, self._device) for model in models if model.path}
            return {name: one for name, one in found.items() if one is not None}

        return await to_thread.run_sync(look)

    async def speeds(self, models: Sequence[Model]) -> dict[str, Speed]:
        """How fast these are, measured or estimated."""
        return speeds({model.name: model.size for model in models}, await self.known(models))

    async def run(self) -> None:
        """Measure the model in use, once, as soon as nobody has dictated for a while; until cancelled."""
        while True:
            disturbed = self._recognition.changed
            model = self._recognition.at_rest_with
            if model is None or model.server or model.path in self._hopeless or await self.known([model]):
                await disturbed.wait()
                continue
            with anyio.move_on_after(self._quiet_s):
                await disturbed.wait()
                continue
            try:
                await self.measure(model)
            except ParleqError as problem:
                self._hopeless.add(model.path)
                self._log("calibration_failed", reason=problem.reason)

    async def _measured_unless_disturbed(self, model: Model) -> Calibration | None:
        found: Calibration | None = None
        failure: ParleqError | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._cancel_when_busy, tasks.cancel_scope)
            try:
                found = await self._calibrations.measure(model.path, self._device)
            except ParleqError as problem:
                failure = problem
            tasks.cancel_scope.cancel()
        if failure is not None:
            raise failure
        return found

    async def _cancel_when_busy(self, scope: anyio.CancelScope) -> None:
        while not self._recognition.busy:
            await self._recognition.changed.wait()
        scope.cancel()

    @property
    def _device(self) -> str:
        return self._configuration.settings.speech.device
