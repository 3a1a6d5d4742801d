"""Acts: what staff did, as the trail keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

OPERATOR = "operator"  # whoever types `isoloir` on the machine itself
MOST_TEXT = 500  # characters of a target or a detail that are kept


class Way(StrEnum):
    """By which door somebody came."""

    CONSOLE = "console"
    API = "api"
    COMMAND = "command"


@dataclass(frozen=True)
class Act:
    """Who did what on what. `what` is a stable word, such as `member-removed`; `detail` is for
    people. Neither ever holds a secret, or anything that tells who a reader is.
    """

    who: str  # a member's name, or `OPERATOR`
    way: Way
    what: str
    on: str = ""
    detail: str = ""


# Signs an act for whoever does it: what, on what, and the detail.
Sign = Callable[[str, str, str], Act]


def by_operator(what: str, on: str = "", detail: str = "") -> Act:
    """Sign an act of whoever types a command."""
    return Act(OPERATOR, Way.COMMAND, what, on, detail)


@dataclass(frozen=True)
class KeptAct:
    """An act, its place in the trail, and when it was kept, by the store's clock."""

    number: int  # from 1, in the order in which they were kept
    at: int  # milliseconds
    act: Act
