"""Live results in the console: the charts that readers get later, every source by itself."""

from collections.abc import Collection

from flask import Response, request

from server.consultations.folding import FEWEST
from server.staff import desk, overview
from server.staff.access import consultation, needs, visitor
from server.staff.roles import Permission
from server.web import results_charts
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.results_page import last_page
from server.web.results_reading import (
    ALL,
    CHOICES,
    PAGE,
    leading,
    listed,
    ordered,
    outcomes_of,
    series,
)
from server.web.service import service

blueprint = desk.pages("staff_results", __name__)


@blueprint.get("/staff/consultations/<slug>/results")
@needs(*overview.SEEN_BY)
def show(slug: str) -> Response:
    """Show what the votes come to now; an editor, what those of their own sources come to.

    An editor's list goes by number: the order of the others would tell of all sources.
    """
    found, who = consultation(), visitor()
    snapshot = service().directory.find(slug)
    whole = who.may(Permission.OVERVIEW)
    own = None if whole else _own(who.member.sources, snapshot)
    choice = request.args.get("list", CHOICES[0] if whole else ALL)
    choice = choice if whole and choice in CHOICES else ALL
    page = min(max(1, request.args.get("page", 1, int)), last_page(snapshot, choice))
    wanted = listed(snapshot, choice, page)
    mapped = leading(snapshot) if whole else wanted
    told = outcomes_of(found, {one.id: one for one in (*wanted, *mapped)}.values(), True, own)
    sources = [source for source, _ in told.sources]
    speech, zone = _speech(), found.opens.tzinfo
    return desk.page(
        "consultation_results.html",
        asked=found,
        zone=zone,
        whole=whole,
        told=told,
        outcomes=ordered(told.outcomes, wanted),
        map=results_charts.zone_map(ordered(told.outcomes, mapped), speech),
        curves=results_charts.curves(
            series(found, sources), speech, zone, lambda source: source.title
        ),
        choice=choice,
        choices=CHOICES if whole else (),
        number=page,
        of=last_page(snapshot, choice),
        start=(page - 1) * PAGE,
        said=speech.t,
        **results_charts.words(speech),
    )


def _own(names: Collection[str], snapshot: Snapshot) -> frozenset[int]:
    """Return the editor's own sources that everybody is told apart, each with its voters.

    One that is folded stays so for its editor too: the others less one's own would be the rest,
    which may be a single voter.
    """
    apart = outcomes_of(snapshot.consultation, ()).sources
    return frozenset(
        source.number for source, voters in apart if source.name in names and voters >= FEWEST
    )


def _speech() -> Speech:
    """Return what readers of the visitor's language are told: charts say the same to both."""
    return service().messages.speech(desk.said().lang)
