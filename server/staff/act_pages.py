"""The trail: every act of staff, newest first, page by page. For admins."""

import re

from flask import Response, request

from server.staff import desk
from server.staff.access import needs
from server.staff.roles import Permission
from server.web.service import service

blueprint = desk.pages("staff_acts", __name__)
NUMBER = re.compile(r"[0-9]{1,15}")


@blueprint.get("/staff/acts")
@needs(Permission.ACTS)
def acts() -> Response:
    before = asked_before()
    found = service().store.acts.latest(before)
    older = found[-1].number if found and found[-1].number > 1 else None
    return desk.page("acts.html", acts=found, older=older, before=before, zone=desk.zone())


def asked_before() -> int | None:
    """Return the number of the act that a page ends before; none is the newest page."""
    asked = request.args.get("before", "")
    return int(asked) if NUMBER.fullmatch(asked) else None
