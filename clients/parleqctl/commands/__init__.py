"""One file per command, by its name. Its ``add_arguments(parser)`` also says which function runs it."""
