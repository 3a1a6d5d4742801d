"""Amounts: how much of something, as people type it: 1 000 or 12,5 or 12.5."""

import re
from decimal import Decimal

from server.consultations.records import Wrong

DIGITS = 12  # before the comma
SPACE = "[ \u00a0\u2009\u202f]"
# A thousand is set apart by a space alone: in 1.000 and 1,000 nobody can tell what is meant.
TYPED = re.compile(rf"([0-9]{{1,3}}(?:{SPACE}[0-9]{{3}})+|[0-9]+)(?:[.,]([0-9]{{1,2}}))?")


def amount(text: str) -> Decimal:
    """Return a number from 0 with at most two decimals; raise `Wrong` for anything else."""
    found = TYPED.fullmatch(text.strip())
    whole = re.sub(SPACE, "", found[1]) if found else ""
    if not found or len(whole) > DIGITS:
        raise Wrong(
            f"must be a number such as 1 000 or 12,5: at most {DIGITS} digits and 2 decimals, "
            f"not “{text[:60]}”."
        )
    return Decimal(f"{int(whole)}.{found[2]}" if found[2] else int(whole))
