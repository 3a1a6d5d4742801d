"""Definitions: a consultation as the JSON that the store keeps of it."""

import json
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from operator import methodcaller
from typing import Any
from zoneinfo import ZoneInfo

from server.consultations.answers import Answer
from server.consultations.consultation import Consultation, ResultsRule, Source
from server.consultations.deck_rules import DeckRules
from server.consultations.kinds import Kind
from server.consultations.partners import Partner, Role
from server.consultations.phases import Phase, Reached


def dump(consultation: Consultation) -> str:
    """Return the JSON of a definition. `load` reads an older one too: what it lacks is as usual."""
    written = asdict(consultation)
    written["timezone"] = getattr(consultation.opens.tzinfo, "key", None)
    written["reached"] = {str(one.phase): one.at for one in consultation.reached}
    return json.dumps(written, ensure_ascii=False, default=methodcaller("isoformat"))


def fingerprint(consultation: Consultation) -> str:
    """Return what two definitions share only if they say the same: a version to be named."""
    return sha256(dump(consultation).encode()).hexdigest()[:16]


def load(text: str) -> Consultation:
    written: dict[str, Any] = json.loads(text)
    zone = written.pop("timezone")
    until, reached = written.get("proposals_until"), written.get("reached", {}).items()
    sources = tuple(Source(**{**s, "origins": tuple(s["origins"])}) for s in written["sources"])
    return Consultation(
        **{
            **written,
            "opens": _moment(written["opens"], zone),
            "closes": _moment(written["closes"], zone),
            "sources": sources,
            "results": ResultsRule(written["results"]),
            "deck": DeckRules(**written.get("deck", {})),
            "proposals_until": _moment(until, zone) if until else None,
            "kind": Kind(written.get("kind", Kind.CONSULTATION)),
            "partners": tuple(map(_partner, written.get("partners", ()))),
            "answers": tuple(map(_answer, written.get("answers", ()))),
            "reached": tuple(Reached(Phase(phase), _moment(at, zone)) for phase, at in reached),
        }
    )


def _moment(text: str, zone: str | None) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZoneInfo(zone)) if zone else moment


def _partner(written: dict[str, Any]) -> Partner:
    return Partner(**{**written, "role": Role(written["role"])})


def _answer(written: dict[str, Any]) -> Answer:
    return Answer(**{**written, "on": date.fromisoformat(written["on"])})
