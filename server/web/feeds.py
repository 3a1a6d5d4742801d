"""Feeds: what happened in a consultation, in Atom (RFC 4287), for whoever follows it.

The opening, the proposals that staff accepted lately, and the outcome. Proposals that a file brought
were accepted at no known instant, so they are not news.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response
from markupsafe import Markup

from server.consultations.consultation import Proposal
from server.consultations.phases import Phase
from server.web import outcomes
from server.web.atom import Entry, Feed, atom, newest_first
from server.web.calendars import address
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.service import service

blueprint = Blueprint("feeds", __name__)

MOST = 50  # proposals


@blueprint.get("/c/<slug>/feed.atom")
def show(slug: str) -> Response:
    """Serve the feed in the consultation's language. Nobody's own data is in it."""
    snapshot = service().directory.find(slug)
    speech = service().messages.speech(snapshot.consultation.language)
    return atom(_feed(snapshot, speech))


def _feed(snapshot: Snapshot, speech: Speech) -> Feed:
    consultation, page = snapshot.consultation, address(snapshot.consultation)
    return Feed(
        address=f"{page}/feed.atom",
        page=page,
        title=consultation.question,
        language=consultation.language,
        since=consultation.opens,
        entries=newest_first(_entries(snapshot, speech)),
    )


def _entries(snapshot: Snapshot, speech: Speech) -> Iterator[Entry]:
    consultation, page = snapshot.consultation, address(snapshot.consultation)
    phase = consultation.phase(datetime.now(UTC))
    if phase is not Phase.ANNOUNCED:
        question = Markup("<p>{}</p>").format(consultation.question)
        yield Entry(page, "opened", speech.t("feedOpened"), consultation.opens, question)
        yield from _accepted(snapshot, speech)
    # The count is final once there are minutes; a reader's program takes an entry in only once.
    if phase.is_over and service().store.minutes.versions(consultation):
        html = outcome(snapshot, speech)
        yield Entry(page, "closed", speech.t("feedClosed"), consultation.closes, html)


def _accepted(snapshot: Snapshot, speech: Speech) -> Iterator[Entry]:
    lately = service().store.proposing.accepted_lately(snapshot.consultation, MOST)
    for number, instant in lately:
        proposal = snapshot.accepted.get(number)
        if proposal:
            at = datetime.fromtimestamp(instant // 1000, UTC)
            html = Markup("<p>{}</p>").format(proposal.text)
            title = speech.t("feedProposal", text=proposal.text)
            name, by = f"proposal-{number}", _byline(proposal, speech)
            yield Entry(address(snapshot.consultation), name, title, at, html, by)


def _byline(proposal: Proposal, speech: Speech) -> str | None:
    return speech.byline(proposal.author, proposal.band)


def outcome(snapshot: Snapshot, speech: Speech) -> Markup:
    """Return participants and the best supported proposals: no percentages of few votes."""
    voters = speech.t("participants", count=snapshot.published.voters)
    lines = Markup().join(
        Markup("<li>{} ({})</li>").format(one.proposal.text, _support(one, speech))
        for one in outcomes.best_supported(snapshot)
    )
    listed = Markup("<p>{}</p><ol>{}</ol>").format(speech.t("feedSupported"), lines)
    return Markup("<p>{}</p>").format(voters) + (listed if lines else Markup())


def _support(one: outcomes.Supported, speech: Speech) -> str:
    results = one.shown
    shown, votes = results["votes"]["agree"], speech.t("votes", count=results["total"])
    if shown["share"] is None:
        return speech.t("outcomeCount", number=shown["count"], votes=votes)
    return speech.t("outcomeShare", share=shown["share"], votes=votes)
