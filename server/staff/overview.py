"""The overview: every consultation of a member, worst first; and one of them in detail."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Response, request

from server.consultations.consultation import Consultation
from server.staff import desk, standing
from server.staff.access import Visitor, needs, visitor
from server.staff.action_sheets import sheets
from server.staff.figures import Figures
from server.staff.roles import Permission
from server.staff.standing import Standing, Sync
from server.store.sync_state import SyncState, SyncStates
from server.web.service import service

blueprint = desk.pages("staff", __name__)

SEEN_BY = (Permission.OVERVIEW, Permission.OWN_SOURCES)


@blueprint.get("/staff", strict_slashes=False)
@needs(*SEEN_BY)
def overview() -> Response:
    """Show every consultation, or those of one operation."""
    every, asked = standings(visitor()), request.args.get("operation")
    operations = sorted({one.consultation.operation for one in every} - {None})  # type: ignore[type-var]
    shown = [one for one in every if not asked or one.consultation.operation == asked]
    return desk.page(
        "overview.html",
        standings=shown,
        operations=operations,
        operation=asked if asked in operations else None,
        zone=desk.zone(),
    )


def standings(who: Visitor) -> list[Standing]:
    """Return the standing of every consultation that the visitor has part in, worst first."""
    every = service().store.consultations.all()
    theirs = [one for one in every if who.member.has_part_in(one)]
    return standing.worst_first(_standings(who, theirs))


def standing_of(who: Visitor, asked: Consultation) -> Standing:
    return _standings(who, [asked])[0]


def _standings(who: Visitor, asked: list[Consultation]) -> list[Standing]:
    """Read the small figures that the teller keeps; never a tally."""
    store, moment = service().store, datetime.now(UTC)
    now = store.clock.now()
    every = who.may(Permission.OVERVIEW)
    found = []
    for one, figures in zip(asked, store.figures.read(asked), strict=True):
        sync = _sync(one, figures, now) if every else None
        seen = _with_actions(standing.whole(one, now, moment, figures, sync), moment)
        found.append(seen if every else standing.own(seen, who.member.sources))
    return found


def _with_actions(seen: Standing, moment: datetime) -> Standing:
    """Return it with what its actions ask of staff; most consultations have none to read."""
    asked = seen.consultation
    if not asked.actions:
        return seen
    found = sheets(asked, service().store.reports.all(asked), moment)
    drafts = sum(len(one.reporting.waiting) for one in found)
    return replace(seen, drafts=drafts, silent=sum(one.silent for one in found))


def _sync(asked: Consultation, figures: Figures | None, now: int) -> Sync | None:
    """Return how far behind the central platform is; none if there is no such platform."""
    if service().settings.central_url is None:
        return None
    state = SyncStates(service().store.redis).read(asked)
    lag = _lag(state, figures, now)
    return Sync(lag, state.last_error, state.acknowledged_at, state.data_lost_at)


def _lag(state: SyncState, figures: Figures | None, now: int) -> int | None:
    """Return for how long, in milliseconds, something has been untold: 0 if nothing is.

    By the samples of the last minutes as far as they say; else since it last heard anything.
    """
    known, heard = state.acknowledged, state.acknowledged_at
    if known is None or heard is None or known.epoch != state.epoch:
        return None
    if figures is None or figures.revision <= known.revision:
        return 0
    since = figures.unknown_since(known.revision)
    return max(0, now - (since if since is not None else int(heard.timestamp() * 1000)))
