"""The socket: listener, connections, dispatch and handlers."""
