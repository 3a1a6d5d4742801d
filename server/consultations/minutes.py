"""Minutes: the final record of a closed consultation, signed so that anybody can verify it.

What is signed is the canonical JSON of everything but the signature's own value. Nothing is ever
edited: fraud found later leads to a next version that names the ones before it.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

from server.consultations import minutes_parts as parts
from server.consultations.ballots import QUALIFICATIONS
from server.consultations.consultation import Consultation, Proposal
from server.consultations.folding import FEWEST, fold
from server.consultations.rows import (
    COUNTERS,
    Row,
    checksum,
    compact,
    compact_rows,
    deployment_name,
    rows,
)
from server.consultations.tallies import Histogram

FORMAT = "isoloir-minutes/1"
ALGORITHM = "Ed25519"  # a verifier takes no other

Document = dict[str, Any]


class Key(Protocol):
    """The public key of whoever signs."""

    @property
    def id(self) -> str: ...
    @property
    def base64(self) -> str: ...


class Signer(Protocol):
    @property
    def key(self) -> Key: ...
    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True)
class Count:
    """What was found in the boxes once they were sealed.

    `histograms` is proposal -> source number -> code -> ballots as the *ballots* say, also where
    the tallies differ. `voters` is source number -> voters whose first ballot came through it.
    """

    sealed_at: datetime
    revisions: Sequence[int]
    voters: Mapping[int, int]
    histograms: Mapping[int, Mapping[int, Histogram]]
    differences: Sequence[parts.Difference]


@dataclass(frozen=True)
class Author:
    """Who draws the minutes up: a deployment, where it answers, and its key."""

    deployment: str
    service: str  # https://…, no slash at the end
    signer: Signer


def draw_up(
    author: Author,
    consultation: Consultation,
    proposals: Iterable[Proposal],
    count: Count,
    now: datetime,
    earlier: Sequence[bytes] = (),
    reason: str | None = None,
) -> Document:
    """Return signed minutes; `proposals` as they can be sent.

    With `earlier`, the versions before it as they were stored, it is the next version, and
    `reason` says why there is one.
    """
    proposals = list(proposals)
    name = deployment_name(author.deployment, consultation)
    public = fold(consultation, count.voters, count.histograms)
    found = rows(public.consultation, name, proposals, public.histograms, complete=True)
    document = {
        "format": FORMAT,
        "version": len(earlier) + 1,
        "earlier": [_mention(number, one) for number, one in enumerate(earlier, 1)],
        "reason": reason,
        "service": author.service,
        "deployment": name,
        "rehearsal": consultation.rehearsal,
        "consultation": parts.asked(consultation, proposals),
        "window": parts.window(consultation),
        "sealedAt": _time(count.sealed_at),
        "drawnUpAt": _time(now),
        "revisions": list(count.revisions),
        "voters": parts.voters(public.consultation, public.voters),
        "folded": {"below": FEWEST, "sources": [source.name for source in public.sources]},
        "proposals": parts.listed(name, proposals, found),
        "rows": found,
        "totals": totals(found),
        "checksum": checksum(found),
        "recount": parts.recount(public.consultation, name, proposals, count.differences),
    }
    return _signed(document, author)


def signed_part(document: Document) -> bytes:
    """Return the bytes that were signed: everything but the signature's value."""
    signature = {k: v for k, v in document["signature"].items() if k != "value"}
    return written({**document, "signature": signature})


def written(document: Document) -> bytes:
    """Return the file: canonical JSON, the same bytes for the same minutes."""
    parts = (
        compact(name) + b":" + (compact_rows(value) if name == "rows" else compact(value))
        for name, value in sorted(document.items())
    )
    return b"{" + b",".join(parts) + b"}"


def totals(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the sums of all counters over the rows, in the shape of a row's `votes`."""
    sums: dict[str, Any] = {
        str(vote): _zero() | {"qualifications": {name: _zero() for name in names}}
        for vote, names in QUALIFICATIONS.items()
    }
    for row in rows:
        for vote, sum_ in sums.items():
            counted = row["votes"][vote]
            _add(sum_, counted)
            for name, nuance in sum_["qualifications"].items():
                _add(nuance, counted["qualifications"][name])
    return sums


def _zero() -> dict[str, Any]:
    return dict.fromkeys(COUNTERS, 0)


def _add(sum_: dict[str, Any], counted: Mapping[str, Any]) -> None:
    for counter in COUNTERS:
        sum_[counter] += counted[counter]


def _signed(document: Document, author: Author) -> Document:
    key = author.signer.key
    document["signature"] = {
        "algorithm": ALGORITHM,
        "key": key.id,
        "publicKey": key.base64,
    }
    value = author.signer.sign(signed_part(document))
    document["signature"]["value"] = base64.b64encode(value).decode()
    return document


def _mention(version: int, content: bytes) -> dict[str, Any]:
    return {"version": version, "sha256": sha256(content).hexdigest()}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
