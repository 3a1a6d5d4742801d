"""Consultations and their proposals, as they are kept in the store."""

import base64
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import redis

from server.consultations import changing
from server.consultations.consultation import (
    Consultation,
    Proposal,
    ProposalState,
)
from server.consultations.errors import (
    ChangedMeanwhile,
    ChangeRefused,
    ConsultationUnknown,
    SlugTaken,
)
from server.consultations.handling import Handling
from server.consultations.proposing import Submission
from server.store import definitions, handlings, keys, scripts
from server.store import proposal_records as records
from server.store.cluster import Cluster
from server.store.connection import Client, domain_word, reaching_store

BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
VOTER_KEY_BYTES = 32
TRIES = 5  # of a change that asks for no version, while others change the same consultation
BOXES_IN_A_CLUSTER = 16  # spread over six primaries; each costs the teller a tally per proposal


class Consultations:
    def __init__(self, client: Client) -> None:
        self._redis = client
        self._in_cluster = isinstance(client, Cluster)
        self._change = scripts.load(client, "change_definition")
        self._read: dict[str, tuple[str, Consultation]] = {}  # by id, as it was read last
        self._at: dict[
            str, tuple[str, Consultation]
        ] = {}  # by id, with the version it had at least

    @reaching_store()
    def create(
        self,
        consultation: Consultation,
        proposals: Sequence[Proposal],
        pictures: Mapping[str, bytes] | None = None,
        submitted: Sequence[Submission] = (),
        handled: Mapping[int, Handling] | None = None,
        labels: tuple[str, ...] = (),
        deeds: Sequence[str] = (),
    ) -> Consultation:
        """Keep a new consultation and return it with its id and boxes; raise `SlugTaken`.

        The rest is as a `ConsultationFile` has it; `deeds` are lines for the trail.

        The slug is taken last: a process that dies half-way leaves nothing that can be found.
        """
        number = self._redis.incr(keys.CONSULTATION_COUNTER)
        boxes = consultation.boxes or (BOXES_IN_A_CLUSTER if self._in_cluster else 1)
        made = replace(consultation, id=_base36(number), boxes=boxes)
        with self._redis.pipeline(transaction=True) as batch:
            batch.set(keys.definition(made.id), definitions.dump(made))
            batch.set(keys.voter_key(made.id), secrets.token_hex(VOTER_KEY_BYTES))
            if pictures:
                batch.hset(keys.logos(made.id), mapping=_dump_pictures(pictures))
            _put(batch, made, proposals, submitted, handled or {})
            handlings.put(batch, made.id, handled or {}, labels)
            if deeds:
                batch.rpush(keys.deeds(made.id), *deeds)
            batch.incr(keys.version(made.id))
            batch.execute()
        self._redis.set(keys.LAYOUT, keys.LAYOUT_NUMBER, nx=True)
        taken = self._redis.hsetnx(keys.SLUGS, made.slug, made.id)
        # A retry after a lost answer finds the slug taken, by ourselves.
        if not taken and self._redis.hget(keys.SLUGS, made.slug) != made.id:
            self._redis.unlink(
                keys.definition(made.id),
                keys.voter_key(made.id),
                keys.proposals(made.id),
                keys.logos(made.id),
                keys.proposed(made.id),
                keys.proposal_number(made.id),
                keys.version(made.id),
                keys.deeds(made.id),
                keys.said(made.id),
                *handlings.written_keys(made.id),
            )
            raise SlugTaken(f"There is a consultation “{made.slug}” already.", field="slug")
        return made

    @reaching_store()
    def replace(self, consultation: Consultation) -> None:
        """Keep a changed definition; every process sees it within a second."""
        with self._redis.pipeline(transaction=True) as batch:
            batch.set(keys.definition(consultation.id), definitions.dump(consultation))
            batch.incr(keys.version(consultation.id))
            batch.execute()

    @reaching_store()
    def change(
        self,
        slug: str,
        becomes: Callable[[Consultation], Consultation],
        version: str | None = None,
        deeds: Callable[[Consultation, Consultation], Sequence[str]] = lambda _was, _will: (),
    ) -> tuple[Consultation, Consultation]:
        """Make of a consultation what `becomes` returns; return it before and after.

        `version` is the fingerprint of what was read; without one, what is there by now is changed.
        `deeds` returns the lines for the trail, which are kept with the change or not at all.
        Raises `ChangedMeanwhile`, or `ChangeRefused` where it came too late.
        """
        for _ in range(TRIES):
            number, text = self._written(slug)
            was = definitions.load(text)
            if version is not None and version != definitions.fingerprint(was):
                break
            will = becomes(was)
            if not changing.changed(was, will):
                return was, will
            if self._changed(number, text, was, will, deeds(was, will)):
                return was, will
        raise ChangedMeanwhile(f"Somebody else changed {slug} just now. Look again.")

    @reaching_store()
    def add_logos(self, consultation: Consultation, pictures: Mapping[str, bytes]) -> None:
        """Keep pictures before a definition names them; a name is made of what is in it."""
        if pictures:
            self._redis.hset(keys.logos(consultation.id), mapping=_dump_pictures(pictures))

    @reaching_store()
    def add_proposals(self, consultation: Consultation, proposals: Sequence[Proposal]) -> None:
        with self._redis.pipeline(transaction=True) as batch:
            batch.hset(keys.proposals(consultation.id), mapping=records.dumped(proposals))
            batch.incr(keys.version(consultation.id))
            batch.execute()

    @reaching_store()
    def by_slug(self, slug: str) -> Consultation:
        """Return the consultation, or raise `ConsultationUnknown`."""
        return self._load(*self._written(slug))

    @reaching_store()
    def all(self) -> tuple[Consultation, ...]:
        """Return every consultation, in the order of their slugs.

        Only what has another version is read: the teller asks for all several times a second.
        """
        found = self._redis.hgetall(keys.SLUGS)
        numbers = [found[slug] for slug in sorted(found)]
        # Before the definitions: one that changes in between is read again the next time.
        versions = self._every(keys.version, numbers)
        known = dict(self._at)
        # A store that is being restored has no versions yet.
        stale = [n for n, at in versions.items() if not at or n not in known or known[n][0] != at]
        for number, text in self._every(keys.definition, stale).items():
            known.pop(number, None)
            if text:
                known[number] = versions[number] or "", self._load(number, text)
        self._at = known
        return tuple(known[number][1] for number in numbers if number in known)

    @reaching_store()
    def proposals(self, consultation: Consultation) -> tuple[Proposal, ...]:
        """Return all proposals, whatever their state, by id."""
        texts = self._redis.hgetall(keys.proposals(consultation.id))
        return tuple(
            records.load_proposal(int(number), texts[number]) for number in sorted(texts, key=int)
        )

    @reaching_store()
    def changed_since(self, consultation: Consultation, version: int) -> dict[int, Proposal] | None:
        """Return the proposals that readers saw come or go after a version, as they are by now.

        None if nobody can tell, so that all have to be read again.
        """
        c = consultation.id
        with self._redis.pipeline(transaction=True) as batch:
            batch.get(keys.version(c))
            batch.hmget(keys.indexed(c), ["since", "upto"])
            batch.zrange(keys.changes(c), f"({version}", "+inf", byscore=True)
            now, (since, upto), numbers = batch.execute()
        if not now or upto != now or int(since) > version:
            return None
        texts = self._redis.hmget(keys.proposals(c), numbers) if numbers else []
        if not all(texts):
            return None
        found = zip(map(int, numbers), texts, strict=True)
        return {number: records.load_proposal(number, text) for number, text in found}

    @reaching_store()
    def accepted_among(self, consultation: Consultation, numbers: Iterable[int]) -> frozenset[int]:
        """Return those of `numbers` that readers see, and read no others."""
        asked = sorted(set(numbers))
        texts = self._redis.hmget(keys.proposals(consultation.id), asked) if asked else []
        found = (
            records.load_proposal(n, text) for n, text in zip(asked, texts, strict=True) if text
        )
        return frozenset(one.id for one in found if one.state is ProposalState.ACCEPTED)

    @reaching_store()
    def submitted(self, consultation: Consultation) -> tuple[Submission, ...]:
        """Return what readers proposed and is not published, by number."""
        texts = self._redis.hgetall(keys.proposed(consultation.id))
        return tuple(records.load_submission(int(n), texts[n]) for n in sorted(texts, key=int))

    @reaching_store()
    def logo(self, consultation: Consultation, name: str) -> bytes | None:
        """Return the picture that a partner's `logo` names."""
        text = self._redis.hget(keys.logos(consultation.id), name)
        return base64.b64decode(text) if text else None

    @reaching_store()
    def logos(self, consultation: Consultation) -> dict[str, bytes]:
        """Return all pictures by name."""
        texts = self._redis.hgetall(keys.logos(consultation.id))
        return {name: base64.b64decode(text) for name, text in texts.items()}

    @reaching_store()
    def proposal_ids(self, consultation: Consultation) -> tuple[int, ...]:
        return tuple(sorted(map(int, self._redis.hkeys(keys.proposals(consultation.id)))))

    @reaching_store()
    def voter_key(self, consultation: Consultation) -> bytes | None:
        """Return the key that turns credentials into this consultation's voters.

        None once it has been destroyed, and the ballots with it.
        """
        text = self._redis.get(keys.voter_key(consultation.id))
        return bytes.fromhex(text) if text else None

    @reaching_store()
    def version(self, consultation: Consultation) -> int:
        return int(self._redis.get(keys.version(consultation.id)) or 0)

    @reaching_store()
    def place_key(self) -> bytes:
        """Return the key that hashes networks into places, drawn once per store."""
        self._redis.set(keys.PLACE_KEY, secrets.token_hex(VOTER_KEY_BYTES), nx=True)
        return bytes.fromhex(self._redis.get(keys.PLACE_KEY))

    def _every(self, key: Callable[[str], str], numbers: Sequence[str]) -> dict[str, str | None]:
        """Read the same key of several consultations at once."""
        if not numbers:
            return {}
        with self._redis.pipeline(transaction=False) as batch:
            for number in numbers:
                batch.get(key(number))
            return dict(zip(numbers, batch.execute(), strict=True))

    def _load(self, number: str, text: str) -> Consultation:
        """Return what a definition says, read anew only if it says anything else.

        With what came of it for years it has 200 kB, and the teller reads all of them every second.
        """
        known = self._read.get(number)
        if known is None or known[0] != text:
            known = self._read[number] = text, definitions.load(text)
        return known[1]

    def _written(self, slug: str) -> tuple[str, str]:
        """Return the id of a consultation and the text of its definition."""
        number = self._redis.hget(keys.SLUGS, slug)
        text = self._redis.get(keys.definition(number)) if number else None
        if not text:
            raise ConsultationUnknown(f"No consultation “{slug}”.")
        return number, text

    def _changed(
        self,
        number: str,
        text: str,
        was: Consultation,
        will: Consultation,
        lines: Sequence[str],
    ) -> bool:
        """Keep what it will be; return whether nobody was quicker. Raises `ChangeRefused`."""
        before = changing.deadline(was, will)
        late = "" if before is None else int(before.timestamp() * 1000)
        at = [keys.definition(number), keys.version(number), keys.deeds(number)]
        at += [keys.logos(number), keys.indexed(number), keys.changes(number)]
        logos = sorted({p.logo for p in (*was.partners, *will.partners) if p.logo})
        try:
            self._change(
                keys=at, args=[text, definitions.dump(will, text), late, json.dumps(logos), *lines]
            )
        except redis.ResponseError as error:
            code = domain_word(error)[0]
            if code == ChangeRefused.code:
                raise _too_late(was, will) from None
            if code != ChangedMeanwhile.code:
                raise
            return False
        return True


def _put(
    batch: Client,
    made: Consultation,
    proposals: Sequence[Proposal],
    submitted: Sequence[Submission],
    handled: records.Handled,
) -> None:
    """Write what a file says of proposals, into keys that are all of one slot."""
    published = records.published(made, proposals, submitted, handled)
    apart = records.unpublished(submitted, handled)
    said = records.said_by([p for p in proposals if p.state is ProposalState.ACCEPTED])
    for make, found in ((keys.proposals, published), (keys.proposed, apart), (keys.said, said)):
        if found:
            batch.hset(make(made.id), mapping=found)
    if apart:
        last = records.last_in_line({int(number) for number in (*published, *apart)})
        batch.set(keys.proposal_number(made.id), last)


def _too_late(was: Consultation, will: Consultation) -> ChangeRefused:
    late = [name for name in changing.changed(was, will) if changing.ends(was, will, name)]
    return ChangeRefused([changing.fault(name, changing.until(was, will, name)) for name in late])


def _dump_pictures(pictures: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(picture).decode() for name, picture in pictures.items()}


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = BASE36[digit] + digits
    return digits
