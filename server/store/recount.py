"""Recount: count the ballots again, while voting goes on, and compare with the tallies."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import redis
import stamina

from server.consultations.consultation import Consultation
from server.consultations.errors import NoBallotFound, RecountReplaced, StoreUnavailable
from server.store.claim import Interrupted
from server.store.connection import Client, domain_word, slots_move
from server.store.consultations import Consultations
from server.store.differences import Difference, Report, differences, differing
from server.store.generation import Generation
from server.store.keys import Box
from server.store.purge import demand_ballots
from server.store.stamping import REPLACED, Stamping
from server.store.tallies import SourceHistograms

STARTS = 9  # generations begun before giving up, over half a minute: longer than a failover
LONGEST_PAUSE = 10.0  # seconds between two starts

Outcome = TypeVar("Outcome")


def silent(what: str, number: int) -> None:
    """Report to nobody."""


class Recount:
    """All methods raise `RecountReplaced` if another recount begins meanwhile, `BallotsDestroyed`
    if nothing is left to count, and `StoreUnavailable` if the store is interrupted too often.
    """

    def __init__(self, client: Client, consultations: Consultations) -> None:
        self._redis = client
        self._consultations = consultations
        self._stamping = Stamping(client)

    def run(self, consultation: Consultation) -> dict[int, SourceHistograms]:
        """Return proposal -> source number -> code -> ballots, counted from the ballots."""
        listed = self._consultations.proposal_ids(consultation)

        def count(generation: Generation) -> dict[int, SourceHistograms]:
            found = generation.counted()
            generation.confirm()
            return {proposal: {} for proposal in listed} | found

        return self._in_a_generation(consultation, count, silent)

    def compare(self, consultation: Consultation, report: Report = silent) -> list[Difference]:
        """Return every number in which the tallies differ from the ballots; none is the rule."""

        def compare(generation: Generation) -> list[Difference]:
            return differences(generation, differing(generation, report))

        return self._in_a_generation(consultation, compare, report)

    def fix(self, consultation: Consultation, report: Report = silent) -> list[Difference]:
        """Make the tallies what the ballots say; return every number that was wrong.

        Raise `NoBallotFound` rather than set all of them to 0.
        """
        wrong: dict[tuple[int | None, int, int | None], Difference] = {}

        def fix(generation: Generation) -> None:
            places = differing(generation, report)
            if any(proposal is not None for _, proposal in places):
                _demand_a_ballot(generation, consultation)
            for found in differences(generation, places):
                # What an earlier start has put right is no difference any more, but was one.
                wrong.setdefault((found.proposal, found.source, found.code), found)
            for number, place in enumerate(places, 1):
                generation.fix(place)
                report("fixed", number)

        self._in_a_generation(consultation, fix, report)
        return list(wrong.values())

    def stamp_voter(self, box: Box, voter: str) -> None:
        """Count one voter now, if a recount is under way: before its record is renamed."""
        self._stamping.voter(box, voter)

    def _in_a_generation(
        self, consultation: Consultation, work: Callable[[Generation], Outcome], report: Report
    ) -> Outcome:
        """Return what `work` makes of a generation in which every voter is stamped.

        A restart or a failover on the way means another start.
        """
        try:
            for attempt in stamina.retry_context(
                on=Interrupted,
                attempts=STARTS,
                timeout=None,
                wait_initial=0.2,
                wait_max=LONGEST_PAUSE,
            ):
                with attempt:
                    self._demand_standing_slots(consultation)
                    with _interruptions(consultation):
                        return self._once(consultation, work, report)
        except Interrupted as error:
            raise StoreUnavailable(
                f"The recount was begun {STARTS} times and interrupted each time: {error}."
            ) from error
        raise AssertionError("unreachable: the last error is let through")

    def _demand_standing_slots(self, consultation: Consultation) -> None:
        """Raise `StoreUnavailable` while keys move between nodes: no start would get through."""
        with _interruptions(consultation):
            moving = slots_move(self._redis)
        if moving:
            raise StoreUnavailable(
                "Slots of the cluster are on the move: recount when they are there."
            )

    def _once(
        self, consultation: Consultation, work: Callable[[Generation], Outcome], report: Report
    ) -> Outcome:
        generation = Generation(self._redis, consultation)
        try:
            generation.begin()
            # Only now: a purge that begins later ends our claim.
            demand_ballots(self._redis, consultation)
            _add_up(generation.stamp(), lambda number: report("voters", number))
            return work(generation)
        finally:
            # If this fails, the claim runs out by itself and the next recount clears up.
            with suppress(redis.RedisError):
                generation.end()


def _demand_a_ballot(generation: Generation, consultation: Consultation) -> None:
    """Raise `NoBallotFound` if all are gone: then the tallies are the last that tells of them."""
    if not any(generation.counted().values()):
        raise NoBallotFound(
            f"No ballot of {consultation.slug} was found at all: nothing was fixed."
        )


@contextmanager
def _interruptions(consultation: Consultation) -> Iterator[None]:
    """Tell the end by a later recount from everything that another start may mend."""
    try:
        yield
    except redis.ResponseError as error:
        word, _ = domain_word(error)
        if word == REPLACED:
            raise RecountReplaced(
                f"Another recount of {consultation.slug} has begun and takes over."
            ) from None
        raise Interrupted(word) from error
    except (redis.RedisError, StoreUnavailable) as error:
        raise Interrupted(type(error).__name__) from error


def _add_up(numbers: Iterable[int], report: Callable[[int], None]) -> None:
    total = 0
    for number in numbers:
        total += number
        report(total)
