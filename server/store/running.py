"""Running a consultation: all that staff do to one, and a line in the trail for each.

No deed is without its line: both are kept at once. The command line, the console and the API call the same deeds; only who signs differs.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from server.consultations import steering
from server.consultations.changing import demand_allowed
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.consultations.featuring import (
    demand_free,
    featured,
    losers,
    rivals,
    shows_elsewhere,
)
from server.consultations.file_content import ConsultationFile
from server.consultations.phases import Phase
from server.consultations.rehearsals import rehearsal_of, rehearsed
from server.consultations.telling import told
from server.staff.acts import Sign
from server.store.ballots import Ballots
from server.store.consultations import Consultations
from server.store.deeds import Deeds
from server.store.filing import Filing

Becomes = Callable[[Consultation], Consultation]
Followed = Callable[[Consultation, Container[int]], Consultation]


class Running:
    def __init__(
        self, consultations: Consultations, filing: Filing, ballots: Ballots, deeds: Deeds
    ) -> None:
        self._consultations = consultations
        self._filing = filing
        self._ballots = ballots
        self._deeds = deeds

    def create(self, asked: ConsultationFile, now: datetime, sign: Sign) -> Consultation:
        """Keep what a file says. Raises `SlugTaken` or `FeaturedTaken`."""
        demand_free(asked.consultation, self._consultations.all(), now)
        new = asked.consultation
        line = self._deeds.written(sign("consultation-created", new.slug, steering.window(new)))
        made = self._filing.take_in(asked, [line])
        self._tell([made])
        return self._settled(made, now, sign) if new.featured else made

    def change(
        self,
        slug: str,
        becomes: Becomes,
        now: datetime,
        sign: Sign,
        version: str | None = None,
        pictures: Mapping[str, bytes] | None = None,
    ) -> Consultation:
        """Change what may be changed; see `Consultations.change` for `version`."""

        def wanted(old: Consultation) -> Consultation:
            new = becomes(old)
            demand_allowed(old, new, now)
            if shows_elsewhere(old, new):
                demand_free(new, self._consultations.all(), now)
            self._consultations.add_logos(old, pictures or {})
            return new

        changed = self._deed("consultation-changed", slug, wanted, sign, version)
        return self._settled(changed, now, sign)

    def open(self, slug: str, now: datetime, sign: Sign) -> Consultation:
        return self._deed("consultation-opened", slug, lambda one: steering.opened(one, now), sign)

    def close(self, slug: str, now: datetime, sign: Sign) -> Consultation:
        """Close it for good and seal its boxes."""
        closed = self._deed(
            "consultation-closed", slug, lambda one: steering.closed(one, now), sign
        )
        self._ballots.seal(closed)
        return closed

    def end_proposals(self, slug: str, now: datetime, sign: Sign) -> Consultation:
        return self._deed(
            "consultation-vote-only", slug, lambda one: steering.vote_only(one, now), sign
        )

    def reach(self, slug: str, phase: Phase, now: datetime, sign: Sign) -> Consultation:
        return self._deed(
            "consultation-phase", slug, lambda one: steering.reaching(one, phase, now), sign
        )

    def feature(self, slug: str, on: bool, now: datetime, sign: Sign) -> list[Consultation]:
        """Put it first, or no longer; return those that lost the mark to it."""
        found = self._consultations.by_slug(slug)
        others = rivals(found, self._consultations.all(), now) if on else []
        for other in others:
            self._deed("consultation-featured", other.slug, featured(False), sign)
        self._settled(self._deed("consultation-featured", slug, featured(on), sign), now, sign)
        return others

    def _settled(self, asked: Consultation, now: datetime, sign: Sign) -> Consultation:
        """Look again once it has the mark: of two at once, one loses it; return `asked` by now.

        Whoever comes last sees both, and everybody would take it off the same one.
        """
        if not asked.featured:
            return asked
        known = self._consultations.all()
        # As it is by now: somebody may have taken the mark off it since, for another one.
        asked = next(one for one in known if one.slug == asked.slug)
        for loser in losers(asked, known, now) if asked.featured else ():
            lost = self._deed("consultation-featured", loser.slug, featured(False), sign)
            asked = lost if lost.slug == asked.slug else asked
        return asked

    def follow(
        self, what: str, slug: str, becomes: Followed, sign: Sign, named: Iterable[int] = ()
    ) -> Consultation:
        """Record what came of it; `becomes` is told which of the `named` proposals readers see."""
        found = self._consultations.by_slug(slug)
        known = self._consultations.accepted_among(found, named)
        return self._deed(what, slug, lambda one: becomes(one, known), sign)

    def rehearse(
        self, slug: str, new_slug: str, opens: datetime, closes: datetime | None, sign: Sign
    ) -> Consultation:
        """Make a rehearsal of it. Raises `SlugTaken`, or `Wrong` for times in no order."""
        found = self._consultations.by_slug(slug)
        made = self._consultations.create(
            rehearsal_of(found, new_slug, opens, closes),
            rehearsed(self._consultations.proposals(found)),
            self._consultations.logos(found),
            deeds=[self._deeds.written(sign("consultation-rehearsed", slug, new_slug))],
        )
        self._tell([made])
        return made

    def catch_up(self, consultations: Iterable[Consultation]) -> None:
        """Put into the trail what could not be put there right after the deed."""
        self._deeds.move(consultations)

    def _deed(
        self, what: str, slug: str, becomes: Becomes, sign: Sign, version: str | None = None
    ) -> Consultation:
        """Change it and keep what it was and what it is, one line for each thing."""

        def lines(old: Consultation, new: Consultation) -> list[str]:
            return [self._deeds.written(sign(what, slug, line)) for line in told(old, new)]

        _, new = self._consultations.change(slug, becomes, version, lines)
        self._tell([new])
        return new

    def _tell(self, changed: Iterable[Consultation]) -> None:
        """Put the lines into the trail. The deed is done: if this fails, the teller does it."""
        with suppress(StoreUnavailable):
            self._deeds.move(changed)
