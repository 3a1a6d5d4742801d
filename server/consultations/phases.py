"""Phases: the stations of a consultation, from its announcement to what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.consultations.errors import PhaseRefused


class Phase(StrEnum):
    """In their order. The first four follow from dates; staff say when the others are reached."""

    ANNOUNCED = "announced"
    OPEN = "open"
    VOTE_ONLY = "vote-only"
    CLOSED = "closed"
    SELECTION = "selection"
    WORKSHOPS = "workshops"
    ACTIONS = "actions"
    DONE = "done"

    @property
    def takes_votes(self) -> bool:
        return self in VOTING

    @property
    def is_over(self) -> bool:
        """Whether the vote is closed, whatever has followed since."""
        return self in (Phase.CLOSED, *STATED)

    @property
    def follows(self) -> frozenset["Phase"]:
        """The phases that come before this one."""
        every = list(Phase)
        return frozenset(every[: every.index(self)])


VOTING = (Phase.OPEN, Phase.VOTE_ONLY)
STATED = (Phase.SELECTION, Phase.WORKSHOPS, Phase.ACTIONS, Phase.DONE)


@dataclass(frozen=True)
class Reached:
    """A phase that staff have stated, and since when it holds."""

    phase: Phase
    at: datetime


def latest(reached: Iterable[Reached], now: datetime) -> Phase | None:
    """Return the last phase stated that has begun `now`."""
    return max((r.phase for r in reached if r.at <= now), key=list(Phase).index, default=None)


def reaching(reached: tuple[Reached, ...], phase: Phase, now: datetime) -> tuple[Reached, ...]:
    """Return what has been reached with `phase` stated `now`; stated before, nothing changes.

    Raises `PhaseRefused` for a phase that no longer can be: there is no way back.
    """
    if phase not in STATED:
        stated = ", ".join(STATED)
        raise PhaseRefused(f"{phase} follows from the dates; staff state {stated}.", field="phase")
    if phase in {one.phase for one in reached}:
        return reached
    later = [one for one in reached if phase in one.phase.follows]
    if later:
        raise PhaseRefused(f"{later[-1].phase} is reached: there is no way back.", field="phase")
    return (*reached, Reached(phase, now))
