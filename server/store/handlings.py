"""Handlings: what staff have made of proposals, from a file into the keys of the desk and back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.consultations.handling import Delay, Handling
from server.consultations.moderation import Former
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.connection import Client
from server.store.desk import FAR

IMPORTED = "import"  # the act that a postponement comes from
# Beside a proposal's own fields, as desk.lua writes them.
Kept = Mapping[str, Any]


def beside(handled: Handling) -> dict[str, object]:
    """Return what stands in a proposal's own JSON; None is left out."""
    return {
        "down": handled.down or None,
        **({"reason": str(handled.reason)} if handled.reason else {}),
        "into": handled.into,
    }


def put(batch: Client, c: str, handled: Mapping[int, Handling], labels: tuple[str, ...]) -> None:
    """Write the rest, into keys that are all of one slot."""
    if labels:
        batch.set(keys.labels(c), _json(labels))
    for number, one in handled.items():
        if one.labels:
            batch.hset(keys.tags(c), str(number), _json(one.labels))
        if one.former:
            former = [{"text": f.text, "by": f.by, "at": f.at} for f in one.former]
            batch.hset(keys.edits(c), str(number), _json({"former": former}))
        if one.accepted is not None:
            batch.zadd(keys.accepted(c), {str(number): one.accepted})
        if one.postponed:
            batch.hset(keys.notes(c), str(number), _note(one.postponed))
            batch.zadd(keys.queue(c), {str(number): FAR + one.postponed.until})


def written_keys(c: str) -> tuple[str, ...]:
    """Return the keys that `put` may have written."""
    makers = (keys.labels, keys.tags, keys.edits, keys.accepted, keys.notes, keys.queue)
    return tuple(make(c) for make in makers)


def handling(
    kept: Kept, apart: bool, texts: Sequence[str | None], accepted: int | None
) -> Handling:
    """Read it of one proposal; `apart` ones have their reason in their submission.

    `texts` are its labels, its edits and its postponement.
    """
    tags, edits, note = texts
    reason = None if apart else kept.get("reason")
    return Handling(
        reason=RefusalReason(reason) if reason else None,
        into=int(kept["into"]) if kept.get("into") else None,
        down=bool(kept.get("down")),
        accepted=accepted,
        labels=tuple(json.loads(tags)) if tags else (),
        former=_former(json.loads(edits)) if edits else (),
        postponed=_delay(json.loads(note)) if note else None,
    )


def _former(kept: Kept) -> tuple[Former, ...]:
    former = [Former(one["text"], one["by"], int(one["at"])) for one in kept.get("former") or ()]
    # The text that a decision would replace which can still be undone.
    return tuple(former[:-1] if kept.get("to") else former)


def _delay(kept: Kept) -> Delay:
    until, since, at = (int(kept[name]) for name in ("until", "since", "at"))
    return Delay(until, since, kept["by"], at, kept.get("note", ""))


def _note(delay: Delay) -> str:
    note = {"note": delay.note} if delay.note else {}
    times = {"until": delay.until, "since": delay.since, "at": delay.at}
    return _json({"id": IMPORTED, "by": delay.by, **times, **note})


def _json(written: object) -> str:
    return json.dumps(written, ensure_ascii=False)
