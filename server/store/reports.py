"""Reports: the link of each action, and what its partner has drafted. Only staff publish.

All of one action is one text, and each change of it one step of the store: nobody undoes what
somebody else did meanwhile, and a draft is published once.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from decimal import Decimal

import redis

from server.consultations.acting import action_of, told_actions, with_news, without_action
from server.consultations.actions import Action, News
from server.consultations.consultation import Consultation
from server.consultations.errors import ActionKept, ChangedMeanwhile, StoreUnavailable
from server.consultations.reporting import DraftNews, Reporting
from server.staff.acts import Sign
from server.store import definitions, keys, scripts
from server.store.clock import StoreClock
from server.store.committing import ACTION
from server.store.connection import Client, domain_word, reaching_store
from server.store.consultations import Consultations
from server.store.deeds import Deeds

SECRET_BYTES = 12
TRIES = 5
LINK, DRAFT = "report-link", "report-draft"  # what the trail calls these deeds

Becomes = Callable[[Reporting], Reporting]


class Reports:
    def __init__(
        self, client: Client, clock: StoreClock, consultations: Consultations, deeds: Deeds
    ) -> None:
        self._redis = client
        self._clock = clock
        self._consultations = consultations
        self._deeds = deeds
        self._keep = scripts.load(client, "keep_report")

    @reaching_store()
    def of(self, asked: Consultation, number: int) -> Reporting:
        """Return what belongs to the link of one action; nothing yet is an empty one."""
        return self._read(asked, number)[0]

    @reaching_store()
    def all(self, asked: Consultation) -> Mapping[int, Reporting]:
        """Return the same of every action that has had a link, by its number."""
        found = self._redis.hgetall(keys.reports(asked.id))
        now = self._clock.now()
        return {int(number): _load(text).recent(now) for number, text in found.items()}

    def link(self, slug: str, number: int, sign: Sign) -> Reporting:
        """Make a link, which ends the one before."""
        secret, now = secrets.token_urlsafe(SECRET_BYTES), self._clock.now()
        return self._change(slug, number, lambda one: one.linked(secret, now), sign, LINK)

    def unlink(self, slug: str, number: int, sign: Sign) -> Reporting:
        """End the link; what was drafted by it still waits."""
        now = self._clock.now()
        return self._change(slug, number, lambda one: one.linked(None, now), sign, LINK)

    def draft(self, slug: str, number: int, becomes: Becomes) -> Reporting:
        """Change what waits, as a partner does: no line in the trail of staff."""
        return self._change(slug, number, becomes)

    def refuse(
        self, slug: str, number: int, draft: int, version: str | None, word: str, sign: Sign
    ) -> Reporting:
        now = self._clock.now()
        return self._change(
            slug, number, lambda one: one.declined(draft, version, word, now), sign, DRAFT
        )

    @reaching_store()
    def publish(
        self, slug: str, number: int, draft: int, version: str | None, news: News, sign: Sign
    ) -> Action:
        """Publish `news`, which staff made of a draft, and take that draft away, at once."""
        for _ in range(TRIES):
            asked = self._consultations.by_slug(slug)
            was, text = self._read(asked, number)
            written = self._redis.get(keys.definition(asked.id))
            old = definitions.load(written)
            new = with_news(old, number, news)
            lines = [
                self._deeds.written(sign(DRAFT, slug, said)) for said in told_actions(old, new)
            ]
            both = (written, definitions.dump(new, written))
            if self._kept(new, number, text, was.without(draft, version), lines, both):
                return action_of(new, number)
        raise ChangedMeanwhile(f"Others change action {number} of {slug}. Try again.")

    @reaching_store()
    def remove(self, slug: str, number: int, sign: Sign) -> None:
        """Remove an action, and its link with it: the next one may get its number.

        Raises `ActionKept` where there is news of it, or a draft waits.
        """
        for _ in range(TRIES):
            asked = self._consultations.by_slug(slug)
            was, text = self._read(asked, number)
            written = self._redis.get(keys.definition(asked.id))
            old = definitions.load(written)
            new = without_action(old, number)
            if was.waiting:
                raise ActionKept(f"Drafts of action {number} wait: decide on them first.")
            told = told_actions(old, new)
            lines = [self._deeds.written(sign(ACTION, slug, said)) for said in told]
            both = (written, definitions.dump(new, written))
            if self._kept(new, number, text, Reporting(last=was.last), lines, both):
                return
        raise ChangedMeanwhile(f"Others change action {number} of {slug}. Try again.")

    @reaching_store()
    def _change(
        self, slug: str, number: int, becomes: Becomes, sign: Sign | None = None, what: str = ""
    ) -> Reporting:
        for _ in range(TRIES):
            asked = self._consultations.by_slug(slug)
            action_of(asked, number)
            was, text = self._read(asked, number)
            will = becomes(was)
            if will == was:
                return was
            lines = []
            if sign:
                lines = [self._deeds.written(sign(what, slug, _told(number, was, will)))]
            if self._kept(asked, number, text, will, lines):
                return will
        raise ChangedMeanwhile(f"Others change action {number} of {slug}. Try again.")

    def _read(self, asked: Consultation, number: int) -> tuple[Reporting, str]:
        text = self._redis.hget(keys.reports(asked.id), str(number))
        return _load(text).recent(self._clock.now()), text or ""

    def _kept(
        self,
        asked: Consultation,
        number: int,
        text: str,
        will: Reporting,
        lines: list[str],
        definition: tuple[str, str] = ("", ""),
    ) -> bool:
        """Keep what it will be; return whether nobody was quicker."""
        c = asked.id
        at = [keys.reports(c), keys.definition(c), keys.version(c), keys.deeds(c)]
        at += [keys.indexed(c), keys.changes(c)]
        try:
            self._keep(keys=at, args=[number, text, _dump(will), *definition, *lines])
        except redis.ResponseError as error:
            if domain_word(error)[0] != ChangedMeanwhile.code:
                raise
            return False
        if lines:
            with suppress(StoreUnavailable):  # the deed is done: the teller moves its line
                self._deeds.move([asked])
        return True


def end_links(client: Client, asked: Consultation) -> int:
    """End every partner's link of a consultation, and return how many there were.

    Nobody else may change them meanwhile, as in a restore: a backup must not revive a link that
    has been ended since.
    """
    every = {number: _load(text) for number, text in client.hgetall(keys.reports(asked.id)).items()}
    linked = {number: one for number, one in every.items() if one.link}
    for number, one in linked.items():
        client.hset(keys.reports(asked.id), number, _dump(one.linked(None, 0)))
    return len(linked)


def _told(number: int, was: Reporting, will: Reporting) -> str:
    """Return what staff did, for the trail; the link itself is never in it."""
    if was.link != will.link:
        before, after = ("link" if one.link else "–" for one in (was, will))
        return f"action {number} link: {before} → {'another ' if was.link and will.link else ''}{after}"
    (gone,) = set(was.waiting) - set(will.waiting)
    word = next((one.refused for one in will.refused if one.number == gone.number), "")
    return f"action {number} draft {gone.number}: waiting → refused: {word}"


def _dump(one: Reporting) -> str:
    return json.dumps(asdict(one), ensure_ascii=False, default=str)


def _load(text: str | None) -> Reporting:
    if not text:
        return Reporting()
    found = json.loads(text)
    drafts = tuple(DraftNews(**{**d, "news": _news(d["news"])}) for d in found["drafts"])
    return Reporting(**{**found, "drafts": drafts})


def _news(kept: dict[str, str | None]) -> News:
    amount, on = kept["amount"], date.fromisoformat(kept["on"] or "")
    return News(on, kept["text"] or "", amount and Decimal(amount), kept["source"])  # type: ignore[arg-type]
