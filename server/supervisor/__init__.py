"""One machine, one command: the embedded store and the processes around it."""
