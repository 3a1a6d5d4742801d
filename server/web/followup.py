"""Follow-up: what has become of a vote since its close, as readers are told it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from server.consultations.actions import Action
from server.consultations.answers import by_proposal
from server.consultations.consultation import Consultation, Proposal
from server.consultations.endorsements import Endorsement
from server.consultations.workshops import Workshop
from server.web import results
from server.web.directory import Snapshot
from server.web.stages import Stage, stages

MOST = 3  # of each kind in an article; the consultation's own page shows all


@dataclass(frozen=True)
class Chosen:
    """A selected proposal, or a question that was put. `waited` counts days without an answer."""

    proposal: Proposal
    results: dict[str, Any]
    on: date
    reason: str | None = None
    waited: int | None = None
    ahead: bool = False  # it will be put on that day


@dataclass(frozen=True)
class Meeting:
    workshop: Workshop
    proposals: tuple[Proposal, ...] = ()
    ahead: bool = False


@dataclass(frozen=True)
class Pledge:
    """An action. `standing` is the message that says how far from its target it is."""

    action: Action
    proposals: tuple[Proposal, ...] = ()
    standing: str = ""
    percent: int | None = None
    silent: bool = False


@dataclass(frozen=True)
class Followup:
    """What readers see after the close. In an article it holds the first of each kind."""

    closed: date
    stages: tuple[Stage, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    backers: tuple[Endorsement, ...] = ()  # of the whole consultation
    backed: Mapping[int, tuple[Endorsement, ...]] = field(default_factory=dict)  # by proposal
    others: tuple[Proposal, ...] = ()  # backed, and shown nowhere else
    selected: tuple[int, ...] = ()  # the numbers of all that were, shown here or not
    origins: tuple[tuple[int, ...], ...] = ()  # of all actions, the proposals they come from


def followup(snapshot: Snapshot, now: datetime, brief: bool, listed: Iterable[int]) -> Followup:
    """Return what came after the close; if `brief`, the first few of each kind.

    `listed` are proposals that are shown anyway, as the best supported.
    """
    asked, today = snapshot.consultation, today_of(snapshot.consultation, now)
    most = MOST if brief else None
    selected = chosen(snapshot, today)
    pledges = [_pledge(snapshot, one, today) for one in asked.actions]
    backed = backed_by(asked)
    shown = {*listed, *(one.proposal.id for one in selected)}
    return Followup(
        closed=asked.closes.date(),
        stages=stages(asked, now),
        # In an article what was answered comes first: it is the news.
        chosen=tuple(sorted(selected, key=_unanswered) if brief else selected)[:most],
        # There, what was done stands for the talks that led to it.
        meetings=() if brief and pledges else tuple(_meetings(snapshot, today))[:most],
        pledges=tuple(sorted(pledges, key=_latest, reverse=True))[:most],
        backers=backed.get(None, ()),
        backed={number: those for number, those in backed.items() if number is not None},
        others=tuple(
            snapshot.accepted[number]
            for number in sorted(n for n in backed if n is not None)
            if number in snapshot.accepted and number not in shown and not brief
        ),
        selected=tuple(one.proposal.id for one in selected),
        origins=tuple(tuple(p.id for p in one.proposals) for one in pledges),
    )


def today_of(asked: Consultation, now: datetime) -> date:
    """Return the day that it is where the consultation is held."""
    return now.astimezone(asked.closes.tzinfo).date()


def backed_by(asked: Consultation) -> dict[int | None, tuple[Endorsement, ...]]:
    """Return the endorsements by what they back: a proposal's number, or none for all of it."""
    found: dict[int | None, tuple[Endorsement, ...]] = {}
    for one in asked.endorsements:
        found[one.proposal] = (*found.get(one.proposal, ()), one)
    return found


def site(address: str) -> str:
    """Return where a link leads, as readers know it: `example.org`."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def standing(action: Action, today: date) -> str:
    """Return the key of the message that says how an action stands to its target, if it has one."""
    target, amount = action.target, action.amount
    if target is None:
        return ""
    if amount is not None and amount >= target.amount:
        return "targetReached"
    overdue = is_overdue(action, today)
    if amount is None:
        return "targetUnheard" if overdue else "targetSet"
    if action.state.is_over:
        return "targetEnded"
    return "targetOverdue" if overdue else "targetAhead"


def is_overdue(action: Action, today: date) -> bool:
    """Whether the day of the target is past, and it is neither reached nor given up."""
    target, amount = action.target, action.amount
    if target is None or action.state.is_over or today <= target.by:
        return False
    return amount is None or amount < target.amount


def chosen(snapshot: Snapshot, today: date) -> list[Chosen]:
    """Return what was selected and is still shown, in the order in which staff name it."""
    answers = by_proposal(snapshot.consultation.answers)
    return [
        Chosen(
            proposal=snapshot.accepted[one.proposal],
            results=results.shown(one.proposal, snapshot.published.of(one.proposal)),
            on=one.on,
            reason=one.reason,
            waited=None if one.proposal in answers else (today - one.on).days,
            ahead=one.on > today,
        )
        for one in snapshot.consultation.selected
        if one.proposal in snapshot.accepted
    ]


def _unanswered(one: Chosen) -> bool:
    return one.waited is not None


def _meetings(snapshot: Snapshot, today: date) -> list[Meeting]:
    """Return the workshops, the latest first."""
    by_day = sorted(snapshot.consultation.workshops, key=lambda one: one.on, reverse=True)
    return [Meeting(one, _known(snapshot, one.proposals), one.on > today) for one in by_day]


def _pledge(snapshot: Snapshot, action: Action, today: date) -> Pledge:
    return Pledge(
        action=action,
        proposals=_known(snapshot, action.proposals),
        standing=standing(action, today),
        percent=_percent(action),
        silent=action.is_silent(today),
    )


def _percent(action: Action) -> int | None:
    """Return how much of the target is reached; never all of it before it is."""
    target, amount = action.target, action.amount
    if target is None or amount is None:
        return None
    if amount >= target.amount:
        return 100
    return max(0, int(100 * amount / target.amount))


def _latest(one: Pledge) -> tuple[date, int]:
    """Sort what was heard of last first, so that an old article has news."""
    return one.action.last_news, -one.action.id


def _known(snapshot: Snapshot, numbers: Iterable[int]) -> tuple[Proposal, ...]:
    return tuple(snapshot.accepted[one] for one in numbers if one in snapshot.accepted)
