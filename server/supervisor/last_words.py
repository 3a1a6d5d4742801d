"""Last words: what a process wrote into its log before it ended."""

from pathlib import Path


def last_line(log: Path) -> str:
    """Return the last line of a log: as a rule, why its process ended."""
    lines = said_since(log, 0).splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing.")


def said_since(log: Path, position: int) -> str:
    """Return what was written into a log after its first `position` bytes."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(position)
        return file.read().decode(errors="replace")
