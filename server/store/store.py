"""The store: everything that is kept, one noun each."""

from dataclasses import dataclass

import redis

from server.store.ballots import Ballots
from server.store.clock import StoreClock
from server.store.connection import Client, StoreUnfit, check, connect, durability
from server.store.consultations import Consultations
from server.store.published import Publications
from server.store.recount import Recount
from server.store.tallies import Tallies


@dataclass(frozen=True)
class Store:
    """`durability` is what an acknowledged vote survives: `fsync`, `≤2s` or `memory`."""

    redis: Client
    clock: StoreClock
    consultations: Consultations
    ballots: Ballots
    tallies: Tallies
    recount: Recount
    published: Publications
    durability: str

    def close(self) -> None:
        self.redis.close()
        self.redis.connection_pool.disconnect()


def open_store(url: str) -> Store:
    """Open the store at `url`; raise `StoreUnfit` if it is missing or would lose votes."""
    try:
        client = connect(url)
        check(client)
        clock = StoreClock(client)
        policy = durability(client)
    except (redis.RedisError, ValueError) as error:
        raise StoreUnfit(f"The store cannot be used: {error}.") from error
    consultations = Consultations(client)
    return Store(
        redis=client,
        clock=clock,
        consultations=consultations,
        ballots=Ballots(client, clock),
        tallies=Tallies(client),
        recount=Recount(client, consultations),
        published=Publications(client, clock),
        durability=policy,
    )
