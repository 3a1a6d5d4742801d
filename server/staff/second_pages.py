"""The second look: one decision in twenty judged again, blind; and how often two agreed."""

from flask import Response, request

from server.consultations.errors import NotSampled
from server.staff import desk, objections, sheets
from server.staff.access import consultation, needs, visitor
from server.staff.moderation_pages import ONE, REASON_KEYS, mine
from server.staff.roles import Permission
from server.staff.verdict_forms import number_of, reason_of
from server.web.service import service

blueprint = desk.pages("staff_second", __name__)


@blueprint.get("/staff/moderation/second")
@needs(Permission.DECIDE)
def second() -> Response:
    """Show a proposal that a colleague decided; neither how nor who."""
    case = service().store.moderation.second.next(visitor().member.name, mine())
    return desk.page(
        "second.html",
        sheet=case and sheets.plain_sheet(case),
        reasons=REASON_KEYS,
        **objections.WORDS,
    )


@blueprint.post(f"{ONE}/second")
@needs(Permission.DECIDE)
def judge(slug: str, number: str) -> Response:  # noqa: ARG001 - `needs` has found it
    """Keep what a second moderator would have decided, and show the next one."""
    reason = None if request.form.get("act") == "accept" else reason_of(request.form)
    try:
        second_look = service().store.moderation.second
        second_look.judge(consultation(), visitor().member.name, number_of(number), reason)
    except NotSampled:
        pass  # somebody else was asked at the same time, and was first
    return desk.go(".second")


@blueprint.get("/staff/moderation/agreement")
@needs(Permission.PROPOSALS)
def agreement() -> Response:
    """Show how often the two agreed, by what the first decided."""
    look = service().store.moderation.second
    tables = [(one, look.agreement(one)) for one in mine()]
    return desk.page("agreement.html", tables=[(c, rows) for c, rows in tables if rows])
