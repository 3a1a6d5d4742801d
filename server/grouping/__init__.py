"""Finding opinion groups, in a process of its own: `python -m server.grouping`."""
