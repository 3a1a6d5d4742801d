"""How `isoloir proposals` writes a proposal in one line."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from server.consultations.consultation import Proposal
from server.consultations.hints import hints
from server.consultations.queue import Case
from server.consultations.wording import likeness


def first_of_each(proposals: Iterable[Proposal]) -> dict[str, int]:
    """Return the number of the first proposal of each text; what reads alike is one text."""
    first: dict[str, int] = {}
    for proposal in sorted(proposals, key=lambda one: one.id):
        first.setdefault(likeness(proposal.text), proposal.id)
    return first


def line(case: Case, first: int) -> str:
    """Return a proposal that waits, when it came in, and what staff may look at twice."""
    one, zone = case.submission, case.consultation.opens.tzinfo
    proposal = one.proposal
    came = moment(one.at, zone) if one.at else "from file"
    age = f", {proposal.band}" if proposal.band else ""
    by = f"  ({proposal.author or '–'}{age})" if proposal.author or age else ""
    beside = [f"the same as {first}"] if first != proposal.id else []
    seen = hints(proposal.text, proposal.language, case.consultation.prefix)
    beside += [f"{hint.kind}: {hint.seen}" if hint.seen else hint.kind for hint in seen]
    if case.postponed:
        beside.append(f"postponed until {moment(case.postponed.until, zone)} {case.postponed.note}")
    beside += [f"#{label}" for label in case.labels]
    return f"{proposal.id:>6}  {came:<16}  {proposal.text}{by}" + "".join(
        f"  [{said.strip()}]" for said in beside
    )


def listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, dict.fromkeys(numbers)))


def moment(milliseconds: int, zone: tzinfo | None) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, zone):%Y-%m-%d %H:%M}"
