"""The one table of methods and notifications: name, types, direction, and a line on what each does.

The dispatcher, the generated reference and schema, and the tests that demand a handler and a client for every
method all read this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from parleqd.protocol import messages as m

P = TypeVar("P", bound=m.Message)
R = TypeVar("R", bound=m.Message)


@dataclass(frozen=True)
class Method(Generic[P, R]):
    """A request.

    ``waits``: the answer may take long, so it is handled in a task of its own and can be cancelled. All others are
    answered in the order in which they came, before the next message of that connection is read.
    """

    name: str
    params: type[P]
    result: type[R]
    summary: str
    waits: bool = False


@dataclass(frozen=True)
class Notification(Generic[P]):
    """A message without an answer."""

    name: str
    params: type[P]
    summary: str


# Client → daemon

INITIALIZE = Method(
    "initialize",
    m.InitializeParams,
    m.InitializeResult,
    "Says who is calling; answers what the daemon can do and what waits for this instance.",
)
SESSION_START = Method(
    "session/start", m.SessionStartParams, m.SessionStarted, "Begins a dictation from a microphone, file or stream."
)
SESSION_AUDIO = Method(
    "session/audio",
    m.SessionAudioParams,
    m.Nothing,
    "Pushes audio into a stream session; answered once the frames are in the journal.",
)
SESSION_STOP = Method(
    "session/stop", m.SessionStopParams, m.SessionStarted, "Ends the recording; transcribing goes on."
)
SESSION_CANCEL = Method(
    "session/cancel", m.SessionCancelParams, m.SessionStarted, "Gives the dictation up, in whatever phase it is."
)
SESSION_RESULT = Method(
    "session/result",
    m.OptionalSessionRef,
    m.SessionResult,
    "Waits for the result; repeatable until acknowledged. Without id: this connection's latest session.",
    waits=True,
)
SESSION_ACKNOWLEDGE = Method(
    "session/acknowledge", m.SessionAcknowledgeParams, m.Nothing, "Says what became of the text; the session ends."
)
SESSION_PENDING = Method(
    "session/pending", m.SessionPendingParams, m.SessionPendingResult, "Lists finished, unacknowledged sessions."
)
SESSION_CLAIM = Method(
    "session/claim", m.SessionRef, m.PendingSession, "Moves an orphan to the caller, as a `return` session."
)
SESSION_RECOVER = Method(
    "session/recover", m.Nothing, m.SessionStarted, "Redoes the last capture from its audio, as a `return` session."
)
STATUS_GET = Method("status/get", m.Nothing, m.StatusResult, "What the daemon and its parts are doing.")
TEXT_CLEAN = Method("text/clean", m.TextCleanParams, m.TextCleanResult, "Cleanup alone.", waits=True)
TEXT_REFINE = Method(
    "text/refine", m.TextRefineParams, m.TextRefineResult, "Changes a text as an instruction says.", waits=True
)
TEXT_PRESETS = Method(
    "text/presets", m.Nothing, m.TextPresetsResult, "The instructions that have a name, and their digits."
)
EVENTS_SUBSCRIBE = Method(
    "events/subscribe",
    m.EventsSubscribeParams,
    m.EventsSubscribeResult,
    "Chooses the notifications beyond those of the caller's own sessions.",
)
HISTORY_LIST = Method("history/list", m.HistoryListParams, m.HistoryListResult, "Earlier dictations, newest first.")
HISTORY_SHOW = Method("history/show", m.SessionRef, m.HistoryEntry, "One earlier dictation.")
HISTORY_SEARCH = Method(
    "history/search", m.HistorySearchParams, m.HistoryListResult, "Earlier dictations that hold all these words."
)
HISTORY_LAST = Method(
    "history/last", m.Nothing, m.HistoryEntry, "The latest finished dictation, pending ones included."
)
HISTORY_UNDO = Method(
    "history/undo",
    m.HistoryUndoParams,
    m.HistoryUndoResult,
    "What the text of an earlier dictation is without some of its edits; it stays as it is.",
)
HISTORY_CLEAR = Method("history/clear", m.Nothing, m.HistoryClearResult, "Forgets the history.")
DEVICES_LIST = Method("devices/list", m.Nothing, m.DevicesListResult, "The microphones there are now.", waits=True)
DOCTOR_RUN = Method(
    "doctor/run", m.Nothing, m.DoctorResult, "Tries every part for real and says what to do about each.", waits=True
)
MODELS_LIST = Method("models/list", m.Nothing, m.ModelsListResult, "Speech models, installed or not.", waits=True)
MODELS_INSTALL = Method(
    "models/install", m.ModelRef, m.ModelEntry, "Fetches a model, or registers a local folder.", waits=True
)
MODELS_USE = Method("models/use", m.ModelRef, m.ModelEntry, "Makes a model the configured one.", waits=True)
MODELS_CALIBRATE = Method(
    "models/calibrate", m.ModelRef, m.ModelEntry, "Measures how fast an installed model is on this machine.", waits=True
)
MODELS_REMOVE = Method("models/remove", m.ModelRef, m.Nothing, "Deletes an installed model.", waits=True)
SETTINGS_GET = Method("settings/get", m.SettingsGetParams, m.SettingsGetResult, "Effective settings and their origins.")
SETTINGS_BEHAVIOUR = Method(
    "settings/behaviour",
    m.SettingsBehaviourParams,
    m.SettingsBehaviourResult,
    "What is done with a text that goes to an application, and which rule says so.",
)
SETTINGS_SET = Method(
    "settings/set", m.SettingsSetParams, m.SettingEntry, "Writes one setting to the file and applies it.", waits=True
)
SECRETS_SET = Method(
    "secrets/set", m.SecretsSetParams, m.SecretEntry, "Keeps a cleanup target's key in the keyring.", waits=True
)
SECRETS_DELETE = Method(
    "secrets/delete", m.SecretRef, m.SecretEntry, "Forgets a cleanup target's key in the keyring.", waits=True
)
SECRETS_STATUS = Method(
    "secrets/status",
    m.SecretsStatusParams,
    m.SecretsStatusResult,
    "Where the cleanup targets' keys come from. Never a key.",
    waits=True,
)
TARGETS_RESOLVE = Method(
    "targets/resolve",
    m.TargetsResolveParams,
    m.ResolvedTarget,
    "Reads an address as it was typed or pasted: where it leads, what it names, whether a key may be sent there.",
)
TARGETS_TEST = Method(
    "targets/test",
    m.TargetsTestParams,
    m.DoctorResult,
    "Tries a cleanup target hop by hop, with one small request; nothing is kept.",
    waits=True,
)
TARGETS_ADD = Method(
    "targets/add",
    m.TargetsAddParams,
    m.TargetAdded,
    "Writes a cleanup target to the settings file and applies it; one of the same name is replaced.",
    waits=True,
)
AZURE_SUBSCRIPTIONS = Method(
    "azure/subscriptions", m.Nothing, m.AzureSubscriptionsResult, "The subscriptions that `az` can see.", waits=True
)
AZURE_RESOURCES = Method(
    "azure/resources",
    m.AzureResourcesParams,
    m.AzureResourcesResult,
    "The resources of a subscription that serve models, as `az` sees them.",
    waits=True,
)
AZURE_DEPLOYMENTS = Method(
    "azure/deployments",
    m.AzureDeploymentsParams,
    m.AzureDeploymentsResult,
    "The deployments of a resource, with the family and version that suit each.",
    waits=True,
)
VOCABULARY_LIST = Method(
    "vocabulary/list",
    m.Nothing,
    m.VocabularyListResult,
    "The user's terms, and what is wrong with them.",
    waits=True,
)
VOCABULARY_SUGGEST = Method(
    "vocabulary/suggest",
    m.Nothing,
    m.VocabularySuggestResult,
    "Terms that models and instructions put in the place of what was heard, out of the history; none is added.",
    waits=True,
)
VOCABULARY_ADD = Method(
    "vocabulary/add",
    m.VocabularyAddParams,
    m.VocabularyAdded,
    "Adds a term; one that is there takes the new spelling and forms.",
    waits=True,
)
VOCABULARY_REMOVE = Method(
    "vocabulary/remove", m.TermRef, m.VocabularyEntry, "Removes a term; answers with what it was.", waits=True
)
VOCABULARY_IMPORT = Method(
    "vocabulary/import", m.VocabularyImportParams, m.VocabularyImported, "Adds the terms of a list.", waits=True
)
METRICS_GET = Method("metrics/get", m.Nothing, m.MetricsResult, "Counts, and the times each stage took. Never text.")
REPORT_GET = Method(
    "report/get",
    m.Nothing,
    m.ReportResult,
    "What a bug report may show: tries every part, and names nothing that somebody chose.",
    waits=True,
)
DAEMON_RELOAD = Method("daemon/reload", m.Nothing, m.ReloadResult, "Reads the settings file again.", waits=True)

METHODS: tuple[Method[Any, Any], ...] = (
    INITIALIZE,
    SESSION_START,
    SESSION_AUDIO,
    SESSION_STOP,
    SESSION_CANCEL,
    SESSION_RESULT,
    SESSION_ACKNOWLEDGE,
    SESSION_PENDING,
    SESSION_CLAIM,
    SESSION_RECOVER,
    STATUS_GET,
    TEXT_CLEAN,
    TEXT_REFINE,
    TEXT_PRESETS,
    EVENTS_SUBSCRIBE,
    HISTORY_LIST,
    HISTORY_SHOW,
    HISTORY_SEARCH,
    HISTORY_LAST,
    HISTORY_UNDO,
    HISTORY_CLEAR,
    DEVICES_LIST,
    DOCTOR_RUN,
    MODELS_LIST,
    MODELS_INSTALL,
    MODELS_USE,
    MODELS_CALIBRATE,
    MODELS_REMOVE,
    SETTINGS_GET,
    SETTINGS_BEHAVIOUR,
    SETTINGS_SET,
    SECRETS_SET,
    SECRETS_DELETE,
    SECRETS_STATUS,
    TARGETS_RESOLVE,
    TARGETS_TEST,
    TARGETS_ADD,
    AZURE_SUBSCRIPTIONS,
    AZURE_RESOURCES,
    AZURE_DEPLOYMENTS,
    VOCABULARY_LIST,
    VOCABULARY_SUGGEST,
    VOCABULARY_ADD,
    VOCABULARY_REMOVE,
    VOCABULARY_IMPORT,
    METRICS_GET,
    REPORT_GET,
    DAEMON_RELOAD,
)

# Daemon → client

INSERT_PREPARE = Method(
    "insert/prepare",
    m.SessionRef,
    m.InsertPrepareResult,
    "Asks an inserting client, at the start of a session, where the text will go.",
)
TEXT_INSERT = Method(
    "text/insert",
    m.TextInsertParams,
    m.Receipt,
    "Hands the text to an inserting client; the answer is the acknowledgement, unless it is `held`.",
)

CLIENT_METHODS: tuple[Method[Any, Any], ...] = (INSERT_PREPARE, TEXT_INSERT)

# Notifications of the client

INITIALIZED = Notification("initialized", m.Nothing, "The handshake is done; notifications may begin.")
CANCEL_REQUEST = Notification(
    "$/cancelRequest", m.CancelRequestParams, "Gives up a waiting request: it is answered with -32800."
)

CLIENT_NOTIFICATIONS: tuple[Notification[Any], ...] = (INITIALIZED, CANCEL_REQUEST)

# Notifications of the daemon

SESSION_STATE = Notification("session/state", m.SessionStateNote, "A session entered a phase.")
DAEMON_STATE = Notification("daemon/state", m.DaemonStateNote, "The speech model was loaded, unloaded, or failed.")
SESSION_PARTIAL = Notification("session/partial", m.SessionPartialNote, "The hypothesis so far.")
SESSION_FINAL = Notification("session/final", m.SessionFinalNote, "A session's result is there.")
SESSION_LEVEL = Notification("session/level", m.SessionLevelNote, "How loud the microphone is.")
SETTINGS_CHANGED = Notification("settings/changed", m.Nothing, "The settings have changed: read them again.")
DAEMON_NOTICE = Notification("daemon/notice", m.DaemonNotice, "Something a person should know.")
EVENTS_DROPPED = Notification("events/dropped", m.EventsDropped, "How much a slow reader missed.")
PROGRESS = Notification("$/progress", m.ProgressNote, "How far a long request is.")

DAEMON_NOTIFICATIONS: tuple[Notification[Any], ...] = (
    SESSION_STATE,
    DAEMON_STATE,
    SESSION_PARTIAL,
    SESSION_FINAL,
    SESSION_LEVEL,
    SETTINGS_CHANGED,
    DAEMON_NOTICE,
    EVENTS_DROPPED,
    PROGRESS,
)
