"""Definitions: a consultation as the JSON that the store keeps of it."""

import json
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.answers import Answer, Former
from server.consultations.consultation import Consultation, ResultsRule, Source
from server.consultations.deck_rules import DeckRules
from server.consultations.endorsements import Endorsement
from server.consultations.kinds import Kind
from server.consultations.partners import Partner, Role
from server.consultations.phases import Phase, Reached
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop

Written = dict[str, Any]

KNOWN = {one.name for one in fields(Consultation)} | {"timezone"}
KNOWN_OF_ANSWER = {one.name for one in fields(Answer)}
# Releases of before refuse a definition with a key that is new to them: where there is nothing to
# say, they find none. Each key that is added from now on belongs here.
NEWER = ("selected", "workshops", "actions", "endorsements")
NEWER_OF_ANSWER = ("office", "former")


def dump(consultation: Consultation, was: str = "") -> str:
    """Return the JSON of a definition. `load` reads an older one too: what it lacks is as usual.

    What a later release has added to the text that it `was` is kept.
    """
    written = _bare(asdict(consultation), NEWER)
    written["answers"] = [_bare(one, NEWER_OF_ANSWER) for one in written["answers"]]
    written["timezone"] = getattr(consultation.opens.tzinfo, "key", None)
    written["reached"] = {str(one.phase): one.at for one in consultation.reached}
    if was:
        _carry_over(json.loads(was), written)
    return json.dumps(written, ensure_ascii=False, default=_text)


def fingerprint(consultation: Consultation) -> str:
    """Return what two definitions share only if they say the same: a version to be named."""
    return sha256(dump(consultation).encode()).hexdigest()[:16]


def load(text: str) -> Consultation:
    """Return what a definition says, but for what a later release has added to it."""
    written = {key: said for key, said in json.loads(text).items() if key in KNOWN}
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
            "selected": tuple(map(_selected, written.get("selected", ()))),
            "workshops": tuple(map(_workshop, written.get("workshops", ()))),
            "actions": tuple(map(_action, written.get("actions", ()))),
            "endorsements": tuple(map(_endorsement, written.get("endorsements", ()))),
            "reached": tuple(Reached(Phase(phase), _moment(at, zone)) for phase, at in reached),
        }
    )


def _bare(written: Written, newer: tuple[str, ...]) -> Written:
    return {key: said for key, said in written.items() if said or key not in newer}


def _carry_over(was: Written, written: Written) -> None:
    """Add what we know nothing of: a process of an older release does not undo a later one's."""
    written.update({key: said for key, said in was.items() if key not in KNOWN})
    earlier = {one["proposal"]: one for one in was.get("answers", ())}
    for answer in written["answers"]:
        found = earlier.get(answer["proposal"], {})
        answer.update({key: said for key, said in found.items() if key not in KNOWN_OF_ANSWER})


def _moment(text: str, zone: str | None) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZoneInfo(zone)) if zone else moment


def _partner(written: Written) -> Partner:
    return Partner(**{**written, "role": Role(written["role"])})


def _answer(written: Written) -> Answer:
    written = {key: said for key, said in written.items() if key in KNOWN_OF_ANSWER}
    former = [Former(**{**one, "until": _day(one["until"])}) for one in written.get("former", ())]
    return Answer(**{**written, "on": _day(written["on"]), "former": tuple(former)})


def _selected(written: Written) -> Selected:
    return Selected(**{**written, "on": _day(written["on"])})


def _workshop(written: Written) -> Workshop:
    lists = {key: tuple(written[key]) for key in ("partners", "proposals")}
    return Workshop(**{**written, **lists, "on": _day(written["on"])})


def _action(written: Written) -> Action:
    target = written["target"]
    return Action(
        **{
            **written,
            "on": _day(written["on"]),
            "target": target
            and Target(Decimal(target["amount"]), target["unit"], _day(target["by"])),
            "state": ActionState(written["state"]),
            "proposals": tuple(written["proposals"]),
            "news": tuple(map(_news, written["news"])),
        }
    )


def _news(written: Written) -> News:
    amount = written["amount"]
    return News(
        **{**written, "on": _day(written["on"]), "amount": amount and Decimal(amount)},
    )


def _endorsement(written: Written) -> Endorsement:
    return Endorsement(**{**written, "on": _day(written["on"])})


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _text(value: Decimal | date) -> str:
    """Write what JSON has no form for; an amount as text, so that not a digit is lost."""
    return str(value) if isinstance(value, Decimal) else value.isoformat()
