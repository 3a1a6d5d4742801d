"""Selection: what the votes put forward, and what staff take further of it."""

from collections.abc import Iterator

from flask import Response, request

from server.consultations import entries
from server.consultations.consultation import Consultation
from server.consultations.entry_parts import SELECTED
from server.consultations.errors import ProposalUnknown, Refusal
from server.consultations.selection import MOST_SELECTED, Selected
from server.consultations.shortlist import MOST as MOST_PROPOSED
from server.consultations.shortlist import Candidate, shortlist
from server.consultations.standings import SUPPORTED, Standing
from server.staff import desk
from server.staff import entry_forms as forms
from server.staff.access import act, consultation, needs
from server.staff.consultation_pages import agreed_now
from server.staff.roles import Permission
from server.staff.verdict_forms import number_of
from server.web.service import service

blueprint = desk.pages("staff_selection", __name__)
HERE = f"{forms.ONE}/selection"
OTHER = "other"  # a proposal that is named by its number


@blueprint.get(HERE)
@needs(Permission.CONSULTATIONS)
def show(slug: str) -> Response:  # noqa: ARG001 - `needs` has found it
    return _page()


@blueprint.post(HERE)
@needs(Permission.CONSULTATIONS, most=forms.MOST)
def select(slug: str) -> Response:
    """Select what is ticked, each with its reason, all on one day."""
    try:
        chosen = list(_chosen(request.form, consultation()))
        if not chosen:
            return _page(422, wrong={"": "wrong.selected.nothing"}, sent=request.form, which="new")
        service().store.following.select(slug, chosen, agreed_now(), act)
    except Refusal as refusal:
        status, wrong = forms.again(refusal)
        return _page(status, wrong=wrong, sent=request.form, which="new")
    return desk.go(".show", slug=slug)


@blueprint.post(f"{HERE}/<number>")
@needs(Permission.CONSULTATIONS, most=forms.MOST)
def change(slug: str, number: str) -> Response:
    """Tell the day or the reason of a selected one anew."""
    own, form = number_of(number), request.form
    try:
        one = Selected(own, **entries.read(SELECTED, form, consultation().language))
        service().store.following.select(slug, [one], agreed_now(), act)
    except Refusal as refusal:
        status, wrong = forms.again(refusal)
        return _page(status, wrong=wrong, sent=form, which=own)
    return desk.go(".show", slug=slug)


@blueprint.post(f"{HERE}/<number>/remove")
@needs(Permission.CONSULTATIONS)
def remove(slug: str, number: str) -> Response:
    """Select it no longer; what somebody else has taken out already is out."""
    try:
        service().store.following.unselect(slug, number_of(number), act)
    except ProposalUnknown:
        return desk.go(".show", slug=slug)
    return desk.go(".show", slug=slug)


def proposed(asked: Consultation) -> list[Candidate]:
    """Return what the votes put forward: the teller's list, told with the counts of this moment."""
    store, snapshot = service().store, service().directory.find(asked.slug)
    rows = (snapshot.lists or {}).get(SUPPORTED, ())
    found = [snapshot.accepted[number] for number, *_ in rows if number in snapshot.accepted]
    counts = store.tallies.counts(asked, [one.id for one in found[:MOST_PROPOSED]])
    return shortlist(Standing(one, counts[one.id]) for one in found[:MOST_PROPOSED])


def _chosen(form: forms.Form, asked: Consultation) -> Iterator[Selected]:
    """Yield what is ticked in a form, and what is named in it by its number."""
    ticked = [number_of(text) for text in form.getlist("chosen")[: MOST_SELECTED + 1]]
    for number in ticked:
        yield _selected(number, form.get(f"reason-{number}"), form, asked)
    if form.get(OTHER, "").strip():
        yield _selected(forms.number(form[OTHER]), form.get("reason-other"), form, asked)


def _selected(number: int, reason: str | None, form: forms.Form, asked: Consultation) -> Selected:
    given = {"on": form.get("on"), "reason": reason}
    return Selected(number, **entries.read(SELECTED, given, asked.language))


def _page(status: int = 200, **fields: object) -> Response:
    asked = consultation()
    over = asked.phase(agreed_now()).is_over
    found = proposed(asked) if over else []
    return forms.shown("selection.html", status, over=over, proposed=found, **fields)
