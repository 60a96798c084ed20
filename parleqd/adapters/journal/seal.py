"""What is done to a record's payload before it reaches a file: nothing in memory, encryption on a disk."""

from __future__ import annotations

import os
from typing import Protocol

KEY_BYTES = 32
_NONCE_BYTES = 12


class Seal(Protocol):
    """Turns payloads into what may lie in a file, and back."""

    def seal(self, kind: str, number: int, payload: bytes) -> bytes:
        """What to write as record ``number`` of a file of this kind."""

    def unseal(self, kind: str, number: int, sealed: bytes) -> bytes | None:
        """The payload again; ``None`` if this is not what was written there, or with another key."""


class Plain:
    """Nothing: the file lies in memory, in a folder of this user alone."""

    def seal(self, kind: str, number: int, payload: bytes) -> bytes:
        """The payload itself."""
        return payload

    def unseal(self, kind: str, number: int, sealed: bytes) -> bytes:
        """The payload itself."""
        return sealed


class Encrypted:
    """AES-256-GCM with a random nonce before each payload (NIST SP 800-38D); kind and number are authenticated too.

    That standard allows 2^32 random nonces a key: at 50 records a second, 2.7 years of speech without a pause.
    """

    def __init__(self, key: bytes) -> None:
        """Raises ``ImportError`` where ``cryptography`` is not installed, ``ValueError`` for a key of another size."""
        from cryptography.exceptions import InvalidTag  # no start of a daemon with a journal in memory waits for it
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(key) != KEY_BYTES:
            raise ValueError(f"the journal's key has {len(key)} bytes instead of {KEY_BYTES}")
        self._cipher = AESGCM(key)
        self._refusal = InvalidTag

    def seal(self, kind: str, number: int, payload: bytes) -> bytes:
        """Nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, payload, _label(kind, number))

    def unseal(self, kind: str, number: int, sealed: bytes) -> bytes | None:
        """The payload, if it was sealed with this key for this place."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _label(kind, number))
        except (self._refusal, ValueError):  # ValueError: too short for a nonce or a tag
            return None


def _label(kind: str, number: int) -> bytes:
    return f"{kind} {number}".encode()
