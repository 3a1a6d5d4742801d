"""Why something was refused: one exception per reason, each with a stable code.

The code travels from here to the problem document, to the booth, and to the docs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class Refusal(Exception):
    """A request that the rules do not allow. `field` names the part of the input at fault."""

    code: ClassVar[str]

    def __init__(self, detail: str, field: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.extra = extra


class ConsultationUnknown(Refusal):
    code = "consultation-unknown"


class ProposalUnknown(Refusal):
    code = "proposal-unknown"


class SourceUnknown(Refusal):
    code = "source-unknown"


class SourceBlocked(Refusal):
    code = "source-blocked"


class NotOpenYet(Refusal):
    code = "consultation-not-open"


class Closed(Refusal):
    code = "consultation-closed"


class BallotsDestroyed(Refusal):
    """The retention is over: nothing is left that tells who voted what."""

    code = "ballots-destroyed"


class BallotsNeeded(Refusal):
    """Ballots that may not be destroyed yet. The detail says what must come first."""

    code = "ballots-needed"


class PurgeIncomplete(Refusal):
    """A server that still holds ballots. The detail says which; a purge can be run again."""

    code = "purge-incomplete"


class ClocksApart(Refusal):
    """This machine and the store do not agree what time it is. The detail says by how much."""

    code = "clocks-apart"


class ResultsNotYet(Refusal):
    code = "results-not-yet"


class MinutesNotYet(Refusal):
    """No minutes were drawn up, or no such version of them."""

    code = "minutes-not-yet"


class QualificationMismatch(Refusal):
    code = "qualification-mismatch"


class Superseded(Refusal):
    """A wish that arrived after a newer one of the same voter. `number` is the newest applied."""

    code = "superseded"


class TooLate(Refusal):
    """The store met the command after its deadline and changed nothing."""

    code = "too-late"


class SlowDown(Refusal):
    """A voter is faster than people are. `wait` is the time to wait, in milliseconds."""

    code = "slow-down"


class RecountReplaced(Refusal):
    """A recount that another one of the same consultation has taken over from."""

    code = "recount-replaced"


class NoBallotFound(Refusal):
    """A fix that would set all tallies to 0."""

    code = "no-ballot-found"


class NotARehearsal(Refusal):
    code = "not-a-rehearsal"


class SlugTaken(Refusal):
    code = "slug-taken"


class StoreUnavailable(Refusal):
    code = "store-unavailable"


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an input file: its line (1-based), the field, and what to do."""

    line: int
    field: str
    message: str


class FileRefused(Refusal):
    """A file with errors. Every one is listed; nothing of the file was taken."""

    code = "file-refused"

    def __init__(self, path: str, faults: Sequence[Fault]) -> None:
        lines = "\n".join(f"{path}:{f.line}: {f.field}: {f.message}" for f in faults)
        super().__init__(lines)
        self.faults = tuple(faults)
