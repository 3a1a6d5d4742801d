"""Reading results: outcomes of some proposals, straight from the tallies, and the curve beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from server.consultations.consultation import Consultation, Proposal, Source
from server.consultations.folding import OTHERS
from server.consultations.outcome import Count, Outcome, Told, told
from server.consultations.participation import Curve, merged
from server.consultations.standings import Listing
from server.web.directory import Snapshot
from server.web.service import service

PAGE = 50  # proposals on a page
LISTS = (Listing.TOP, Listing.CONTROVERSY, Listing.REJECTION)
ALL = "all"
CHOICES = (*map(str, LISTS), ALL)


@dataclass(frozen=True)
class Series:
    """Verified votes of each source until each instant (ms), the largest source first."""

    instants: tuple[int, ...]
    lines: tuple[tuple[Source, tuple[int, ...]], ...]


def counted(consultation: Consultation) -> Count:
    """Return the voters there are now: which sources are told apart depends on them."""
    store = service().store
    (figures,) = store.figures.read([consultation])
    voted = [n for n, one in figures.sources.items() if one.count] if figures else []
    most = figures.most if figures else {}
    return Count(store.tallies.voters_by_source(consultation), frozenset(voted), {}, most)


def outcomes_of(
    consultation: Consultation,
    wanted: Iterable[Proposal],
    exact: bool = False,
    only: frozenset[int] | None = None,
    count: Count | None = None,
) -> Told:
    """Return what the tallies say now of these proposals.

    By source after the close only. `exact`: for staff, every source by itself; with `only`, as if
    there were no other sources. `count`: the voters as they were, for proposals that are read bit
    by bit.
    """
    some = list(wanted)
    histograms = service().store.tallies.histograms(consultation, [one.id for one in some])
    count = count or counted(consultation)
    if only is not None:
        consultation = replace(
            consultation, sources=tuple(s for s in consultation.sources if s.number in only)
        )
        histograms = {
            number: {source: found for source, found in by.items() if source in only}
            for number, by in histograms.items()
        }
    found = told(consultation, some, replace(count, histograms=histograms), exact)
    return found if exact or consultation.phase(datetime.now(UTC)).is_over else _in_all(found)


def _in_all(found: Told) -> Told:
    """Return it without what each source brought, which readers see after the close only.

    Before, whoever looks every minute would see which votes through a small source came together:
    one person's.
    """
    return replace(found, outcomes=tuple(replace(one, sources=()) for one in found.outcomes))


def listed(snapshot: Snapshot, choice: str, page: int) -> list[Proposal]:
    """Return a page of this list, as the teller has sorted it, or of all by their number."""
    if choice == ALL:
        return list(snapshot.accepted.values())[(page - 1) * PAGE : page * PAGE]
    rows = (snapshot.lists or {}).get(choice, ())
    return [snapshot.accepted[row[0]] for row in rows if row[0] in snapshot.accepted][:PAGE]


def leading(snapshot: Snapshot) -> list[Proposal]:
    """Return the proposals that lead any list: those that a map has room for."""
    numbers = {row[0]: None for name in LISTS for row in (snapshot.lists or {}).get(str(name), ())}
    return [snapshot.accepted[number] for number in numbers if number in snapshot.accepted]


def series(consultation: Consultation, sources: Sequence[Source]) -> Series:
    """Return the curve of these sources; what the others brought is that of `OTHERS`, if it is one."""
    curve, known = service().store.participation.read(consultation), {s.number for s in sources}
    few = curve.sources - known if OTHERS.number in known else frozenset()
    return _series(merged(curve, few, OTHERS.number), sources)


def _series(curve: Curve, sources: Sequence[Source]) -> Series:
    found = (
        (source, tuple(point.votes.get(source.number, 0) for point in curve.points))
        for source in sources
    )
    brought = [(source, votes) for source, votes in found if any(votes)]
    brought.sort(key=lambda one: (-one[1][-1], one[0].number))
    return Series(tuple(point.at for point in curve.points), tuple(brought))


def ordered(outcomes: Iterable[Outcome], wanted: Sequence[Proposal]) -> list[Outcome]:
    """Return the outcomes of `wanted` in its order."""
    found = {one.proposal.id: one for one in outcomes}
    return [found[one.id] for one in wanted if one.id in found]
