"""Confirming: which acts cannot be taken back, so that whoever does one says that they know.

The console asks for a tick, the API for `final`; both ask here what for.
"""

from datetime import datetime, timedelta

from server.consultations import steering
from server.consultations.consultation import Consultation
from server.consultations.errors import ConfirmationNeeded
from server.consultations.phases import STATED, Phase

# Less than that ahead, nobody may be there in time to put it off again.
SOON = timedelta(hours=1)
WHY = {
    "opening": "once the vote opens, its question is fixed and it cannot be put off.",
    "closing": "once the vote closes, it never opens again.",
    "retention": "readers were promised it; it can only be shortened again.",
    "phase": "the phases that this one skips or ends cannot be reached any more.",
}


def demand_for_phase(asked: Consultation, phase: Phase, now: datetime) -> None:
    """Raise `ConfirmationNeeded` if reaching `phase` is final; or what refuses it anyway."""
    if phase is Phase.OPEN:
        steering.opened(asked, now)
        raise _needed("opening")
    if phase is Phase.CLOSED:
        steering.closed(asked, now)
        raise _needed("closing")
    if phase in STATED and _leaves_behind(asked, phase, now):
        raise _needed("phase")


def demand_for_change(old: Consultation, new: Consultation, now: datetime) -> None:
    """Raise `ConfirmationNeeded` if the vote would open or close within the hour, and sooner
    than it would have, or ballots be destroyed sooner than readers were told.
    """
    if new.opens < old.opens and new.opens - now < SOON:
        raise _needed("opening")
    if new.closes < old.closes and new.closes - now < SOON:
        raise _needed("closing")
    if new.retention < old.retention and old.opens <= now:
        raise _needed("retention")


def _leaves_behind(asked: Consultation, phase: Phase, now: datetime) -> bool:
    """Whether a stated phase is skipped or ended; the first after the close ends none."""
    new = steering.reaching(asked, phase, now)
    return new != asked and phase is not STATED[0]


def _needed(reason: str) -> ConfirmationNeeded:
    return ConfirmationNeeded(f"final: must be true: {WHY[reason]}", "final", reason=reason)
