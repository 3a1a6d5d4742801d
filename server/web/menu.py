"""The menu: the reader's own votes, ways to share, and their leave. A page, or laid over the booth."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request

from server.consultations.errors import Refusal
from server.store.voters import Forgotten
from server.web import identity, pages, screens
from server.web.credentials import Credential
from server.web.forms import refused
from server.web.pages import Card, OwnBallot, OwnVote, Page, Place, Proposed
from server.web.service import service
from server.web.visits import Visit

blueprint = Blueprint("menu", __name__)
blueprint.register_error_handler(Refusal, refused)


@blueprint.get("/e/<slug>/menu")
def menu(slug: str) -> Response:
    """Show the menu, with the votes of a reader who brings a credential or a cookie of ours."""
    place = screens.find(slug, pages.look(request.args))
    credential = identity.recognise(request, place.source.publisher, identity.bearer(request))
    return screens.answer(place, _menu(place, credential))


@blueprint.post("/e/<slug>/forget")
def forget(slug: str) -> Response:
    """Forget the reader, as `DELETE …/me` does, by a form."""
    identity.demand_own_origin(request, opaque=False)
    place = screens.find(slug, pages.look(request.form))
    asked = request.form.get("credential")
    _, credential = identity.credential(request, place.source.publisher, asked)
    done = service().station.forget(Visit(place.snapshot, credential, place.source))
    farewell = Forgotten(done["withdrawn"], done["counted"])
    return screens.answer(place, pages.page(place, "menu", forgotten=farewell))


def _menu(place: Place, credential: Credential | None) -> Page:
    if credential is None or place.snapshot.voter_key is None:
        return pages.page(place, "menu")
    visit = Visit(place.snapshot, credential, place.source)
    record = service().station.record(place.snapshot, visit, ticket=False)
    own = tuple(
        OwnVote(
            Card.of(ballot["proposal"]),
            OwnBallot(ballot["vote"].value, tuple(ballot["qualifications"])),
        )
        for ballot in record["ballots"]
    )
    closed = pages.state(place.snapshot.consultation, datetime.now(UTC)) == "closed"
    veiled = place.how.veiled and not closed
    proposed = tuple(Proposed.of(one, veiled) for one in record["proposals"])
    return pages.page(place, "menu", own=own, proposed=proposed)
