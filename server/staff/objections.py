"""Objections: why a moderator's act was refused, in the words of the console."""

from datetime import UTC, tzinfo
from typing import Any

from server.consultations.errors import Refusal, SameText, WordingRefused
from server.consultations.moderation import OPERATOR, TELLER, Decision
from server.consultations.proposing import RefusalReason
from server.staff.speech import StaffSpeech


def said(speech: StaffSpeech, refusal: Refusal, zone: tzinfo | None) -> str:
    """Return a sentence; of a decision that came first, who decided what and when."""
    if first := refusal.extra.get("decision"):
        return _first(speech, first, refusal.code, zone)
    if isinstance(refusal, WordingRefused):
        return " ".join(speech.t(f"wording.{fault['code']}") for fault in refusal.extra["errors"])
    if isinstance(refusal, SameText):
        return speech.t("moderation.same-text", number=str(refusal.extra["into"]))
    key = f"refused.{refusal.code}"
    return (
        speech.t(key) if key in speech.catalogue else speech.t("refused.other", code=refusal.code)
    )


def outcome(speech: StaffSpeech, act: str, reason: str | None, into: int | None) -> str:
    """Return what was decided, in two or three words."""
    told = speech.t(f"did.{act}")
    if into:
        return f"{told} → {into}"
    return f"{told} ({speech.t(f'reason.{RefusalReason(reason)}')})" if reason else told


def of_decision(speech: StaffSpeech, one: Decision) -> str:
    return outcome(speech, one.act, one.reason, one.into)


def name_of(speech: StaffSpeech, by: str) -> str:
    named = {OPERATOR: "acts.operator", TELLER: "acts.service"}
    return speech.t(named[by]) if by in named else by


# What templates tell of decisions with.
WORDS: dict[str, Any] = {"of_decision": of_decision, "name_of": name_of}


def _first(speech: StaffSpeech, first: dict[str, object], code: str, zone: tzinfo | None) -> str:
    reason, into, at = first["reason"], first["into"], first["at"]
    return speech.t(
        f"first.{code}",
        number=str(first["proposal"]),
        who=name_of(speech, str(first["by"])),
        what=outcome(
            speech,
            str(first["act"]),
            str(reason) if reason else None,
            into if isinstance(into, int) else None,
        ),
        when=speech.instant_second(at if isinstance(at, int) else 0, zone or UTC),
    )
