"""Deck rules: how many proposals of which kind a reader is asked about."""

from dataclasses import dataclass

from server.consultations.scores import NEW

LARGEST = 30  # proposals in a deck; its ticket names them all


@dataclass(frozen=True)
class DeckRules:
    """The defaults are the central platform's. Votes are those of readers it was asked about."""

    size: int = 12
    new: int = 4  # of these, proposals that few readers were asked about yet, the oldest first
    new_below: int = NEW  # votes
    controversial: int = 10  # percent of the others
    among: int = 10  # candidates, of which the one with the fewest votes is taken
    tested_below: int = 1500  # votes; from there on one knows, and others need them more
