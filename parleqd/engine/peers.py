"""Who is connected: owners of sessions, and clients that can insert text."""

from __future__ import annotations

from typing import Protocol

from parleqd.protocol.messages import ClientCapabilities
from parleqd.protocol.methods import Method, P, R


class PeerGoneError(Exception):
    """The connection ended, or did not answer in time or in any known way."""


class Peer(Protocol):
    """One connection, as the engine sees it."""

    @property
    def owner(self) -> str:
        """The client's instance; for one that skipped the handshake, a name for the connection itself."""

    @property
    def capabilities(self) -> ClientCapabilities:
        """What it said it can do; a client that skipped the handshake can do nothing."""

    async def request(self, method: Method[P, R], params: P, timeout: float) -> R:
        """Ask the client.

        Raises ``PeerGoneError`` when no answer comes, or none that says anything, and ``ParleqError`` when it
        answers an error.
        """


class Peers:
    """The connected clients, in the order in which they initialised."""

    def __init__(self) -> None:
        self._peers: list[Peer] = []

    def join(self, peer: Peer) -> None:
        """A connection has introduced itself (again: it moves to the end)."""
        self.leave(peer)
        self._peers.append(peer)

    def leave(self, peer: Peer) -> bool:
        """A connection has ended. True when its owner has no other."""
        self._peers = [other for other in self._peers if other is not peer]
        return not self.connected(peer.owner)

    def connected(self, owner: str) -> bool:
        """Has this owner a connection?"""
        return any(peer.owner == owner for peer in self._peers)

    def wants_partials(self, owner: str) -> bool:
        """Does one of this owner's connections make use of partials?"""
        return any(peer.owner == owner and peer.capabilities.partials for peer in self._peers)

    def present(self, peer: Peer | None) -> bool:
        """Is this very connection still there?"""
        return any(other is peer for other in self._peers)

    def inserting(self, starter: str) -> Peer | None:
        """Who inserts the text of a session: its starter if it can, else the latest that can."""
        able = [peer for peer in self._peers if peer.capabilities.insert]
        return next((peer for peer in able if peer.owner == starter), able[-1] if able else None)
