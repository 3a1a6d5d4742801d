"""Featuring: which consultation a media title puts first; one at a time."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from server.consultations.consultation import DIRECT, Consultation
from server.consultations.errors import FeaturedTaken


def featured(on: bool) -> Callable[[Consultation], Consultation]:
    """Return what gives a consultation the mark, or takes it off."""
    return lambda asked: replace(asked, featured=on)


def rivals(asked: Consultation, known: Iterable[Consultation], now: datetime) -> list[Consultation]:
    """Return those that are featured by a media title that carries `asked` too.

    What is over features nothing any more. Our own pages are no title: they show every one.
    """
    titles = _titles(asked)
    return [
        one
        for one in known
        if one.featured
        and one.slug != asked.slug
        and not one.rehearsal
        and not one.phase(now).is_over
        and titles & _titles(one)
    ]


def demand_free(asked: Consultation, known: Iterable[Consultation], now: datetime) -> None:
    """Raise `FeaturedTaken` if `asked` is featured where another one is."""
    if not asked.featured or asked.rehearsal or asked.phase(now).is_over:
        return
    for other in rivals(asked, known, now):
        shared = ", ".join(sorted(_titles(asked) & _titles(other)))
        raise FeaturedTaken(
            f"{asked.slug} cannot be featured: {shared} features {other.slug}.", field="featured"
        )


def shows_elsewhere(old: Consultation, new: Consultation) -> bool:
    """Whether a change puts it first in a media title that did not put it first before."""
    return new.featured and not (old.featured and _titles(new) <= _titles(old))


def losers(asked: Consultation, known: Iterable[Consultation], now: datetime) -> list[Consultation]:
    """Return who loses the mark where two got it at once: the one that was created later.

    `asked` itself if it is the later one of any pair: then the others may keep theirs.
    """
    others = rivals(asked, known, now)
    if asked.rehearsal or asked.phase(now).is_over:
        return []
    return [asked] if any(_age(one) < _age(asked) for one in others) else others


def _age(asked: Consultation) -> tuple[int, str]:
    """Return what sorts ids, which are numbers in base 36, by the order of creation."""
    return len(asked.id), asked.id


def _titles(consultation: Consultation) -> set[str]:
    return {source.name for source in consultation.sources} - {DIRECT}
