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


class InsertionMethod(StrEnum):
    """The ways to put a text into a window; "auto" takes the first that works. "clipboard" leaves it for a paste."""

    AUTO = "auto"
    X11 = "x11"
    WAYLAND = "wayland"
    INPUT_METHOD = "input-method"
    PORTAL = "portal"
    MACOS = "macos"
    CLIPBOARD = "clipboard"


class TargetWindow(StrEnum):
    """Which window a text is for: the one of the key's press, or whichever has the focus when the text is there."""

    CAPTURED = "captured"
    LIVE = "live"


class Missed(StrEnum):
    """What is done with a text whose window has lost the focus: it waits to be asked for, or for that window."""

    WAIT = "wait"
    NEXT_FOCUS = "next-focus"


class KeySourceName(StrEnum):
    """The ways to watch one key; "auto" takes the first that works here."""

    AUTO = "auto"
    X11 = "x11"
    PYNPUT = "pynput"
    EVDEV = "evdev"
    PORTAL = "portal"


class Notifications(StrEnum):
    """What the desktop is asked to show: nothing, what went wrong, or each step."""

    OFF = "off"
    PROBLEMS = "problems"
    ALL = "all"


class Sounds(StrEnum):
    """What is played: nothing, a sound when the recording is over, or one before it too."""

    OFF = "off"
    END = "end"
    ALL = "all"


class Media(StrEnum):
    """What becomes of other programs' sound during a recording; afterwards it is as before."""

    LEAVE = "leave"
    PAUSE = "pause"
    DUCK = "duck"


class Audio(msgspec.Struct, frozen=True):
    """``device``: name or id of a microphone, ``channel`` the one of its channels that is heard, from 1.

    ``max_minutes``: a forgotten recording stops here. ``stop_after_silence_s``: and after so much silence; 0 never.

    ``preroll_s``: so much from before the key went down is heard too, which keeps the microphone open; 0 does not.

    ``avoid_bluetooth``: the device "default" is another microphone than that of a Bluetooth headset that plays.

    ``journal_without_memory``: where no folder in memory can be had, the journal is kept in the daemon alone ("off"),
    or on disk, encrypted with a key from the keyring ("encrypted").
    """

    device: str = "default"
    channel: int = 1
    max_minutes: float = 20
    stop_after_silence_s: float = 0
    preroll_s: float = 0
    avoid_bluetooth: bool = True
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
    """``method``: how texts are put into windows. ``review``: hold the text back until a tap.

    ``trailing_space``: a blank behind every text that is inserted, so that the next one does not run into it.

    ``target``: the window that a text is for. ``missed``: what is done with a text whose window has lost the focus.

    ``paste_keys``: the chord that pastes, such as "ctrl+shift+v", by application or window class, in which ``*`` stands
    for any characters. ``typing``: short ASCII texts are typed key by key, where nothing better can be had.
    """

    method: InsertionMethod = InsertionMethod.AUTO
    review: bool = False
    trailing_space: bool = False
    target: TargetWindow = TargetWindow.CAPTURED
    missed: Missed = Missed.WAIT
    paste_keys: dict[str, str] = {}
    typing: bool = False


class Hotkey(msgspec.Struct, frozen=True):
    """``key``: the one that is held to dictate. ``source``: how it is watched. Times in milliseconds of the key.

    ``cancel_key`` gives up what is being recorded, ``offer_key`` inserts a text that waits where the focus is; "" none.

    ``tap_ms``: a shorter press is a tap. ``shortest_ms``: a shorter one is no press at all. ``chatter_ms``: a release
    that a press follows sooner is none. ``double_tap_ms``: so soon a second tap follows the first.

    ``double_tap``: two taps dictate hands-free, until the next one. ``quick``: the second held down inserts without
    review. ``refine_ms``: held so long over a text in review, what is said changes that text.
    """

    key: str = "F9"
    source: KeySourceName = KeySourceName.AUTO
    cancel_key: str = "Escape"
    offer_key: str = ""
    tap_ms: float = 200
    shortest_ms: float = 40
    chatter_ms: float = 12
    double_tap_ms: float = 300
    refine_ms: float = 180
    double_tap: bool = True
    quick: bool = True


class Feedback(msgspec.Struct, frozen=True):
    """What a dictation shows and plays: ``notifications`` and ``sounds``, and an ``overlay`` window with its text.

    ``media``: what becomes of music and films while the microphone listens.
    """

    notifications: Notifications = Notifications.PROBLEMS
    sounds: Sounds = Sounds.OFF
    media: Media = Media.LEAVE
    overlay: bool = False


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
    hotkey: Hotkey = Hotkey()
    feedback: Feedback = Feedback()
    apps: tuple[AppRule, ...] = ()
