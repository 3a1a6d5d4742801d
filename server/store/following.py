"""Following a consultation: what staff record of what came of it, and a line in the trail for each.

Each is one deed, as those of `running` are: who comes second is added to what the first has kept.
"""

from collections.abc import Sequence
from datetime import datetime

from server.consultations import following as rules
from server.consultations.answers import Answer
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.selection import Selected
from server.consultations.workshops import Workshop
from server.staff.acts import Sign
from server.store.running import Running


class Following:
    def __init__(self, running: Running) -> None:
        self._follow = running.follow

    def select(
        self, slug: str, chosen: Sequence[Selected], now: datetime, sign: Sign
    ) -> Consultation:
        """Tell readers that these are taken further, and why; one selected before is told anew."""
        return self._follow(
            "consultation-selected",
            slug,
            lambda c, k: rules.selected(c, chosen, k, now),
            sign,
            [one.proposal for one in chosen],
        )

    def unselect(self, slug: str, number: int, sign: Sign) -> Consultation:
        return self._follow(
            "consultation-selected", slug, lambda c, _: rules.unselected(c, number), sign
        )

    def add_workshop(self, slug: str, new: Workshop, sign: Sign) -> Consultation:
        """Record a workshop; it is given a number, whatever `new` says."""
        return self._follow(
            "consultation-workshop",
            slug,
            lambda c, k: rules.with_workshop(c, new, k),
            sign,
            new.proposals,
        )

    def change_workshop(
        self, slug: str, new: Workshop, sign: Sign, read: str | None = None
    ) -> Consultation:
        """Change the workshop of that number, unless it is not as it was `read` any more."""
        return self._follow(
            "consultation-workshop",
            slug,
            lambda c, k: rules.workshop_changed(c, new, k, read),
            sign,
            new.proposals,
        )

    def remove_workshop(self, slug: str, number: int, sign: Sign) -> Consultation:
        return self._follow(
            "consultation-workshop", slug, lambda c, _: rules.workshop_removed(c, number), sign
        )

    def endorse(self, slug: str, new: Endorsement, sign: Sign) -> Consultation:
        return self._follow(
            "consultation-endorsed",
            slug,
            lambda c, k: rules.endorsed(c, new, k),
            sign,
            () if new.proposal is None else (new.proposal,),
        )

    def unendorse(self, slug: str, handle: str, sign: Sign) -> Consultation:
        return self._follow(
            "consultation-endorsed", slug, lambda c, _: rules.unendorsed(c, handle), sign
        )

    def answer(self, slug: str, new: Answer, now: datetime, sign: Sign) -> Consultation:
        """Show the answer to a question; of an earlier one the text is kept as a former one."""
        return self._follow(
            "consultation-answered",
            slug,
            lambda c, k: c.answered(new, k, rules.day_of(c, now)),
            sign,
            [new.proposal],
        )

    def unanswer(self, slug: str, number: int, sign: Sign) -> Consultation:
        """Take an answer away, with all that stood there before; the trail holds it whole."""
        return self._follow(
            "consultation-answered", slug, lambda c, _: rules.unanswered(c, number), sign
        )
