"""Proposal records: how proposals are kept in the store, by number, as JSON."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from hashlib import sha256

from server.consultations import ages
from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.handling import NOTHING, Handling
from server.consultations.moderation import stand_in
from server.consultations.proposing import RefusalReason, Submission
from server.consultations.wording import verbatim
from server.store import handlings

DIGEST = 16  # hexadecimal digits; enough to tell tens of thousands of texts apart
FIELDS = frozenset(field.name for field in fields(Proposal))
GAP = 1000  # numbers left out in a file, beyond which one stands apart from the others

Handled = Mapping[int, Handling]


def published(
    made: Consultation,
    proposals: Iterable[Proposal],
    submitted: Iterable[Submission],
    handled: Handled,
) -> dict[str, str]:
    """Return what readers may be served of a file, and what lies under what was taken from them."""
    down = [one.proposal for one in submitted if handled.get(one.proposal.id, NOTHING).down]
    found = {str(one.id): _handled(one, handled) for one in proposals}
    return found | dumped(_stand_in(made, one) for one in down)


def unpublished(submitted: Iterable[Submission], handled: Handled) -> dict[str, str]:
    """Return what lies apart: readers' proposals that wait, were refused or taken down."""
    return {
        str(one.proposal.id): _handled(one.proposal, handled, at=one.at, reason=one.reason)
        for one in submitted
    }


def dumped(proposals: Iterable[Proposal]) -> dict[str, str]:
    return {str(p.id): dump_proposal(p) for p in proposals}


def dump_proposal(proposal: Proposal, **beside: object) -> str:
    """Return the JSON of a proposal but for its number; `beside` is what stands there as well."""
    written = {**asdict(proposal), **beside}
    given = {k: v for k, v in written.items() if k != "id" and v is not None}
    return json.dumps(given, ensure_ascii=False)


def load_proposal(number: int, text: str) -> Proposal:
    """Read what `dump_proposal` wrote, without what stands beside it."""
    written = json.loads(text)
    given = {k: v for k, v in written.items() if k in FIELDS}
    state, age = ProposalState(written["state"]), ages.load(written.get("age"))
    return Proposal(**{**given, "id": number, "state": state, "age": age})


def load_submission(number: int, text: str) -> Submission:
    """Read what stands beside a reader's proposal too."""
    written = json.loads(text)
    reason, at = written.get("reason"), written.get("at")
    return Submission(
        load_proposal(number, text),
        RefusalReason(reason) if reason else None,
        int(at) if at else None,
        down=bool(written.get("down")),
    )


def said_digest(text: str) -> str:
    """Return what tells that two proposals say the same: only one of them is accepted."""
    return sha256(verbatim(text).encode()).hexdigest()[:DIGEST]


def said_by(accepted: Sequence[Proposal]) -> dict[str, int]:
    """Return what these say; of a text that a file holds twice, the first number stands."""
    return {said_digest(one.text): one.id for one in reversed(accepted)}


def last_in_line(taken: Collection[int]) -> int:
    """Return after which number the next reader's comes: after all but for a few far above.

    Nobody's number may grow out of what a file can hold because somebody chose a high one.
    """
    return max((number for number in taken if number <= 2 * len(taken) + GAP), default=0)


def _handled(proposal: Proposal, handled: Handled, **beside: object) -> str:
    kept = handlings.beside(handled.get(proposal.id, NOTHING))
    said = said_digest(proposal.text) if proposal.state is ProposalState.ACCEPTED else None
    return dump_proposal(proposal, **beside, **kept, said=said)


def _stand_in(asked: Consultation, proposal: Proposal) -> Proposal:
    """Return what lies under the number of one that was taken from readers, as in desk.lua."""
    return Proposal(
        proposal.id,
        stand_in(asked.prefix),
        proposal.language,
        state=ProposalState.REFUSED,
        central=proposal.central,
    )
