"""Of a forgotten author staff keep no text beyond what is published, whatever they decided."""

import json
import re
from dataclasses import replace

from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.proposing import RefusalReason
from server.store import keys
from server.store.store import Store
from tests.conftest import all_keys
from tests.store.desk import NORA, PAUL, digests_of, propose, published

SECRET = "cachotter"


def everything(store: Store) -> str:
    """Return all that the store keeps, as text."""
    read = {
        "string": store.redis.get,
        "list": lambda key: store.redis.lrange(key, 0, -1),
        "hash": store.redis.hgetall,
        "set": store.redis.smembers,
        "zset": lambda key: store.redis.zrange(key, 0, -1),
    }
    return " ".join(f"{key} {read[store.redis.type(key)](key)}" for key in all_keys(store))


def test_no_digest_of_theirs_is_left_to_guess_a_text_by(store: Store, opened: Consultation) -> None:
    """A short text is guessed in no time, a first name and an age under a known one sooner."""
    number, refused, down = propose(store, opened, "dormir", "rire", "lire", author="zoé")
    (of_adam,) = propose(store, opened, "rester", author="adam")
    texts = [store.redis.hget(keys.proposed(opened.id), n) for n in (number, refused, down)]
    decisions, trail = store.moderation.decisions, store.moderation.trail
    verdicts = [moderation.accept(number, text="Il faut bien dormir"), moderation.accept(of_adam)]
    verdicts += [moderation.refuse(refused, RefusalReason.OTHER), moderation.accept(down)]
    decisions.decide(opened, NORA, verdicts, hold=0)
    texts += [store.redis.hget(keys.proposals(opened.id), n) for n in (number, down)]
    decisions.take_down(opened, NORA, down, RefusalReason.LEGAL)
    texts.append(store.redis.hget(keys.proposed(opened.id), down))
    digests = {digest for text in texts for digest in digests_of(text)}
    public = published(store, opened)[number].text
    digests -= digests_of(json.dumps({"text": public}))  # who wants to read it can
    assert len(digests & set(re.findall(r"[0-9a-f]{12,}", everything(store)))) >= 5
    before = [replace(entry, version="") for entry in trail.all(opened)]

    store.proposing.forget(opened, "zoé")

    assert not digests & set(re.findall(r"[0-9a-f]{12,}", everything(store)))
    assert [replace(entry, version="") for entry in trail.all(opened)] == before
    assert trail.of(opened, of_adam)[0].version  # his stays
    known = decisions.of(opened, [number])[number]
    assert (known.act, known.by, known.version) == ("accept", NORA, "")


def test_no_text_of_theirs_is_left(store: Store, opened: Consultation) -> None:
    """One of each: mended, refused, merged, taken down, postponed, about to be decided, waiting."""
    texts = [f"{SECRET} {n} fois" for n in range(5)]
    mended, refused, merged, dropped, postponed = propose(store, opened, *texts, author="zoé")
    due, waits, of_adam = (
        *propose(store, opened, f"{SECRET} 8 fois", author="zoé-too"),
        *propose(store, opened, f"{SECRET} 9 fois", author="zoé-three"),
        *propose(store, opened, "rester", author="adam"),
    )
    decisions, queue = store.moderation.decisions, store.moderation.queue
    verdicts = [
        moderation.accept(mended, text="Il faut parler davantage"),
        moderation.refuse(refused, RefusalReason.OTHER),
        moderation.accept(dropped),
        moderation.accept(merged),
        moderation.accept(of_adam),
    ]
    decisions.decide(opened, NORA, verdicts, hold=0)
    decisions.decide(opened, NORA, [moderation.merge(merged, of_adam)], hold=0)
    decisions.take_down(opened, NORA, dropped, RefusalReason.LEGAL)
    later = store.clock.now() + 3600_000
    why = f"« {SECRET} » : qui relit ?"
    decisions.decide(opened, NORA, [moderation.postpone(postponed, later, why)])
    decisions.decide(opened, NORA, [moderation.accept(due, text=f"Il faut {SECRET} un peu")])
    store.moderation.tagging.set_labels(opened, ["à voir"])
    store.moderation.tagging.tag(opened, NORA, waits, ["à voir"])
    queue.look(opened, PAUL, waits)
    acts = len(list(store.moderation.trail.all(opened)))
    assert SECRET in everything(store)

    gone = [store.proposing.forget(opened, author) for author in ("zoé", "zoé-too", "zoé-three")]

    assert gone == [4, 1, 1]
    assert SECRET not in everything(store)
    assert published(store, opened)[mended].text == "Il faut parler davantage"
    assert published(store, opened)[mended].author is None
    assert len(list(store.moderation.trail.all(opened))) == acts  # who decided what is still told
    assert queue.waiting(opened) == ()
    (figures,) = queue.figures([opened])
    assert (figures.waiting, figures.postponed) == (0, 0)
