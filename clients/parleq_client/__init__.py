"""The client library: the daemon's socket from Python, blocking, on the standard library alone.

    from parleq_client import Connection, Dictation, default_socket_path

    with Connection.open(default_socket_path()) as connection:
        connection.initialize("my-tool", instance=str(uuid.uuid4()))
        dictation = Dictation(connection, on_partial=lambda stable, provisional: print(stable, provisional))
        dictation.start_file("/absolute/path.flac")
        result = dictation.result()
        print(result["text"])
        dictation.acknowledge("sent")

`Connection` carries any method of the protocol, with plain dictionaries; `parleq_client.typed` does the same
with the structs of ``parleqd.protocol.messages``, at the price of importing msgspec. Every failure is a
`ClientError`.
"""

from __future__ import annotations

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleq_client.errors import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError
from parleq_client.paths import default_socket_path

__all__ = [
    "ClientError",
    "Connection",
    "Dictation",
    "LocalError",
    "ProtocolError",
    "RefusedError",
    "UnreachableError",
    "default_socket_path",
]
