"""Reporting: a committed partner drafts news by a link; staff publish it, or say why not.

A link can do nothing else. How much waits of one action, and how fast it comes, is bounded:
anybody may get hold of a link.
"""

from dataclasses import dataclass, replace
from hmac import compare_digest

from server.consultations.acting import mark_of
from server.consultations.actions import News
from server.consultations.brakes import DAY, MINUTE
from server.consultations.errors import (
    ChangedMeanwhile,
    DraftUnknown,
    ReportLinkUnknown,
    SlowDown,
    TooManyDrafts,
)

MOST_DRAFTS = 10  # of one action that wait
MOST_REFUSED = 10  # of one action whose refusal can still be read
REFUSED_FOR = 90 * DAY  # milliseconds for which a refusal can be read
DRAFTS_AT_ONCE = 20  # written or corrected
DRAFT_STEP = 3 * MINUTE  # milliseconds from one to the next at the pace that is let pass for ever


@dataclass(frozen=True)
class DraftNews:
    """News as a partner wrote it. `refused` is what staff said to it; until then it waits."""

    number: int
    news: News
    at: int  # ms by the store's clock, of its last change
    refused: str | None = None

    @property
    def version(self) -> str:
        return f"{self.number}-{mark_of(self.news)}"


@dataclass(frozen=True)
class Reporting:
    """What belongs to the link of one action. `link` is its secret part; none: there is no link."""

    link: str | None = None
    linked_at: int = 0  # ms by the store's clock
    drafts: tuple[DraftNews, ...] = ()
    last: int = 0  # number of the last draft
    crowded_until: int = 0  # state of the brake, ms

    @property
    def waiting(self) -> tuple[DraftNews, ...]:
        return tuple(one for one in self.drafts if one.refused is None)

    @property
    def refused(self) -> tuple[DraftNews, ...]:
        return tuple(one for one in self.drafts if one.refused is not None)

    def recent(self, now: int) -> "Reporting":
        """Return it without old refusals: a link may be in hands that it was not sent to."""
        gone = [one for one in self.refused if one.at < now - REFUSED_FOR]
        return replace(self, drafts=tuple(one for one in self.drafts if one not in gone))

    def linked(self, secret: str | None, now: int) -> "Reporting":
        """Return it with another link, which ends the one before; `None` ends that only, if any."""
        if secret is None and self.link is None:
            return self
        return replace(self, link=secret, linked_at=now)

    def opened_by(self, secret: str) -> "Reporting":
        """Return it as it is; raise `ReportLinkUnknown` unless this is the link of now."""
        if self.link is None or not compare_digest(self.link, secret):
            raise ReportLinkUnknown("This link has ended.")
        return self

    def drafted(self, news: News, now: int) -> "Reporting":
        """Return it with one more draft; the same again is the one that waits.

        Raises `TooManyDrafts`, and `SlowDown` for who writes faster than people do.
        """
        if news in [one.news for one in self.waiting]:
            return self
        if len(self.waiting) >= MOST_DRAFTS:
            raise TooManyDrafts(f"{MOST_DRAFTS} drafts wait already, the most there may be.")
        made = DraftNews(self.last + 1, news, now)
        braked = self._braked(now)
        return replace(braked, drafts=(*self.drafts, made), last=made.number)

    def redrafted(self, number: int, news: News, now: int) -> "Reporting":
        """Return it with a waiting draft in other words; raise `DraftUnknown`."""
        old = self.waiting_one(number)
        if old.news == news:
            return self
        return self._braked(now)._put(replace(old, news=news, at=now))

    def without(self, number: int, version: str | None = None) -> "Reporting":
        """Return it without a waiting draft; see `waiting_one`."""
        gone = self.waiting_one(number, version)
        return replace(self, drafts=tuple(one for one in self.drafts if one != gone))

    def declined(self, number: int, version: str | None, word: str, now: int) -> "Reporting":
        """Return it with a draft refused, and the oldest of many refusals gone."""
        told = self._put(replace(self.waiting_one(number, version), refused=word, at=now))
        kept = sorted(told.refused, key=lambda one: one.at)[-MOST_REFUSED:]
        return replace(told, drafts=(*told.waiting, *kept))

    def waiting_one(self, number: int, version: str | None = None) -> DraftNews:
        """Return a draft that waits, or raise `DraftUnknown`.

        `version` is of what was read: raises `ChangedMeanwhile` if its author has changed it since.
        """
        for one in self.waiting:
            if one.number == number:
                if version not in (None, one.version):
                    raise ChangedMeanwhile("Its author has changed it just now. Look again.")
                return one
        raise DraftUnknown(f"No draft {number} waits (any more).")

    def _put(self, new: DraftNews) -> "Reporting":
        kept = tuple(new if one.number == new.number else one for one in self.drafts)
        return replace(self, drafts=kept)

    def _braked(self, now: int) -> "Reporting":
        crowded = max(self.crowded_until, now) + DRAFT_STEP
        wait = crowded - now - DRAFTS_AT_ONCE * DRAFT_STEP
        if wait > 0:
            raise SlowDown("This is faster than people write.", wait=wait)
        return replace(self, crowded_until=crowded)
