"""The command line: one file per command, over `parleq_client`."""
