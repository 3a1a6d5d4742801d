"""Consultations and their proposals, as they are kept in the store."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.consultations.consultation import (
    Consultation,
    Proposal,
    ProposalState,
    ResultsRule,
    Source,
)
from server.consultations.errors import ConsultationUnknown, SlugTaken
from server.store import keys
from server.store.cluster import Cluster
from server.store.connection import Client, reaching_store

BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
VOTER_KEY_BYTES = 32
BOXES_IN_A_CLUSTER = 16  # spread over six primaries; each costs the teller a tally per proposal


class Consultations:
    def __init__(self, client: Client) -> None:
        self._redis = client
        self._in_cluster = isinstance(client, Cluster)

    @reaching_store()
    def create(self, consultation: Consultation, proposals: Sequence[Proposal]) -> Consultation:
        """Keep a new consultation and return it with its id and boxes; raise `SlugTaken`.

        The slug is taken last: a process that dies half-way leaves nothing that can be found.
        """
        number = self._redis.incr(keys.CONSULTATION_COUNTER)
        boxes = consultation.boxes or (BOXES_IN_A_CLUSTER if self._in_cluster else 1)
        made = replace(consultation, id=_base36(number), boxes=boxes)
        with self._redis.pipeline(transaction=True) as batch:
            batch.set(keys.definition(made.id), dump(made))
            batch.set(keys.voter_key(made.id), secrets.token_hex(VOTER_KEY_BYTES))
            if proposals:
                batch.hset(keys.proposals(made.id), mapping=_dump_proposals(proposals))
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
                keys.version(made.id),
            )
            raise SlugTaken(f"There is a consultation “{made.slug}” already.", field="slug")
        return made

    @reaching_store()
    def replace(self, consultation: Consultation) -> None:
        """Keep a changed definition; every process sees it within a second."""
        with self._redis.pipeline(transaction=True) as batch:
            batch.set(keys.definition(consultation.id), dump(consultation))
            batch.incr(keys.version(consultation.id))
            batch.execute()

    @reaching_store()
    def add_proposals(self, consultation: Consultation, proposals: Sequence[Proposal]) -> None:
        with self._redis.pipeline(transaction=True) as batch:
            batch.hset(keys.proposals(consultation.id), mapping=_dump_proposals(proposals))
            batch.incr(keys.version(consultation.id))
            batch.execute()

    @reaching_store()
    def by_slug(self, slug: str) -> Consultation:
        """Return the consultation, or raise `ConsultationUnknown`."""
        number = self._redis.hget(keys.SLUGS, slug)
        text = self._redis.get(keys.definition(number)) if number else None
        if not text:
            raise ConsultationUnknown(f"No consultation “{slug}”.")
        return load(text)

    @reaching_store()
    def all(self) -> tuple[Consultation, ...]:
        """Return every consultation, in the order of their slugs."""
        numbers = self._redis.hgetall(keys.SLUGS)
        with self._redis.pipeline(transaction=False) as batch:
            for slug in sorted(numbers):
                batch.get(keys.definition(numbers[slug]))
            return tuple(load(text) for text in batch.execute() if text)

    @reaching_store()
    def proposals(self, consultation: Consultation) -> tuple[Proposal, ...]:
        """Return all proposals, whatever their state, by id."""
        texts = self._redis.hgetall(keys.proposals(consultation.id))
        return tuple(
            _load_proposal(int(number), texts[number]) for number in sorted(texts, key=int)
        )

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


def dump(consultation: Consultation) -> str:
    fields = asdict(consultation)
    fields["opens"] = consultation.opens.isoformat()
    fields["closes"] = consultation.closes.isoformat()
    fields["timezone"] = getattr(consultation.opens.tzinfo, "key", None)
    return json.dumps(fields, ensure_ascii=False)


def load(text: str) -> Consultation:
    fields: dict[str, Any] = json.loads(text)
    zone = fields.pop("timezone")
    sources = tuple(Source(**{**s, "origins": tuple(s["origins"])}) for s in fields["sources"])
    return Consultation(
        **{
            **fields,
            "opens": _moment(fields["opens"], zone),
            "closes": _moment(fields["closes"], zone),
            "sources": sources,
            "results": ResultsRule(fields["results"]),
        }
    )


def _moment(text: str, zone: str | None) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(ZoneInfo(zone)) if zone else moment


def _dump_proposals(proposals: Iterable[Proposal]) -> dict[str, str]:
    return {str(p.id): json.dumps(_fields(p), ensure_ascii=False) for p in proposals}


def _fields(proposal: Proposal) -> dict[str, Any]:
    return {k: v for k, v in asdict(proposal).items() if k != "id" and v is not None}


def _load_proposal(number: int, text: str) -> Proposal:
    fields = json.loads(text)
    return Proposal(**{**fields, "id": number, "state": ProposalState(fields["state"])})


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = BASE36[digit] + digits
    return digits
