"""Lawful text: what XML 1.0 has a place for, of texts that were kept before it was asked for."""

import re

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def lawful(text: str) -> str:
    """Return `text` without what no XML may hold, not even escaped."""
    return FORBIDDEN.sub("", text)
