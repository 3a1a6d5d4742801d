"""Moderation: the queue, one proposal at a time, decided by form or by key.

The page's script sends the same forms in the background, and asks for the next sheets in advance.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from server.consultations.consultation import PROPOSAL_LENGTH, Consultation, ProposalState
from server.consultations.errors import AlreadyDecided, ProposalUnknown, Refusal
from server.consultations.moderation import HOLD, Act, Verdict
from server.consultations.proposing import RefusalReason
from server.consultations.queue import Case
from server.staff import desk, objections, sheets
from server.staff.access import consultation, needs, visitor
from server.staff.roles import Permission
from server.staff.sheets import Sheet
from server.staff.verdict_forms import HOURS, MOST, number_of, verdicts
from server.web.answers import private
from server.web.problems import STATUS
from server.web.refusals import NotAllowed
from server.web.service import service

blueprint = desk.pages("staff_moderation", __name__)
ONE = "/staff/moderation/<slug>/proposals/<number>"
MOST_PASSED = 600  # proposals that one moderator puts aside without a word
JSON = "application/json"
# The key of each reason: the ten most usual are pressed alone, the others behind `r`.
REASON_KEYS = dict(
    zip(
        (
            RefusalReason.OFF_TOPIC,
            RefusalReason.UNCLEAR,
            RefusalReason.SEVERAL_IDEAS,
            RefusalReason.OFFENSIVE,
            RefusalReason.PERSONAL,
            RefusalReason.ADVERTISING,
            RefusalReason.PARTISAN,
            RefusalReason.LEGAL,
            RefusalReason.LANGUAGE,
            RefusalReason.OUT_OF_SCOPE,
            RefusalReason.DUPLICATE,
            RefusalReason.TEST,
            RefusalReason.OTHER,
        ),
        "1234567890dxo",
        strict=True,
    )
)

# The list of keys. Each presses a control of the page that carries it (`data-key`).
KEYS = (
    ("a", "keys.accept"),
    ("r", "keys.refuse"),
    ("1234567890", "keys.reason"),
    ("dxo", "keys.other-reason"),
    ("e", "keys.edit"),
    ("p", "keys.postpone"),
    ("m", "keys.merge"),
    ("t", "keys.tag"),
    ("u", "keys.undo"),
    ("j→", "keys.skip"),
    ("k←", "keys.back"),
    ("?", "keys.help"),
)


@blueprint.get("/staff/moderation")
@needs(Permission.DECIDE)
def queue() -> Response:
    """Show the next proposal, or the one that the address names."""
    asked = request.args.get("proposal", "")
    slug, _, number = asked.rpartition(":")
    chosen = [one for one in mine() if one.slug == slug]
    if chosen:
        return _page(_looked(chosen[0], number_of(number)))
    return _page(_next())


@blueprint.get("/staff/moderation/next")
@needs(Permission.DECIDE)
def next_() -> Response:
    """Return the next sheet alone, for the page's script, which has the one before it still."""
    return desk.page("moderation_next.html", **_fields(_next()))


@blueprint.post("/staff/moderation/hold")
@needs(Permission.DECIDE)
def hold() -> Response:
    """Keep others from being offered what is open on a page; `release` lets them have it."""
    desk_, by = service().store.moderation.queue, _by()
    release = request.form.get("release") is not None
    for one, number in _numbers(request.form.getlist("held")):
        if release:
            desk_.release(one, by, number)
        else:
            desk_.look(one, by, number)
    return private({"done": True})


@blueprint.post(ONE)
@needs(Permission.DECIDE)
def decide(slug: str, number: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """Decide on a proposal and those judged with it, all or none; or give it labels."""
    found, own = consultation(), number_of(number)
    try:
        if request.form.get("act") == Act.TAG:
            return _tagged(found, own)
        act = _decided(found, own)
    except Refusal as refusal:
        return _objected(found, own, refusal)
    return _done(decision=act)


@blueprint.post("/staff/moderation/<slug>/undo")
@needs(Permission.DECIDE)
def undo(slug: str) -> Response:
    """Take back one act, the one that the page was told of and none that came after it."""
    found, act = consultation(), request.form.get("decision")
    numbers = [number_of(one) for one in request.form.getlist("number")[:MOST]]
    if not act or not numbers:
        raise BadRequest
    try:
        left = service().store.moderation.decisions.undo(found, _by(), act, numbers)
    except Refusal as refusal:
        return _objected(found, numbers[0], refusal)
    if not left:
        return _done(f"{slug}:{numbers[0]}")
    said = desk.said().t("moderation.undone-but", number=", ".join(map(str, left)))
    if _by_script():
        return private({"done": True, "said": said})
    again = next(number for number in numbers if number not in left)
    return _page(_looked(found, again), objection=said)


def mine() -> list[Consultation]:
    """Return the consultations of this moderator; those of the address alone, if it names one."""
    every = service().store.consultations.all()
    theirs = [one for one in every if visitor().member.has_part_in(one)]
    only = request.values.get("consultation")
    return [one for one in theirs if one.slug == only] if only else theirs


def _decided(found: Consultation, number: int) -> str:
    """Decide as the form says; return what an undo names."""
    store = service().store
    case = store.moderation.cases.one(found, number)
    if case is None:
        raise ProposalUnknown(f"No proposal {number} in {found.slug}.")
    text = case.submission.proposal.text
    given = verdicts(request.form, number, text, store.clock.now())
    demand_allowed(found, given)
    try:
        return store.moderation.decisions.decide(found, _by(), given)
    except AlreadyDecided as refusal:
        # An answer that was lost on its way is asked for again.
        if not _is_own(refusal, given[0]):
            raise
        return str(refusal.extra["decision"]["id"])


def demand_allowed(found: Consultation, given: Sequence[Verdict]) -> None:
    """Raise `NotAllowed` for who may not take from readers what they see: a merged duplicate."""
    merged = [verdict.proposal for verdict in given if verdict.act is Act.MERGE]
    if visitor().may(Permission.TAKE_DOWN) or not merged:
        return
    cases = service().store.moderation.cases.of(found, merged)
    if any(case.submission.proposal.state is ProposalState.ACCEPTED for case in cases):
        raise NotAllowed("To merge a published proposal takes it from readers.")


def _is_own(refusal: AlreadyDecided, wanted: Verdict) -> bool:
    first = refusal.extra.get("decision", {})
    keys = ("proposal", "act", "reason", "into")
    same = all(first.get(key) == getattr(wanted, key) for key in keys)
    return same and first.get("by") == _by() and wanted.text is None


def _tagged(found: Consultation, number: int) -> Response:
    labels = request.form.getlist("label")
    service().store.moderation.tagging.tag(found, _by(), number, labels)
    return _done(f"{found.slug}:{number}")


def _done(proposal: str | None = None, decision: str = "") -> Response:
    if _by_script():
        return private({"done": True, "hold": HOLD, "decision": decision})
    only = request.form.get("consultation") or None
    return desk.go(".queue", consultation=only, proposal=proposal)


def _objected(found: Consultation, number: int, refusal: Refusal) -> Response:
    """Say why nothing was done: to the script, or above the sheet shown again."""
    said = objections.said(desk.said(), refusal, found.opens.tzinfo)
    if _by_script():
        about = refusal.extra.get("decision", {}).get("proposal", number)
        body = {"code": refusal.code, "said": said, "field": refusal.field, "proposal": about}
        return _with(private(body), STATUS[refusal.code])
    return _page(_looked(found, number), STATUS[refusal.code], objection=said, sent=request.form)


def _with(answer: Response, status: HTTPStatus) -> Response:
    answer.status_code = status
    return answer


def _page(found: Sheet | None, status: int = HTTPStatus.OK, **fields: Any) -> Response:
    every = mine()
    return desk.page(
        "moderation.html",
        status,
        held=sheets.held(_by(), every),
        consultations=every,
        keyed=True,
        **{"sent": {}, **_fields(found), **fields},
    )


def _fields(found: Sheet | None) -> dict[str, Any]:
    """Return what a sheet and the figures above it are drawn with."""
    clock = service().store.clock.now()
    return {
        "sheet": found,
        "figures": sheets.figures(mine()),
        "clock": clock,
        "zone": desk.zone(),
        "reasons": REASON_KEYS,
        "hours": HOURS,
        "only": request.values.get("consultation", ""),
        "passed": request.args.getlist("passed"),
        "key_table": KEYS,
        "longest": PROPOSAL_LENGTH[1],
        **objections.WORDS,
    }


def _next() -> Sheet | None:
    passed = _numbers(request.args.getlist("passed"))
    return sheets.next_sheet(_by(), mine(), {(one.id, number) for one, number in passed})


def _looked(found: Consultation, number: int) -> Sheet:
    case: Case | None = service().store.moderation.queue.look(found, _by(), number)
    if case is None:
        raise ProposalUnknown(f"No proposal {number} in {found.slug}.")
    return sheets.sheet(_by(), case)


def _numbers(words: list[str]) -> list[tuple[Consultation, int]]:
    """Read `slug:1,2,3`, of the moderator's own consultations."""
    known, found = {one.slug: one for one in mine()}, list[tuple[Consultation, int]]()
    for word in words:
        slug, _, numbers = word.rpartition(":")
        if slug in known:
            read = [number_of(number) for number in numbers.split(",")[:MOST_PASSED]]
            found += [(known[slug], number) for number in read]
    return found[:MOST_PASSED]


def _by_script() -> bool:
    return request.headers.get("Accept") == JSON


def _by() -> str:
    return visitor().member.name
