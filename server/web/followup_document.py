"""The follow-up as a document: what came after the close, for programs."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from server.consultations.actions import Action, News
from server.consultations.kinds import Kind
from server.web.directory import Snapshot
from server.web.followup import Chosen, chosen, is_overdue, today_of

Document = dict[str, Any]


def document(snapshot: Snapshot, now: datetime) -> Document:
    """Return selection, workshops, actions and endorsements; of proposals only those still shown.

    Who calls this has asked the rule first. Endorsements of proposals wait for the close in any
    case, as they would lead voters.
    """
    asked, today = snapshot.consultation, today_of(snapshot.consultation, now)
    closed = asked.phase(now).is_over
    asking = asked.kind is Kind.CITIZENS_QUESTION
    return {
        "selected": [_selected(one, asking) for one in chosen(snapshot, today)],
        "workshops": [
            {**asdict(one), "proposals": _known(snapshot, one.proposals)} for one in asked.workshops
        ],
        "actions": [_action(snapshot, one, today) for one in asked.actions],
        "endorsements": [
            asdict(one)
            for one in asked.endorsements
            if one.proposal is None or (closed and one.proposal in snapshot.accepted)
        ],
    }


def _selected(one: Chosen, asking: bool) -> Document:
    return {
        "proposal": one.proposal,
        "on": one.on,
        "reason": one.reason,
        "waited": one.waited if asking and not one.ahead else None,
        "results": one.results,
    }


def _action(snapshot: Snapshot, one: Action, today: date) -> Document:
    return {
        **asdict(one),
        "target": one.target and {**asdict(one.target), "amount": _amount(one.target.amount)},
        "proposals": _known(snapshot, one.proposals),
        "amount": _amount(one.amount),
        "overdue": is_overdue(one, today),
        "lastNews": one.last_news,
        "silentSince": one.last_news if one.is_silent(today) else None,
        "news": [_news(entry) for entry in one.news],
    }


def _news(one: News) -> Document:
    return {**asdict(one), "amount": _amount(one.amount)}


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _known(snapshot: Snapshot, numbers: tuple[int, ...]) -> list[int]:
    return [one for one in numbers if one in snapshot.accepted]
