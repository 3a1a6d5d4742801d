"""What the teller publishes of a consultation, ready-made for web: results, decks, lists, groups."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.consultations.consultation import Consultation
from server.consultations.opinion_groups import OpinionGroups, written
from server.consultations.opinion_groups import read as read_groups
from server.consultations.results import NONE, PLACES, Counts
from server.store import keys, scripts
from server.store.clock import StoreClock
from server.store.connection import Client, reaching_store

DEADLINE = 2000  # milliseconds; longer than the client's own patience with one attempt


@dataclass(frozen=True)
class Published:
    """Verified counts over all boxes and sources, at least as new as `revisions`, one per box."""

    as_of: int  # milliseconds by the store's clock
    revisions: tuple[int, ...]
    voters: int
    counts: Mapping[int, Counts]

    @property
    def revision(self) -> int:
        return sum(self.revisions)

    def totals(self) -> dict[int, int]:
        """Return the votes on every proposal that has any."""
        if isinstance(self.counts, _AsNeeded):
            return self.counts.totals()
        return {proposal: counts.total for proposal, counts in self.counts.items()}

    def of(self, proposal: int) -> Counts:
        return self.counts.get(proposal, NONE)


Decks = Sequence[Sequence[int]]  # of each deck, its proposals
Lists = Mapping[str, Sequence[tuple[int, float, float]]]  # proposal, score, confidence of each


@dataclass(frozen=True)
class Glance:
    """What `web` asks once a second: has the definition changed, what is published."""

    version: int
    published: Published | None
    decks: Decks = ()
    lists: Lists | None = None
    groups: OpinionGroups | None = None


class Publications:
    def __init__(self, client: Client, clock: StoreClock) -> None:
        self._redis = client
        self._clock = clock
        self._publish = scripts.load(client, "publish")
        self._last: dict[str, tuple[str, Any]] = {}

    def publish(self, consultation: Consultation, published: Published) -> None:
        """Show readers these results, unless they come so late that newer ones may be there."""
        self._put(keys.results(consultation.id), _dump(published))

    def publish_decks(self, consultation: Consultation, decks: Decks) -> None:
        """Serve readers these decks from now on, unless they come too late, as with results."""
        self._put(keys.decks(consultation.id), json.dumps(decks, separators=(",", ":")))

    def publish_lists(self, consultation: Consultation, lists: Lists) -> None:
        """Show these lists, unless they come too late, as with results."""
        self._put(keys.lists(consultation.id), json.dumps(lists, separators=(",", ":")))

    def publish_groups(self, consultation: Consultation, groups: OpinionGroups) -> None:
        """Show these opinion groups, unless they come too late, as with results."""
        self._put(keys.groups(consultation.id), written(groups))

    @reaching_store()
    def groups(self, consultation: Consultation) -> OpinionGroups | None:
        """Return the groups that are shown, None if they were never looked for."""
        text = self._redis.get(keys.groups(consultation.id))
        return read_groups(text) if text else None

    @reaching_store()
    def glance(self, consultation: Consultation) -> Glance:
        """Read it all, and set this process's idea of the store's clock."""
        c = consultation.id
        with self._redis.pipeline(transaction=False) as batch:
            batch.get(keys.version(c))
            for key in (keys.results(c), keys.decks(c), keys.lists(c), keys.groups(c)):
                batch.get(key)
            version, results, decks, lists, groups = batch.execute()
        self._clock.learn(self._redis.time())
        return Glance(
            int(version or 0),
            self._read(keys.results(c), results, _load),
            self._read(keys.decks(c), decks, _load_decks) or (),
            self._read(keys.lists(c), lists, _load_lists),
            self._read(keys.groups(c), groups, read_groups),
        )

    def let_go(self, consultation: Consultation) -> None:
        """Forget what was read of one that nobody asks for any more."""
        for key in (keys.results, keys.decks, keys.lists, keys.groups):
            self._last.pop(key(consultation.id), None)

    @reaching_store()
    def has_lists(self, consultation: Consultation) -> bool:
        """Whether any lists are shown, without reading them."""
        return bool(self._redis.exists(keys.lists(consultation.id)))

    @reaching_store()
    def _put(self, key: str, text: str) -> None:
        self._clock.learn(self._redis.time())
        self._publish(keys=[key], args=[self._clock.now() + DEADLINE, text])

    def _read(self, key: str, text: str | None, load: Callable[[str], Any]) -> Any:
        """Read what was published, unless it is what was read the last time."""
        if not text:
            return None
        known = self._last.get(key)
        if known is None or known[0] != text:
            known = self._last[key] = text, load(text)
        return known[1]


def _dump(published: Published) -> str:
    return json.dumps(
        {
            "asOf": published.as_of,
            "revisions": published.revisions,
            "voters": published.voters,
            # Each in one text, its total first: of 34 000 a reader meets a dozen.
            "counts": {
                str(proposal): " ".join(map(str, (counts.total, *counts.numbers)))
                for proposal, counts in published.counts.items()
            },
            "asked": {
                str(proposal): " ".join(map(str, counts.asked))
                for proposal, counts in published.counts.items()
                if counts.led_by_links
            },
        },
        separators=(",", ":"),
    )


def _load(text: str) -> Published | None:
    """Read what `_dump` wrote. Anything else counts as not published: no page fails for it."""
    try:
        fields = json.loads(text)
        return Published(
            as_of=int(fields["asOf"]),
            revisions=tuple(map(int, fields["revisions"])),
            voters=int(fields["voters"]),
            counts=_AsNeeded(fields["counts"], fields.get("asked", {})),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _load_decks(text: str) -> Decks:
    """Read the decks; none where it is anything else."""
    try:
        return tuple(tuple(map(int, deck)) for deck in json.loads(text))
    except (TypeError, ValueError):
        return ()


def _load_lists(text: str) -> Lists | None:
    """Read the lists; none where it is anything else."""
    try:
        found = json.loads(text).items()
        return {name: [(int(p), float(s), float(c)) for p, s, c in rows] for name, rows in found}
    except (AttributeError, TypeError, ValueError):
        return None


class _AsNeeded(Mapping[int, Counts]):
    """Counts by proposal, made when asked for; raises all sorts of errors for other texts.

    Asked votes are published only where links brought more: elsewhere they count as all.
    """

    def __init__(self, texts: Mapping[str, str], asked: Mapping[str, str]) -> None:
        _demand_numbers(texts, 1 + PLACES)
        _demand_numbers(asked, PLACES)
        self._texts = texts
        self._asked = asked

    def __getitem__(self, proposal: int) -> Counts:
        numbers = _numbers(self._texts[str(proposal)])[1:]
        asked = self._asked.get(str(proposal))
        return Counts(numbers, _numbers(asked) if asked else numbers)

    def __iter__(self) -> Iterator[int]:
        return map(int, self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def totals(self) -> dict[int, int]:
        return {int(p): int(text.partition(" ")[0]) for p, text in self._texts.items()}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


def _demand_numbers(texts: Mapping[str, str], each: int) -> None:
    """Look at all at once: one by one, 34 000 would hold up web several times as long."""
    joined = "".join(texts.values()).encode()
    stray = joined.translate(None, b"0123456789 ") or "".join(texts).strip("0123456789")
    if stray or joined.count(b" ") != (each - 1) * len(texts):
        raise ValueError("these are no counts")
