"""What cleanup reaches out to in a daemon that people use: HTTP, the keyring, and the ways of signing in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial

from parleqd.adapters.chat.client import HttpChat
from parleqd.adapters.chat.trust import tls_context
from parleqd.adapters.identity.az import AzTokens
from parleqd.adapters.identity.az_directory import AzDirectory
from parleqd.adapters.identity.azure_identity import AzureIdentityTokens
from parleqd.adapters.identity.pasted import PastedTokens
from parleqd.core.ports import Secrets, TokenSource
from parleqd.core.settings import Auth, Target
from parleqd.engine.targets import Cloud, entry_of


def real_cloud(secrets: Secrets, environment: Mapping[str, str]) -> Cloud:
    """``environment``: where keys, certificates and identities may be named."""

    def sign_in(target: Target, kept: Secrets) -> TokenSource:
        secret = partial(kept.get, entry_of(target))
        if target.auth is Auth.AZURE_CLI:
            return AzTokens(target.tenant, target.subscription)
        if target.auth is Auth.TOKEN:
            return PastedTokens(secret)
        return AzureIdentityTokens(target.auth, secret)

    chat = HttpChat(partial(tls_context, environment, sys.platform))
    return Cloud(chat, secrets, sign_in, environment, AzDirectory())
