"""Steering: what staff do to a consultation as a whole, each the same from every door."""

from dataclasses import replace
from datetime import datetime

from server.consultations.consultation import Consultation
from server.consultations.errors import PhaseRefused
from server.consultations.phases import VOTING, Phase


def opened(asked: Consultation, now: datetime) -> Consultation:
    """Return it open from now on; raise `PhaseRefused` unless it is still to come."""
    _demand(asked, now, Phase.ANNOUNCED)
    return replace(asked, opens=now.astimezone(asked.opens.tzinfo))


def closed(asked: Consultation, now: datetime) -> Consultation:
    """Return it closed from now on; raise `PhaseRefused` unless it takes votes."""
    _demand(asked, now, *VOTING)
    return asked.closed(now)


def vote_only(asked: Consultation, now: datetime) -> Consultation:
    """Return it taking votes and no more proposals; stated again, it stays as it is."""
    _demand(asked, now, *VOTING)
    if asked.phase(now) is Phase.VOTE_ONLY:
        return asked
    return replace(asked, proposals_until=now.astimezone(asked.opens.tzinfo))


def reaching(asked: Consultation, phase: Phase, now: datetime) -> Consultation:
    return asked.reaching(phase, now.astimezone(asked.opens.tzinfo))


def _demand(asked: Consultation, now: datetime, *wanted: Phase) -> None:
    phase = asked.phase(now)
    if phase not in wanted:
        raise PhaseRefused(f"{asked.slug} is {phase}: {window(asked)}.", field="phase")


def local(asked: Consultation, moment: datetime) -> str:
    """Return a time by the consultation's own clock."""
    return f"{moment.astimezone(asked.opens.tzinfo):%Y-%m-%d %H:%M}"


def window(asked: Consultation) -> str:
    opens, closes = (local(asked, at) for at in (asked.opens, asked.closes))
    return f"{opens} to {closes} ({asked.opens.tzinfo})"
