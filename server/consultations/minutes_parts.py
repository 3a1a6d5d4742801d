"""Parts of minutes: what they say of the consultation, its voters and the recount."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.rows import Row, proposal_name

LISTED = 100  # differences written out one by one; their number is always there


class Difference(Protocol):
    """One number that the recount found wrong in the tallies, all boxes added up.

    Without proposal and code it is the number of voters at home in a source.
    """

    @property
    def proposal(self) -> int | None: ...
    @property
    def source(self) -> int: ...
    @property
    def code(self) -> int | None: ...
    @property
    def tallied(self) -> int: ...
    @property
    def counted(self) -> int: ...


def asked(consultation: Consultation, proposals: Sequence[Proposal]) -> dict[str, Any]:
    others = {p.language for p in proposals} - {consultation.language}
    return {
        "slug": consultation.slug,
        "question": consultation.question,
        "languages": [consultation.language, *sorted(others)],
        "sources": [{"name": s.name, "title": s.title} for s in consultation.sources],
    }


def window(consultation: Consultation) -> dict[str, Any]:
    opens, closes = consultation.opens, consultation.closes
    zone = getattr(opens.tzinfo, "key", "UTC")
    return {"opens": opens.isoformat(), "closes": closes.isoformat(), "timezone": zone}


def voters(consultation: Consultation, voters: Mapping[int, int]) -> dict[str, Any]:
    by_name = {source.name: voters.get(source.number, 0) for source in consultation.sources}
    return {"total": sum(by_name.values()), "sources": by_name}


def listed(name: str, proposals: Iterable[Proposal], found: Iterable[Row]) -> list[dict[str, Any]]:
    """List what could be voted on. A text that moderation took away is not printed for ever."""
    voted = {row["proposal"] for row in found}
    listed = []
    for proposal in proposals:
        accepted, wire = proposal.state is ProposalState.ACCEPTED, proposal_name(name, proposal)
        if accepted or wire in voted:
            text = proposal.text if accepted else None
            listed.append({"proposal": wire, "state": str(proposal.state), "text": text})
    return sorted(listed, key=lambda one: str(one["proposal"]))


def recount(
    consultation: Consultation,
    name: str,
    proposals: Iterable[Proposal],
    differences: Sequence[Difference],
) -> dict[str, Any]:
    """Count all differences; list the first of those in sources that are told apart."""
    names: dict[int | None, str | None] = {p.id: proposal_name(name, p) for p in proposals}
    sources = {source.number: source.name for source in consultation.sources}
    told = (difference for difference in differences if difference.source in sources)
    listed = [
        {
            "proposal": names.get(d.proposal, d.proposal and f"{name}:{d.proposal}"),
            "source": sources[d.source],
            "code": d.code,
            "tallied": d.tallied,
            "counted": d.counted,
        }
        for d in islice(told, LISTED)
    ]
    return {"differences": len(differences), "listed": listed}
