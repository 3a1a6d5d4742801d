"""What a receiver has: the newest document that it took, as every answer of it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Place = tuple[int, int, int]  # epoch, revision, sequence: what makes one document newer


@dataclass(frozen=True)
class Acknowledged:
    """`digest` is the SHA-256 (hex) of the newest document's body, `as_of` its ISO 8601 time."""

    epoch: int  # milliseconds since 1970
    revisions: tuple[int, ...]  # one per ballot box
    sequence: int
    fence: int
    digest: str
    as_of: str

    @property
    def revision(self) -> int:
        return sum(self.revisions)

    @property
    def place(self) -> Place:
        return (self.epoch, self.revision, self.sequence)

    def dump(self) -> dict[str, Any]:
        """Return the object as it stands on the wire."""
        return {
            "epoch": self.epoch,
            "revision": self.revision,
            "revisions": list(self.revisions),
            "sequence": self.sequence,
            "fence": self.fence,
            "digest": self.digest,
            "asOf": self.as_of,
        }

    @classmethod
    def load(cls, wire: Mapping[str, Any]) -> "Acknowledged":
        """Read what `dump` wrote; raise `KeyError`, `TypeError` or `ValueError` for anything else."""
        return cls(
            epoch=int(wire["epoch"]),
            revisions=tuple(int(revision) for revision in wire["revisions"]),
            sequence=int(wire["sequence"]),
            fence=int(wire["fence"]),
            digest=str(wire["digest"]),
            as_of=str(wire["asOf"]),
        )
