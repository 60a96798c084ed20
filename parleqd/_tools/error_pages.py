"""The errors in PROTOCOL.md: what each code and each reason means, and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from parleqd.protocol.names import ErrorCode, Reason

Groups = Mapping[str, dict[Reason, tuple[str, str]]]
"""By title: what each reason means, and what helps."""

CODES: dict[ErrorCode, str] = {
    ErrorCode.PARSE_ERROR: "What came was no JSON, or no frame. The connection goes on.",
    ErrorCode.INVALID_REQUEST: "JSON, but no request; a batch; a second `initialize`; an id still in use.",
    ErrorCode.METHOD_NOT_FOUND: "There is no such method.",
    ErrorCode.INVALID_PARAMS: "A parameter is missing or wrong; the message names the field.",
    ErrorCode.INTERNAL_ERROR: "A bug in parleqd.",
    ErrorCode.CANCELLED: "The request, or the dictation that it asked about, was cancelled.",
    ErrorCode.REFUSED: "Everything else: `data.reason` says why.",
}

_CLEANUP = {
    Reason.NOT_CONFIGURED: (
        "No cleanup target is configured.",
        "Add one to the settings, or ask for `instant`.",
    ),
    Reason.KEY_MISSING: ("The target's key is found nowhere.", "Store it, or set its environment variable."),
    Reason.KEY_REJECTED: (
        "The service does not accept the key.",
        "Check key and resource: they belong together.",
    ),
    Reason.AZ_MISSING: ("The Azure CLI is not installed.", "Install it, or choose another `auth`."),
    Reason.AZ_NOT_LOGGED_IN: ("The Azure CLI has no login.", "`az login`"),
    Reason.AZ_TIMEOUT: (
        "The Azure CLI did not answer in time.",
        "Try `az account get-access-token` by hand.",
    ),
    Reason.TOKEN_FAILED: ("No access token could be had.", "The message holds the identity service's own."),
    Reason.PERMISSION_DENIED: (
        "The identity may not use this deployment.",
        "Grant it the role the hint names.",
    ),
    Reason.NETWORK_BLOCKED: (
        "The resource does not accept calls from this network.",
        "Change its firewall rules.",
    ),
    Reason.RESOURCE_NOT_FOUND: ("There is no resource of that name.", "Check `resource`."),
    Reason.DEPLOYMENT_NOT_FOUND: ("The resource has no such deployment.", "Check `deployment`."),
    Reason.WRONG_FAMILY: ("The model does not take the parameters of its `family`.", "Correct `family`."),
    Reason.BAD_REQUEST: ("A request was refused as malformed.", "See the message."),
    Reason.CONTENT_FILTERED: (
        "The service's content filter stopped it.",
        "The text stands as Instant made it.",
    ),
    Reason.RATE_LIMITED: (
        "Too many requests for the target's rate.",
        "Later; or add a target to fall back to.",
    ),
    Reason.QUOTA_EXHAUSTED: ("The target's quota is used up.", "Raise the quota, or use another target."),
    Reason.SERVICE_UNAVAILABLE: ("The service answers with a failure of its own.", "Later."),
    Reason.NETWORK_ERROR: ("The service cannot be reached.", "Check network and proxy."),
    Reason.TLS_ERROR: ("The secured connection failed.", "Check clock and certificates."),
    Reason.TIMEOUT: (
        "No answer in time: of a cleanup target within the budget, or of the client that was to insert the text.",
        "Raise `cleanup.budget_s`, or use a faster target; a text that may not have arrived waits.",
    ),
    Reason.TRUNCATED: (
        "The model stopped before the end of the text.",
        "The text stands as Instant made it.",
    ),
    Reason.MALFORMED_RESPONSE: (
        "The service's answer makes no sense.",
        "Check that the address is a chat service.",
    ),
    Reason.GUARD_REJECTED: ("The model changed what was meant.", "The text stands as Instant made it."),
    Reason.COOLING_DOWN: ("The target failed a moment ago and is left alone.", "Later; the hint says when."),
}
_HEARING = {
    Reason.MICROPHONE_BUSY: (
        "The microphone is recording for somebody; the message names the owner.",
        "Stop that first.",
    ),
    Reason.NO_MICROPHONE: (
        "There is no microphone, or no sound server.",
        "See the hint; files and streams work without.",
    ),
    Reason.NO_PORTAUDIO: ("PortAudio is not installed.", "Install it; files and streams work without."),
    Reason.DEVICE_LOST: (
        "The microphone went away while recording, and none came back.",
        "What was heard is kept.",
    ),
    Reason.DEVICE_CHANGED: (
        "Another microphone than the chosen one is heard, or the chosen one again.",
        "Nothing: the recording goes on. `devices/list` shows what there is.",
    ),
    Reason.DEAD_INPUT: (
        "The microphone gives nothing but flat silence: it is muted, or the wrong one.",
        "Unmute it, or choose another: `devices/list`.",
    ),
    Reason.LONG_SILENCE: (
        "Nobody spoke for `audio.stop_after_silence_s`: the recording was stopped, its text is kept.",
        "Raise the setting; 0 never stops.",
    ),
    Reason.AUDIO_UNREADABLE: ("The file is absent, empty or no audio.", "See the message."),
    Reason.AUDIO_INCOMPLETE: (
        "The audio broke off; the text may lack its end.",
        "A warning: the text is there.",
    ),
    Reason.TOO_LARGE: ("A message above 8 MiB.", "Send it in parts."),
    Reason.TOO_LONG: ("The recording reached `audio.max_minutes`; its text is kept.", "Raise the setting."),
    Reason.NO_CAPTURE: ("There is no audio to redo.", "Only the last capture is kept, for 10 minutes."),
}
_SPEECH = {
    Reason.MODEL_MISSING: (
        "The speech model is not installed, or not known.",
        "`models/install`; `models/list` names them.",
    ),
    Reason.MODEL_DAMAGED: ("The model's files are not what they should be.", "Remove and install it again."),
    Reason.MODEL_CONFLICT: (
        "Two models would have one name, or an embedded one would go.",
        "See the message.",
    ),
    Reason.DOWNLOAD_FAILED: (
        "The model could not be fetched or stored.",
        "Ask again: it resumes where it was.",
    ),
    Reason.WORKER_FAILED: ("The recogniser died thrice, or hung.", "`session/recover`"),
    Reason.SPEECH_SERVER_FAILED: (
        "As a notice: the speech server of this machine does not answer; the local model helps out.",
        "Start the server.",
    ),
    Reason.GPU_FAILED: (
        "As a notice: a GPU was asked for or found, and fails; the speech model computes on the processor.",
        'Nothing is lost. `speech.device = "cpu"` goes without it.',
    ),
}
_SESSIONS = {
    Reason.QUEUE_FULL: ("Too many sessions, or requests of one connection, at once.", "Wait for one to end."),
    Reason.UNKNOWN_SESSION: (
        "There is no such session, or it is over.",
        "`history/list` shows earlier ones.",
    ),
    Reason.UNKNOWN_EDIT: ("The result has no edit of that number.", "Count its `edits` from 1."),
    Reason.UNKNOWN_PRESET: ("There is no such preset.", "`text/presets` lists them; add one under `cleanup.presets`."),
    Reason.NO_DISPLAY: (
        "No X server and no Wayland compositor can be reached.",
        "Start `parleq-hotkey` within the desktop session, or bind a key to `parleqctl toggle`.",
    ),
    Reason.NO_KEY_SOURCE: (
        "The key cannot be watched here.",
        "`parleq-hotkey --list-back-ends` says why; bind a key to `parleqctl toggle` in the desktop's own settings.",
    ),
    Reason.KEY_UNKNOWN: ("There is no such key.", "See the message, which names those that are alike."),
    Reason.KEY_TAKEN: ("Another program has grabbed the key.", "Choose another key, or end that program."),
    Reason.INPUT_FORBIDDEN: (
        "This user may not read input devices, or may not watch keys.",
        "See the message: it names the group or the permission.",
    ),
    Reason.NO_PORTAL: ("The desktop portal that is needed is not there.", "See the message for the package."),
    Reason.NO_INSERTION: ("Texts cannot be put into windows here.", "`parleqctl last --copy` has the text."),
    Reason.NO_NOTIFICATIONS: ("No program shows notifications.", "Install one, such as dunst or mako."),
    Reason.SOURCE_MUTED: ("The microphone is muted.", "See the message for the command that unmutes it."),
    Reason.WRONG_PHASE: ("The session is in a phase that does not allow this.", "See the message."),
    Reason.NOT_OWNER: ("The session belongs to another client, which is connected.", "Only its owner may."),
    Reason.ALREADY_CLAIMED: (
        "Somebody else claimed the session first.",
        "Nothing: its text is in good hands.",
    ),
    Reason.NO_INSERT_CLIENT: ("No connected client could insert the text; it is kept.", "`session/claim`"),
    Reason.CANCELLED: (
        "Somebody gave the dictation, or the request, up.",
        "`session/recover` redoes the last capture.",
    ),
    Reason.RESUMED: (
        "A dictation that an earlier daemon left unfinished is finished, and its text waits.",
        "`session/claim`; `history/last` shows it.",
    ),
}
_DAEMON = {
    Reason.JOURNAL_FAILED: (
        "What is being said cannot be kept outside the daemon, and is lost if it dies.",
        "Make room in the folder that the message names, or see `audio.journal_without_memory`.",
    ),
    Reason.CONFIG_INVALID: ("A setting is unknown or bad; file, line and key are named.", "Correct it."),
    Reason.MANAGED: (
        "The administrator's policy decides this; the message names its file and line.",
        "Ask whoever owns it; what you have set yourself is kept.",
    ),
    Reason.PROTOCOL_UNSUPPORTED: (
        "Client and daemon speak different versions.",
        "Install both from one release.",
    ),
    Reason.SOCKET_UNUSABLE: ("No socket can be made there.", "`--socket`, or mend the folder."),
    Reason.ALREADY_RUNNING: ("A daemon listens there already.", "Use that one."),
    Reason.UNKNOWN_TERM: ("The vocabulary has no such term.", "`vocabulary/list` has them all."),
    Reason.VOCABULARY_FAILED: ("The vocabulary's file cannot be read or written.", "See the message."),
    Reason.KEYRING_LOCKED: (
        "The system keyring is locked.",
        "Unlock it; environment variables work meanwhile.",
    ),
    Reason.KEYRING_MISSING: ("The system has no keyring.", "Use environment variables."),
    Reason.INTERNAL: ("A bug in parleqd.", "Report it."),
}
_CLIENTS = {
    Reason.DAEMON_UNREACHABLE: ("No daemon answers at the socket.", "Start it; the message says how."),
    Reason.USAGE: ("A command was called wrongly.", "`--help`"),
    Reason.CLIPBOARD_MISSING: ("There is no clipboard to copy to.", "Install one of those the hint names."),
    Reason.NO_SERVICE_MANAGER: (
        "Nothing here keeps services of this user: no systemd, or none of this user's (a container, root, WSL).",
        "The hint says which; `parleqd` runs in the foreground everywhere.",
    ),
    Reason.SERVICE_FAILED: (
        "The service manager refused, or the service does not start; what was there before is back.",
        "See the message; `journalctl --user -u parleqd` has more.",
    ),
    Reason.UNIT_CHANGED: (
        "A unit of this name was written, or changed, by somebody else.",
        "Move it away; changes of your own belong into a drop-in.",
    ),
    Reason.OUTPUT_CLOSED: ("The result could not be written.", "The text stays pending: `parleqctl last`."),
}
GROUPS: Groups = {
    "Cleanup (in `fallback`: there is a text all the same)": _CLEANUP,
    "Hearing": _HEARING,
    "Speech": _SPEECH,
    "Sessions": _SESSIONS,
    "The daemon": _DAEMON,
    "Given by the Python clients themselves, never by the daemon": _CLIENTS,
}


def code_table(_: Path) -> str:
    """Every code. Raises ``KeyError`` for one that has no meaning here."""
    rows = [f"| `{int(code)}` | {CODES[code]} |" for code in ErrorCode]
    return "\n".join(["| `code` | meaning |", "| --- | --- |", *rows])


def reason_tables(_: Path, groups: Groups = GROUPS) -> str:
    """Every reason, in groups. Raises ``LookupError`` naming those that stand in no group."""
    if missing := set(Reason).difference(*groups.values()):
        raise LookupError(f"{', '.join(sorted(missing))}: say in {Path(__file__).name} what it means")
    return "\n\n".join(_table(title, group) for title, group in groups.items())


def _table(title: str, group: dict[Reason, tuple[str, str]]) -> str:
    rows = [f"| `{reason}` | {meaning} | {helps} |" for reason, (meaning, helps) in group.items()]
    return "\n".join([f"#### {title}", "", "| `reason` | meaning | what helps |", "| --- | --- | --- |", *rows])
