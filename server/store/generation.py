"""A generation: one attempt at counting all ballots of a consultation again.

Every voter is stamped, and from then on votes change tally and shadow alike. When all are stamped,
each pair must be the same at every instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from server.consultations.consultation import Consultation
from server.store import scripts
from server.store.claim import PAGE, Claim
from server.store.connection import Client
from server.store.keys import VOTERS, Box
from server.store.stamping import Stamping, demand
from server.store.tallies import SourceHistograms, merge, parse

BATCH = 25  # pairs compared by one script; a tally may have hundreds of fields

Place = tuple[Box, int | None]  # a proposal in its box; None for the tally of voters
Pair = tuple[dict[str, int], dict[str, int]]  # what was tallied, what was counted


class Generation:
    """`page` is how many keys a server looks at in one step; small ones are for tests."""

    def __init__(self, client: Client, consultation: Consultation, page: int = PAGE) -> None:
        self._claim = Claim(client, consultation, page)
        self._stamping = Stamping(client)
        self._compare = scripts.load(client, "compare")
        self._fix = scripts.load(client, "fix")
        self.begin = self._claim.begin
        self.confirm = self._claim.confirm
        self.end = self._claim.end

    def stamp(self) -> Iterator[int]:
        """Count every voter; yield how many records were met, page by page."""
        for node, page in self._claim.pages(VOTERS):
            voters = [(box, name) for box in page for name in page[box] if ":" not in name]
            self._stamping.voters(node, voters, self._claim.numbers)
            yield len(voters)

    def differing(self) -> Iterator[set[Place]]:
        """Yield where tally and shadow differ, page by page.

        Votes change both alike, so of a pair that differs one always has a key: no page misses it.
        """
        yield set(self._pairs((box, None) for box in self._claim.boxes))
        for name in ("tally", "shadow"):
            for _, page in self._claim.pages(name):
                yield set(self._pairs(_places(page)))

    def pairs(self, proposal: int | None) -> list[Pair]:
        """Return what each box says of one proposal, or of voters."""
        return list(self._pairs(((box, proposal) for box in self._claim.boxes), "all").values())

    def counted(self) -> dict[int, SourceHistograms]:
        """Return proposal -> source number -> code -> ballots, counted from the ballots."""
        found: dict[Place, SourceHistograms] = {}
        for node, page in self._claim.pages("shadow"):
            places = list(_places(page))
            with node.pipeline(transaction=False) as batch:
                for place in places:
                    batch.hgetall(_keys(place)[1])
                answers = demand(batch.execute(raise_on_error=False))
            # By place: a page may bring the same one again.
            found.update(zip(places, map(parse, answers), strict=True))
        parts: dict[int, list[SourceHistograms]] = defaultdict(list)
        for (_, proposal), histograms in found.items():
            parts[proposal or 0].append(histograms)
        return {proposal: merge(histograms) for proposal, histograms in parts.items()}

    def fix(self, place: Place) -> None:
        """Make a tally what was counted, and have it published and synced."""
        box, proposal = place
        self._fix(
            keys=[box.recount, *_keys(place), box.changed, box.revision],
            args=[
                self._claim.numbers[box],
                self._claim.histories[box],
                "" if proposal is None else proposal,
            ],
        )

    def _pairs(self, places: Iterable[Place], which: str = "") -> dict[Place, Pair]:
        """Return the pairs that differ, or "all", each as they are in one instant."""
        return {
            here[i - 1]: (_mapping(tally), _mapping(shadow))
            for box, here in _batches(places)
            for i, tally, shadow in self._compare(
                keys=[box.recount, *(key for place in here for key in _keys(place))],
                args=[self._claim.numbers[box], which],
            )
        }


def _places(page: dict[Box, list[str]]) -> Iterator[Place]:
    return ((box, int(name)) for box, names in page.items() for name in names)


def _batches(places: Iterable[Place]) -> Iterator[tuple[Box, list[Place]]]:
    """Yield the places of each box, as many as one script may compare."""
    by_box: dict[Box, list[Place]] = defaultdict(list)
    for place in places:
        by_box[place[0]].append(place)
    for box, here in by_box.items():
        for start in range(0, len(here), BATCH):
            yield box, here[start : start + BATCH]


def _keys(place: Place) -> tuple[str, str]:
    """Return the keys of a tally and of its shadow."""
    box, proposal = place
    if proposal is None:
        return box.voters, box.shadow_voters
    return box.tally(proposal), box.shadow(proposal)


def _mapping(flat: list[str]) -> dict[str, int]:
    return {name: int(number) for name, number in zip(flat[::2], flat[1::2], strict=True)}
