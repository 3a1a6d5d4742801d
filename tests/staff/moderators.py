"""The pages of moderation as a browser without script sees them."""

import re
from typing import Any

from werkzeug.test import TestResponse

from server.consultations.consultation import Consultation
from server.consultations.moderation import Act
from server.store.store import Store
from tests.staff.conftest import Colleague

QUEUE = "/staff/moderation"
SLUG = "reinventer-le-travail"
JSON = {"Accept": "application/json"}


def at(number: int) -> str:
    return f"{QUEUE}/{SLUG}/proposals/{number}"


def shown(answer: TestResponse) -> list[str]:
    """Return the proposals of the sheet on a page: its own and those judged with it."""
    found = re.search(r'data-members="[^:]+:([\d,]+)"', answer.get_data(as_text=True))
    return found[1].split(",") if found else []


def undoing(colleague: Colleague) -> dict[str, Any]:
    """Return what the first “undo” of the page sends."""
    (line, *_) = re.findall(r"<li data-line.*?</li>", html(colleague.get(QUEUE)), re.DOTALL)
    (act,) = re.findall(r'name="decision" value="([^"]+)"', line)
    return {"number": re.findall(r'name="number" value="(\d+)"', line), "decision": act}


def html(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def decided(store: Store, opened: Consultation, number: int) -> Act | None:
    found = store.moderation.decisions.of(opened, [number])
    return found[number].act if number in found else None
