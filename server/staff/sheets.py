"""Sheets: a proposal as a moderator reads it, with those like it and what stands out in its text."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from server.consultations.consultation import Consultation, Proposal, ProposalState
from server.consultations.hints import Hint, Kind, hints
from server.consultations.moderation import Act, Decision
from server.consultations.queue import Case, Figures, together
from server.consultations.similar import Similar
from server.store.queue import Number
from server.web.service import service

# Of what waits in one consultation, among which duplicates are looked for.
LOOKED_AT = 300
GROUP = 8  # duplicates judged in one act, at most


class Part(NamedTuple):
    """A piece of a text, and what it may be; none is plain text."""

    text: str
    kind: Kind | None = None


@dataclass(frozen=True)
class Sheet:
    """`group` waits and says nearly the same; `beside` too, but colleagues look at those.

    `published` says nearly the same already, or will in some seconds. `left` is of the
    promise, in milliseconds.
    """

    case: Case
    parts: tuple[Part, ...]
    kinds: tuple[Kind, ...]
    left: int
    published: tuple[Proposal, ...] = ()
    group: tuple[Case, ...] = ()
    beside: tuple[Case, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def proposal(self) -> Proposal:
        return self.case.submission.proposal

    @property
    def open(self) -> bool:
        """Whether it can be decided on."""
        return waits(self.case)

    @property
    def number(self) -> int:
        return self.proposal.id


@dataclass(frozen=True)
class Held:
    """What one act decided and can still be undone for `left` milliseconds."""

    consultation: Consultation
    decision: Decision
    numbers: tuple[int, ...]
    left: int


def next_sheet(
    by: str, consultations: Sequence[Consultation], passed: Collection[Number]
) -> Sheet | None:
    """Hold the next proposal and those like it; None if nothing is left for this moderator."""
    case = service().store.moderation.queue.take_next(by, consultations, passed)
    return sheet(by, case, passed) if case else None


def sheet(by: str, case: Case, passed: Collection[Number] = ()) -> Sheet:
    """Return a sheet of a proposal, and hold those that are judged together with it."""
    if case.holder == by:
        case = replace(case, holder=None)
    found = plain_sheet(case)
    if not waits(case):
        return found
    snapshot = service().directory.find(case.consultation.slug)
    near = service().station.neighbours.of(snapshot, found.proposal.text)
    group, beside = _alike(by, case, passed)
    return replace(
        found,
        published=tuple(one for one in (*_about_to_be(case), *near) if one.id != found.number),
        group=tuple(group),
        beside=tuple(beside),
        labels=service().store.moderation.tagging.labels(case.consultation),
    )


def plain_sheet(case: Case) -> Sheet:
    """Return a proposal by itself, with what stands out in its text."""
    proposal = case.submission.proposal
    seen = hints(proposal.text, proposal.language, case.consultation.prefix)
    kinds = tuple(dict.fromkeys(hint.kind for hint in seen))
    left = case.due - service().store.clock.now()
    return Sheet(case, parts(proposal.text, seen), kinds, left)


def parts(text: str, seen: Sequence[Hint]) -> tuple[Part, ...]:
    """Cut a text where something stands out in it."""
    found, at = [], 0
    for hint in seen:
        if hint.start < at:
            continue  # it overlaps with one that is marked already
        found += [Part(text[at : hint.start]), Part(text[hint.start : hint.end], hint.kind)]
        at = hint.end
    return tuple(part for part in (*found, Part(text[at:])) if part.text)


def waits(case: Case) -> bool:
    """Whether nobody has decided yet: neither for good, nor in the last ten seconds."""
    held = case.decision is not None and case.decision.due is not None
    return case.submission.proposal.state is ProposalState.PENDING and not held


def figures(consultations: Sequence[Consultation]) -> Figures:
    return together(service().store.moderation.queue.figures(consultations))


def held(by: str, consultations: Sequence[Consultation]) -> list[Held]:
    """Return what a moderator can still undo, the latest first."""
    decisions, now = service().store.moderation.decisions, service().store.clock.now()
    acts: dict[str, list[tuple[Consultation, Decision]]] = {}
    due = decisions.first_due(consultations)
    for one in (one for one, at in zip(consultations, due, strict=True) if at):
        for decision in decisions.held(one):
            if decision.by == by:
                acts.setdefault(decision.id, []).append((one, decision))
    latest = sorted(acts.values(), key=lambda members: -members[0][1].at)
    return [_held(members, now) for members in latest]


def _held(members: list[tuple[Consultation, Decision]], now: int) -> Held:
    """Return one act: of a group, what was decided on the one that stands for the others."""
    standing = {decision.into for _, decision in members}
    consultation, first = next((one for one in members if one[1].proposal in standing), members[0])
    numbers = sorted(d.proposal for _, d in members if d is not first)
    return Held(consultation, first, (first.proposal, *numbers), max(0, (first.due or 0) - now))


def _about_to_be(case: Case) -> list[Proposal]:
    """Return what was accepted seconds ago and says nearly the same: it is published soon."""
    staff = service().store.moderation
    held = staff.decisions.held(case.consultation)
    numbers = [one.proposal for one in held if one.act is Act.ACCEPT]
    texts, index = dict[int, Proposal](), Similar()
    for one in staff.cases.of(case.consultation, numbers):
        texts[one.submission.proposal.id] = own = one.submission.proposal
        index.add(own.id, own.text)
    return [texts[match.proposal] for match in index.find(case.submission.proposal.text)]


def _alike(by: str, case: Case, passed: Collection[Number]) -> tuple[list[Case], list[Case]]:
    """Return what waits and says nearly the same: to be judged with it, and out of reach."""
    queue, own = service().store.moderation.queue, case.submission.proposal
    waiting = {
        one.submission.proposal.id: one for one in queue.waiting(case.consultation, LOOKED_AT)
    }
    index = Similar()
    for number, one in waiting.items():
        if number != own.id:
            index.add(number, one.submission.proposal.text)
    group: list[Case] = []
    beside: list[Case] = []
    for match in index.find(own.text, GROUP):
        if (case.consultation.id, match.proposal) in passed or waiting[match.proposal].postponed:
            continue
        found = queue.look(case.consultation, by, match.proposal)
        if found and waits(found):
            (beside if found.holder else group).append(found)
    return group, beside
