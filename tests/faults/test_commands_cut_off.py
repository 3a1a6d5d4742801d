"""The recount and the count lose their connection at every step: no number is ever wrong for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.consultations.results import Counts
from server.store.published import Published
from server.store.store import Store, open_store
from server.teller.counting import Counting
from tests.conftest import consultation, proposals
from tests.faults.cut import Cut
from tests.faults.proxy import Proxy
from tests.faults.votes import agree
from tests.run.machine import until

PROPOSALS = 3
VOTERS = 5


@pytest.fixture
def distant(network: Proxy) -> Iterator[Store]:
    """The store on the other side of the network."""
    opened = open_store(network.url)
    yield opened
    opened.close()


@pytest.fixture
def voted(direct: Store) -> Consultation:
    """A small consultation in which five voters agreed with everything."""
    made = direct.consultations.create(consultation(), proposals(PROPOSALS))
    for voter in range(VOTERS):
        for proposal in range(1, PROPOSALS + 1):
            agree(direct, made, f"voter{voter}", proposal)
    return made


@contextmanager
def cut(network: Proxy, step: int, times: int) -> Iterator[Cut]:
    """Drop the reply of one exchange, the `step`-th from now, and of its retry if `times` is 2."""
    network.cut = Cut(reply=0, spared=step, times=times)
    yield network.cut
    network.cut = None


@pytest.mark.parametrize(("times", "stride"), [(1, 1), (2, 3)])
def test_a_recount_that_is_cut_off_anywhere_finds_no_difference_that_is_not_there(
    times: int, stride: int, network: Proxy, distant: Store, direct: Store, voted: Consultation
) -> None:
    """Cut once it goes on, cut twice it starts from the beginning, by itself or when asked to."""
    step = 0
    while True:
        with cut(network, step, times) as met:
            try:
                assert distant.recount.compare(voted) == [], step
            except StoreUnavailable:
                assert times == 2
        if not met.met:
            break
        assert direct.recount.compare(voted) == [], step
        step += stride
    assert step > PROPOSALS


@pytest.mark.parametrize("times", [1, 2])
def test_a_count_that_is_cut_off_anywhere_publishes_every_vote_once(
    times: int, network: Proxy, distant: Store, direct: Store, voted: Consultation
) -> None:
    """What one turn of the teller could not publish, the next one does."""
    step = 0
    while True:
        counting = Counting(distant)
        with cut(network, step, times) as met:
            try:
                assert counting.count(voted)
            except StoreUnavailable:
                assert times == 2
                assert counting.count(voted)
        assert published(direct, voted) == dict.fromkeys(range(1, PROPOSALS + 1), VOTERS)
        if not met.met:
            break
        step += 1
    assert step > 1


def test_results_that_were_stuck_on_the_way_never_replace_newer_ones(
    network: Proxy, distant: Store, direct: Store, voted: Consultation
) -> None:
    """The count of a teller that was cut off arrives after all, when another has published."""
    old = Published(0, (1,), 1, {1: Counts((1, *[0] * 11))})
    distant.published.publish(voted, old)  # the server knows the script now
    network.swallow(b"EVALSHA")
    with pytest.raises(StoreUnavailable):
        distant.published.publish(voted, old)
    Counting(direct).count(voted)
    assert network.stuck
    network.flow()
    until(lambda: not network.stuck and not network.open, "what was stuck has arrived")
    assert published(direct, voted) == dict.fromkeys(range(1, PROPOSALS + 1), VOTERS)


def published(store: Store, consultation: Consultation) -> dict[int, int]:
    """Return how many votes readers are shown on each proposal."""
    blob = store.published.glance(consultation).published
    assert blob
    return {proposal: counts.total for proposal, counts in blob.counts.items()}
