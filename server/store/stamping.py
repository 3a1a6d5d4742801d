"""Stamping: count voters in the recount under way, each once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import redis

from server.store import record, scripts
from server.store.connection import Client, domain_word
from server.store.keys import Box

REPLACED = "recount-replaced"  # error words of the scripts
LOST = "recount-lost"

Voter = tuple[Box, str]


class Stamping:
    def __init__(self, client: Client) -> None:
        self._redis = client
        self._stamp = scripts.load(client, "stamp")

    def voter(self, box: Box, voter: str) -> None:
        """Count one voter now, if a recount is under way and has not: its record is to move."""
        generation = int(self._redis.get(box.recount) or 0)
        done = generation <= 0
        while not done:
            (proposals,) = _held(self._redis, [(box, voter)])
            try:
                done = self._call(self._redis, box, voter, proposals, generation)
            except redis.ResponseError as error:
                if domain_word(error)[0] not in {REPLACED, LOST}:
                    raise
                done = True  # the recount that wanted it is no more

    def voters(self, node: Client, voters: Iterable[Voter], generations: Mapping[Box, int]) -> None:
        """Count voters of one server in the generation of their box, two round trips for all."""
        left = list(voters)
        while left:
            held = _held(node, left)
            with node.pipeline(transaction=False) as batch:
                for (box, voter), proposals in zip(left, held, strict=True):
                    self._call(batch, box, voter, proposals, generations[box])
                done = demand(batch.execute(raise_on_error=False))
            left = [one for one, counted in zip(left, done, strict=True) if not counted]

    def _call(
        self, client: Client, box: Box, voter: str, proposals: Sequence[int], generation: int
    ) -> Any:
        at = [box.recount, box.shadow_voters, box.voter(voter), box.more(voter)]
        at += map(box.shadow, proposals)
        return self._stamp(keys=at, args=[generation, *proposals], client=client)


def demand(answers: list[Any]) -> list[Any]:
    """Return the answers of a pipeline; raise the first error among them, its words unchanged."""
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def _held(node: Client, voters: Sequence[Voter]) -> list[list[int]]:
    """Return the proposals on which each voter holds a ballot."""
    with node.pipeline(transaction=False) as batch:
        for box, voter in voters:
            batch.smembers(box.voter(voter))
            batch.hkeys(box.more(voter))
        answers = demand(batch.execute(raise_on_error=False))
    return [
        [*record.proposals(members), *map(int, more)]
        for members, more in zip(answers[::2], answers[1::2], strict=True)
    ]
