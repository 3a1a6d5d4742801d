"""Why something was refused: one exception per reason, each with a stable code.

The code travels from here to the problem document, to the booth, and to the docs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
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


class VotesTooMany(Refusal):
    """More than a page gives while others vote beside it; a command does."""

    code = "votes-too-many"


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


class ProposalsNotTaken(Refusal):
    """A consultation in which readers vote, and do not propose."""

    code = "proposals-not-taken"


class ProposalsClosed(Refusal):
    """Readers may no longer propose here; where votes are still taken, they may vote."""

    code = "proposals-closed"


class PhaseRefused(Refusal):
    """A phase that staff cannot state now. The detail says why."""

    code = "phase-refused"


class ConfirmationNeeded(Refusal):
    """An act that cannot be taken back, not confirmed. `reason`: see `confirming.WHY`."""

    code = "confirmation-needed"


class AnswerRefused(Refusal):
    """An answer in a consultation that asks nobody a question, or one more than is kept."""

    code = "answer-refused"


class AnswerUnknown(Refusal):
    code = "answer-unknown"


class SelectionRefused(Refusal):
    """A selection before the close, on a day that cannot be, or of too many. `reason` says which."""

    code = "selection-refused"


class WorkshopUnknown(Refusal):
    code = "workshop-unknown"


class WorkshopRefused(Refusal):
    """One workshop more than is kept."""

    code = "workshop-refused"


class EndorsementUnknown(Refusal):
    code = "endorsement-unknown"


class EndorsementRefused(Refusal):
    """One endorsement more than is kept."""

    code = "endorsement-refused"


class ActionsNotYet(Refusal):
    """An action in a consultation that is not closed yet."""

    code = "actions-not-yet"


class ActionUnknown(Refusal):
    code = "action-unknown"


class ActionKept(Refusal):
    """An action of which there is news, or of which drafts wait: it is not removed."""

    code = "action-kept"


class TooManyActions(Refusal):
    code = "too-many-actions"


class NewsUnknown(Refusal):
    """An entry of an action that is not there, or was corrected since it was read."""

    code = "news-unknown"


class TooMuchNews(Refusal):
    code = "too-much-news"


class DraftUnknown(Refusal):
    """A partner's draft that does not wait (any more)."""

    code = "draft-unknown"


class TooManyDrafts(Refusal):
    """As many drafts wait of an action as there may be."""

    code = "too-many-drafts"


class ReportLinkUnknown(Refusal):
    """A partner's link that was never made, or has ended."""

    code = "report-link-unknown"


class DossierUnknown(Refusal):
    """A dossier, or a version of one, that was not published."""

    code = "dossier-unknown"


class DossierWithdrawn(Refusal):
    """A version that staff took back. `since` is the day, `digest` its SHA-256."""

    code = "dossier-withdrawn"


class DossierRefused(Refusal):
    """A dossier of what is not over, or has no minutes yet; or somebody else published first."""

    code = "dossier-refused"


class FeaturedTaken(Refusal):
    """Another consultation is featured where this one would be. The detail names both."""

    code = "featured-taken"


class NotPending(Refusal):
    """Proposals that staff cannot decide on (any more). The detail names them."""

    code = "not-pending"


class AlreadyDecided(NotPending):
    """Somebody else was first. `decision` tells who decided what, and when (ms)."""

    code = "already-decided"


class ProposalChanged(Refusal):
    """A proposal that is not as it was read any more. `version` is that of now."""

    code = "proposal-changed"


class MergeRefused(Refusal):
    """A proposal that cannot stand for another one: gone, refused, a duplicate or itself."""

    code = "merge-refused"


class SameText(Refusal):
    """A text that is accepted already, to the letter. `into` is the proposal that has it."""

    code = "same-text"


class UndoTooLate(Refusal):
    """A decision that has taken effect, or none at all."""

    code = "undo-too-late"


class DecisionReplaced(Refusal):
    """Something else was decided since what was to be undone. `decision` tells what."""

    code = "decision-replaced"


class NotPublished(Refusal):
    """A proposal that cannot be taken down, because readers do not see it, or put back."""

    code = "not-published"


class NotSampled(Refusal):
    """A decision that this moderator is not asked to judge a second time."""

    code = "not-sampled"


class LabelUnknown(Refusal):
    """A label that is not among those of the consultation, or more of them than fit."""

    code = "label-unknown"


class _WithFaults:
    """Several things wrong at once: `errors` lists each with its field, a code and what to do."""

    def __init__(self, errors: Sequence[dict[str, str]]) -> None:
        detail = " ".join(f"{fault['field']} {fault['message']}" for fault in errors)
        first = errors[0]
        Refusal.__init__(
            self,  # type: ignore[arg-type]  # it stands before `Refusal` in each class below
            detail,
            first["field"],
            errors=list(errors),
            reason=first["code"],
        )


class ChangeRefused(_WithFaults, Refusal):
    """A change of a consultation that its rules do not allow (any more)."""

    code = "change-refused"


class WordingRefused(_WithFaults, Refusal):
    """A reader's proposal that breaks the rules of wording.

    `errors` lists each fault: its field, a stable code and what to do; `reason` is the first code.
    """

    code = "wording-refused"


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


class MemberRefused(Refusal):
    """A member of staff who cannot be kept as described. `field` says what to change."""

    code = "member-refused"


class MemberUnknown(Refusal):
    code = "member-unknown"


class StaffTokenUnknown(Refusal):
    code = "token-unknown"


class TokenRefused(Refusal):
    """A staff token that cannot be made as described. `field` says what to change."""

    code = "token-refused"


class LinkInvalid(Refusal):
    """A link to sign in that is unknown, used, replaced, or over."""

    code = "link-invalid"


class ChangedMeanwhile(Refusal):
    """Somebody else changed the same thing at the same time."""

    code = "changed-meanwhile"


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an input file: its line (1-based), the field, and what to do.

    `code` and `values` say the same to programs; most kinds have one, see `fault_codes`.
    """

    line: int
    field: str
    message: str
    code: str = dataclass_field(default="", compare=False)
    values: Mapping[str, Any] = dataclass_field(default_factory=dict, compare=False)


class FileRefused(Refusal):
    """A file with errors. Every one is listed; nothing of the file was taken."""

    code = "file-refused"

    def __init__(self, path: str, faults: Sequence[Fault]) -> None:
        lines = "\n".join(f"{path}:{f.line}: {f.field}: {f.message}" for f in faults)
        errors = [{"line": f.line, "field": f.field, "message": f.message} for f in faults]
        super().__init__(lines, faults[0].field if faults else None, errors=errors)
        self.faults = tuple(faults)
        self.path = path
