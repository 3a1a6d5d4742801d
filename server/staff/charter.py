"""The charter as moderators read it: the rules that readers are told, with the console's words."""

from flask import Response

from server.staff import desk
from server.staff.access import needs
from server.staff.moderation_pages import REASON_KEYS
from server.staff.roles import Permission
from server.web.charter import RULES
from server.web.messages import written

blueprint = desk.pages("staff_charter", __name__)


@blueprint.get("/staff/moderation/charter")
@needs(Permission.PROPOSALS)
def charter() -> Response:
    """Show each reason by the name it has in the queue, and as its author is told."""
    told = written()[desk.said().lang].t
    return desk.page("staff_charter.html", reasons=REASON_KEYS, rules=RULES, told=told)
