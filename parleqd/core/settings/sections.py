"""The settings as frozen structs with their defaults: one struct a section of the file.

Nothing in here is secret: keys and tokens live in the keyring or the environment, never in the settings.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from parleqd.protocol.names import Mode


class Strategy(StrEnum):
    """How several targets share the work."""

    SINGLE = "single"
    FALLBACK = "fallback"
    LOADBALANCE = "loadbalance"


class Provider(StrEnum):
    """Whose API a target speaks."""

    AZURE_OPENAI = "azure-openai"
    OPENAI = "openai"
    OPENAI_COMPATIBLE = "openai-compatible"


class Family(StrEnum):
    """Which parameters the deployment's model takes."""

    STANDARD = "standard"
    REASONING = "reasoning"


class Auth(StrEnum):
    """How a target is authorised."""

    API_KEY = "api-key"
    AZURE_CLI = "azure-cli"
    TOKEN = "token"
    CLIENT_SECRET = "client-secret"
    MANAGED_IDENTITY = "managed-identity"
    WORKLOAD_IDENTITY = "workload-identity"


class Engine(StrEnum):
    """What decodes speech: a Whisper model in a process of the daemon's own, or a speech server on this machine."""

    WHISPER = "whisper"
    OPENAI_COMPATIBLE = "openai-compatible"


class Device(StrEnum):
    """Where the speech model computes."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class WithoutMemory(StrEnum):
    """What becomes of the journal where no folder in memory can be had."""

    OFF = "off"
    ENCRYPTED = "encrypted"


class Newlines(StrEnum):
    """What becomes of line breaks in a text: a terminal would run what stands before one."""

    KEEP = "keep"
    SPACE = "space"


class Audio(msgspec.Struct, frozen=True):
    """``device``: name or id of a microphone, ``channel`` the one of its channels that is heard, from 1.

    ``max_minutes``: a forgotten recording stops here. ``stop_after_silence_s``: and after so much silence; 0 never.

    ``preroll_s``: so much from before the key went down is heard too, which keeps the microphone open; 0 does not.

    ``journal_without_memory``: where no folder in memory can be had, the journal is kept in the daemon alone ("off"),
    or on disk, encrypted with a key from the keyring ("encrypted").
    """

    device: str = "default"
    channel: int = 1
    max_minutes: float = 20
    stop_after_silence_s: float = 0
    preroll_s: float = 0
    journal_without_memory: WithoutMemory = WithoutMemory.OFF


class Speech(msgspec.Struct, frozen=True):
    """``model``: a name or a folder. ``language``: a code, or "auto", which finds one of ``languages``: all when empty.

    ``translate``: the text is written in English, whatever is spoken. ``device``: "auto" takes a GPU where one works.

    ``unload_after_s``: seconds of idleness after which the model leaves memory; 0 at once, -1 never.

    ``server``: where the engine "openai-compatible" sends audio, always on this machine, and ``server_model`` the name
    of its model there; ``model`` helps out while it does not answer.
    """

    model: str = "tiny.en"
    language: str = "en"
    languages: tuple[str, ...] = ()
    translate: bool = False
    device: Device = Device.AUTO
    unload_after_s: float = 600
    engine: Engine = Engine.WHISPER
    server: str = "http://127.0.0.1:8000/v1"
    server_model: str = "whisper-1"


class Target(msgspec.Struct, frozen=True):
    """One deployment of a cleanup model.

    ``resource``: bare name, host or URL ("": the provider's own address). ``api_version``: a date, or "v1".

    ``trusted_hosts``: hosts beyond Azure's, OpenAI's and loopback that may get this target's key or token.

    ``tenant``, ``subscription``: for which `az` signs in, at most one of them. ``scope``: of the token, where the
    host's own will not do. ``predict``: send the transcript along as the predicted output.
    """

    name: str
    provider: Provider
    auth: Auth
    resource: str = ""
    deployment: str = ""
    api_version: str = "2025-04-01-preview"
    family: Family = Family.STANDARD
    weight: float = 1.0
    trusted_hosts: tuple[str, ...] = ()
    tenant: str = ""
    subscription: str = ""
    scope: str = ""
    predict: bool = False


class Price(msgspec.Struct, frozen=True, array_like=True):
    """Of a model: dollars (or whatever the user counts in) for a million tokens."""

    prompt: float
    cached: float
    completion: float


class Cleanup(msgspec.Struct, frozen=True):
    """``mode``: how dictations are cleaned unless a client asks otherwise. ``budget_s``: seconds.

    ``ca_file``: certificates that are trusted beside the system's. ``prices``: by model, before the built-in ones.

    ``refine_mode``: how a text is changed as a spoken instruction says: by a model, or with what was said put behind
    it. ``presets``: instructions by name, before the built-in ones (`presets`).
    """

    mode: Mode = Mode.INSTANT
    refine_mode: Mode = Mode.POLISHED
    budget_s: float = 4.0
    strategy: Strategy = Strategy.FALLBACK
    ca_file: str = ""
    prices: dict[str, Price] = {}
    presets: dict[str, str] = {}
    targets: tuple[Target, ...] = ()


class History(msgspec.Struct, frozen=True):
    """``keep``: how many dictations are kept after delivery; 0 keeps nothing, in memory either."""

    keep: int = 100


class Insertion(msgspec.Struct, frozen=True):
    """``method``: how the inserting client types. ``review``: hold the text back until a tap.

    ``trailing_space``: a blank behind every text that is inserted, so that the next one does not run into it.
    """

    method: str = "auto"
    review: bool = False
    trailing_space: bool = False


class AppRule(msgspec.Struct, frozen=True):
    """What is done where a text goes to certain applications; what is None or empty is left to other rules.

    ``app``: the program (its name, path or id), ``window_class``, ``title`` of the window, ``file_type`` of what is
    edited: names in which ``*`` stands for any characters, one of each of which must fit. ``name`` is for people.

    ``vocabulary``: terms to be expected there beside the user's own. ``preset``: the instruction of that name.
    """

    name: str = ""
    app: tuple[str, ...] = ()
    window_class: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    file_type: tuple[str, ...] = ()
    mode: Mode | None = None
    spoken_punctuation: bool | None = None
    capitals: bool | None = None
    final_mark: bool | None = None
    trailing_space: bool | None = None
    newlines: Newlines | None = None
    vocabulary: tuple[str, ...] = ()
    preset: str | None = None


class Settings(msgspec.Struct, frozen=True):
    """All settings in effect."""

    audio: Audio = Audio()
    speech: Speech = Speech()
    cleanup: Cleanup = Cleanup()
    history: History = History()
    insertion: Insertion = Insertion()
    apps: tuple[AppRule, ...] = ()
