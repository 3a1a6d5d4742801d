"""Partners: who organises a consultation, and who carries it."""

from dataclasses import dataclass
from enum import StrEnum

MOST_PARTNERS = 24


class Role(StrEnum):
    """In the order in which partners are shown."""

    FOUNDER = "founder"
    MEDIA = "media"
    ACTION = "action"
    ASSOCIATION = "association"


@dataclass(frozen=True)
class Partner:
    """`logo` is the name of a picture that the store keeps; `link` an https address."""

    role: Role
    name: str
    link: str | None = None
    logo: str | None = None
