"""File keys: which keys a consultation file may have, and how the value of each is read."""

from collections.abc import Mapping

from server.consultations import entry_parts, values
from server.consultations.consultation import ProposalState, ResultsRule
from server.consultations.deck_rules import LARGEST
from server.consultations.entries import Part
from server.consultations.kinds import Kind
from server.consultations.moderation import LABEL_LENGTH
from server.consultations.numbering import HIGHEST_ID
from server.consultations.partners import Role
from server.consultations.phases import STATED
from server.consultations.proposing import RefusalReason
from server.consultations.records import Key, listed, record, scalar

LONGEST_RETENTION = 730  # days; a ballot may be a political opinion, and is not kept for ever

SOURCE_KEYS = {
    "name": Key(scalar(values.source_name), required=True),
    "title": Key(scalar(values.line(60)), required=True),
    "publisher": Key(scalar(values.publisher), required=True),
    "origins": Key(listed(scalar(values.origin)), required=True),
    "accent": Key(scalar(values.accent)),
    "blocked": Key(scalar(values.flag)),
}
FORMER_KEYS = {
    "text": Key(scalar(values.verbatim), required=True),
    "by": Key(scalar(values.verbatim), required=True),
    "at": Key(scalar(values.instant), required=True),
}
POSTPONED_KEYS = {
    "until": Key(scalar(values.instant), required=True),
    "since": Key(scalar(values.instant), required=True),
    "by": Key(scalar(values.verbatim), required=True),
    "at": Key(scalar(values.instant), required=True),
    "note": Key(scalar(values.verbatim)),
}
PROPOSAL_KEYS = {
    "id": Key(scalar(values.whole(1, HIGHEST_ID))),
    "text": Key(scalar(values.verbatim), required=True),
    "author": Key(scalar(values.line(40))),
    "age": Key(scalar(values.age)),
    "language": Key(scalar(values.language)),
    "state": Key(scalar(values.choice(ProposalState))),
    "central": Key(scalar(values.central)),
    "reader": Key(scalar(values.flag)),
    "at": Key(scalar(values.instant)),
    "reason": Key(scalar(values.choice(RefusalReason))),
    "down": Key(scalar(values.flag)),
    "into": Key(scalar(values.whole(1, HIGHEST_ID))),
    "accepted": Key(scalar(values.instant)),
    "labels": Key(listed(scalar(values.line(LABEL_LENGTH)))),
    "former": Key(listed(record(FORMER_KEYS))),
    "postponed": Key(record(POSTPONED_KEYS)),
}
PARTNER_KEYS = {
    "role": Key(scalar(values.choice(Role)), required=True),
    "name": Key(scalar(values.line(80)), required=True),
    "link": Key(scalar(values.link)),
    "logo": Key(scalar(values.verbatim)),
}


def _keys(parts: Mapping[str, Part]) -> dict[str, Key]:
    """Return the keys under which a file has an entry of staff."""
    return {name: _key(part) for name, part in parts.items()}


def _key(part: Part) -> Key:
    return Key(
        scalar(part.parse) if part.most is None else listed(scalar(part.parse)), part.required
    )


OF_PROPOSAL = Key(scalar(entry_parts.number), required=True)
ID = Key(scalar(entry_parts.number))
TOLD_FORMER_KEYS = _keys(entry_parts.FORMER)
ANSWER_KEYS = {
    "proposal": OF_PROPOSAL,
    **_keys(entry_parts.ANSWER),
    "former": Key(listed(record(TOLD_FORMER_KEYS))),
}
SELECTED_KEYS = {"proposal": OF_PROPOSAL, **_keys(entry_parts.SELECTED)}
WORKSHOP_KEYS = {"id": ID, **_keys(entry_parts.WORKSHOP)}
ENDORSEMENT_KEYS = _keys(entry_parts.ENDORSEMENT)
TARGET_KEYS = _keys(entry_parts.TARGET)
NEWS_KEYS = _keys(entry_parts.NEWS)
ACTION_KEYS = {
    "id": ID,
    **_keys(entry_parts.ACTION),
    "target": Key(record(TARGET_KEYS)),
    "news": Key(listed(record(NEWS_KEYS))),
}
DECK_KEYS = {
    "size": Key(scalar(values.whole(1, LARGEST))),
    "new": Key(scalar(values.whole(0, LARGEST))),
    "new-below": Key(scalar(values.whole(1, 1000))),
    "controversial": Key(scalar(values.whole(0, 100))),
    "among": Key(scalar(values.whole(1, 100))),
    "tested-below": Key(scalar(values.whole(1, 1_000_000))),
}
REACHED_KEYS = {str(phase): Key(scalar(values.instant)) for phase in STATED}
CONSULTATION_KEYS = {
    "slug": Key(scalar(values.slug), required=True),
    "question": Key(scalar(values.line(200)), required=True),
    "language": Key(scalar(values.language), required=True),
    "kind": Key(scalar(values.choice(Kind))),
    "theme": Key(scalar(values.line(60))),
    "cause": Key(scalar(values.line(120))),
    "featured": Key(scalar(values.flag)),
    "operation": Key(scalar(values.slug)),
    "timezone": Key(scalar(values.timezone), required=True),
    "opens": Key(scalar(values.instant), required=True),
    "proposals-until": Key(scalar(values.instant)),
    "closes": Key(scalar(values.instant), required=True),
    "reached": Key(record(REACHED_KEYS)),
    "prefix": Key(scalar(values.line(40))),
    "results": Key(scalar(values.choice(ResultsRule))),
    "boxes": Key(scalar(values.whole(1, 1024))),
    "retention": Key(scalar(values.whole(0, LONGEST_RETENTION))),
    "rehearsal": Key(scalar(values.flag)),
    "verbatim": Key(scalar(values.flag)),
    "proposing": Key(scalar(values.flag)),
    "afterwards": Key(scalar(values.line(200))),
    "labels": Key(listed(scalar(values.line(LABEL_LENGTH)))),
    "deck": Key(record(DECK_KEYS)),
    "partners": Key(listed(record(PARTNER_KEYS))),
    "answers": Key(listed(record(ANSWER_KEYS))),
    "selected": Key(listed(record(SELECTED_KEYS))),
    "workshops": Key(listed(record(WORKSHOP_KEYS))),
    "actions": Key(listed(record(ACTION_KEYS))),
    "endorsements": Key(listed(record(ENDORSEMENT_KEYS))),
    "sources": Key(listed(record(SOURCE_KEYS))),
    "proposals": Key(listed(record(PROPOSAL_KEYS)), required=True),
}
