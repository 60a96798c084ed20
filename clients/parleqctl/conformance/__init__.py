"""Is a server, or a client, one of parleqd's protocol? Each file of checks is one group of the rules in PROTOCOL.md."""
