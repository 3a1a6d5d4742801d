"""Verdict forms: what a moderator decides on one page, read into verdicts on its proposals."""

import re
from collections.abc import Iterable
from datetime import timedelta

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, NotFound

from server.consultations import moderation
from server.consultations.errors import MergeRefused
from server.consultations.moderation import Act, Verdict
from server.consultations.proposing import RefusalReason

HOURS = (1, 4, 24, 72, 168)  # for which a proposal can be postponed
HOUR = timedelta(hours=1) // timedelta(milliseconds=1)
NUMBER = re.compile(r"[0-9]{1,9}")
JUDGED = re.compile(r"([0-9]{1,9}):([0-9a-f]{0,12})")  # a proposal, and the version that was read
MOST = 100  # proposals judged by one form

Form = MultiDict[str, str]
Judged = tuple[int, str | None]


def number_of(text: str) -> int:
    """Return the number in an address; there is nothing at any other."""
    if not NUMBER.fullmatch(text):
        raise NotFound
    return int(text)


def judged(words: Iterable[str]) -> list[Judged]:
    """Read which proposals are meant, each as it was read."""
    found = [JUDGED.fullmatch(word) for word in words]
    if not all(found) or len(found) > MOST:
        raise BadRequest
    return [(int(one[1]), one[2] or None) for one in found if one]


def verdicts(form: Form, number: int, text: str, now: int) -> list[Verdict]:
    """Return the verdicts on a proposal and on those judged with it; the first is its own.

    `text` is what it says by now: another one in the form is its mended spelling.
    """
    every = [(number, form.get("version") or None), *judged(form.getlist("also"))]
    if form.get("reason"):
        return refusals(form, every)
    if form.get("merge"):
        return [moderation.merge(n, number_of(form["merge"]), version) for n, version in every]
    act = form.get("act")
    if act == Act.ACCEPT:
        return acceptance(every, _mended(form.get("text"), text))
    if act == Act.MERGE:
        into = _into(form.get("into", ""))
        return [moderation.merge(n, into, version) for n, version in every]
    if act == Act.POSTPONE:
        until = now + _hours(form.get("hours", "")) * HOUR
        note = form.get("note", "")
        return [moderation.postpone(n, until, note, version) for n, version in every]
    raise BadRequest


def refusals(form: Form, every: Iterable[Judged]) -> list[Verdict]:
    reason = reason_of(form)
    return [moderation.refuse(n, reason, version) for n, version in every]


def acceptance(every: list[Judged], text: str | None) -> list[Verdict]:
    """Accept the first, and have it stand for the others, which say the same."""
    (kept, version), *others = every
    merged = [moderation.merge(n, kept, read) for n, read in others]
    return [moderation.accept(kept, version, text), *merged]


def reason_of(form: Form) -> RefusalReason:
    try:
        return RefusalReason(form.get("reason", ""))
    except ValueError:
        raise BadRequest from None


def _mended(sent: str | None, text: str) -> str | None:
    """Return the new spelling, if it is one. A text field breaks lines where none is meant."""
    new = " ".join((sent or "").splitlines()).strip()
    return new if new and new != text else None


def _into(sent: str) -> int:
    plain = sent.strip().removeprefix("#").removeprefix("n°").strip()
    if not NUMBER.fullmatch(plain):
        raise MergeRefused("Say the number of the proposal that stands for this one.", "into")
    return int(plain)


def _hours(sent: str) -> int:
    if sent not in map(str, HOURS):
        raise BadRequest
    return int(sent)
