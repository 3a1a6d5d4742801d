"""Numbering: what names one of a list in a consultation, in a file as in a form or an address."""

from collections.abc import Collection

HIGHEST_ID = 9_999_999


def next_number(taken: Collection[int]) -> int:
    """Return the number behind the highest, or the lowest free one where there is none behind it."""
    after = max(taken, default=0) + 1
    if after <= HIGHEST_ID:
        return after
    return next(number for number in range(1, HIGHEST_ID) if number not in taken)
