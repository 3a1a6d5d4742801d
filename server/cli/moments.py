"""Moments: instants as staff read them, by the consultation's own clock."""

from datetime import UTC, datetime

from server.consultations.steering import local, window

__all__ = ["local", "now", "window"]


def now() -> datetime:
    """Return the instant, in whole seconds: files are written by people."""
    return datetime.now(UTC).replace(microsecond=0)
