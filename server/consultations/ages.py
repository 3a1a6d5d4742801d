"""Ages: what is kept and shown of how old an author is.

A first name with an exact age often is one person in a small place. The bands are the ten years by
which INSEE publishes; minors have none of their own, which would single them out.
"""

from enum import StrEnum


class Band(StrEnum):
    """Ten years of age, as readers are shown them; the last one has no end."""

    FROM_15 = "15-24"
    FROM_25 = "25-34"
    FROM_35 = "35-44"
    FROM_45 = "45-54"
    FROM_55 = "55-64"
    FROM_65 = "65-74"
    FROM_75 = "75+"

    @property
    def least(self) -> int:
        """The first year of age in it."""
        return int(self[:2])


OF_AGE = 15  # years
CHILD = "0-14"  # what who is under 15 chooses: neither it nor a name is kept
CHOICES = (CHILD, *Band)
Age = int | Band  # exact years are a file's, which its own staff answer for


def band_of(age: Age | None) -> Band | None:
    """Return what readers are shown of an age: its band; of a child nothing."""
    if age is None or isinstance(age, Band):
        return age
    return max((band for band in Band if band.least <= age), default=None, key=lambda b: b.least)


def load(written: int | str | None) -> Age | None:
    """Return an age as it is kept: whole years, or the name of a band."""
    return Band(written) if isinstance(written, str) else written
