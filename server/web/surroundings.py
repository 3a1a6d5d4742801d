"""Surroundings: what a page shows beside proposals: whom it comes from, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.consultations.answers import Former
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.partners import Partner, Role
from server.web.messages import Speech


@dataclass(frozen=True)
class Reply:
    """An answer to a citizens' question, as readers are shown it."""

    by: str
    day: str
    text: str
    link: str | None
    former: tuple[Former, ...] = ()  # what stood there before corrections, the oldest first


@dataclass(frozen=True)
class Around:
    """What stands on a consultation's own page; partners by their roles, in their order.

    `backers` endorse all of it; who backs one proposal is told after the close only.
    """

    subjects: tuple[str, ...]
    partners: tuple[tuple[str, tuple[Partner, ...]], ...]
    backers: tuple[Endorsement, ...] = ()


def around(consultation: Consultation) -> Around:
    by_role = [
        (str(role), tuple(one for one in consultation.partners if one.role is role))
        for role in Role
    ]
    return Around(
        tuple(filter(None, (consultation.cause, consultation.theme))),
        tuple((role, partners) for role, partners in by_role if partners),
        tuple(one for one in consultation.endorsements if one.proposal is None),
    )


def replies(consultation: Consultation, speech: Speech) -> Mapping[int, Reply]:
    """Return what was answered, by proposal."""
    return {
        one.proposal: Reply(
            speech.t("withOffice", by=one.by, office=one.office) if one.office else one.by,
            speech.date(one.on),
            one.text,
            one.link,
            one.former,
        )
        for one in consultation.answers
    }
