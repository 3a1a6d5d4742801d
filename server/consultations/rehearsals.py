"""Rehearsals: a consultation once more, to be tried out, whose votes count nowhere."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from server.consultations import values
from server.consultations.consultation import Consultation, Proposal, ProposalState


def rehearsal_of(
    asked: Consultation, slug: str, opens: datetime, closes: datetime | None = None
) -> Consultation:
    """Return a rehearsal of `asked` that lasts as long, unless `closes` says otherwise.

    It is new: nothing has been stated of it or answered in it, nothing came of it, no organisation
    backs it and nobody features it. Raises `Wrong` if it would end before it begins.
    """
    closes = closes or _moved(asked.closes, asked.opens, opens)
    values.in_order(opens, closes)
    until = asked.proposals_until and _moved(asked.proposals_until, asked.opens, opens)
    return replace(
        asked,
        id="",
        slug=slug,
        opens=opens,
        closes=closes,
        proposals_until=until and min(until, closes),
        rehearsal=True,
        featured=False,
        operation=None,
        reached=(),
        answers=(),
        selected=(),
        workshops=(),
        actions=(),
        endorsements=(),
    )


def moment(asked: Consultation, text: str | None) -> datetime | None:
    """Return a time as somebody wrote it, by the clock of `asked`; raise `Wrong` if it is none."""
    zone = ZoneInfo(getattr(asked.opens.tzinfo, "key", "UTC"))
    return values.in_zone(values.instant(text), zone) if text else None


def _moved(moment: datetime, since: datetime, to: datetime) -> datetime:
    """Return what is as long after `to` as `moment` after `since`, whatever clocks do between."""
    by = moment.astimezone(UTC) - since.astimezone(UTC)
    return (to.astimezone(UTC) + by).astimezone(to.tzinfo)


def rehearsed(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the accepted ones, without the central platform's ids: it must not know them again.

    Nor do authors come along. No author's key does, so a wish to be forgotten would not reach them.
    """
    return tuple(
        replace(one, central=None, author=None, age=None)
        for one in proposals
        if one.state is ProposalState.ACCEPTED
    )
