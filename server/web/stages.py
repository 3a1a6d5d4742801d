"""Stages: the road from the results to what came of them, as far as it has been walked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from server.consultations.consultation import Consultation
from server.consultations.kinds import Kind
from server.consultations.phases import Phase

ROAD = ("results", "selection", "workshops", "actions", "done")
QUESTIONS = ("results", "put", "answers", "workshops", "actions", "done")
UNCOMMON = ("workshops", "actions")  # after questions: not promised before they have begun


@dataclass(frozen=True)
class Stage:
    """One station: since when it is reached, and whether it is the one that lasts."""

    name: str
    since: date | None = None
    lasts: bool = False


def stages(asked: Consultation, now: datetime) -> tuple[Stage, ...]:
    """Return the stations reached and those ahead; none while nothing has followed the results.

    What was passed over is left out. A station is reached when staff have stated it, or else since
    the first day of what they have recorded of it.
    """
    asking = asked.kind is Kind.CITIZENS_QUESTION
    begun = _begun(asked, now)
    road = [
        name
        for name in (QUESTIONS if asking else ROAD)
        if begun.get(name) or not (asking and name in UNCOMMON)
    ]
    last = max(place for place, name in enumerate(road) if begun.get(name))
    if not last:
        return ()
    return tuple(
        Stage(name, begun.get(name), place == last and name != "done")
        for place, name in enumerate(road)
        if begun.get(name) or place > last
    )


def _begun(asked: Consultation, now: datetime) -> dict[str, date | None]:
    zone = asked.closes.tzinfo
    today = now.astimezone(zone).date()
    stated = {one.phase: one.at.astimezone(zone).date() for one in asked.reached if one.at <= now}

    def since(phase: Phase, days: Iterable[date]) -> date | None:
        return stated.get(phase) or min((day for day in days if day <= today), default=None)

    selected = since(Phase.SELECTION, (one.on for one in asked.selected))
    acted = chain.from_iterable((one.on, *(n.on for n in one.news)) for one in asked.actions)
    return {
        "results": asked.closes.date(),
        "selection": selected,
        "put": selected,
        "answers": min((one.on for one in asked.answers), default=None),
        "workshops": since(Phase.WORKSHOPS, (one.on for one in asked.workshops)),
        "actions": since(Phase.ACTIONS, acted),
        "done": stated.get(Phase.DONE),
    }
