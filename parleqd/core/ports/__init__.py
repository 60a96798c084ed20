"""What the engine needs from outside, as small protocols; `app.wiring` names who fills them.

Every port has one contract test (``tests/contract``) that runs over the real part and over its fake.
"""

from __future__ import annotations

from parleqd.core.ports.directory import AzureDirectory
from parleqd.core.ports.hearing import (
    AudioSink,
    AudioSource,
    CaptureRequest,
    Device,
    Microphone,
    MicrophoneChoice,
    MicrophoneStatus,
)
from parleqd.core.ports.journal import Journal, JournalEntry, LeftBehind
from parleqd.core.ports.log import EventLog, Log
from parleqd.core.ports.models import Calibrations, DownloadProgress, Model, ModelStore, ProgressSink
from parleqd.core.ports.polishing import Chat, ChatAnswer, ChatRequest, Token, TokenSource, TransportError
from parleqd.core.ports.recognising import Recogniser, RecogniserFactory
from parleqd.core.ports.secrets import Secrets
from parleqd.core.ports.settings import PolicyInForce, PolicyWithholds, SettingOrigin, SettingsStore
from parleqd.core.ports.vocabulary import VocabularyStore

__all__ = [
    "AudioSink",
    "AudioSource",
    "AzureDirectory",
    "Calibrations",
    "CaptureRequest",
    "Chat",
    "ChatAnswer",
    "ChatRequest",
    "Device",
    "DownloadProgress",
    "EventLog",
    "Journal",
    "JournalEntry",
    "LeftBehind",
    "Log",
    "Microphone",
    "MicrophoneChoice",
    "MicrophoneStatus",
    "Model",
    "ModelStore",
    "PolicyInForce",
    "PolicyWithholds",
    "ProgressSink",
    "Recogniser",
    "RecogniserFactory",
    "Secrets",
    "SettingOrigin",
    "SettingsStore",
    "Token",
    "TokenSource",
    "TransportError",
    "VocabularyStore",
]
