"""status/get, devices/list, doctor/run, models/*, settings/*, metrics/get, daemon/reload."""

from __future__ import annotations

import msgspec

from parleqd.protocol.messages.parts import Message, SessionContext
from parleqd.protocol.names import CheckVerdict, DaemonState, MicrophoneState, Mode, ModelState, Reason


class ModelStatus(Message, frozen=True):
    name: str
    compute_type: str
    state: ModelState
    detail: str = ""


class TargetStatus(Message, frozen=True):
    name: str
    state: str
    detail: str = ""


class CleanupStatus(Message, frozen=True):
    mode: Mode
    targets: list[TargetStatus]


class ConfigStatus(Message, frozen=True):
    """``state`` is "ok" or "config_invalid"; ``problems`` name file, line and key.

    ``managed_by``: the file of the administrator's policy, "" where there is none.
    """

    path: str
    state: str
    problems: list[str]
    managed_by: str = ""


class MicrophoneStatus(Message, frozen=True):
    """``device`` is the name of the one that is heard, or was last, or would be; ``chosen`` what the settings say.

    ``reason``, ``message`` and ``hint`` say what is wrong where something is.
    """

    state: MicrophoneState
    device: str
    chosen: str
    reason: Reason | None = None
    message: str = ""
    hint: str = ""


class DeviceEntry(Message, frozen=True):
    """``id`` is what ``audio.device`` takes (so is ``name``). ``default``: the system's own choice at present.

    ``chosen``: the settings mean this one. ``monitor``: it hears what a loudspeaker plays.

    ``avoided``: the default, but another is chosen to spare the sound of this one, a Bluetooth headset.
    """

    id: str
    name: str
    default: bool
    chosen: bool
    monitor: bool = False
    avoided: bool = False


class DevicesListResult(Message, frozen=True):
    devices: list[DeviceEntry]


class CheckResult(Message, frozen=True):
    """One part, tried for real. ``reason`` where something is wrong with it."""

    check: str
    verdict: CheckVerdict
    message: str
    hint: str = ""
    reason: Reason | None = None


class DoctorResult(Message, frozen=True):
    """``verdict`` is the worst of all."""

    verdict: CheckVerdict
    checks: list[CheckResult]


class StatusResult(Message, frozen=True):
    """``pending`` counts finished, unacknowledged sessions; ``sessions`` those under way.

    ``device`` is ``microphone.device``, as it is.
    """

    state: DaemonState
    model: ModelStatus
    device: str
    microphone: MicrophoneStatus
    cleanup: CleanupStatus
    pending: int
    sessions: int
    config: ConfigStatus
    version: str
    pid: int
    uptime_seconds: float


class ModelEntry(Message, frozen=True):
    """``path`` is a folder that faster-whisper opens ("" while not installed).

    ``factor``: seconds of decoding for each second of speech on this machine, measured or ``estimated`` from another
    model; null while nobody knows.
    """

    name: str
    path: str
    installed: bool
    in_use: bool
    description: str = ""
    factor: float | None = None
    estimated: bool = False


class ModelsListResult(Message, frozen=True):
    models: list[ModelEntry]


class ModelRef(Message, frozen=True):
    """A name from ``models/list``, or an absolute path of a folder. ``progress_token`` asks for ``$/progress``."""

    name: str
    progress_token: int | str | None = None


class SettingsGetParams(Message, frozen=True):
    """Without ``key``: all of them. A section's name gives the section."""

    key: str | None = None


class SettingEntry(Message, frozen=True):
    """``value`` is any JSON value; ``origin`` says where it comes from."""

    key: str
    value: msgspec.Raw
    origin: str


class SettingsGetResult(Message, frozen=True):
    path: str
    settings: list[SettingEntry]
    problems: list[str]


class SettingsBehaviourParams(Message, frozen=True):
    """The place as `session/start` takes it; an empty one is any place of which nothing is known."""

    context: SessionContext = SessionContext()


class SettingsBehaviourResult(Message, frozen=True):
    """What is done with a text that goes there.

    ``origin`` names the rule or setting that says so: ``app[0].mode (FILE:LINE)``, ``built in: terminals``, "default".
    """

    settings: list[SettingEntry]


class SettingsSetParams(Message, frozen=True):
    """``value`` is the text of a TOML value; what is not one is taken as a string."""

    key: str
    value: str


class StageMetrics(Message, frozen=True):
    """Milliseconds over the latest ``count`` measurements; ``total``: how many there were since the daemon's start."""

    count: int
    p50: float
    p95: float
    total: int = 0


class MetricsResult(Message, frozen=True):
    """``window``: how many measurements of each stage are looked back over; all else counts since the daemon's start.

    ``cost``: of each cleanup target's answers, in the unit of the price table.

    It is dollars unless ``cleanup.prices`` counts in another. ``answers_unpriced`` counts those of unknown price.
    """

    stages: dict[str, StageMetrics]
    counts: dict[str, int]
    cost: dict[str, float]
    window: int = 0
    uptime_seconds: float = 0.0


class ReloadResult(Message, frozen=True):
    problems: list[str]
