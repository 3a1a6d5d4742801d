"""Slugs: a name for addresses, proposed from the question."""

import re
import unicodedata

LONGEST = 48  # characters of a proposed one; shorter ones are read out better


def proposed(question: str) -> str:
    """Return a slug of the question's words, cut between two of them; "" if it has no letters."""
    plain = unicodedata.normalize("NFKD", question.casefold().replace("œ", "oe"))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", bare)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug
