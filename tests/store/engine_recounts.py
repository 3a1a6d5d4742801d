"""The same machine with staff at it, who recount in between, and with somebody who tampers."""

from collections import Counter
from collections.abc import Iterator

import pytest
import redis
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from server.store.differences import Difference
from server.store.generation import Generation
from server.store.keys import Box
from server.store.store import Store
from tests.store.engine_machine import BOXES, UNLISTED, EngineMachine, sources, without_zeros

Wrong = tuple[int | None, str]  # proposal, field
pages = st.sampled_from([0, 5, 20, 60])  # of one key each


class RecountingMachine(EngineMachine):
    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.under_way: tuple[Generation, Iterator[int]] | None = None

    @rule(
        box=st.integers(0, BOXES - 1), proposal=st.sampled_from([None, 1, 2, UNLISTED]),
        source=sources, code=st.sampled_from([64, 73]), by=st.sampled_from([-2, -1, 1, 2]),
    )  # fmt: skip
    def tamper(self, box: int, proposal: int | None, source: int, code: int, by: int) -> None:
        """Somebody with a console adds to a counter."""
        at = Box(self.opened.id, box)
        key = at.voters if proposal is None else at.tally(proposal)
        field = str(source) if proposal is None else f"{source}.{code}"
        if self.store.redis.hincrby(key, field, by) == 0:
            self.store.redis.hdel(key, field)
        self.model.damage[box, proposal, field] += by

    @precondition(lambda self: not self.under_way)
    @rule(pages=pages)
    def begin_recount(self, pages: int) -> None:
        generation = Generation(self.store.redis, self.opened, page=1)
        generation.begin()
        self.under_way = generation, generation.stamp()
        self.go_on_recounting(pages)

    @precondition(lambda self: self.under_way)
    @rule(pages=pages)
    def go_on_recounting(self, pages: int) -> None:
        assert self.under_way
        for _ in zip(range(pages), self.under_way[1], strict=False):
            pass

    @precondition(lambda self: self.under_way)
    @rule(fix=st.booleans())
    def finish_recount(self, fix: bool) -> None:
        """It finds every counter that was tampered with, and no other."""
        assert self.under_way
        (generation, pages), self.under_way = self.under_way, None
        for _ in pages:
            pass
        places = set().union(*generation.differing())
        generation.confirm()
        wrong = without_zeros(self.model.damage)
        assert {(at.number, p) for at, p in places} == {(box, p) for box, p, _ in wrong}
        if fix:
            for place in places:
                generation.fix(place)
            self.model.damage.clear()
        generation.end()

    @precondition(lambda self: self.under_way)
    @rule(how=st.sampled_from(["killed", "ran out", "replaced"]))
    def lose_recount(self, how: str) -> None:
        """Its process is killed, its claim runs out, or a later one takes over."""
        assert self.under_way
        (generation, _), self.under_way = self.under_way, None
        if how == "ran out":
            for number in range(BOXES):
                self.store.redis.unlink(Box(self.opened.id, number).recount)
        if how == "replaced":
            self.begin_recount(pages=0)
            with pytest.raises(redis.ResponseError, match="recount-replaced"):
                generation.confirm()

    @precondition(lambda self: not self.under_way)
    @rule(fix=st.booleans())
    def recount_at_once(self, fix: bool) -> None:
        """Every wrong number is named as it is, and put right: as long as there is a ballot."""
        fix = fix and self.any_ballot()
        recount = self.store.recount.fix if fix else self.store.recount.compare
        expected = self._differences()
        assert {(d.proposal, d.source, d.code): d for d in recount(self.opened)} == expected
        if fix:
            self.model.damage.clear()

    def _differences(self) -> dict[tuple[int | None, int, int | None], Difference]:
        counted, damage = Counter[Wrong](), Counter[Wrong]()
        wrong = {(p, field) for _, p, field in without_zeros(self.model.damage)}
        for (_, proposal, field), number in self.model.counts().items():
            counted[proposal, field] += number
        for (_, proposal, field), number in self.model.damage.items():
            damage[proposal, field] += number
        found = {}
        for proposal, field in wrong:
            source, _, code = field.partition(".")
            number = counted[proposal, field]
            place = proposal, int(source), int(code) if code else None
            found[place] = Difference(*place, number + damage[proposal, field], number)
        return found
