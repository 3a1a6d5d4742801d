"""Following: what staff record of what came of a consultation, each the same from every door."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from server.consultations import answers, endorsements, selection, workshops
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.errors import ProposalUnknown, SelectionRefused
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop

Known = Container[int]  # the proposals that readers see


def day_of(asked: Consultation, now: datetime) -> date:
    """Return the day by the clock of the consultation."""
    return now.astimezone(asked.opens.tzinfo).date()


def selected(
    asked: Consultation, chosen: Sequence[Selected], known: Known, now: datetime
) -> Consultation:
    """Return it with these selected; who was selected before keeps its place.

    Raises `SelectionRefused` before the close, for a day before it or to come, and for too many;
    `ProposalUnknown` for what readers do not see.
    """
    if not asked.phase(now).is_over:
        raise SelectionRefused(f"{asked.slug} is {asked.phase(now)}.", "phase", reason="open")
    _demand_known(asked, (one.proposal for one in chosen), known, selection.numbers(asked.selected))
    for one in chosen:
        if not day_of(asked, asked.closes) <= one.on <= day_of(asked, now):
            message = f"{one.on} must not be before the close, nor later than today."
            raise SelectionRefused(message, "on", reason="day")
    return replace(asked, selected=selection.with_selected(asked.selected, chosen))


def unselected(asked: Consultation, number: int) -> Consultation:
    """Return it with the proposal no longer selected; raise `ProposalUnknown` if it was not."""
    _demand_known(asked, [number], selection.numbers(asked.selected))
    return replace(asked, selected=selection.without(asked.selected, number))


def with_workshop(asked: Consultation, new: Workshop, known: Known) -> Consultation:
    """Return it with one workshop more, under a number of its own; the same again is there once.

    Raises `ProposalUnknown`, or `WorkshopRefused` for one too many.
    """
    _demand_known(asked, new.proposals, known)
    return replace(asked, workshops=workshops.with_new(asked.workshops, new))


def workshop_changed(
    asked: Consultation, new: Workshop, known: Known, read: str | None = None
) -> Consultation:
    """Return it with this in the place of the workshop that has its number.

    `read` is the version that somebody read; without it, what is there by now is changed. Raises
    `WorkshopUnknown`, `ChangedMeanwhile`, or `ProposalUnknown` for what it did not have before.
    """
    before = workshops.found(asked.workshops, new.id, read)
    _demand_known(asked, new.proposals, known, before.proposals)
    return replace(asked, workshops=workshops.changed(asked.workshops, new))


def workshop_removed(asked: Consultation, number: int) -> Consultation:
    """Return it without that workshop; raise `WorkshopUnknown` if there is none."""
    workshops.found(asked.workshops, number)
    left = tuple(one for one in asked.workshops if one.id != number)
    return replace(asked, workshops=left)


def endorsed(asked: Consultation, new: Endorsement, known: Known) -> Consultation:
    """Return it backed by an organisation; who backs the same already is told anew.

    Raises `ProposalUnknown`, or `EndorsementRefused` for one too many.
    """
    if new.proposal is not None:
        _demand_known(asked, [new.proposal], known)
    return replace(asked, endorsements=endorsements.with_endorsement(asked.endorsements, new))


def unendorsed(asked: Consultation, handle: str) -> Consultation:
    """Return it without that endorsement; raise `EndorsementUnknown` if there is none."""
    return replace(asked, endorsements=endorsements.without(asked.endorsements, handle))


def unanswered(asked: Consultation, number: int) -> Consultation:
    """Return it without the answer to that question; raise `AnswerUnknown` if there is none."""
    return replace(asked, answers=answers.without(asked.answers, number))


def _demand_known(asked: Consultation, wanted: Iterable[int], *known: Known) -> None:
    for number in wanted:
        if not any(number in some for some in known):
            raise ProposalUnknown(f"No proposal {number} in {asked.slug}.", field="proposal")
